import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { AnalysisFeatures } from './analysis-features.js';

/**
 * The judgement of who talks, apart from when to act on it: features in, the
 * probability of a machine out. The rules of greeting length implement it, and
 * so does the learned model. Called every 100 ms while the call is listened
 * to, so it must be quick (microseconds), must not keep the features object,
 * which is written anew each time, and must not throw.
 */
export interface VerdictModel {
  /** Name and version, kept beside each verdict. */
  readonly name: string;
  /** Probability that at most one person in two hundred ever reaches by this model, 0.5..1; nobody acts on less. */
  readonly machineProbabilityMin: number;
  /** Probability, 0..1, that what talks is a machine. Called only after talk was heard. */
  machineProbability(features: AnalysisFeatures): number;
  /** Which kind of machine talks, where this model can tell; asked only once it is sure of a machine. */
  machineKind?(features: AnalysisFeatures): MachineKind | undefined;
}

/** A machine that does not simply take a message. */
export interface MachineKind {
  readonly verdict: Extract<AnswerVerdict, 'menu' | 'screening'>;
  /** 0..1 */
  readonly probabilityRatio: number;
}

import type { AnalysisFeatures } from './analysis-features.js';

/**
 * The judgement of who talks, apart from when to act on it: features in, the
 * probability of a machine out. The cadence rules implement it; a learned
 * model takes their place behind the same interface. Called once a frame while
 * the call is undecided, so it must be quick (a microsecond), must not keep
 * the features object, which is written anew each time, and must not throw.
 */
export interface VerdictModel {
  /** Name and version, kept beside each verdict. */
  readonly name: string;
  /** Probability, 0..1, that what talks is a machine. Called only after talk was heard. */
  machineProbability(features: AnalysisFeatures): number;
}

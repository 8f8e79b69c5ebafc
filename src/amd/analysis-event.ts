import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { Ms } from '../units/time.js';
import type { AnalysisFeatures } from './analysis-features.js';
import type { GreetingEnded } from './greeting-end.js';

/** A verdict with all that explains it. */
export interface AnalysisDecision {
  readonly stage: VerdictStage;
  readonly verdict: AnswerVerdict;
  /**
   * How sure the model is of this verdict, 0..1; 1 for tones and silence, which are
   * matched and not weighed.
   */
  readonly probabilityRatio: number;
  /** The model's probability of a machine at this moment, 0..1; 0 while nobody has talked. */
  readonly machineProbabilityRatio: number;
  /** Why, in plain words. */
  readonly reason: string;
  /** Audio time since the answer. */
  readonly decidedAtMs: Ms;
  /** Which tone, or which class of special information tones. */
  readonly detail?: string;
  /**
   * Audio time at which a person's talk ended: the two seconds of the
   * abandonment rule count from here. Absent while the person still talks, and
   * with other verdicts.
   */
  readonly greetingEndedAtMs?: Ms;
  /** Name of the model that judged. */
  readonly modelName: string;
  readonly features: AnalysisFeatures;
}

/** A tone of an answering machine's kind has ended. */
export interface BeepHeard {
  readonly type: 'beep';
  readonly startMs: Ms;
  readonly endMs: Ms;
  /** One, or two together. */
  readonly frequenciesHz: readonly number[];
}

/** What stepping a frame can bring forth. */
export type AnalysisEvent =
  { readonly type: 'verdict'; readonly decision: AnalysisDecision } | BeepHeard | GreetingEnded;

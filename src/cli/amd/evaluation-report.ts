import type { DetectorScore } from './detector-score.js';
import type { GroupScore } from './group-score.js';

/** One detector with its score. */
export interface JudgedDetector {
  /** For JSON: `files`, `calls`, or a setting of AMD(). */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly score: DetectorScore;
}

/** One recording, with what each detector said of it. */
export interface ClipReport {
  readonly file: string;
  readonly label: string;
  readonly verdicts: Readonly<Record<string, readonly { readonly stage: string; readonly verdict: string; readonly atMs: number; readonly reason: string }[]>>;
  readonly beeps: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly machineProbabilityMax: number | undefined;
}

/** All that an evaluation found. */
export interface EvaluationReport {
  readonly folder: string;
  readonly clipCount: number;
  readonly audioHours: number;
  /** Who judged. */
  readonly modelName: string;
  /** The probability from which it says machine. */
  readonly machineProbabilityMin: number;
  /** Whether the neural net listened; without it the rules of cadence judge. */
  readonly hasSpeechModel: boolean;
  /** What the reader has to know about these figures, in sentences. */
  readonly notes: readonly string[];
  /** The first is this project's, from the files as they are. */
  readonly detectors: readonly [JudgedDetector, ...JudgedDetector[]];
  readonly groups: readonly GroupScore[];
  readonly clips: readonly ClipReport[];
}

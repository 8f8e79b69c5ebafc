import { isPersonVerdict, type AnswerVerdict, type VerdictStage } from '../../call/answer-verdict.js';
import type { Ms } from '../../units/time.js';
import type { RecordingAnalysis } from './recording-analysis.js';

/** A verdict of whichever detector. */
export interface FoundVerdict {
  readonly stage: VerdictStage;
  readonly verdict: AnswerVerdict;
  /** Since the answer. */
  readonly atMs: Ms;
  readonly reason: string;
  /** When the first speech ended, as the detector heard it. */
  readonly speechEndedAtMs: Ms | undefined;
}

/** What a detector made of one clip. */
export interface DetectorFinding {
  readonly verdicts: readonly FoundVerdict[];
  /** The highest probability of a machine; undefined for a detector that has none. */
  readonly machineProbabilityMax: number | undefined;
  /** Undefined for a detector that does not listen for beeps. */
  readonly beeps: readonly FoundBeep[] | undefined;
}

/** A beep, in audio time. */
export interface FoundBeep {
  readonly startMs: Ms;
  readonly endMs: Ms;
  readonly frequenciesHz: readonly number[];
}

/** The analysis of a recording as a finding. */
export function findingOf(analysis: RecordingAnalysis): DetectorFinding {
  return {
    verdicts: analysis.decisions.map(({ stage, verdict, decidedAtMs, reason, greetingEndedAtMs }) => ({
      stage, verdict, reason, atMs: decidedAtMs, speechEndedAtMs: greetingEndedAtMs,
    })),
    machineProbabilityMax: analysis.machineProbabilityMax,
    beeps: analysis.beeps.map(({ startMs, endMs, frequenciesHz }) => ({ startMs, endMs, frequenciesHz })),
  };
}

/** Verdicts after which the call is kept for a person: nothing is lost yet. */
export const keepsThePerson = (verdict: AnswerVerdict): boolean => isPersonVerdict(verdict) || verdict === 'silence';

/** The one verdict that is acted on first; undefined when the detector gave none. */
export const decidedOf = ({ verdicts }: DetectorFinding): FoundVerdict | undefined => verdicts.find(({ stage }) => stage === 'decided');

/** The verdict that stands in the end; undefined when the detector gave none. */
export const finalOf = ({ verdicts }: DetectorFinding): FoundVerdict | undefined => verdicts.findLast(({ stage }) => stage !== 'probable');

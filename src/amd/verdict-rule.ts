import type { AnalysisFeatures } from './analysis-features.js';
import type { AnalysisOptions } from './analysis-options.js';

/** A judgement of the talk that may be acted on. */
export interface TalkVerdict {
  readonly verdict: 'person' | 'machine';
  /** Why, in words. */
  readonly reason: string;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/**
 * When a probability may be acted on. Sure of a machine: at once. Otherwise
 * only in silence: soon when a person is plain, after the end of a turn when
 * not, and in the end at the limit; in each doubt it is a person.
 * @param mayWait something is sounding that will change the answer in a moment; the
 * limit overrides it.
 */
export function judgeTalk(
  features: AnalysisFeatures,
  machineProbability: number,
  mayWait: boolean,
  options: AnalysisOptions,
): TalkVerdict | undefined {
  const { talkMs, trailingSilenceMs, audioMs, initialSilenceMs, hasBeep } = features;
  if (machineProbability >= options.machineProbabilityMin) {
    return {
      verdict: 'machine',
      reason: hasBeep
        ? `${seconds(talkMs)} of talk, then a beep`
        : `${seconds(talkMs)} of talk without waiting for an answer`,
    };
  }
  if (audioMs - initialSilenceMs >= options.speechLimitMs) {
    return {
      verdict: 'person',
      reason: `unsure after ${seconds(talkMs)} of talk; taken for a person`,
    };
  }
  if (mayWait) return undefined;
  if (
    trailingSilenceMs >= options.personSilenceMs &&
    machineProbability <= options.personProbabilityMax
  ) {
    return {
      verdict: 'person',
      reason: `${seconds(talkMs)} of talk, then ${seconds(trailingSilenceMs)} waiting for an answer`,
    };
  }
  if (trailingSilenceMs >= options.turnEndSilenceMs) {
    return {
      verdict: 'person',
      reason: `unsure: ${seconds(talkMs)} of talk, then silence; taken for a person`,
    };
  }
  return undefined;
}

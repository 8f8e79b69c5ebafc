import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { AnalysisFeatures } from './analysis-features.js';
import type { AnalysisOptions } from './analysis-options.js';

/** A judgement of the talk that may be acted on. */
export interface TalkJudgement {
  readonly stage: VerdictStage;
  readonly verdict: Extract<AnswerVerdict, 'person' | 'machine' | 'unsure'>;
  /** Why, in words. */
  readonly reason: string;
}

/** What a model makes of the talk. */
export interface Weighed {
  /** 0..1 */
  readonly machineProbability: number;
  /** The least that may be acted on by this model, whatever the campaign's costs. */
  readonly modelMin: number;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Sure enough of a machine? In words why, or undefined. */
export function machineReason(
  features: AnalysisFeatures,
  { machineProbability, modelMin }: Weighed,
  options: AnalysisOptions,
): string | undefined {
  if (machineProbability < Math.max(modelMin, options.machineProbabilityMin)) return undefined;
  return features.beepCount > 0
    ? `${seconds(features.talkMs)} of talk, then a beep`
    : `${seconds(features.talkMs)} of talk without waiting for an answer`;
}

/**
 * When a probability may be acted on. Sure of a machine: at once. Otherwise
 * in silence: soon when a person is plain, after the end of a turn when not;
 * and at the limit in any case. Each doubt is `unsure`, which is a person.
 * @param isWaiting something is sounding that will change the answer in a moment.
 * @param isTone a proved tone sounds: no person is kept waiting meanwhile.
 */
export function judgeTalk(
  features: AnalysisFeatures,
  weighed: Weighed,
  { isWaiting, isTone }: { readonly isWaiting: boolean; readonly isTone: boolean },
  options: AnalysisOptions,
): TalkJudgement | undefined {
  const { talkMs, trailingSilenceMs, audioMs } = features;
  const asMachine = machineReason(features, weighed, options);
  if (asMachine !== undefined) return { stage: 'decided', verdict: 'machine', reason: asMachine };
  if (audioMs >= options.decisionLimitMs && !isTone) {
    return { stage: 'decided', verdict: 'unsure', reason: `not sure after ${seconds(audioMs)} and ${seconds(talkMs)} of talk; taken for a person` };
  }
  if (isWaiting) return undefined;
  const isPlain = weighed.machineProbability <= options.personProbabilityMax;
  const heard = `${seconds(talkMs)} of talk, then ${seconds(trailingSilenceMs)} waiting for an answer`;
  if (isPlain && trailingSilenceMs >= options.personSilenceMs) return { stage: 'decided', verdict: 'person', reason: heard };
  if (trailingSilenceMs >= options.turnEndSilenceMs) {
    return { stage: 'decided', verdict: 'unsure', reason: `not sure: ${heard}; taken for a person` };
  }
  if (isPlain && trailingSilenceMs >= options.probableSilenceMs) return { stage: 'probable', verdict: 'person', reason: heard };
  return undefined;
}

/**
 * Person or machine by the length of the greeting: two hypotheses, each with
 * its distribution of lengths, weighed by Bayes' rule at every moment.
 *
 * While someone talks, all that is known is that the greeting is *longer* than
 * what was heard. In silence either the greeting is over, at just this length,
 * or this is a pause within a longer one; pauses grow less likely with every
 * moment (exponentially), and with them the second reading.
 *
 * Lengths are mixtures of log-normals. That makes the one figure that matters
 * explicit: of people whose greetings follow the person's mixture, the share
 * that talks past the point where the probability crosses `p` is (1 - p) / p.
 * A threshold of 0.995 loses 0.5 % of them; how true that is of people hangs
 * on how true the mixture is.
 */
import type { AnalysisFeatures } from './analysis-features.js';
import type { VerdictModel } from './verdict-model.js';
import type { Ms } from '../units/time.js';

/**
 * Log-normal lengths: half lie under the median, two thirds within `spread` either
 * way in logarithms.
 */
export interface GreetingLengths {
  /** Share of this sort in the whole mixture, over 0; the shares of a mixture are brought to 1. */
  readonly share: number;
  readonly medianMs: Ms;
  /** Standard deviation of the natural logarithm of the length. */
  readonly spread: number;
}

/** The two hypotheses, each a mixture of sorts of greeting. */
export interface GreetingLengthSettings {
  readonly person: readonly GreetingLengths[];
  readonly machine: readonly GreetingLengths[];
}

/**
 * Person, chosen: "hello" to "hello, who is this" with 99.5 % under 2.5 s,
 * where LiveKit agents (2.5 s) and Twilio (2.4 s) draw their line; and one in
 * ten who answers as at work, with a company's sentence of 2 to 5 s. The second
 * sort is what a fixed line at 2.5 s loses. Machine, chosen: from "leave a
 * message" to half a minute. The probability crosses 0.995 at 4.8 s.
 */
export const DEFAULT_GREETING_LENGTHS: GreetingLengthSettings = {
  person: [
    { share: 0.9, medianMs: 640, spread: 0.53 },
    { share: 0.1, medianMs: 2900, spread: 0.28 },
  ],
  machine: [{ share: 1, medianMs: 7000, spread: 0.8 }],
};

/**
 * For lists of companies, chosen: most answer with a sentence. Crosses 0.995 at 5
 * s; shorter machines without a beep are missed.
 */
export const BUSINESS_GREETING_LENGTHS: GreetingLengthSettings = {
  person: [
    { share: 0.4, medianMs: 640, spread: 0.53 },
    { share: 0.6, medianMs: 2600, spread: 0.27 },
  ],
  machine: [{ share: 1, medianMs: 8000, spread: 0.8 }],
};

/**
 * Equal odds before anything is heard. Chosen: neutral; real lists hold more
 * machines, so it errs to the person's side.
 */
const MACHINE_PRIOR = 0.5;
/**
 * Pauses over 200 ms per second of talk in read or planned speech, and their mean
 * excess. Chosen: a pause at every third or fourth phrase, half of them over 0.4
 * s.
 */
const PAUSES_PER_SECOND = 0.35;
const PAUSE_MEAN_MS = 250;
/** Shorter silences belong to the talk. */
const PAUSE_MIN_MS = 200;
/** Who waits for an answer and speaks again has shown himself; what he says then may be long. Chosen: plainly a person. */
const WAITED_PROBABILITY = 0.2;
/** People do not beep. Chosen: below 1 for a line's own warning tones. */
const BEEP_PROBABILITY = 0.999;
const SECOND_MS = 1000;

/**
 * Builds the model. @throws RangeError for a mixture that is empty or has a share,
 * median or spread not above 0.
 */
export function createGreetingLengthModel(
  settings: GreetingLengthSettings = DEFAULT_GREETING_LENGTHS,
): VerdictModel {
  const person = checkedMixture(settings.person);
  const machine = checkedMixture(settings.machine);
  return {
    name: 'greeting-length-1',
    machineProbabilityMin: 0.995,
    machineProbability: (features) => {
      if (features.beepCount > 0) return BEEP_PROBABILITY;
      if (features.turnCount > 1) return WAITED_PROBABILITY;
      const asMachine = MACHINE_PRIOR * likelihood(features, machine);
      const asPerson = (1 - MACHINE_PRIOR) * likelihood(features, person);
      return asMachine + asPerson > 0 ? asMachine / (asMachine + asPerson) : MACHINE_PRIOR;
    },
  };
}

const checkedMixture = (mixture: readonly GreetingLengths[]): readonly GreetingLengths[] => {
  const isSound = mixture.every(
    ({ share, medianMs, spread }) => share > 0 && medianMs > 0 && spread > 0,
  );
  if (mixture.length === 0 || !isSound) {
    throw new RangeError(
      'A mixture of greeting lengths needs at least one sort, each with share, median and spread above 0.',
    );
  }
  const total = mixture.reduce((sum, { share }) => sum + share, 0);
  return mixture.map((lengths) => ({ ...lengths, share: lengths.share / total }));
};

const likelihood = (features: AnalysisFeatures, mixture: readonly GreetingLengths[]): number => {
  const talkMs = Math.max(features.turnTalkMs, 1);
  let longer = 0;
  let endsHere = 0;
  for (const { share, medianMs, spread } of mixture) {
    const z = Math.log(talkMs / medianMs) / spread;
    longer += share * normalTail(z);
    endsHere += (share * normalDensity(z) * SECOND_MS) / (talkMs * spread);
  }
  const silenceMs = features.trailingSilenceMs - PAUSE_MIN_MS;
  if (silenceMs <= 0) return longer;
  return endsHere + longer * PAUSES_PER_SECOND * Math.exp(-silenceMs / PAUSE_MEAN_MS);
};

const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** P(Z > z) by Abramowitz and Stegun 26.2.17, error under 7.5e-8. */
const normalTail = (z: number): number => {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return normalDensity(z) * polynomial;
};

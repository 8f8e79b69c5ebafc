import { SAMPLE_RATE_HZ } from '../audio/frame.js';
import { FULL_SCALE_SQUARED } from '../audio/level.js';
import { hannWindow, PowerSpectrum } from '../audio/power-spectrum.js';
import { HISTORY_SAMPLES, peakHz } from './frame-spectrum.js';
import { isDtmf, isNetworkPair, isVoicePair } from './tone-burst.js';

/**
 * 100 ms: inside the shortest beep, and long enough to part the 440 and 480 Hz of
 * a ringing tone.
 */
const SPAN_SAMPLES = 800;
const SIZE = 1024;
const BIN_HZ = SAMPLE_RATE_HZ / SIZE;
const FIRST_BIN = Math.round(200 / BIN_HZ);
const LAST_BIN = Math.round(3700 / BIN_HZ);
/** Half of a Hann lobe at this span, in bins. */
const LOBE_BINS = 3;
/**
 * A wavering tone keeps within 20 Hz, within 40 Hz under 600 Hz: measured spreads
 * of real beeps.
 */
const WAVER_BINS = 3;
const LOW_WAVER_BINS = 5;
const LOW_BINS = Math.round(600 / BIN_HZ);
/**
 * A second frequency this far under the first (12 dB) or more is distortion, not
 * half of a pair.
 */
const PAIR_LEVEL_RATIO = 1 / 16;

const WINDOW = hannWindow(SPAN_SAMPLES);
const BIN_SCALE = 2 / (SIZE * WINDOW.reduce((sum, w) => sum + w * w, 0) * FULL_SCALE_SQUARED);

/**
 * A close look at the last 100 ms while a tone seems to sound: one frequency
 * or two, and how much of the power is in them. A held vowel looks like a tone
 * for 30 ms; over 100 ms its pitch moves and its lobe smears.
 */
export class ToneSpectrum {
  /** Lower frequency, or the only one. */
  lowHz = 0;
  /** Higher frequency of a pair; 0 for a single tone. */
  highHz = 0;
  /**
   * Share of the power above the background that lies in the strongest lobe and its
   * overtones, 0..1.
   */
  singleShare = 0;
  /** Share in the two strongest lobes, 0..1. */
  pairShare = 0;
  /** Background as a share of all power, 0..1. */
  noiseShare = 0;

  readonly #spectrum = new PowerSpectrum(SIZE);

  /** @param noisePower the background in the same band, taken off before shares are formed. */
  measure(history: Float64Array, noisePower: number): void {
    this.#spectrum.transform(history, HISTORY_SAMPLES - SPAN_SAMPLES, WINDOW);
    const bins = this.#spectrum.bins;
    const first = this.#strongest(-2 * LOBE_BINS);
    const next = this.#strongest(first);
    const isPair = bins[next]! >= bins[first]! * PAIR_LEVEL_RATIO;
    const firstHz = peakHz(bins, first, BIN_HZ);
    const nextHz = peakHz(bins, next, BIN_HZ);
    this.lowHz = isPair ? Math.min(firstHz, nextHz) : firstHz;
    this.highHz = isPair ? Math.max(firstHz, nextHz) : 0;
    this.#share(first, next, noisePower);
  }

  #strongest(except: number): number {
    const bins = this.#spectrum.bins;
    let best = FIRST_BIN;
    let bestPower = -1;
    for (let k = FIRST_BIN; k <= LAST_BIN; k++) {
      const isPeak = bins[k]! >= bins[k - 1]! && bins[k]! >= bins[k + 1]!;
      if (isPeak && Math.abs(k - except) > LOBE_BINS && bins[k]! > bestPower) {
        best = k;
        bestPower = bins[k]!;
      }
    }
    return best;
  }

  #share(first: number, next: number, noisePower: number): void {
    const bins = this.#spectrum.bins;
    const firstReach = first < LOW_BINS ? LOW_WAVER_BINS : WAVER_BINS;
    const nextReach = next < LOW_BINS ? LOW_WAVER_BINS : WAVER_BINS;
    let total = 0;
    let single = 0;
    let pair = 0;
    for (let k = FIRST_BIN; k <= LAST_BIN; k++) {
      const power = bins[k]!;
      total += power;
      const isFirst = Math.abs(k - first) <= firstReach;
      // A square or clipped beep has odd overtones; even ones are a high voice's.
      const order = Math.round(k / first);
      const isOwn = order % 2 === 1 && Math.abs(k - order * first) <= firstReach;
      if (isOwn) single += power;
      if (isFirst || Math.abs(k - next) <= nextReach) pair += power;
    }
    const aboveNoise = Math.max(total * BIN_SCALE - noisePower, Number.MIN_VALUE);
    this.noiseShare = Math.min(1, noisePower / Math.max(total * BIN_SCALE, Number.MIN_VALUE));
    this.singleShare = Math.min(1, (single * BIN_SCALE) / aboveNoise);
    this.pairShare = Math.min(1, (pair * BIN_SCALE) / aboveNoise);
  }
}

/**
 * Share that makes a tone on a clean line; noise is estimated, so its share is
 * granted on top, down to the least.
 */
const TONE_SHARE = 0.96;
const TONE_SHARE_MIN = 0.85;
/** What has stood still for 200 ms may share its power with noise that could not be learnt, where pauses are not sent. */
const LASTING_FRAMES = 10;
const LASTING_TONE_SHARE = 0.9;
/** And with more, 6 dB under the tone, where the net is sure that nobody speaks. */
const UNVOICED_TONE_SHARE = 0.8;
/**
 * Lower single peaks are the pitch of a voice or its first overtones; no beep or
 * network tone is a single one there.
 */
const SINGLE_HZ_MIN = 370;
/**
 * A pair without a name has to last 160 ms, and 260 ms where a voice's overtones
 * stand in the same ratio.
 */
const UNNAMED_PAIR_FRAMES = 8;
const VOICE_PAIR_FRAMES = 13;
/**
 * Is the measured sound a tone that someone sends, not a held vowel? A vowel
 * has its power in several overtones of one pitch, and keeps none of them
 * still for long. @param soundingFrames how long it has sounded.
 * @param mayBeVoice false where the neural net is sure that nobody speaks: then no pair need last.
 */
export function isToneSpectrum(fine: ToneSpectrum, soundingFrames: number, mayBeVoice: boolean): boolean {
  const share = leastShare(fine.noiseShare, soundingFrames, mayBeVoice);
  const pairFrames = isVoicePair(fine) ? VOICE_PAIR_FRAMES : UNNAMED_PAIR_FRAMES;
  const isOneOrLasts = !mayBeVoice || fine.highHz === 0 || soundingFrames >= pairFrames;
  if (fine.lowHz >= SINGLE_HZ_MIN && fine.singleShare >= share && isOneOrLasts) return true;
  if (fine.highHz === 0 || fine.pairShare < share) return false;
  return isDtmf(fine) || isNetworkPair(fine) || (fine.lowHz >= SINGLE_HZ_MIN && isOneOrLasts);
}

const leastShare = (noiseShare: number, soundingFrames: number, mayBeVoice: boolean): number => {
  const isLasting = soundingFrames >= LASTING_FRAMES;
  if (isLasting && !mayBeVoice) return UNVOICED_TONE_SHARE;
  return Math.max(TONE_SHARE_MIN, (isLasting ? LASTING_TONE_SHARE : TONE_SHARE) - noiseShare);
};

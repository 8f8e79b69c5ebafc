import { DTMF_COLUMNS_HZ, DTMF_ROWS_HZ } from '../audio/tone-catalogue.js';

/** A tone's frequencies: one, or two together. */
export interface ToneFrequencies {
  /** Lower frequency, or the only one, in hertz. */
  readonly lowHz: number;
  /** Higher frequency of a pair in hertz; 0 for a single tone. */
  readonly highHz: number;
}

/** One uninterrupted tone, from its first frame to its last; times are audio time in frames. */
export interface ToneBurst extends ToneFrequencies {
  /** First frame that sounded. */
  readonly startFrame: number;
  /** First frame after the tone. */
  readonly endFrame: number;
  /** Frames of no tone since the burst before; Infinity for the first of a call. */
  readonly gapBeforeFrames: number;
  /** Mean level in dBFS. */
  readonly levelDbfs: number;
}

/** Is the burst one tone at `centreHz`, give or take? */
export const isSingleNear = (
  burst: ToneFrequencies,
  centreHz: number,
  toleranceHz: number,
): boolean => burst.highHz === 0 && Math.abs(burst.lowHz - centreHz) <= toleranceHz;

/** Is the burst these two tones together, each give or take? */
export const isPairNear = (
  burst: ToneFrequencies,
  lowHz: number,
  highHz: number,
  toleranceHz: number,
): boolean =>
  burst.highHz !== 0 &&
  Math.abs(burst.lowHz - lowHz) <= toleranceHz &&
  Math.abs(burst.highHz - highHz) <= toleranceHz;

/**
 * Two tones of DTMF, a row and a column, each within 2.5 % (Q.24 accepts 1.8 %,
 * and the spectrum adds its own).
 */
export const isDtmf = (burst: ToneFrequencies): boolean =>
  burst.highHz !== 0 &&
  DTMF_ROWS_HZ.some((hz) => Math.abs(burst.lowHz - hz) <= hz * 0.025) &&
  DTMF_COLUMNS_HZ.some((hz) => Math.abs(burst.highHz - hz) <= hz * 0.025);

/**
 * One of the pairs that only the network sends. Tolerance 20 Hz: E.180 allows 2 %,
 * the spectrum resolves 10 Hz.
 */
export const isNetworkPair = (burst: ToneFrequencies): boolean =>
  isPairNear(burst, 350, 440, 20) ||
  isPairNear(burst, 400, 450, 20) ||
  isPairNear(burst, 440, 480, 20) ||
  isPairNear(burst, 480, 620, 20);

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
  /** It rose out of quiet, or out of another tone: what was before is far under it, or the line's own noise. */
  readonly risesFromQuiet: boolean;
  /** It fell to quiet. */
  readonly fallsToQuiet: boolean;
  /** How sure the neural net was that it is speech, 0..1; undefined where it did not listen. */
  readonly speechProbability: number | undefined;
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
 * Generators of DTMF keep within 1.5 % of the pair (Q.23) and mostly within
 * 0.7 %; the spectrum is off by 3 Hz at most. Wider, and beeps of two tones
 * would be taken for keys.
 */
const DTMF_TOLERANCE = 0.013;

/** Two tones of DTMF, a row and a column. */
export const isDtmf = (burst: ToneFrequencies): boolean =>
  burst.highHz !== 0 &&
  DTMF_ROWS_HZ.some((hz) => Math.abs(burst.lowHz - hz) <= hz * DTMF_TOLERANCE) &&
  DTMF_COLUMNS_HZ.some((hz) => Math.abs(burst.highHz - hz) <= hz * DTMF_TOLERANCE);

/** North American tones keep within 0.5 % (Telcordia SR-2275), others within 2 % (E.180); the spectrum adds some hertz. */
export const NETWORK_PAIR_TOLERANCE_HZ = 10;

/** One of the pairs that only the network sends. */
export const isNetworkPair = (burst: ToneFrequencies): boolean =>
  isPairNear(burst, 350, 440, NETWORK_PAIR_TOLERANCE_HZ) ||
  isPairNear(burst, 400, 450, NETWORK_PAIR_TOLERANCE_HZ) ||
  isPairNear(burst, 440, 480, NETWORK_PAIR_TOLERANCE_HZ) ||
  isPairNear(burst, 480, 620, NETWORK_PAIR_TOLERANCE_HZ);

/** Octave and twelfth: a note, or a voice, with its overtone. */
const OVERTONES = [2, 3];
const OVERTONE_TOLERANCE = 0.015;

/** The upper tone is an overtone of the lower one. */
export const isNote = ({ lowHz, highHz }: ToneFrequencies): boolean =>
  OVERTONES.some((order) => Math.abs(highHz / lowHz / order - 1) <= OVERTONE_TOLERANCE);

/** What a calling fax sends, 1100 Hz (38 Hz either way) for half a second: T.30. */
export const isFaxCall = (burst: ToneFrequencies, lengthMs: number): boolean =>
  isSingleNear(burst, 1100, 45) && lengthMs >= 400 && lengthMs <= 600;

/**
 * Overtones that dominate a vowel stand in the ratio of small numbers, over a
 * pitch of 80 to 400 Hz.
 */
const VOICE_OVERTONES = 5;
const VOICE_RATIO_TOLERANCE = 0.015;
const PITCH_HZ_MIN = 80;
const PITCH_HZ_MAX = 400;

/** The two could be overtones of one voice. */
export const isVoicePair = ({ lowHz, highHz }: ToneFrequencies): boolean => {
  for (let low = 1; low < VOICE_OVERTONES; low++) {
    const pitchHz = lowHz / low;
    if (pitchHz < PITCH_HZ_MIN || pitchHz > PITCH_HZ_MAX) continue;
    const order = highHz / pitchHz;
    const isInTune = Math.abs(order / Math.round(order) - 1) <= VOICE_RATIO_TOLERANCE;
    if (isInTune && Math.round(order) <= VOICE_OVERTONES) return true;
  }
  return false;
};

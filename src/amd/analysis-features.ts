import type { Ms } from '../units/time.js';

/**
 * What has been heard of a call so far, in figures: all that a verdict model
 * sees, and all that is kept beside a verdict to explain it. Times are audio
 * time. "Talk" is speech with the gaps inside words and phrases (under 200 ms)
 * closed; a "burst" is one such stretch.
 */
export interface AnalysisFeatures {
  /** Audio heard since the answer. */
  readonly audioMs: Ms;
  /** From the answer to the first talk; all of `audioMs` while there is none. */
  readonly initialSilenceMs: Ms;
  /** Length of the first burst, 0 when there is none. */
  readonly firstBurstMs: Ms;
  /** Length of all bursts together. */
  readonly talkMs: Ms;
  readonly burstCount: number;
  /** Longest silence between two bursts, 0 with fewer than two. */
  readonly longestGapMs: Ms;
  /** Since the last talk; 0 while someone talks or when nobody has. */
  readonly trailingSilenceMs: Ms;
  /** Share of the talk's frames that are voiced, 0..1. */
  readonly voicedRatio: number;
  /** Mean pitch of voiced frames in hertz, 0 when there are none. */
  readonly pitchHz: number;
  /**
   * Standard deviation of the pitch in semitones. Not used by the length model; kept
   * for a learned one.
   */
  readonly pitchSpreadSemitones: number;
  /** Mean level of the talk in dBFS. */
  readonly speechLevelDbfs: number;
  /** Level of the background in dBFS. */
  readonly noiseLevelDbfs: number;
  /** Length of all tones together. */
  readonly toneMs: Ms;
  /** A tone of an answering machine's kind has ended after talk. */
  readonly hasBeep: boolean;
}

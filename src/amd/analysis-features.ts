import type { Ms } from '../units/time.js';

/**
 * What has been heard of a call so far, in figures: all that a verdict model
 * sees, and all that is kept beside a verdict to explain it. Times are audio
 * time. "Talk" is speech with the gaps inside words and phrases (under 200 ms)
 * closed; a "burst" is one such stretch; a "turn" is bursts with pauses under
 * 0.8 s between them, as long as a speaker does not wait for an answer.
 */
export interface AnalysisFeatures {
  /** Audio heard since the answer. */
  readonly audioMs: Ms;
  /** From the answer to the first talk; all of `audioMs` while there is none. */
  readonly initialSilenceMs: Ms;
  /** Length of the first burst, 0 when there is none. */
  readonly firstBurstMs: Ms;
  readonly longestBurstMs: Ms;
  /** Length of all bursts together. */
  readonly talkMs: Ms;
  readonly burstCount: number;
  /** Longest silence between two bursts, 0 with fewer than two. */
  readonly longestGapMs: Ms;
  /** Since the last talk; 0 while someone talks or when nobody has. */
  readonly trailingSilenceMs: Ms;
  /** From the first talk to the end of the first turn, or to the last talk while that turn goes on. */
  readonly firstTurnMs: Ms;
  /** Bursts of the latest turn together. */
  readonly turnTalkMs: Ms;
  /** Bursts in the latest turn. */
  readonly turnBurstCount: number;
  readonly turnCount: number;
  /** Share of the talk's frames that are voiced, 0..1. */
  readonly voicedRatio: number;
  /** Mean pitch of voiced frames in hertz, 0 when there are none. */
  readonly pitchHz: number;
  /** Standard deviation of the pitch in semitones. */
  readonly pitchSpreadSemitones: number;
  /** Mean level of the talk in dBFS. */
  readonly speechLevelDbfs: number;
  /** Standard deviation of the level of the talk's frames in decibels. */
  readonly levelSpreadDb: number;
  /** Level of the background in dBFS. */
  readonly noiseLevelDbfs: number;
  /** How sure the neural net was of the talk's frames, mean, 0..1; 0 where it did not listen. */
  readonly speechProbabilityRatio: number;
  /** Length of all tones together. */
  readonly toneMs: Ms;
  /** Tones of an answering machine's kind that ended after talk. */
  readonly beepCount: number;
}

/** The features while they are being written. */
export type FeatureFigures = { -readonly [Key in keyof AnalysisFeatures]: AnalysisFeatures[Key] };

/** Before anything was heard. */
export const blankFeatures = (): FeatureFigures => ({
  audioMs: 0,
  initialSilenceMs: 0,
  firstBurstMs: 0,
  longestBurstMs: 0,
  talkMs: 0,
  burstCount: 0,
  longestGapMs: 0,
  trailingSilenceMs: 0,
  firstTurnMs: 0,
  turnTalkMs: 0,
  turnBurstCount: 0,
  turnCount: 0,
  voicedRatio: 0,
  pitchHz: 0,
  pitchSpreadSemitones: 0,
  speechLevelDbfs: 0,
  levelSpreadDb: 0,
  noiseLevelDbfs: 0,
  speechProbabilityRatio: 0,
  toneMs: 0,
  beepCount: 0,
});

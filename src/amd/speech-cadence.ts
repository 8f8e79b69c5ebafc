/**
 * When someone talked and when not, kept as running counts: the rhythm from
 * which person and machine are told apart. A burst counts only once it has
 * shown enough voice; clicks, breath and noise come and go without trace.
 */
import { FRAME_MS } from '../audio/frame.js';
import { powerToDbfs } from '../audio/level.js';
import type { Ms } from '../units/time.js';
import type { AnalysisFeatures } from './analysis-features.js';

/**
 * Silence inside a burst: stops in words and lost packets last up to 200 ms,
 * pauses between phrases longer.
 */
const BRIDGE_FRAMES = 10;
/**
 * Least voice in a burst: 80 ms, under the vowel of a curt "yes", over a knock and
 * the swell of traffic.
 */
const VOICED_FRAMES_MIN = 4;
/** A long sound, 240 ms, counts with less: creaking and hoarse voices show little more. */
const LONG_BURST_FRAMES = 12;
const LONG_BURST_VOICED_FRAMES_MIN = 3;

interface Burst {
  startFrame: number;
  lastFrame: number;
  activeFrames: number;
  voicedFrames: number;
}

const NO_BURST = -1;

const copyBurst = (from: Burst, to: Burst): void => {
  to.startFrame = from.startFrame;
  to.lastFrame = from.lastFrame;
  to.activeFrames = from.activeFrames;
  to.voicedFrames = from.voicedFrames;
};

const emptyBurst = (): Burst => ({
  startFrame: NO_BURST,
  lastFrame: NO_BURST,
  activeFrames: 0,
  voicedFrames: 0,
});

/** One frame as the cadence hears it. */
export interface CadenceFrame {
  readonly isActive: boolean;
  readonly isVoiced: boolean;
  readonly pitchHz: number;
  readonly bandPower: number;
}

/** The running counts of one call; frames in, features out. */
export class SpeechCadence {
  readonly #open = emptyBurst();
  readonly #mark = emptyBurst();
  #frameIndex = -1;
  #closedFrames = 0;
  #closedActiveFrames = 0;
  #closedVoicedFrames = 0;
  #closedCount = 0;
  #firstStartFrame = NO_BURST;
  #firstBurstFrames = 0;
  #lastClosedFrame = NO_BURST;
  #longestGapFrames = 0;
  #speechPowerSum = 0;
  #speechPowerFrames = 0;
  #pitchCount = 0;
  #pitchMean = 0;
  #pitchSquares = 0;

  /** Takes a frame. A frame of a proved tone is passed as inactive. */
  step(frame: CadenceFrame): void {
    this.#frameIndex++;
    const open = this.#open;
    if (frame.isActive) {
      if (open.startFrame === NO_BURST) open.startFrame = this.#frameIndex;
      open.lastFrame = this.#frameIndex;
      open.activeFrames++;
      this.#speechPowerSum += frame.bandPower;
      this.#speechPowerFrames++;
      if (frame.isVoiced) this.#addVoiced(frame.pitchHz);
    } else if (open.startFrame !== NO_BURST && this.#frameIndex - open.lastFrame > BRIDGE_FRAMES) {
      this.#close();
    }
  }

  /**
   * Remembers the open burst: what comes now may turn out to be a tone. Called
   * before {@link step}.
   */
  mark(): void {
    copyBurst(this.#open, this.#mark);
  }

  /** It was a tone: takes back what was counted since {@link mark}. */
  rewind(): void {
    copyBurst(this.#mark, this.#open);
  }

  /** Someone has talked. */
  get hasTalk(): boolean {
    return this.#closedCount > 0 || this.#isOpenVoiced;
  }

  /** Frame at which talk began; -1 while there is none. */
  get firstTalkFrame(): number {
    if (this.#closedCount > 0) return this.#firstStartFrame;
    return this.#isOpenVoiced ? this.#open.startFrame : NO_BURST;
  }

  /** First frame after the last talk; 0 while there is none. */
  get talkEndFrame(): number {
    return (this.#isOpenVoiced ? this.#open.lastFrame : this.#lastClosedFrame) + 1;
  }

  /** Length of all talk. */
  get talkMs(): Ms {
    return (this.#closedFrames + this.#openFrames) * FRAME_MS;
  }

  /** Since the last talk; 0 when there was none. */
  get trailingSilenceMs(): Ms {
    return this.hasTalk ? (this.#frameIndex + 1 - this.talkEndFrame) * FRAME_MS : 0;
  }

  /** Sound that may become talk began less than 200 ms ago: a moment's patience will tell. */
  get isUndecided(): boolean {
    const { startFrame, lastFrame } = this.#open;
    return (
      startFrame !== NO_BURST &&
      !this.#isOpenVoiced &&
      lastFrame === this.#frameIndex &&
      this.#frameIndex - startFrame < BRIDGE_FRAMES
    );
  }

  /** Writes the counts into `target`; tones, noise and beeps are not known here. */
  writeFeatures(target: {
    -readonly [Key in keyof AnalysisFeatures]: AnalysisFeatures[Key];
  }): void {
    const frames = this.#closedActiveFrames + (this.#isOpenVoiced ? this.#open.activeFrames : 0);
    const voiced = this.#closedVoicedFrames + (this.#isOpenVoiced ? this.#open.voicedFrames : 0);
    target.audioMs = (this.#frameIndex + 1) * FRAME_MS;
    target.initialSilenceMs = this.hasTalk ? this.firstTalkFrame * FRAME_MS : target.audioMs;
    target.firstBurstMs =
      (this.#closedCount > 0 ? this.#firstBurstFrames : this.#openFrames) * FRAME_MS;
    target.talkMs = this.talkMs;
    target.burstCount = this.#closedCount + (this.#isOpenVoiced ? 1 : 0);
    target.longestGapMs = Math.max(this.#longestGapFrames, this.#openGapFrames) * FRAME_MS;
    target.trailingSilenceMs = this.trailingSilenceMs;
    target.voicedRatio = frames > 0 ? voiced / frames : 0;
    target.pitchHz = this.#pitchCount > 0 ? 2 ** this.#pitchMean : 0;
    target.pitchSpreadSemitones =
      this.#pitchCount > 1 ? 12 * Math.sqrt(this.#pitchSquares / (this.#pitchCount - 1)) : 0;
    target.speechLevelDbfs = powerToDbfs(
      this.#speechPowerFrames > 0 ? this.#speechPowerSum / this.#speechPowerFrames : 0,
    );
  }

  get #isOpenVoiced(): boolean {
    const { voicedFrames, activeFrames } = this.#open;
    const isLong = activeFrames >= LONG_BURST_FRAMES;
    return voicedFrames >= (isLong ? LONG_BURST_VOICED_FRAMES_MIN : VOICED_FRAMES_MIN);
  }

  get #openFrames(): number {
    return this.#isOpenVoiced ? this.#open.lastFrame - this.#open.startFrame + 1 : 0;
  }

  get #openGapFrames(): number {
    if (!this.#isOpenVoiced || this.#closedCount === 0) return 0;
    return this.#open.startFrame - this.#lastClosedFrame - 1;
  }

  #close(): void {
    const open = this.#open;
    if (this.#isOpenVoiced) {
      const frames = this.#openFrames;
      this.#longestGapFrames = Math.max(this.#longestGapFrames, this.#openGapFrames);
      if (this.#closedCount === 0) {
        this.#firstStartFrame = open.startFrame;
        this.#firstBurstFrames = frames;
      }
      this.#closedCount++;
      this.#closedFrames += frames;
      this.#closedActiveFrames += open.activeFrames;
      this.#closedVoicedFrames += open.voicedFrames;
      this.#lastClosedFrame = open.lastFrame;
    }
    copyBurst(NOTHING, open);
  }

  /** Welford's running mean and variance, of the pitch in octaves. */
  #addVoiced(pitchHz: number): void {
    this.#open.voicedFrames++;
    const octaves = Math.log2(pitchHz);
    this.#pitchCount++;
    const difference = octaves - this.#pitchMean;
    this.#pitchMean += difference / this.#pitchCount;
    this.#pitchSquares += difference * (octaves - this.#pitchMean);
  }
}

const NOTHING: Readonly<Burst> = emptyBurst();

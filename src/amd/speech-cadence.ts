/**
 * When someone talked and when not, kept as running counts: the rhythm from
 * which person and machine are told apart. A burst counts only once it has
 * shown enough that is plainly speech; clicks, breath and noise come and go
 * without trace. Speech far under other speech is a television or a neighbour:
 * it counts only until someone speaks up.
 */
import { FRAME_MS } from '../audio/frame.js';
import { dbfsToPower, powerToDbfs } from '../audio/level.js';
import type { Ms } from '../units/time.js';
import type { FeatureFigures } from './analysis-features.js';
import { RunningSpread } from './running-spread.js';

/**
 * Silence inside a burst: stops in words and lost packets last up to 200 ms,
 * pauses between phrases longer.
 */
const BRIDGE_FRAMES = 10;
/**
 * Silence that ends a turn, 0.8 s. Chosen: most pauses inside planned speech are
 * shorter, and who waits for an answer waits longer (Stivers et al. 2009), by as
 * much as the net needs to let go of a voice.
 */
const TURN_GAP_FRAMES = 40;
/**
 * Least plain speech in a burst: 80 ms, under the vowel of a curt "yes", over a
 * knock and the swell of traffic.
 */
const PLAIN_FRAMES_MIN = 4;
/**
 * Speech this far, 12 dB, under the loudest of the call is background. Chosen:
 * over what one speaker's phrases differ by, and under what a room away costs.
 */
const BACKGROUND_FALL = dbfsToPower(-12);
/** Within so long, 300 ms, a speaker comes near his loudest again; what stays under it is background too. */
const SPEAKS_UP_FRAMES = 15;
/** A long sound, 240 ms, counts with less: creaking and hoarse voices show little more. */
const LONG_BURST_FRAMES = 12;
const LONG_BURST_PLAIN_FRAMES_MIN = 3;

interface Burst {
  startFrame: number;
  lastFrame: number;
  activeFrames: number;
  plainFrames: number;
  voicedFrames: number;
  /** Of its loudest frame. */
  power: number;
}

const NO_BURST = -1;

const emptyBurst = (): Burst => ({
  startFrame: NO_BURST,
  lastFrame: NO_BURST,
  activeFrames: 0,
  plainFrames: 0,
  voicedFrames: 0,
  power: 0,
});
const NOTHING: Readonly<Burst> = emptyBurst();

/** One frame as the cadence hears it. */
export interface CadenceFrame {
  /** Part of a word, or may be. */
  readonly isActive: boolean;
  /** Plainly speech. */
  readonly isPlain: boolean;
  readonly isVoiced: boolean;
  /** Of a voiced frame. */
  readonly pitchHz: number;
  readonly bandPower: number;
  /** The neural net's word on the frame, 0..1; 0 where it did not listen. */
  readonly speechProbability: number;
}

/** The running counts of one call; frames in, features out. */
export class SpeechCadence {
  readonly #open = emptyBurst();
  readonly #mark = emptyBurst();
  #frameIndex = -1;
  /** Of the loudest burst. */
  #loudestPower = 0;
  /** The latest active frame near the loudest. */
  #lastLoudFrame = NO_BURST;
  #closedFrames = 0;
  #closedActiveFrames = 0;
  #closedVoicedFrames = 0;
  #closedCount = 0;
  #longestClosedFrames = 0;
  #firstStartFrame = NO_BURST;
  #firstBurstFrames = 0;
  #lastClosedFrame = NO_BURST;
  #longestGapFrames = 0;
  #turnCount = 0;
  #turnClosedFrames = 0;
  #turnClosedCount = 0;
  #firstTurnEndFrame = NO_BURST;
  #speechPowerSum = 0;
  #probabilitySum = 0;
  readonly #levels = new RunningSpread();
  readonly #octaves = new RunningSpread();

  /** Takes a frame. A frame of a proved tone is passed as inactive. */
  step(frame: CadenceFrame): void {
    this.#frameIndex++;
    const open = this.#open;
    const loudestPower = Math.max(this.#loudestPower, open.power);
    if (frame.isActive && frame.bandPower >= loudestPower * BACKGROUND_FALL) this.#lastLoudFrame = this.#frameIndex;
    if (frame.isActive && this.#frameIndex - this.#lastLoudFrame <= SPEAKS_UP_FRAMES) {
      if (open.startFrame === NO_BURST) open.startFrame = this.#frameIndex;
      open.lastFrame = this.#frameIndex;
      open.activeFrames++;
      if (frame.isPlain) open.plainFrames++;
      open.power = Math.max(open.power, frame.bandPower);
      if (this.#closedCount > 0 && this.#isOpenPlain && this.#loudestPower < open.power * BACKGROUND_FALL) this.#forgetBackground();
      this.#speechPowerSum += frame.bandPower;
      this.#probabilitySum += frame.speechProbability;
      this.#levels.add(powerToDbfs(frame.bandPower));
      if (frame.isVoiced) {
        open.voicedFrames++;
        this.#octaves.add(Math.log2(frame.pitchHz));
      }
    } else if (open.startFrame !== NO_BURST && this.#frameIndex - open.lastFrame > BRIDGE_FRAMES) {
      this.#close();
    }
  }

  /**
   * Remembers the open burst: what comes now may turn out to be a tone. Called
   * before {@link step}.
   */
  mark(): void {
    Object.assign(this.#mark, this.#open);
  }

  /** It was a tone: takes back what was counted since {@link mark}. */
  rewind(): void {
    Object.assign(this.#open, this.#mark);
  }

  /** Someone has talked. */
  get hasTalk(): boolean {
    return this.#closedCount > 0 || this.#isOpenPlain;
  }

  /** First frame after the last talk; 0 while there is none. */
  get talkEndFrame(): number {
    return (this.#isOpenPlain ? this.#open.lastFrame : this.#lastClosedFrame) + 1;
  }

  /** Length of all talk. */
  get talkMs(): Ms {
    return (this.#closedFrames + this.#openFrames) * FRAME_MS;
  }

  /** Since the last talk; 0 when there was none. */
  get trailingSilenceMs(): Ms {
    return this.hasTalk ? (this.#frameIndex + 1 - this.talkEndFrame) * FRAME_MS : 0;
  }

  /** Mean level of the talk. */
  get speechLevelDbfs(): number {
    return powerToDbfs(this.#speechPowerSum / Math.max(1, this.#levels.count));
  }

  /** Sound that may become talk began less than 200 ms ago: a moment's patience will tell. */
  get isUndecided(): boolean {
    const { startFrame, lastFrame } = this.#open;
    return (
      startFrame !== NO_BURST &&
      !this.#isOpenPlain &&
      lastFrame === this.#frameIndex &&
      this.#frameIndex - startFrame < BRIDGE_FRAMES
    );
  }

  /** Writes the counts into `target`; tones, noise and beeps are not known here. */
  writeFeatures(target: FeatureFigures): void {
    const isOpen = this.#isOpenPlain;
    const activeFrames = this.#closedActiveFrames + (isOpen ? this.#open.activeFrames : 0);
    const voicedFrames = this.#closedVoicedFrames + (isOpen ? this.#open.voicedFrames : 0);
    const isNewTurn = isOpen && this.#beginsTurn;
    target.audioMs = (this.#frameIndex + 1) * FRAME_MS;
    target.initialSilenceMs = this.hasTalk ? this.#firstTalkFrame * FRAME_MS : target.audioMs;
    target.firstBurstMs = (this.#closedCount > 0 ? this.#firstBurstFrames : this.#openFrames) * FRAME_MS;
    target.longestBurstMs = Math.max(this.#longestClosedFrames, this.#openFrames) * FRAME_MS;
    target.talkMs = this.talkMs;
    target.burstCount = this.#closedCount + (isOpen ? 1 : 0);
    target.longestGapMs = Math.max(this.#longestGapFrames, this.#openGapFrames) * FRAME_MS;
    target.trailingSilenceMs = this.trailingSilenceMs;
    target.turnCount = this.#turnCount + (isNewTurn ? 1 : 0);
    target.turnTalkMs = ((isNewTurn ? 0 : this.#turnClosedFrames) + this.#openFrames) * FRAME_MS;
    target.turnBurstCount = (isNewTurn ? 0 : this.#turnClosedCount) + (isOpen ? 1 : 0);
    target.firstTurnMs = this.hasTalk ? (this.#firstTurnEnd(isNewTurn) - this.#firstTalkFrame) * FRAME_MS : 0;
    target.voicedRatio = activeFrames > 0 ? voicedFrames / activeFrames : 0;
    target.pitchHz = this.#octaves.count > 0 ? 2 ** this.#octaves.mean : 0;
    target.pitchSpreadSemitones = 12 * this.#octaves.spread;
    target.levelSpreadDb = this.#levels.spread;
    target.speechLevelDbfs = this.speechLevelDbfs;
    target.speechProbabilityRatio = this.#probabilitySum / Math.max(1, this.#levels.count);
  }

  get #firstTalkFrame(): number {
    return this.#closedCount > 0 ? this.#firstStartFrame : this.#open.startFrame;
  }

  get #isOpenPlain(): boolean {
    const { plainFrames, activeFrames, power } = this.#open;
    if (power < this.#loudestPower * BACKGROUND_FALL) return false;
    const isLong = activeFrames >= LONG_BURST_FRAMES;
    return plainFrames >= (isLong ? LONG_BURST_PLAIN_FRAMES_MIN : PLAIN_FRAMES_MIN);
  }

  get #openFrames(): number {
    return this.#isOpenPlain ? this.#open.lastFrame - this.#open.startFrame + 1 : 0;
  }

  get #openGapFrames(): number {
    if (!this.#isOpenPlain || this.#closedCount === 0) return 0;
    return this.#open.startFrame - this.#lastClosedFrame - 1;
  }

  /** The open burst is the first, or comes after a pause in which an answer was waited for. */
  get #beginsTurn(): boolean {
    return this.#closedCount === 0 || this.#openGapFrames >= TURN_GAP_FRAMES;
  }

  #firstTurnEnd(isNewTurn: boolean): number {
    if (this.#firstTurnEndFrame !== NO_BURST) return this.#firstTurnEndFrame;
    return isNewTurn && this.#closedCount > 0 ? this.#lastClosedFrame + 1 : this.talkEndFrame;
  }

  #close(): void {
    const open = this.#open;
    if (this.#isOpenPlain) {
      const frames = this.#openFrames;
      if (this.#beginsTurn) this.#closeTurn();
      this.#longestGapFrames = Math.max(this.#longestGapFrames, this.#openGapFrames);
      if (this.#closedCount === 0) {
        this.#firstStartFrame = open.startFrame;
        this.#firstBurstFrames = frames;
      }
      this.#loudestPower = Math.max(this.#loudestPower, open.power);
      this.#closedCount++;
      this.#turnClosedCount++;
      this.#closedFrames += frames;
      this.#turnClosedFrames += frames;
      this.#longestClosedFrames = Math.max(this.#longestClosedFrames, frames);
      this.#closedActiveFrames += open.activeFrames;
      this.#closedVoicedFrames += open.voicedFrames;
      this.#lastClosedFrame = open.lastFrame;
    }
    Object.assign(open, NOTHING);
  }

  /** Someone speaks who is much louder: what was heard before was not for us. */
  #forgetBackground(): void {
    this.#closedFrames = 0;
    this.#closedActiveFrames = 0;
    this.#closedVoicedFrames = 0;
    this.#closedCount = 0;
    this.#longestClosedFrames = 0;
    this.#longestGapFrames = 0;
    this.#turnCount = 0;
    this.#turnClosedFrames = 0;
    this.#turnClosedCount = 0;
    this.#firstTurnEndFrame = NO_BURST;
  }

  #closeTurn(): void {
    if (this.#turnCount === 1) this.#firstTurnEndFrame = this.#lastClosedFrame + 1;
    this.#turnCount++;
    this.#turnClosedFrames = 0;
    this.#turnClosedCount = 0;
  }
}

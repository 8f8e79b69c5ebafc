import { FRAME_SAMPLES } from '../audio/frame.js';
import { FRAMES_PER_ROW, SAMPLES_PER_ROW, STREAM_COUNT_MAX, type ScoreBatch } from '../inference/score-batch.js';
import type { MonotonicMs, Ms } from '../units/time.js';

/**
 * Frames of one call that wait for their scores at most; beyond it the oldest
 * two go on without. Chosen: 640 ms, twice and a half what a score may take
 * (speech-line.ts), so that it is met only where much audio comes at once.
 */
const HELD_FRAMES_MAX = 32;
const HELD_FRAMES_PER_ROWS_MAX = HELD_FRAMES_MAX / FRAMES_PER_ROW;

/** Takes a call's frames in their order, each with its probability of speech, 0..1; undefined where there is none. */
export type ScoredFrameListener = (frame: Int16Array, speechProbability: number | undefined, now: MonotonicMs) => void;

/** What became of frames that were to be scored; one for all calls of a line. */
export interface ScoreCounts {
  scoredFrameCount: number;
  /** Went on without: no line was there, the score came too late or was none, or more frames waited than may. */
  unscoredFrameCount: number;
  /** Frames whose score came when they had gone on without, or their call was over. */
  lateScoreCount: number;
}

/**
 * The frames of one call between its audio and whoever listens, each held
 * until its score is there. Where none is to come frames pass at once.
 */
export class ScoredFrames {
  readonly #onFrame: ScoredFrameListener;
  readonly #counts: ScoreCounts;
  /** A ring of pairs; made when the first frame is held. */
  #held: Int16Array | undefined;
  /** When the second frame of each held pair came. */
  readonly #arrivedAtMs = new Float64Array(HELD_FRAMES_PER_ROWS_MAX);
  // Frames counted since scores began to be waited for: stepped <= sent <= taken.
  #steppedCount = 0;
  #sentCount = 0;
  #takenCount = 0;
  /** Its place in the memory of the thread of scores; undefined while frames are not scored. */
  #streamNumber: number | undefined;
  #isBeginning = true;
  #isClosed = false;

  constructor(onFrame: ScoredFrameListener, counts: ScoreCounts) {
    this.#onFrame = onFrame;
    this.#counts = counts;
  }

  /** Undefined while frames are not scored. */
  get streamNumber(): number | undefined {
    return this.#streamNumber;
  }

  /** Frames that have come and are held. */
  get heldCount(): number {
    return this.#takenCount - this.#steppedCount;
  }

  /** Two frames are there that no score was asked for. */
  get hasPair(): boolean {
    return this.#streamNumber !== undefined && this.#takenCount - this.#sentCount >= FRAMES_PER_ROW;
  }

  /** From now on frames wait for scores, as a stream that begins. */
  begin(streamNumber: number): void {
    this.#streamNumber = streamNumber;
    this.#isBeginning = true;
  }

  /** No scores come any more: what is held goes on without, and so does what comes. */
  release(now: MonotonicMs): void {
    while (this.heldCount > 0) this.#stepOldest(undefined, now);
    this.#streamNumber = undefined;
    this.#steppedCount = this.#sentCount = this.#takenCount = 0;
  }

  /** Nothing goes on any more. */
  close(): void {
    this.#isClosed = true;
    this.#held = undefined;
  }

  /** Takes the call's next frame; it is read at once. */
  take(frame: Int16Array, now: MonotonicMs): void {
    if (this.#streamNumber === undefined) {
      this.#counts.unscoredFrameCount++;
      this.#onFrame(frame, undefined, now);
      return;
    }
    if (this.heldCount === HELD_FRAMES_MAX) this.#giveUpOldest(now);
    this.#held ??= new Int16Array(HELD_FRAMES_MAX * FRAME_SAMPLES);
    this.#held.set(frame, (this.#takenCount % HELD_FRAMES_MAX) * FRAME_SAMPLES);
    this.#takenCount++;
    if (this.#takenCount % FRAMES_PER_ROW === 0) this.#arrivedAtMs[(this.#takenCount / FRAMES_PER_ROW - 1) % HELD_FRAMES_PER_ROWS_MAX] = now;
  }

  /** Puts the next pair into a row of a batch; only when {@link hasPair}. @returns its number, to come back with its scores. */
  send(batch: ScoreBatch, row: number): number {
    const pairNumber = this.#sentCount / FRAMES_PER_ROW;
    const from = (pairNumber % HELD_FRAMES_PER_ROWS_MAX) * SAMPLES_PER_ROW;
    if (this.#held !== undefined) batch.samples.set(this.#held.subarray(from, from + SAMPLES_PER_ROW), row * SAMPLES_PER_ROW);
    batch.streams[row] = this.#streamNumber ?? STREAM_COUNT_MAX;
    batch.isFirst[row] = this.#isBeginning ? 1 : 0;
    this.#isBeginning = false;
    this.#sentCount += FRAMES_PER_ROW;
    return pairNumber;
  }

  /** The scores of a pair that was sent, NaN where there is none; dropped when the pair has gone on or the call is over. */
  scored(pairNumber: number, first: number, second: number, now: MonotonicMs): void {
    if (this.#isClosed || pairNumber !== this.#steppedCount / FRAMES_PER_ROW) {
      this.#counts.lateScoreCount += FRAMES_PER_ROW;
      return;
    }
    this.#stepOldest(Number.isNaN(first) ? undefined : first, now);
    this.#stepOldest(Number.isNaN(second) ? undefined : second, now);
  }

  /** Pairs that have waited longer than this go on without a score. */
  giveUpAfter(waitMs: Ms, now: MonotonicMs): void {
    while (this.heldCount >= FRAMES_PER_ROW && now - this.#arrivedAtMs[(this.#steppedCount / FRAMES_PER_ROW) % HELD_FRAMES_PER_ROWS_MAX]! > waitMs) {
      this.#giveUpOldest(now);
    }
  }

  #giveUpOldest(now: MonotonicMs): void {
    this.#stepOldest(undefined, now);
    this.#stepOldest(undefined, now);
    this.#sentCount = Math.max(this.#sentCount, this.#steppedCount);
  }

  #stepOldest(speechProbability: number | undefined, now: MonotonicMs): void {
    if (speechProbability === undefined) this.#counts.unscoredFrameCount++;
    else this.#counts.scoredFrameCount++;
    const from = (this.#steppedCount % HELD_FRAMES_MAX) * FRAME_SAMPLES;
    this.#steppedCount++;
    if (this.#held !== undefined) this.#onFrame(this.#held.subarray(from, from + FRAME_SAMPLES), speechProbability, now);
  }
}

import { blankScoreBatch, bufferOf, FRAMES_PER_ROW, STREAM_COUNT_MAX, type ScoreBatch } from '../inference/score-batch.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { ScoredFrames, type ScoreCounts, type ScoredFrameListener } from './scored-frames.js';

/**
 * How long a frame waits for its score before it goes on without, and the
 * cadence rules take its call over. Chosen: a verdict that is so much later
 * is still one that a person hears as prompt.
 */
const SCORE_WAIT_MS_MAX: Ms = 250;
/** Pairs of one batch at most: 256 calls at a time, 500 and more in all since half of them have a pair at any tick. */
const ROWS_MAX = 256;
/**
 * Batches on their way at most; pairs beyond it are held here. Chosen: at one
 * each 20 ms what comes back is at most 160 ms old, and of use still.
 */
const FLIGHT_COUNT_MAX = 8;

/** A batch, and whose its rows are; used again. */
interface Flight {
  batch: ScoreBatch;
  readonly frames: (ScoredFrames | undefined)[];
  readonly pairNumbers: Float64Array;
  rowCount: number;
}

/** Posts a batch; its buffer is moved. */
type PostBatch = (batch: ScoreBatch, moved: ArrayBuffer[]) => void;

/**
 * The media thread's end of the line to the thread of scores: gathers the
 * frames of all calls into batches, and brings each score to its call. Without
 * a line frames pass at once and without scores.
 */
export class SpeechLine {
  readonly #frames = new Set<ScoredFrames>();
  readonly #counts = { scoredFrameCount: 0, unscoredFrameCount: 0, lateScoreCount: 0 };
  readonly #freeFlights: Flight[] = [];
  /** In the order they were sent, which is the order they come back in. */
  #inFlight: Flight[] = [];
  readonly #freeNumbers: number[] = [];
  #numberCount = 0;
  #post: PostBatch | undefined;

  get counts(): Readonly<ScoreCounts> {
    return this.#counts;
  }

  /** Frames are scored. */
  get isConnected(): boolean {
    return this.#post !== undefined;
  }

  /** Scores are had by this line from now on, and all calls are as new to it. */
  connect(post: PostBatch, now: MonotonicMs): void {
    this.disconnect(now);
    this.#post = post;
    for (const frames of this.#frames) this.#begin(frames);
  }

  /** The line is closed; harmless when it was. What waits for scores goes on without. */
  disconnect(now: MonotonicMs): void {
    this.#post = undefined;
    this.#inFlight = [];
    for (const frames of this.#frames) this.#end(frames, now);
  }

  /** Takes on a call. */
  open(onFrame: ScoredFrameListener): ScoredFrames {
    const frames = new ScoredFrames(onFrame, this.#counts);
    this.#frames.add(frames);
    if (this.#post !== undefined) this.#begin(frames);
    return frames;
  }

  /** Lets go of a call; what is held of it is dropped, and so are scores that still come. */
  leave(frames: ScoredFrames): void {
    this.#frames.delete(frames);
    if (frames.streamNumber !== undefined) this.#freeNumbers.push(frames.streamNumber);
    frames.close();
  }

  /** To be called every 20 ms or so: sends what has come since, and waits no longer for what is overdue. */
  flush(now: MonotonicMs): void {
    if (this.#post === undefined) return;
    for (const frames of this.#frames) frames.giveUpAfter(SCORE_WAIT_MS_MAX, now);
    while (this.#inFlight.length < FLIGHT_COUNT_MAX && this.#sendBatch(this.#post));
  }

  /** A batch has come back. */
  answered(batch: ScoreBatch, now: MonotonicMs): void {
    const flight = this.#inFlight.shift();
    if (flight === undefined) return;
    for (let row = 0; row < flight.rowCount; row++) {
      const first = row * FRAMES_PER_ROW;
      flight.frames[row]?.scored(flight.pairNumbers[row]!, batch.speech[first]!, batch.speech[first + 1]!, now);
      flight.frames[row] = undefined;
    }
    flight.batch = batch;
    this.#freeFlights.push(flight);
    this.flush(now);
  }

  /** @returns whether there was anything to send. */
  #sendBatch(post: PostBatch): boolean {
    const flight = this.#freeFlights.pop() ?? { batch: blankScoreBatch(ROWS_MAX), frames: [], pairNumbers: new Float64Array(ROWS_MAX), rowCount: 0 };
    const { batch } = flight;
    let row = 0;
    for (const frames of this.#frames) {
      if (row === ROWS_MAX) break;
      if (!frames.hasPair) continue;
      flight.pairNumbers[row] = frames.send(batch, row);
      flight.frames[row] = frames;
      row++;
    }
    flight.rowCount = row;
    if (row === 0) {
      this.#freeFlights.push(flight);
      return false;
    }
    this.#inFlight.push(flight);
    post({ ...batch, rowCount: row }, [bufferOf(batch)]);
    return true;
  }

  /** More calls than the line has room for go without scores. */
  #begin(frames: ScoredFrames): void {
    const number = this.#freeNumbers.pop() ?? this.#numberCount++;
    if (number < STREAM_COUNT_MAX) frames.begin(number);
    else this.#numberCount = STREAM_COUNT_MAX;
  }

  #end(frames: ScoredFrames, now: MonotonicMs): void {
    if (frames.streamNumber !== undefined) this.#freeNumbers.push(frames.streamNumber);
    frames.release(now);
  }
}

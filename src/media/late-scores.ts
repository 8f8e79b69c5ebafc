import type { MonotonicMs, Ms } from '../units/time.js';
import type { ScoreCounts } from './scored-frames.js';

/** Chosen: long enough to pass over one halt of a thread, short against a campaign. */
const LOOKED_AT_MS: Ms = 5_000;
/** So little audio says nothing, and suffers from nothing: four seconds of one call, of which one halt of a thread is little. */
const FRAME_COUNT_MIN = 200;
/** Share of frames without a score that is complained of. Chosen: less leaves verdicts as they are. */
const UNSCORED_RATIO_MAX = 0.05;

/** Notices when too many frames go without a score although the line is there. */
export class LateScores {
  #lookedAtMs: MonotonicMs | undefined;
  #scoredBefore = 0;
  #unscoredBefore = 0;
  #detail: string | undefined;

  /** Why calls are judged by the rules more than they should, with the cure; undefined when they are not. */
  get detail(): string | undefined {
    return this.#detail;
  }

  /**
   * To be called every now and then.
   * @param counts totals; they may stand still.
   * @param isConnected frames can be scored at all: where they cannot, that is told elsewhere.
   * @returns whether {@link detail} has changed.
   */
  look(counts: ScoreCounts, isConnected: boolean, now: MonotonicMs): boolean {
    if (!isConnected || this.#lookedAtMs === undefined) return this.#conclude(counts, 0, now);
    const scored = counts.scoredFrameCount - this.#scoredBefore;
    const unscored = counts.unscoredFrameCount - this.#unscoredBefore;
    if (now - this.#lookedAtMs < LOOKED_AT_MS) return false;
    // A complaint must not stand while there is nothing to complain of.
    if (scored + unscored < FRAME_COUNT_MIN) return this.#detail !== undefined && this.#conclude(counts, 0, now);
    return this.#conclude(counts, unscored / (scored + unscored), now);
  }

  #conclude({ scoredFrameCount, unscoredFrameCount }: ScoreCounts, unscoredRatio: number, now: MonotonicMs): boolean {
    this.#lookedAtMs = now;
    this.#scoredBefore = scoredFrameCount;
    this.#unscoredBefore = unscoredFrameCount;
    const wasLate = this.#detail !== undefined;
    this.#detail = unscoredRatio > UNSCORED_RATIO_MAX ? lateDetail(unscoredRatio) : undefined;
    return wasLate !== (this.#detail !== undefined);
  }
}

const lateDetail = (ratio: number): string =>
  `Scores of speech come too late for ${Math.ceil(100 * ratio)} % of the calls' audio, which is judged by the rules instead: this machine is too busy; give it another core or analyse fewer calls at a time.`;

import type { Ms } from '../units/time.js';

/** Width of a bin in relation to its lower edge: percentiles are right to 2 %. Chosen: finer than anyone reads on a wall. */
const BIN_RATIO = 1.02;
const LOG_BIN_RATIO = Math.log(BIN_RATIO);

/** Counts spans of time in geometric bins, so that a day of calls costs a few kilobytes. */
export class DurationHistogram {
  readonly #countByBin = new Map<number, number>();
  #count = 0;

  /** Spans counted so far. */
  get count(): number {
    return this.#count;
  }

  /** Counts one span; below 1 ms it counts as 1 ms. */
  add(spanMs: Ms): void {
    const bin = Math.round(Math.log(Math.max(1, spanMs)) / LOG_BIN_RATIO);
    this.#countByBin.set(bin, (this.#countByBin.get(bin) ?? 0) + 1);
    this.#count += 1;
  }

  /**
   * The span that this share of all spans does not exceed, to 2 %, in whole
   * milliseconds; undefined while nothing was counted.
   * @param shareRatio 0..1, e.g. 0.95.
   */
  percentileMs(shareRatio: number): Ms | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(shareRatio * this.#count));
    let seenCount = 0;
    let bin = 0;
    for (const candidate of [...this.#countByBin.keys()].sort((a, b) => a - b)) {
      bin = candidate;
      seenCount += this.#countByBin.get(candidate) ?? 0;
      if (seenCount >= rank) break;
    }
    return Math.round(BIN_RATIO ** bin);
  }
}

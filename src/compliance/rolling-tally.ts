import type { EpochMs, Ms } from '../units/time.js';

/** What became of the people who answered. */
export interface Tally {
  readonly connectedCount: number;
  /** People who answered and found no agent in time. */
  readonly abandonedCount: number;
}

interface Bucket {
  connectedCount: number;
  abandonedCount: number;
}

/**
 * Counts over a rolling window in buckets of equal length. The bucket of the
 * present moment counts as a whole one, so the window is exact to one bucket.
 * Instants may come in any order, as a wall clock can be set back; one that is
 * already outside the window of the latest is not counted.
 */
export class RollingTally {
  readonly #bucketMs: Ms;
  readonly #bucketCount: number;
  readonly #byIndex = new Map<number, Bucket>();
  #latestIndex = -Infinity;

  constructor(bucketMs: Ms, bucketCount: number) {
    this.#bucketMs = bucketMs;
    this.#bucketCount = bucketCount;
  }

  /** Adds counts at an instant. */
  add(atMs: EpochMs, { connectedCount, abandonedCount }: Tally): void {
    const index = Math.floor(atMs / this.#bucketMs);
    if (index > this.#latestIndex) {
      this.#latestIndex = index;
      this.#dropOutside();
    }
    if (index <= this.#latestIndex - this.#bucketCount) return;
    const bucket = this.#byIndex.get(index) ?? { connectedCount: 0, abandonedCount: 0 };
    bucket.connectedCount += connectedCount;
    bucket.abandonedCount += abandonedCount;
    this.#byIndex.set(index, bucket);
  }

  /** The sums of the window that ends at this instant; later ones are not in it. */
  tally(nowMs: EpochMs): Tally {
    const nowIndex = Math.floor(nowMs / this.#bucketMs);
    let connectedCount = 0;
    let abandonedCount = 0;
    for (const [index, bucket] of this.#byIndex) {
      if (index > nowIndex || index <= nowIndex - this.#bucketCount) continue;
      connectedCount += bucket.connectedCount;
      abandonedCount += bucket.abandonedCount;
    }
    return { connectedCount, abandonedCount };
  }

  #dropOutside(): void {
    for (const index of this.#byIndex.keys()) {
      if (index <= this.#latestIndex - this.#bucketCount) this.#byIndex.delete(index);
    }
  }
}

import type { EpochMs } from '../units/time.js';

/** Span over which a rate is taken. Chosen: steady enough to read, quick enough to show a stop. */
const WINDOW_SECONDS = 10;

/** How often something happens a second, over the last 10 s. */
export class RateMeter {
  readonly #countBySecond = new Map<number, number>();

  /** Notes that it happened once at this instant. */
  note(atMs: EpochMs): void {
    const second = Math.floor(atMs / 1000);
    this.#countBySecond.set(second, (this.#countBySecond.get(second) ?? 0) + 1);
  }

  /** Times a second, to one decimal, over the 10 s up to and with `nowMs`. */
  perSecond(nowMs: EpochMs): number {
    const newest = Math.floor(nowMs / 1000);
    let count = 0;
    for (const [second, countThen] of this.#countBySecond) {
      if (second <= newest - WINDOW_SECONDS) this.#countBySecond.delete(second);
      else count += countThen;
    }
    return Math.round((count / WINDOW_SECONDS) * 10) / 10;
  }
}

import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Ms } from '../units/time.js';

/** Percentiles of a span measured many times, in ms. */
export interface ReactionSummary {
  readonly count: number;
  readonly p50Ms: Ms;
  readonly p99Ms: Ms;
  readonly maxMs: Ms;
}

/** How long an event of the switch waited for the commands that answer it, since the last reset. */
export class ReactionTimes {
  readonly #histogram: RecordableHistogram = createHistogram();

  /** @param spanMs 0 and more. */
  record(spanMs: Ms): void {
    this.#histogram.record(Math.max(1, Math.round(spanMs * 1e6)));
  }

  reset(): void {
    this.#histogram.reset();
  }

  summary(): ReactionSummary {
    const inMs = (nanoseconds: number): Ms => nanoseconds / 1e6;
    const isEmpty = this.#histogram.count === 0;
    return {
      count: this.#histogram.count,
      p50Ms: isEmpty ? 0 : inMs(this.#histogram.percentile(50)),
      p99Ms: isEmpty ? 0 : inMs(this.#histogram.percentile(99)),
      maxMs: isEmpty ? 0 : inMs(this.#histogram.max),
    };
  }
}

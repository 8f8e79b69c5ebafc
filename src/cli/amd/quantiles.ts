/** The middle, nine in ten and the last of some spans. */
export interface SpanQuantiles {
  readonly count: number;
  /** Undefined, like the others, when nothing was measured. */
  readonly p50Ms: number | undefined;
  readonly p90Ms: number | undefined;
  readonly maxMs: number | undefined;
}

/** Nearest-rank quantiles. */
export function quantilesOf(spansMs: readonly number[]): SpanQuantiles {
  return { count: spansMs.length, p50Ms: quantile(spansMs, 0.5), p90Ms: quantile(spansMs, 0.9), maxMs: quantile(spansMs, 1) };
}

/** The least value that `ratio` (0..1) of the values do not exceed; undefined for none. */
export function quantile(values: readonly number[], ratio: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(ratio * values.length) - 1)];
}

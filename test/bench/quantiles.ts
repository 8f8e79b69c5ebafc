/** What is told of many measurements of one span, in ms. */
export interface SpanSummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** Nearest-rank quantiles; all NaN when nothing was measured. */
export function summaryOf(spansMs: readonly number[]): SpanSummary {
  const sorted = spansMs.toSorted((a, b) => a - b);
  const at = (ratio: number): number => rounded(sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] ?? NaN);
  return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

/**
 * Time as the deciding rooms see it: always an argument, never read.
 *
 * Two clocks are kept apart. Durations (ring time, wrap-up, patience) are
 * measured on the monotonic clock, which never jumps. Calling windows, call
 * records and "call again at" use the wall clock.
 */

/** A span of time in milliseconds; may be fractional, never negative. */
export type Ms = number;

/** A reading of the monotonic clock in milliseconds since an arbitrary start. */
export type MonotonicMs = number & { readonly __unit: 'MonotonicMs' };

/** An instant of the wall clock in milliseconds since 1970-01-01T00:00Z. */
export type EpochMs = number & { readonly __unit: 'EpochMs' };

/** Both clocks, read once at the border for each Input. */
export interface Now {
  readonly monotonicMs: MonotonicMs;
  readonly epochMs: EpochMs;
}

/** Marks a plain number as a monotonic reading. */
export const monotonicMs = (value: number): MonotonicMs => value as MonotonicMs;

/** Marks a plain number as a wall-clock instant. */
export const epochMs = (value: number): EpochMs => value as EpochMs;

/** The monotonic reading `spanMs` after `from`. */
export const monotonicAfter = (from: MonotonicMs, spanMs: Ms): MonotonicMs =>
  (from + spanMs) as MonotonicMs;

/** The wall-clock instant `spanMs` after `from`. */
export const epochAfter = (from: EpochMs, spanMs: Ms): EpochMs => (from + spanMs) as EpochMs;

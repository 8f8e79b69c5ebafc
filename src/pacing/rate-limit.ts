import type { MonotonicMs, Ms } from '../units/time.js';

/**
 * How much earlier than evenly spaced a call may be placed to make up for a
 * late wake-up. Chosen: covers a collector pause or a busy tick of the event
 * loop; at 100 calls/s it lets at most 3 calls leave at one instant.
 */
const CATCH_UP_MS: Ms = 20;

/**
 * New calls a second of one trunk or campaign.
 *
 * Two rules hold together. Calls are spread evenly (the generic cell rate
 * algorithm of ITU-T I.371, with a tolerance of CATCH_UP_MS), because carriers
 * refuse bursts with 503. And no sliding second ever holds more than
 * `callsPerSecondMax` of them: the instants of the last second are kept and
 * counted. A rate that is no whole number is kept in the long run, and rounded
 * up to whole calls in any one second; below 1 it is simply the gap between
 * two calls.
 */
export class RateLimit {
  #callsPerSecondMax: number;
  /** When the next call is due if calls are evenly spaced. */
  #evenlyAtMs = -Infinity;
  /** When calls were placed, oldest first; at most one window's worth. */
  #takenAtMs: MonotonicMs[] = [];

  /** @throws RangeError unless above 0 and finite. */
  constructor(callsPerSecondMax: number) {
    this.#callsPerSecondMax = checkedRate(callsPerSecondMax);
  }

  /** The instant from which one call may be placed: `now` or earlier when it may be placed at once. */
  availableAtMs(now: MonotonicMs): MonotonicMs {
    const windowCount = Math.ceil(this.#callsPerSecondMax);
    const oldest = this.#takenAtMs.length >= windowCount ? this.#takenAtMs.at(-windowCount) : undefined;
    const windowFreeAtMs = oldest === undefined ? -Infinity : oldest + this.#windowMs();
    const availableAtMs = Math.max(this.#evenlyAtMs - CATCH_UP_MS, windowFreeAtMs);
    return (availableAtMs === -Infinity ? now : availableAtMs) as MonotonicMs;
  }

  /** Whether one call may be placed now. */
  mayTake(now: MonotonicMs): boolean {
    return this.availableAtMs(now) <= now;
  }

  /** Counts one call as placed now. @throws RangeError when it may not be: ask `mayTake` first. */
  take(now: MonotonicMs): void {
    if (!this.mayTake(now)) throw new RangeError('A call was placed faster than the rate limit allows.');
    this.#evenlyAtMs = Math.max(now, this.#evenlyAtMs) + 1000 / this.#callsPerSecondMax;
    this.#takenAtMs.push(now);
    if (this.#takenAtMs.length > Math.ceil(this.#callsPerSecondMax)) this.#takenAtMs.shift();
  }

  /** Changes the rate and remembers the calls just placed, so that a change is no way around it. @throws RangeError as the constructor. */
  changeTo(callsPerSecondMax: number): void {
    this.#callsPerSecondMax = checkedRate(callsPerSecondMax);
    const lastTaken = this.#takenAtMs.at(-1);
    if (lastTaken !== undefined) this.#evenlyAtMs = lastTaken + 1000 / callsPerSecondMax;
  }

  /** Time in which at most `ceil(rate)` calls fit: exactly 1 s for whole rates. */
  #windowMs(): Ms {
    return (Math.ceil(this.#callsPerSecondMax) * 1000) / this.#callsPerSecondMax;
  }
}

function checkedRate(callsPerSecondMax: number): number {
  if (!(callsPerSecondMax > 0 && Number.isFinite(callsPerSecondMax))) {
    throw new RangeError(`Calls per second must be above 0, not ${callsPerSecondMax}.`);
  }
  return callsPerSecondMax;
}

import { performance } from 'node:perf_hooks';
import { epochMs, monotonicMs, type Now, type MonotonicMs } from '../units/time.js';

/** The only reader of the machine's clocks, and the owner of the one timer. */
export interface Clock {
  now(): Now;
  /**
   * Calls `wake` once at that reading of the monotonic clock or soon after, or
   * earlier when it lies weeks ahead; replaces the wake-up asked for before.
   */
  wakeAt(at: MonotonicMs, wake: () => void): void;
  /** Takes back the wake-up asked for. */
  cancel(): void;
}

/** Node makes 1 ms of longer timers; woken early, the dialer asks again. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's own clocks. */
export class SystemClock implements Clock {
  #timer: NodeJS.Timeout | undefined;

  now(): Now {
    return { monotonicMs: monotonicMs(performance.now()), epochMs: epochMs(Date.now()) };
  }

  wakeAt(at: MonotonicMs, wake: () => void): void {
    this.cancel();
    const waitMs = Math.min(Math.max(0, Math.ceil(at - performance.now())), TIMER_MS_MAX);
    this.#timer = setTimeout(wake, waitMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

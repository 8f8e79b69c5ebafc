import type { EpochMs, MonotonicMs, Ms, Now } from '../units/time.js';
import { epochAfter, monotonicAfter, monotonicMs } from '../units/time.js';
import { TimeHeap } from '../units/time-heap.js';

/** A thing that will happen; may be called off until it has. */
export interface Appointment {
  cancel(): void;
}

/** What happens; undefined once it was called off. */
interface Happening {
  run: (() => void) | undefined;
}

/**
 * Time that passes only when told to; things of one instant happen in the
 * order in which they were asked for.
 */
export class VirtualClock {
  readonly #startedAtMs: EpochMs;
  readonly #heap = new TimeHeap<Happening>();
  #atMs: MonotonicMs = monotonicMs(0);

  /** @param startedAtMs the wall clock's reading at monotonic 0. */
  constructor(startedAtMs: EpochMs) {
    this.#startedAtMs = startedAtMs;
  }

  /** Both clocks now. */
  now(): Now {
    return { monotonicMs: this.#atMs, epochMs: epochAfter(this.#startedAtMs, this.#atMs) };
  }

  get monotonicMs(): MonotonicMs {
    return this.#atMs;
  }

  get epochMs(): EpochMs {
    return epochAfter(this.#startedAtMs, this.#atMs);
  }

  /** Instant of the next thing to happen; undefined when nothing will. */
  get nextAtMs(): MonotonicMs | undefined {
    this.#dropCancelled();
    return this.#heap.first?.at;
  }

  /** Has something happen `spanMs` from now; never before now. */
  after(spanMs: Ms, run: () => void): Appointment {
    return this.at(monotonicAfter(this.#atMs, Math.max(0, spanMs)), run);
  }

  /** Has something happen at this instant, or now when it has passed. */
  at(atMs: MonotonicMs, run: () => void): Appointment {
    const happening: Happening = { run };
    this.#heap.push(atMs < this.#atMs ? this.#atMs : atMs, happening);
    return {
      cancel: () => {
        happening.run = undefined;
      },
    };
  }

  /** Goes on to the next thing and lets it happen; false when nothing will. */
  step(): boolean {
    this.#dropCancelled();
    const next = this.#heap.first;
    if (next === undefined) return false;
    this.#heap.dropFirst();
    this.#atMs = next.at;
    next.item.run?.();
    return true;
  }

  /** Lets everything up to and including this instant happen; the clock then shows it. */
  runUntil(atMs: MonotonicMs): void {
    for (let next = this.nextAtMs; next !== undefined && next <= atMs; next = this.nextAtMs) this.step();
    if (atMs > this.#atMs) this.#atMs = atMs;
  }

  #dropCancelled(): void {
    while (this.#heap.first !== undefined && this.#heap.first.item.run === undefined) this.#heap.dropFirst();
  }
}

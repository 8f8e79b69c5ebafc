import type { EpochMs, MonotonicMs, Ms, Now } from '../units/time.js';
import { epochAfter, monotonicAfter, monotonicMs } from '../units/time.js';

/** A thing that will happen; may be called off until it has. */
export interface Appointment {
  cancel(): void;
}

interface Entry {
  readonly atMs: MonotonicMs;
  /** Order among things of the same instant: first made, first done. */
  readonly serial: number;
  run: (() => void) | undefined;
}

/**
 * Time that passes only when told to. What is to happen stands in a heap by
 * instant; things of one instant happen in the order in which they were asked
 * for, so that a run is the same every time.
 */
export class VirtualClock {
  readonly #startedAtMs: EpochMs;
  readonly #heap: Entry[] = [];
  #atMs: MonotonicMs = monotonicMs(0);
  #serial = 0;

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
    return this.#heap[0]?.atMs;
  }

  /** Has something happen `spanMs` from now; never before now. */
  after(spanMs: Ms, run: () => void): Appointment {
    return this.at(monotonicAfter(this.#atMs, Math.max(0, spanMs)), run);
  }

  /** Has something happen at this instant, or now when it has passed. */
  at(atMs: MonotonicMs, run: () => void): Appointment {
    const entry: Entry = { atMs: atMs < this.#atMs ? this.#atMs : atMs, serial: this.#serial++, run };
    this.#push(entry);
    return {
      cancel: () => {
        entry.run = undefined;
      },
    };
  }

  /** Goes on to the next thing and lets it happen; false when nothing will. */
  step(): boolean {
    this.#dropCancelled();
    const entry = this.#heap[0];
    if (entry === undefined) return false;
    this.#pop();
    this.#atMs = entry.atMs;
    entry.run?.();
    return true;
  }

  /** Lets everything up to and including this instant happen; the clock then shows it. */
  runUntil(atMs: MonotonicMs): void {
    for (let next = this.nextAtMs; next !== undefined && next <= atMs; next = this.nextAtMs) this.step();
    if (atMs > this.#atMs) this.#atMs = atMs;
  }

  #dropCancelled(): void {
    while (this.#heap[0] !== undefined && this.#heap[0].run === undefined) this.#pop();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = last;
  }
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial);

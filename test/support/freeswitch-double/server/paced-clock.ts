import type { EpochMs, Ms } from '../../../../src/units/time.js';
import { epochMs } from '../../../../src/units/time.js';

/** The switch's clock moves in steps of so many microseconds (measured). */
const STEP_US = 20_000;

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/**
 * The double's time: what is to happen is kept in order and happens in that
 * order, however late the machine is. Its pace is the machine's, a multiple of
 * it, or a test's hand.
 */
export class PacedClock {
  readonly #startedAtMs: number;
  readonly #scale: number | 'manual';
  readonly #realStartMs = performance.now();
  #entries: Entry[] = [];
  #order = 0;
  #nowMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  #isClosed = false;

  /** @param scale real milliseconds for one of the double's, or `manual`. */
  constructor(scale: number | 'manual', startedAtMs: EpochMs) {
    this.#scale = scale;
    this.#startedAtMs = startedAtMs;
  }

  /** Since the start. */
  get nowMs(): Ms {
    return this.#nowMs;
  }

  get epochMs(): EpochMs {
    return epochMs(this.#startedAtMs + this.#nowMs);
  }

  /** As the switch stamps its events, in steps of 20 ms. */
  get stampUs(): number {
    return Math.floor((this.epochMs * 1000) / STEP_US) * STEP_US;
  }

  /** Runs something so much later; the answer takes it back. */
  after(spanMs: Ms, run: () => void): () => void {
    const entry: Entry = { dueMs: this.#nowMs + Math.max(0, spanMs), order: this.#order++, run, isCancelled: false };
    let at = this.#entries.length;
    while (at > 0 && (this.#entries[at - 1]?.dueMs ?? 0) > entry.dueMs) at--;
    this.#entries.splice(at, 0, entry);
    this.#arm();
    return () => {
      entry.isCancelled = true;
    };
  }

  /** Until the clock's seconds have counted so many on: time-outs of the switch fire up to one second early (flows 04, 11, 22). */
  untilSecond(seconds: number): Ms {
    return (Math.floor(this.epochMs / 1000) + seconds) * 1000 - this.epochMs;
  }

  /** Whatever is due by now happens; called before news from outside is looked at. */
  catchUp(): void {
    if (this.#scale !== 'manual') this.#runUntil((performance.now() - this.#realStartMs) / this.#scale);
  }

  /** Moves a manual clock on. */
  advanceTo(nowMs: Ms): void {
    if (this.#scale !== 'manual') throw new Error('Only a manual clock is moved by hand.');
    this.#runUntil(nowMs);
  }

  /** Nothing happens any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#entries = [];
  }

  #runUntil(nowMs: Ms): void {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    try {
      for (let first = this.#entries[0]; first !== undefined && first.dueMs <= nowMs; first = this.#entries[0]) {
        this.#entries.shift();
        this.#nowMs = Math.max(this.#nowMs, first.dueMs);
        if (!first.isCancelled) first.run();
      }
      this.#nowMs = Math.max(this.#nowMs, nowMs);
    } finally {
      this.#isRunning = false;
      this.#arm();
    }
  }

  #arm(): void {
    if (this.#scale === 'manual' || this.#isRunning || this.#isClosed) return;
    clearTimeout(this.#timer);
    const first = this.#entries[0];
    if (first === undefined) return;
    const realMs = first.dueMs * this.#scale - (performance.now() - this.#realStartMs);
    this.#timer = setTimeout(() => {
      this.catchUp();
    }, Math.max(0, realMs));
  }
}

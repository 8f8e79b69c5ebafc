import type { Random } from '../../../../src/units/random.js';

/** How many of the writes are lumps, and of how many pieces' size. Chosen: a lump of the default holds several events. */
const LUMP_RATIO = 0.1;
const LUMP_PIECES = 16;

/** The part of a socket that is written to. */
interface ByteSink {
  write(bytes: Uint8Array): unknown;
}

/**
 * Writes the stream in pieces that have nothing to do with the messages in it:
 * some hold half a message, some many. Each piece goes out in a turn of its
 * own, so that the other side reads it as a piece.
 */
export class PiecewiseWriter {
  readonly #sink: ByteSink;
  readonly #random: Random;
  readonly #pieceBytesMax: number;
  #waiting: Buffer[] = [];
  #isScheduled = false;
  #whenEmpty: (() => void)[] = [];

  constructor(sink: ByteSink, random: Random, pieceBytesMax: number) {
    this.#sink = sink;
    this.#random = random;
    this.#pieceBytesMax = pieceBytesMax;
  }

  write(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#schedule();
  }

  /** Runs when all that was written before has gone out. */
  afterwards(run: () => void): void {
    this.#whenEmpty.push(run);
    this.#schedule();
  }

  /** Drops what has not gone out. */
  stop(): void {
    this.#waiting = [];
    this.#whenEmpty = [];
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#writePiece();
    });
  }

  #writePiece(): void {
    if (this.#waiting.length > 0) {
      const all = this.#waiting.length === 1 ? this.#waiting[0] : Buffer.concat(this.#waiting);
      if (all === undefined) return;
      // Small pieces and large ones alike: the exponent is drawn, not the size. Now and then many messages go at once.
      const drawn = Math.ceil(this.#pieceBytesMax ** this.#random.unit());
      const size = Math.min(all.length, this.#random.chance(LUMP_RATIO) ? this.#pieceBytesMax * LUMP_PIECES : drawn);
      this.#sink.write(all.subarray(0, size));
      this.#waiting = size < all.length ? [all.subarray(size)] : [];
    }
    if (this.#waiting.length > 0) {
      this.#schedule();
      return;
    }
    const due = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const run of due) run();
  }
}

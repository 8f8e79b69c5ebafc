import { SAMPLE_RATE_HZ } from '../audio/frame.js';
import type { Ms } from '../units/time.js';

/** How much of a call's analysed audio is kept. Chosen: longer than any verdict takes, a revised one included. */
const SNIPPET_MS: Ms = 20_000;
const SNIPPET_SAMPLES = (SNIPPET_MS * SAMPLE_RATE_HZ) / 1000;
/** Memory is taken in so many samples at a time, 2 s: most calls are over early. */
const PIECE_SAMPLES = 16_000;
/** The first seconds of one call's audio, as it was analysed. */
export class Snippet {
  readonly #pieces: Int16Array[] = [];
  #sampleCount = 0;

  /** Takes the next frame; it is copied. Beyond 20 s nothing is. */
  take(frame: Int16Array): void {
    let taken = 0;
    const room = Math.min(frame.length, SNIPPET_SAMPLES - this.#sampleCount);
    while (taken < room) {
      const at = this.#sampleCount % PIECE_SAMPLES;
      if (at === 0) this.#pieces.push(new Int16Array(PIECE_SAMPLES));
      const part = frame.subarray(taken, Math.min(room, taken + PIECE_SAMPLES - at));
      this.#pieces.at(-1)?.set(part, at);
      taken += part.length;
      this.#sampleCount += part.length;
    }
  }

  /** At 8 kHz; a copy. */
  samples(): Int16Array {
    const samples = new Int16Array(this.#sampleCount);
    this.#pieces.forEach((piece, index) => {
      const start = index * PIECE_SAMPLES;
      samples.set(piece.subarray(0, this.#sampleCount - start), start);
    });
    return samples;
  }
}

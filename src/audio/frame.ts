/**
 * Framing of telephone audio. Everything that listens to a call is stepped by
 * 20 ms frames of 160 samples, the packet time of G.711 on practically every
 * trunk, so that audio time is simply frames counted.
 */
import type { Ms } from '../units/time.js';

/** Samples a second of telephone audio (G.711, ITU-T G.711 clause 1). */
export const SAMPLE_RATE_HZ = 8000;

/** Length of one frame in milliseconds. */
export const FRAME_MS: Ms = 20;

/** Samples in one frame. */
export const FRAME_SAMPLES = 160;

/** A span of audio time in samples, rounded to the nearest sample. */
export const samplesIn = (spanMs: Ms): number => Math.round((spanMs * SAMPLE_RATE_HZ) / 1000);

/**
 * The whole frames of a recording, in order, as views on its own memory: to
 * change a frame is to change the recording. A tail shorter than a frame is
 * left out.
 */
export function* framesOf(samples: Int16Array): Generator<Int16Array, void, void> {
  for (let start = 0; start + FRAME_SAMPLES <= samples.length; start += FRAME_SAMPLES) {
    yield samples.subarray(start, start + FRAME_SAMPLES);
  }
}

/**
 * Cuts a stream of pieces of any size into frames. A frame that lies within
 * one piece is handed on as a view; only a frame that spans two pieces is
 * gathered in a buffer of the cutter's own, which the next such frame
 * overwrites: a receiver that keeps frames must copy them.
 */
export class FrameCutter {
  readonly #held = new Int16Array(FRAME_SAMPLES);
  #heldSamples = 0;

  /** Samples kept back for the next frame, 0..159. */
  get heldSamples(): number {
    return this.#heldSamples;
  }

  /** Takes a piece and calls `onFrame` once for each frame it completes. */
  push(piece: Int16Array, onFrame: (frame: Int16Array) => void): void {
    let start = 0;
    if (this.#heldSamples > 0) {
      start = Math.min(FRAME_SAMPLES - this.#heldSamples, piece.length);
      this.#held.set(piece.subarray(0, start), this.#heldSamples);
      this.#heldSamples += start;
      if (this.#heldSamples < FRAME_SAMPLES) return;
      this.#heldSamples = 0;
      onFrame(this.#held);
    }
    for (; start + FRAME_SAMPLES <= piece.length; start += FRAME_SAMPLES) {
      onFrame(piece.subarray(start, start + FRAME_SAMPLES));
    }
    this.#held.set(piece.subarray(start), 0);
    this.#heldSamples = piece.length - start;
  }
}

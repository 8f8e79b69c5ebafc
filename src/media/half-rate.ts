/**
 * Wideband to telephone rate, 16 to 8 kHz, piece by piece: a half-band low-pass
 * (windowed sinc, Hamming, 31 taps, images 50 dB down) and every second
 * sample. Every second tap but the middle one is zero, so 9 products a sample.
 */

const REACH = 15;
/** Taps at odd distance 1, 3, 5 … from the middle one, which is one half. */
const ODD_TAPS = Float64Array.from({ length: (REACH + 1) / 2 }, (_, index) => {
  const distance = 2 * index + 1;
  const hamming = 0.54 + 0.46 * Math.cos((Math.PI * distance) / (REACH + 1));
  return (hamming * Math.sin((Math.PI * distance) / 2)) / (Math.PI * distance);
});

/** Halves the rate of one stream; what it needs of the piece before is kept. */
export class HalfRate {
  readonly #window: Int16Array;
  #heldSamples = 2 * REACH;

  /** @param pieceSamplesMax longest piece at the higher rate. */
  constructor(pieceSamplesMax: number) {
    this.#window = new Int16Array(2 * REACH + 1 + pieceSamplesMax);
  }

  /**
   * Takes a piece at 16 kHz and writes what comes of it at 8 kHz.
   * @returns samples written: half the piece, one more or less when it is odd.
   */
  push(piece: Int16Array, target: Int16Array): number {
    const window = this.#window;
    window.set(piece, this.#heldSamples);
    const filled = this.#heldSamples + piece.length;
    let written = 0;
    let centre = REACH;
    for (; centre + REACH < filled; centre += 2) {
      let sum = window[centre]! / 2;
      for (let index = 0; index < ODD_TAPS.length; index++) {
        const distance = 2 * index + 1;
        sum += ODD_TAPS[index]! * (window[centre - distance]! + window[centre + distance]!);
      }
      target[written++] = Math.max(-32768, Math.min(32767, Math.round(sum)));
    }
    window.copyWithin(0, centre - REACH, filled);
    this.#heldSamples = filled - (centre - REACH);
    return written;
  }
}

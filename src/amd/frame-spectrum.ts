/**
 * What one frame of audio sounds like, measured once and shared by speech
 * activity and tone detection. A high-pass takes out hum and offset; the
 * spectrum is taken over the last 32 ms, so successive spectra overlap by
 * 12 ms and no tone falls between two of them.
 */
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../audio/frame.js';
import { FULL_SCALE_SQUARED } from '../audio/level.js';
import { hannWindow, PowerSpectrum } from '../audio/power-spectrum.js';

/**
 * Samples kept behind the present: enough for the longest look back, that of a
 * tone's fine spectrum.
 */
export const HISTORY_SAMPLES = 1024;

const SPECTRUM_SAMPLES = 256;
const BIN_HZ = SAMPLE_RATE_HZ / SPECTRUM_SAMPLES;
/** 187 Hz .. 3594 Hz: the telephone band with a little margin for the window's slope. */
const FIRST_BIN = 6;
const LAST_BIN = 115;
/** A Hann lobe reaches two bins to each side of its centre. */
const LOBE_BINS = 2;

/**
 * Second-order Butterworth high-pass at 200 Hz, bilinear transform. Mains hum
 * (50 and 60 Hz) falls by 20 dB or more, a 350 Hz dial tone by under 0.5 dB;
 * the telephone band proper starts at 300 Hz (ITU-T G.712).
 */
const HIGH_PASS = (() => {
  const k = Math.tan((Math.PI * 200) / SAMPLE_RATE_HZ);
  const scale = 1 / (1 + Math.SQRT2 * k + k * k);
  return { b0: scale, a1: 2 * (k * k - 1) * scale, a2: (1 - Math.SQRT2 * k + k * k) * scale };
})();

const WINDOW = hannWindow(SPECTRUM_SAMPLES);
/** Makes bins sum to mean power relative to full scale. */
const BIN_SCALE =
  2 / (SPECTRUM_SAMPLES * WINDOW.reduce((sum, w) => sum + w * w, 0) * FULL_SCALE_SQUARED);

/** The spectral measures of the latest frame; every field is overwritten by each {@link step}. */
export class FrameSpectrum {
  /** The last {@link HISTORY_SAMPLES} samples after the high-pass, oldest first. */
  readonly history = new Float64Array(HISTORY_SAMPLES);
  /** Mean power of the frame's own 160 samples after the high-pass, relative to full scale. */
  framePower = 0;
  /** Power in the telephone band over the last 32 ms, relative to full scale. */
  bandPower = 0;
  /** Power in the lobe of the strongest peak. */
  topPower = 0;
  /** Frequency of the strongest peak, to about a tenth of a bin (3 Hz) on a clean tone. */
  topHz = 0;
  /** Power in the lobe of the strongest peak outside the first lobe. */
  nextPower = 0;
  /** Frequency of that second peak. */
  nextHz = 0;

  readonly #spectrum = new PowerSpectrum(SPECTRUM_SAMPLES);
  #delayed1 = 0;
  #delayed2 = 0;

  /** Takes the next frame of 160 samples. */
  step(frame: Int16Array): void {
    this.#filterIntoHistory(frame);
    this.#spectrum.transform(this.history, HISTORY_SAMPLES - SPECTRUM_SAMPLES, WINDOW);
    const bins = this.#spectrum.bins;
    let band = 0;
    let top = FIRST_BIN;
    for (let k = FIRST_BIN; k <= LAST_BIN; k++) {
      band += bins[k]!;
      if (bins[k]! > bins[top]!) top = k;
    }
    this.bandPower = band * BIN_SCALE;
    this.topPower = this.#lobePower(top);
    this.topHz = peakHz(bins, top, BIN_HZ);
    const next = this.#strongestOutside(top);
    this.nextPower = this.#lobePower(next);
    this.nextHz = peakHz(bins, next, BIN_HZ);
  }

  #filterIntoHistory(frame: Int16Array): void {
    const { b0, a1, a2 } = HIGH_PASS;
    const history = this.history;
    history.copyWithin(0, FRAME_SAMPLES);
    const start = HISTORY_SAMPLES - FRAME_SAMPLES;
    let d1 = this.#delayed1;
    let d2 = this.#delayed2;
    let sum = 0;
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const input = frame[i]! - a1 * d1 - a2 * d2;
      const output = b0 * (input - 2 * d1 + d2);
      d2 = d1;
      d1 = input;
      history[start + i] = output;
      sum += output * output;
    }
    // A filter left ringing in digital silence would fall into slow subnormal numbers.
    this.#delayed1 = Math.abs(d1) < 1e-9 ? 0 : d1;
    this.#delayed2 = Math.abs(d2) < 1e-9 ? 0 : d2;
    this.framePower = sum / FRAME_SAMPLES / FULL_SCALE_SQUARED;
  }

  #lobePower(centre: number): number {
    const bins = this.#spectrum.bins;
    let sum = 0;
    for (let k = centre - LOBE_BINS; k <= centre + LOBE_BINS; k++) sum += bins[k]!;
    return sum * BIN_SCALE;
  }

  #strongestOutside(top: number): number {
    const bins = this.#spectrum.bins;
    let next = top < (FIRST_BIN + LAST_BIN) / 2 ? LAST_BIN : FIRST_BIN;
    for (let k = FIRST_BIN; k <= LAST_BIN; k++) {
      if (Math.abs(k - top) > LOBE_BINS + 1 && bins[k]! > bins[next]!) next = k;
    }
    return next;
  }
}

/**
 * Frequency of a spectral peak by a parabola through the logarithms of its
 * three bins (J. O. Smith, Spectral Audio Signal Processing, "Quadratic
 * interpolation of spectral peaks").
 */
export function peakHz(bins: Float64Array, peak: number, binHz: number): number {
  const centre = Math.log(bins[peak]! + Number.MIN_VALUE);
  const left = Math.log(bins[peak - 1]! + Number.MIN_VALUE);
  const right = Math.log(bins[peak + 1]! + Number.MIN_VALUE);
  const curve = left - 2 * centre + right;
  const shift = curve < 0 ? (left - right) / (2 * curve) : 0;
  return (peak + Math.max(-0.5, Math.min(0.5, shift))) * binHz;
}

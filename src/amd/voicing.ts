import { SAMPLE_RATE_HZ } from '../audio/frame.js';
import { HISTORY_SAMPLES } from './frame-spectrum.js';

/** Half the telephone rate: pitch lies far under its limit, and the work falls to a quarter. */
const HALF_RATE_HZ = SAMPLE_RATE_HZ / 2;
/** Samples at half rate: 44 ms, a period of the lowest pitch and the span compared with it. */
const SPAN = 176;
/** 400 Hz, above the pitch of nearly every speaker. */
const LAG_MIN = 10;
/** 60 Hz: deep and creaking voices go there at the end of a word. */
const LAG_MAX = 66;
const COMPARED = SPAN - LAG_MAX;

/**
 * How periodic the last 44 ms are, as a voice is and noise is not: the largest
 * normalised autocorrelation at the lags of a voice's pitch (L. Rabiner, 1977).
 */
export class Voicing {
  /** -1..1; vowels give 0.6 to 1, telephone noise mostly under 0.40. */
  periodicityRatio = 0;
  /** Pitch of the last measured frame in hertz; meaningful only where the ratio is high. */
  pitchHz = 0;

  readonly #halved = new Float64Array(SPAN);
  readonly #correlations = new Float64Array(LAG_MAX + 1);

  /** Measures the end of a history of telephone samples. */
  measure(history: Float64Array): void {
    this.#halve(history);
    this.#correlate();
    this.#findPitch();
  }

  #halve(history: Float64Array): void {
    let at = HISTORY_SAMPLES - 2 * SPAN;
    for (let i = 0; i < SPAN; i++, at += 2) {
      this.#halved[i] =
        0.5 * history[at]! +
        0.25 * (history[at - 1]! + history[Math.min(at + 1, HISTORY_SAMPLES - 1)]!);
    }
  }

  #correlate(): void {
    const x = this.#halved;
    let ownPower = 0;
    for (let i = LAG_MAX; i < SPAN; i++) ownPower += x[i]! * x[i]!;
    let laggedPower = ownPower;
    for (let lag = 1; lag <= LAG_MAX; lag++) {
      const start = LAG_MAX - lag;
      const dropped = x[start + COMPARED]!;
      laggedPower += x[start]! * x[start]! - dropped * dropped;
      let sum = 0;
      for (let i = 0; i < COMPARED; i++) sum += x[LAG_MAX + i]! * x[start + i]!;
      const scale = ownPower * laggedPower;
      this.#correlations[lag] = scale > 0 ? sum / Math.sqrt(scale) : 0;
    }
  }

  /** The best lag after the central lobe, which low-frequency noise has too. */
  #findPitch(): void {
    const correlations = this.#correlations;
    let lag = 1;
    while (lag < LAG_MAX && correlations[lag]! > 0.2) lag++;
    let best = Math.max(lag, LAG_MIN);
    for (let i = best; i <= LAG_MAX; i++) if (correlations[i]! > correlations[best]!) best = i;
    this.periodicityRatio = correlations[best]!;
    this.pitchHz = HALF_RATE_HZ / best;
  }
}

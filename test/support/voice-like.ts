import { SAMPLE_RATE_HZ, samplesIn } from '../../src/audio/frame.js';
import { Random } from '../../src/units/random.js';

/**
 * Sound with the build of speech, from nothing but arithmetic: a buzz whose
 * pitch wanders about 120 Hz, shaped by two resonances of a vocal tract, in
 * syllables of some 200 ms. Enough for whatever listens for the cadence of
 * talk; it says nothing about how well real people are told apart.
 */
export function voiceLike(spanMs: number, seed: number): Int16Array {
  const random = new Random(seed);
  const samples = new Int16Array(samplesIn(spanMs));
  let phase = 0;
  let syllableEndsAt = 0;
  let syllableSamples = 1;
  let pitchHz = 120;
  let formantsHz: readonly number[] = [700, 1200];
  for (let at = 0; at < samples.length; at++) {
    if (at >= syllableEndsAt) {
      syllableSamples = samplesIn(random.between(140, 260));
      syllableEndsAt = at + syllableSamples;
      pitchHz = random.between(105, 140);
      formantsHz = [random.between(350, 800), random.between(1000, 2100)];
    }
    const intoSyllable = 1 - (syllableEndsAt - at) / syllableSamples;
    // The lips close for a fifth of each syllable.
    const opening = Math.sin(Math.PI * Math.min(1, intoSyllable / 0.8));
    phase += ((pitchHz - 15 * intoSyllable) * 2 * Math.PI) / SAMPLE_RATE_HZ;
    let sum = 0;
    for (let harmonic = 1; harmonic * pitchHz < 3400; harmonic++) {
      const gain = formantsHz.reduce((total, formant) => total + 1 / (1 + ((harmonic * pitchHz - formant) / 120) ** 2), 0.02);
      sum += (gain / harmonic ** 0.3) * Math.sin(harmonic * phase);
    }
    samples[at] = Math.round(3000 * sum * Math.sqrt(Math.max(0, opening)));
  }
  return samples;
}

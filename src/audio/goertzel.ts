import { FULL_SCALE_SQUARED, powerToDbfs } from './level.js';
import { SAMPLE_RATE_HZ } from './frame.js';

/**
 * Power of one frequency in the samples, relative to full scale, by the
 * Goertzel algorithm (G. Goertzel, 1958): a sine of that frequency gives its
 * own mean power. The samples are the window, unweighted, so frequencies
 * `sampleRateHz / samples.length` apart are told from one another.
 * @param frequencyHz 0 .. half the sample rate.
 */
export function tonePower(
  samples: Int16Array,
  frequencyHz: number,
  sampleRateHz = SAMPLE_RATE_HZ,
): number {
  if (samples.length === 0) return 0;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let previous = 0;
  let beforePrevious = 0;
  for (let i = 0; i < samples.length; i++) {
    const current = samples[i]! + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const squared =
    previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
  return (2 * squared) / (samples.length * samples.length) / FULL_SCALE_SQUARED;
}

/** The level of one frequency in dBFS; see {@link tonePower}. */
export const toneLevelDbfs = (
  samples: Int16Array,
  frequencyHz: number,
  sampleRateHz = SAMPLE_RATE_HZ,
): number => powerToDbfs(tonePower(samples, frequencyHz, sampleRateHz));

import { clampToInt16 } from './level.js';

/**
 * Zero crossings of the sinc kept on each side. Chosen: 16 holds images about 60
 * dB down under a Hann window.
 */
const CROSSINGS = 16;

/**
 * Changes the sample rate by windowed-sinc interpolation, band-limited to the
 * lower of the two rates. For files brought to telephone rate before use, not
 * for the hot path: nothing is kept between calls.
 * @param fromHz and toHz whole numbers above 0; equal rates give a copy.
 */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples.slice();
  // The two rates fall into step again after so many results: as many kernels are needed.
  const phaseCount = toHz / greatestCommonDivisor(fromHz, toHz);
  const kernels: (Float64Array | undefined)[] = Array.from({ length: phaseCount });
  // Slightly inside the lower band edge, for the kernel's slope to end before it.
  const cutoffRatio = 0.95 * Math.min(1, toHz / fromHz);
  const reach = Math.ceil(CROSSINGS / cutoffRatio);
  const result = new Int16Array(Math.floor((samples.length * toHz) / fromHz));
  for (let i = 0; i < result.length; i++) {
    const first = Math.floor((i * fromHz) / toHz) - reach;
    const shift = ((i * fromHz) % toHz) / toHz;
    const kernel = (kernels[i % phaseCount] ??= makeKernel(shift, cutoffRatio, reach));
    let sum = 0;
    for (let j = Math.max(0, -first); j < kernel.length && first + j < samples.length; j++) {
      sum += samples[first + j]! * kernel[j]!;
    }
    result[i] = clampToInt16(sum);
  }
  return result;
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/** Weights of the samples around a result that falls `shift` of a sample after the middle one. */
const makeKernel = (shift: number, cutoffRatio: number, reach: number): Float64Array =>
  Float64Array.from({ length: 2 * reach + 1 }, (_, j) =>
    windowedSinc(j - reach - shift, cutoffRatio, reach + 1),
  );

const windowedSinc = (offset: number, cutoffRatio: number, reach: number): number => {
  const x = Math.PI * cutoffRatio * offset;
  const sinc = x === 0 ? 1 : Math.sin(x) / x;
  return cutoffRatio * sinc * (0.5 + 0.5 * Math.cos((Math.PI * offset) / reach));
};

/**
 * One stereo stream of two mono ones, sample by sample: left, right, left,
 * right. The shorter side is continued with silence, so that both legs of a
 * call keep their place in time.
 */
export function interleaveStereo(left: Int16Array, right: Int16Array): Int16Array {
  const length = Math.max(left.length, right.length);
  const stereo = new Int16Array(length * 2);
  for (let i = 0; i < left.length; i++) stereo[2 * i] = left[i]!;
  for (let i = 0; i < right.length; i++) stereo[2 * i + 1] = right[i]!;
  return stereo;
}

/** One channel of interleaved audio, copied out. @param channelIndex 0 is left. */
export function channelOf(
  interleaved: Int16Array,
  channelCount: number,
  channelIndex: number,
): Int16Array {
  const samples = new Int16Array(Math.floor(interleaved.length / channelCount));
  for (let i = 0; i < samples.length; i++)
    samples[i] = interleaved[i * channelCount + channelIndex]!;
  return samples;
}

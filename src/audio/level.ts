/**
 * Levels in dBFS. 0 dBFS is a square wave at full scale, so a sine at full
 * scale reads -3.01: the convention of `dBov` in telephony (ITU-T G.100.1),
 * where ordinary speech lies about -26 and the noise of a good line under -60.
 */

/** The level given to digital silence; nothing that 16 bits can carry is lower. */
export const SILENCE_DBFS = -96.3;

/** Full scale squared, the reference of every level. */
export const FULL_SCALE_SQUARED = 32768 * 32768;

/** A level from a power relative to full scale (0..1), never below {@link SILENCE_DBFS}. */
export const powerToDbfs = (powerRatio: number): number =>
  powerRatio > 0 ? Math.max(SILENCE_DBFS, 10 * Math.log10(powerRatio)) : SILENCE_DBFS;

/** The power relative to full scale (0..1) of a level. */
export const dbfsToPower = (levelDbfs: number): number => 10 ** (levelDbfs / 10);

/** Mean power of samples relative to full scale, 0..1; 0 for no samples. */
export function meanPower(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * samples[i]!;
  return sum / samples.length / FULL_SCALE_SQUARED;
}

/**
 * Root-mean-square level of samples in dBFS; {@link SILENCE_DBFS} for none or for
 * digital silence.
 */
export const levelDbfs = (samples: Int16Array): number => powerToDbfs(meanPower(samples));

/** A copy of the samples changed by `gainDb`, limited to 16 bits. */
export function withGain(samples: Int16Array, gainDb: number): Int16Array {
  const factor = 10 ** (gainDb / 20);
  return samples.map((sample) => clampToInt16(sample * factor));
}

/** The nearest 16-bit sample to a number. */
export const clampToInt16 = (value: number): number =>
  Math.max(-32768, Math.min(32767, Math.round(value)));

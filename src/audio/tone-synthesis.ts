/**
 * Tones as the network and machines play them: sums of sines, sounding and
 * pausing by a cadence. Used to play the public network and to test listening.
 */
import type { Ms } from '../units/time.js';
import { SAMPLE_RATE_HZ, samplesIn } from './frame.js';
import { clampToInt16 } from './level.js';

/** One stretch of a cadence; no frequencies is a pause. */
export interface ToneSegment {
  readonly frequenciesHz: readonly number[];
  readonly durationMs: Ms;
}

/** How a tone is played. */
export interface ToneStyle {
  /** Level of all its frequencies together, dBFS. Default -18, about what networks send. */
  readonly levelDbfs?: number;
  /** Length of the rise and of the fall of each segment. Default 2 ms, enough not to click. */
  readonly rampMs?: Ms;
}

const DEFAULT_LEVEL_DBFS = -18;
const DEFAULT_RAMP_MS = 2;

/** Plays segments one after another, once. */
export function playSegments(segments: readonly ToneSegment[], style: ToneStyle = {}): Int16Array {
  const totalMs = segments.reduce((sum, segment) => sum + segment.durationMs, 0);
  const result = new Int16Array(samplesIn(totalMs));
  let playedMs = 0;
  for (const segment of segments) {
    const start = samplesIn(playedMs);
    playedMs += segment.durationMs;
    fillSegment(result.subarray(start, samplesIn(playedMs)), segment.frequenciesHz, style);
  }
  return result;
}

/**
 * Plays a cadence over and over until `totalMs` is filled, cutting the last round.
 * An empty cadence is silence.
 */
export function playCadence(
  segments: readonly ToneSegment[],
  totalMs: Ms,
  style: ToneStyle = {},
): Int16Array {
  const result = new Int16Array(samplesIn(totalMs));
  const round = playSegments(segments, style);
  if (round.length === 0) return result;
  for (let start = 0; start < result.length; start += round.length) {
    result.set(round.subarray(0, result.length - start), start);
  }
  return result;
}

const fillSegment = (
  target: Int16Array,
  frequenciesHz: readonly number[],
  style: ToneStyle,
): void => {
  if (frequenciesHz.length === 0) return;
  const levelRatio = 10 ** ((style.levelDbfs ?? DEFAULT_LEVEL_DBFS) / 20);
  // n sines of amplitude A have a power of n A^2 / 2.
  const amplitude = 32768 * levelRatio * Math.sqrt(2 / frequenciesHz.length);
  const rampSamples = Math.max(1, samplesIn(style.rampMs ?? DEFAULT_RAMP_MS));
  for (let i = 0; i < target.length; i++) {
    const edge = Math.min(1, (i + 1) / rampSamples, (target.length - i) / rampSamples);
    let sum = 0;
    for (const frequencyHz of frequenciesHz) {
      sum += Math.sin((2 * Math.PI * frequencyHz * i) / SAMPLE_RATE_HZ);
    }
    target[i] = clampToInt16(amplitude * edge * sum);
  }
};

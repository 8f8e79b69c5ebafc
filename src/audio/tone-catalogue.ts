/**
 * Tones of the telephone network by name, as segments to be played. Sources:
 * North America from Telcordia SR-2275, Europe from ITU-T E.180 and its
 * supplement 2, SIT from ITU-T E.180 clause 10 and Bellcore, DTMF from ITU-T
 * Q.23, fax from ITU-T T.30.
 */
import type { Ms } from '../units/time.js';
import type { ToneSegment } from './tone-synthesis.js';

const sound = (durationMs: Ms, ...frequenciesHz: readonly number[]): ToneSegment => ({
  frequenciesHz,
  durationMs,
});
const pause = (durationMs: Ms): ToneSegment => sound(durationMs);

/** Cadences that repeat for as long as they are played. */
export const CALL_PROGRESS_TONES = {
  /** United States, 2 s on, 4 s off. */
  'ringback-us': [sound(2000, 440, 480), pause(4000)],
  /** United Kingdom double ring. */
  'ringback-uk': [sound(400, 400, 450), pause(200), sound(400, 400, 450), pause(2000)],
  /** Most of continental Europe, 1 s on, 4 s off. */
  'ringback-eu': [sound(1000, 425), pause(4000)],
  'busy-us': [sound(500, 480, 620), pause(500)],
  'busy-uk': [sound(375, 400), pause(375)],
  'busy-eu': [sound(500, 425), pause(500)],
  /** Also called fast busy or congestion. */
  'reorder-us': [sound(250, 480, 620), pause(250)],
  'reorder-eu': [sound(250, 425), pause(250)],
  'dial-us': [sound(1000, 350, 440)],
  /** What a calling fax sends while it waits. */
  'fax-cng': [sound(500, 1100), pause(3000)],
  /** What an answering fax sends first, once, 2.6 to 4 s long. */
  'fax-ced': [sound(3300, 2100), pause(1000)],
} as const satisfies Readonly<Record<string, readonly ToneSegment[]>>;

/** The four announcements that open with special information tones in North America. */
export type SitClass = 'reorder' | 'vacant-code' | 'no-circuit' | 'intercept';

const SIT_LOW_HZ: readonly [number, number, number] = [913.8, 1370.6, 1776.7];
const SIT_HIGH_HZ: readonly [number, number] = [985.2, 1428.5];
const SIT_SHORT_MS = 274;
const SIT_LONG_MS = 380;

const sit = (first: 'low-short' | 'high-long', second: 'low-short' | 'high-long') => [
  first === 'low-short' ? sound(SIT_SHORT_MS, SIT_LOW_HZ[0]) : sound(SIT_LONG_MS, SIT_HIGH_HZ[0]),
  second === 'low-short' ? sound(SIT_SHORT_MS, SIT_LOW_HZ[1]) : sound(SIT_LONG_MS, SIT_HIGH_HZ[1]),
  sound(SIT_LONG_MS, SIT_LOW_HZ[2]),
];

/** The three tones of each class, played once before the announcement. */
export const SIT_SEGMENTS: Readonly<Record<SitClass, readonly ToneSegment[]>> = {
  reorder: sit('low-short', 'high-long'),
  'vacant-code': sit('high-long', 'low-short'),
  'no-circuit': sit('high-long', 'high-long'),
  intercept: sit('low-short', 'low-short'),
};

/** The international form of SIT, the same for every cause. */
export const SIT_INTERNATIONAL: readonly ToneSegment[] = [
  sound(330, 950),
  sound(330, 1400),
  sound(330, 1800),
];

/** The keys of a telephone. */
export type DtmfKey =
  '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';

/** Low frequencies of DTMF, one a row of keys. */
export const DTMF_ROWS_HZ: readonly number[] = [697, 770, 852, 941];
/** High frequencies of DTMF, one a column of keys. */
export const DTMF_COLUMNS_HZ: readonly number[] = [1209, 1336, 1477, 1633];

const DTMF_LAYOUT = '123A456B789C*0#D';

/**
 * A key press: both its frequencies, then a pause. Defaults 100 ms each, twice the
 * least that Q.24 asks.
 */
export function dtmfSegments(key: DtmfKey, toneMs: Ms = 100, pauseMs: Ms = 100): ToneSegment[] {
  const at = DTMF_LAYOUT.indexOf(key);
  return [sound(toneMs, DTMF_ROWS_HZ[at >> 2]!, DTMF_COLUMNS_HZ[at & 3]!), pause(pauseMs)];
}

/** The beep of an answering machine: one tone, or two together. */
export const beepSegments = (
  durationMs: Ms,
  ...frequenciesHz: readonly number[]
): ToneSegment[] => [sound(durationMs, ...frequenciesHz)];

/**
 * Names the tones of the network by frequency, pair and rhythm: intercept
 * (SIT), busy, reorder, ringing, fax. Fed with each tone that ended; asked at
 * any moment what it makes of them.
 */
import { FRAME_MS } from '../audio/frame.js';
import type { SitClass } from '../audio/tone-catalogue.js';
import type { Ms } from '../units/time.js';
import { isDtmf, isFaxCall, isNetworkPair, isPairNear, NETWORK_PAIR_TOLERANCE_HZ, isSingleNear, type ToneBurst } from './tone-burst.js';

/** What a tone is to a caller; `other` is a tone that no plan of the network knows. */
export type ToneKind = 'sit' | 'busy' | 'reorder' | 'ringback' | 'dial' | 'fax' | 'other';

/** A named tone, with the reason in words. */
export interface ToneFinding {
  readonly tone: ToneKind;
  readonly reason: string;
  /** With `sit`: what the carrier says by it. */
  readonly sitClass?: SitClass;
}

const HISTORY_BURSTS = 12;

const lengthMs = (burst: ToneBurst): Ms => (burst.endFrame - burst.startFrame) * FRAME_MS;
const within = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most;

/**
 * In the band where national ringing, busy and dial tones lie: a single 380..500
 * Hz, or a network pair.
 */
export const isNetworkTone = (burst: ToneBurst): boolean =>
  isNetworkPair(burst) || (burst.highHz === 0 && within(burst.lowHz, 380, 500));

/**
 * Segments of SIT in order: 950, 1400, 1800 Hz with 50 Hz either way hold the
 * national values too (E.180 cl. 10).
 */
const SIT_HZ = [950, 1400, 1800] as const;
const SIT_TOLERANCE_HZ = 60;
const SIT_GAP_FRAMES_MAX = 4;
/**
 * Shortest a segment may sound. Chosen: the first loses its beginning where it
 * is played into the answer, since listening begins some 100 ms after it; what
 * is left must still be proved a tone.
 */
const SIT_SEGMENT_MS_MIN = [100, 200, 160] as const;
const SIT_SEGMENT_MS_MAX = 480;
/**
 * Between the low 913.8 and the high 985.2 of the first segment, and the 1370.6
 * and 1428.5 of the second.
 */
const SIT_HIGH_FROM_HZ = [950, 1400] as const;

/** Remembers the recent tones of one call. */
export class CallProgress {
  readonly #bursts: ToneBurst[] = [];
  #toneFrames = 0;

  /** Tones that ended, oldest first; the last dozen. */
  get bursts(): readonly ToneBurst[] {
    return this.#bursts;
  }

  /** Length of all tones that ended. */
  get toneMs(): Ms {
    return this.#toneFrames * FRAME_MS;
  }

  /** Takes a tone that ended. */
  add(burst: ToneBurst): void {
    this.#toneFrames += burst.endFrame - burst.startFrame;
    this.#bursts.push(burst);
    if (this.#bursts.length > HISTORY_BURSTS) this.#bursts.shift();
  }

  /**
   * A tone that settles the call at once: nobody will answer any more. Asked
   * when a tone ends or goes on. @param open the tone that still sounds, if any.
   */
  settled(open: ToneBurst | undefined): ToneFinding | undefined {
    const heard = open === undefined ? this.#bursts : [...this.#bursts, open];
    return sit(heard) ?? fax(heard) ?? busy(heard, open !== undefined);
  }

  /**
   * What was heard when the wait for speech is over: ringing may still be
   * answered, so it is named only here.
   */
  atLimit(open: ToneBurst | undefined): ToneFinding | undefined {
    const heard = open === undefined ? this.#bursts : [...this.#bursts, open];
    if (heard.length === 0 || heard.every(isDtmf)) return undefined;
    return dial(open) ?? ringback(heard) ?? loneFaxCall(heard) ?? other(heard);
  }
}

const sit = (heard: readonly ToneBurst[]): ToneFinding | undefined => {
  const segments = heard.slice(-3);
  const [first, second, third] = segments;
  if (first === undefined || second === undefined || third === undefined) return undefined;
  const fits = segments.every(
    (burst, i) =>
      isSingleNear(burst, SIT_HZ[i]!, SIT_TOLERANCE_HZ) &&
      within(lengthMs(burst), SIT_SEGMENT_MS_MIN[i]!, SIT_SEGMENT_MS_MAX) &&
      (i === 0 || burst.gapBeforeFrames <= SIT_GAP_FRAMES_MAX),
  );
  if (!fits) return undefined;
  const found = sitClass(first, second);
  return {
    tone: 'sit',
    reason: `special information tones, class ${found}: the network speaks, no one was reached`,
    sitClass: found,
  };
};

const sitClass = (first: ToneBurst, second: ToneBurst): SitClass => {
  const isFirstHigh = first.lowHz > SIT_HIGH_FROM_HZ[0];
  const isSecondHigh = second.lowHz > SIT_HIGH_FROM_HZ[1];
  if (isFirstHigh) return isSecondHigh ? 'no-circuit' : 'vacant-code';
  return isSecondHigh ? 'reorder' : 'intercept';
};

/**
 * T.30: CED 2100 Hz for at least 1.8 s, CNG 1100 Hz (38 Hz either way) 0.5 s every
 * 3 s; 2225 Hz is a modem's answer (V.22bis).
 */
const fax = (heard: readonly ToneBurst[]): ToneFinding | undefined => {
  const last = heard.at(-1);
  if (last === undefined) return undefined;
  if ((isSingleNear(last, 2100, 30) || isSingleNear(last, 2225, 30)) && lengthMs(last) >= 1000) {
    return {
      tone: 'fax',
      reason: `the answering tone of a fax or modem, ${Math.round(last.lowHz)} Hz`,
    };
  }
  const before = heard.at(-2);
  if (
    before !== undefined &&
    isFaxCall(before, lengthMs(before)) &&
    isFaxCall(last, lengthMs(last)) &&
    within(last.gapBeforeFrames * FRAME_MS, 2500, 3500)
  ) {
    return { tone: 'fax', reason: 'the calling tone of a fax, 1100 Hz every 3 s' };
  }
  return undefined;
};

/**
 * From this length of a burst on it is busy (0.33 to 0.5 s), under it reorder (0.2
 * to 0.3 s): E.180 supplement 2.
 */
const BUSY_FROM_MS = 320;

/**
 * Equal bursts and gaps of a network tone: twice for the pair that means nothing
 * else, three times for a single tone.
 */
const busy = (heard: readonly ToneBurst[], isLastOpen: boolean): ToneFinding | undefined => {
  const last = heard.at(-1);
  if (last === undefined || !isNetworkTone(last)) return undefined;
  const count = isPairNear(last, 480, 620, NETWORK_PAIR_TOLERANCE_HZ) ? 2 : 3;
  const bursts = heard.slice(-count);
  const closed = isLastOpen ? bursts.slice(0, -1) : bursts;
  const first = bursts[0]!;
  if (bursts.length < count) return undefined;
  const onMs = lengthMs(first);
  const isRegular =
    within(onMs, 140, 800) &&
    closed.every((burst) => Math.abs(lengthMs(burst) - onMs) <= 0.25 * onMs + FRAME_MS) &&
    bursts
      .slice(1)
      .every(
        (burst) =>
          within((burst.gapBeforeFrames * FRAME_MS) / onMs, 0.6, 1.7) &&
          Math.abs(burst.lowHz - first.lowHz) <= 20,
      );
  if (!isRegular) return undefined;
  const rhythm = `${Math.round(first.lowHz)} Hz, ${(onMs / 1000).toFixed(2)} s on and off`;
  return onMs >= BUSY_FROM_MS
    ? { tone: 'busy', reason: `busy tone, ${rhythm}` }
    : { tone: 'reorder', reason: `reorder tone, ${rhythm}` };
};

/** A tone that does not stop; ringing pauses after 2.2 s at most. */
const dial = (open: ToneBurst | undefined): ToneFinding | undefined =>
  open !== undefined && isNetworkTone(open) && lengthMs(open) >= 2500
    ? { tone: 'dial', reason: 'dial tone: the line is open, nobody is there' }
    : undefined;

/** The longest burst of ringing lasts 0.4 s (double rings) to 2 s. */
const ringback = (heard: readonly ToneBurst[]): ToneFinding | undefined => {
  const rings = heard.filter((burst) => isNetworkTone(burst) && !isPairNear(burst, 480, 620, NETWORK_PAIR_TOLERANCE_HZ));
  const isLong = rings.some((burst) => lengthMs(burst) >= 700);
  const isDouble = rings.some((burst) => burst.highHz !== 0 && lengthMs(burst) >= 300);
  return isLong || isDouble
    ? { tone: 'ringback', reason: 'ringing is still heard after the answer' }
    : undefined;
};

/** The next one comes 3 s later; nobody spoke meanwhile. */
const loneFaxCall = (heard: readonly ToneBurst[]): ToneFinding | undefined => {
  const [only, ...more] = heard;
  return only !== undefined && more.length === 0 && isFaxCall(only, lengthMs(only))
    ? { tone: 'fax', reason: 'the calling tone of a fax, 1100 Hz for half a second, and no voice' }
    : undefined;
};

/** Chosen: tones under 1.5 s in all mean little, and a called-out vowel can pass for one. */
const OTHER_TONES_MS_MIN = 1500;
const other = (heard: readonly ToneBurst[]): ToneFinding | undefined =>
  heard.reduce((sum, burst) => sum + lengthMs(burst), 0) >= OTHER_TONES_MS_MIN
    ? { tone: 'other', reason: 'tones that no network plan knows, and no voice' }
    : undefined;

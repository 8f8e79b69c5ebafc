import type { EpochMs } from '../units/time.js';
import { LAWFUL_LIMITS } from './lawful-limits.js';
import { RollingTally, type Tally } from './rolling-tally.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The window a law measures the abandon ratio over. */
export type AbandonWindow =
  /** Ofcom: each 24 h. */
  | '24h'
  /** 47 CFR 64.1200(a)(7): each 30 days of a campaign. */
  | '30d';

/** The cap a campaign must keep. */
export interface AbandonCap {
  readonly window: AbandonWindow;
  /** 0..1; 0.03 by law. */
  readonly ratioMax: number;
}

/** How far a campaign may dial beyond its free agents. */
export interface AbandonGuardAnswer {
  /** People who may still be abandoned under the cap, 0 and more. */
  readonly affordableCount: number;
  /** In words, for the wallboard and the log. */
  readonly why: string;
}

/** The cap where a campaign names none: the stricter window of the two. */
const DEFAULT_ABANDON_CAP: AbandonCap = { window: '24h', ratioMax: LAWFUL_LIMITS.abandonRatioMax };

/** Chosen: leaves room for the calls already ringing when the guard closes. */
const NEAR_CAP_RATIO = 0.9;

/**
 * Share of the people who answered that found no agent in time: D / (D + C).
 * A campaign that rejects machines adds the people it may have rejected with
 * them, F = f/(1-f) (C+D), giving (D+F) / (C+D+F), as Ofcom asks.
 * @param personTakenForMachineRatio f, 0 to below 1; 0 where machines are not rejected.
 * @returns 0..1; 0 when nobody answered yet.
 */
export function abandonRatio({ abandonedCount, connectedCount }: Tally, personTakenForMachineRatio = 0): number {
  const liveCount = abandonedCount + connectedCount;
  if (liveCount === 0) return 0;
  const rejectedCount = (personTakenForMachineRatio / (1 - personTakenForMachineRatio)) * liveCount;
  return (abandonedCount + rejectedCount) / (liveCount + rejectedCount);
}

/**
 * Counts what became of the people who answered one campaign, over rolling
 * windows of 24 hours (to the minute) and 30 days (to the hour). It is fed
 * again from the store when the service starts.
 */
export class AbandonmentLedger {
  readonly #day = new RollingTally(MINUTE_MS, 24 * 60);
  readonly #month = new RollingTally(HOUR_MS, 30 * 24);

  /** People who were connected to an agent in time. @param count 1 and more, for feeding from the store. */
  connected(atMs: EpochMs, count = 1): void {
    this.#day.add(atMs, { connectedCount: count, abandonedCount: 0 });
    this.#month.add(atMs, { connectedCount: count, abandonedCount: 0 });
  }

  /** People who were not. @param count 1 and more, for feeding from the store. */
  abandoned(atMs: EpochMs, count = 1): void {
    this.#day.add(atMs, { connectedCount: 0, abandonedCount: count });
    this.#month.add(atMs, { connectedCount: 0, abandonedCount: count });
  }

  /** Abandon ratio of the 24 hours up to this instant, 0..1; 0 when nobody answered. */
  ratio24h(nowMs: EpochMs): number {
    return abandonRatio(this.#day.tally(nowMs));
  }

  /** Abandon ratio of the 30 days up to this instant, 0..1; 0 when nobody answered. */
  ratio30d(nowMs: EpochMs): number {
    return abandonRatio(this.#month.tally(nowMs));
  }

  /** The counts behind a ratio. */
  tally(window: AbandonWindow, nowMs: EpochMs): Tally {
    return (window === '24h' ? this.#day : this.#month).tally(nowMs);
  }

  /**
   * How many more people may be abandoned before the cap is broken; from nine
   * tenths of the cap on, none. So many calls may be in flight beyond the
   * agents who are free: even if a person answered each of them and no agent
   * came free, the cap would hold. With 3 % the first 33 people of a window
   * are therefore dialled one line an agent.
   */
  guard(nowMs: EpochMs, cap: AbandonCap = DEFAULT_ABANDON_CAP): AbandonGuardAnswer {
    const tally = this.tally(cap.window, nowMs);
    const { abandonedCount } = tally;
    const liveCount = abandonedCount + tally.connectedCount;
    const isNearCap = abandonedCount > 0 && abandonRatio(tally) >= cap.ratioMax * NEAR_CAP_RATIO;
    // Largest a with (abandoned + a) / (live + a) <= cap; the margin is for rounding alone.
    const count = Math.floor((cap.ratioMax * liveCount - abandonedCount) / (1 - cap.ratioMax) + 1e-9);
    const affordableCount = isNearCap ? 0 : Math.max(0, count);
    const seen = `${abandonedCount} of ${liveCount} people abandoned in ${cap.window}`;
    const why = `${seen}, ${affordableCount} more under the cap of ${percent(cap.ratioMax)}`;
    return { affordableCount, why };
  }
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}

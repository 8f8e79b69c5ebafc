import type { Ms } from '../units/time.js';

/** What the law asks of any campaign; a configuration may be stricter, never laxer. */
export interface LawfulLimits {
  /** A call must ring at least so long before we give up. */
  readonly ringTimeoutMsMin: Ms;
  /** Longest time a person may wait for an agent after his greeting. */
  readonly agentWaitMsMax: Ms;
  /** Share of calls answered by a person that may be abandoned, 0..1. */
  readonly abandonRatioMax: number;
}

/**
 * United States: 47 CFR 64.1200(a)(6), 15 s or four rings; (a)(7), 2 s from
 * the completed greeting and 3 % per campaign and 30 days. Ofcom asks the same
 * of ringing and waiting, and measured 3 % over 24 h.
 */
export const LAWFUL_LIMITS: LawfulLimits = {
  ringTimeoutMsMin: 15_000,
  agentWaitMsMax: 2000,
  abandonRatioMax: 0.03,
};

/** Undefined when a call may be given up after ringing so long; otherwise the fault and its cure. */
export function ringTimeoutFault(ringTimeoutMs: Ms, limits: LawfulLimits = LAWFUL_LIMITS): string | undefined {
  if (ringTimeoutMs >= limits.ringTimeoutMsMin) return undefined;
  const leastSeconds = limits.ringTimeoutMsMin / 1000;
  return `Ringing ends after ${ringTimeoutMs / 1000} s, and ${leastSeconds} s is the least (47 CFR 64.1200(a)(6)): set it to ${leastSeconds} s or more.`;
}

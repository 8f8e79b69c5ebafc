import { ok, warn, type Finding } from './finding.js';

/** Chosen: calling hours are kept by the minute. */
const CLOCK_DIFFERENCE_MS_MAX = 5_000;

/**
 * Whether the switch has the time that we have.
 * @param epochMs of the switch, in whole seconds; undefined where it does not tell.
 */
export function checkClock(epochMs: number | undefined): Finding {
  if (epochMs === undefined) return ok('clock', 'The switch does not tell its time; nothing depends on it.');
  const differenceMs = Math.max(0, Math.abs(Date.now() - epochMs) - 1_000);
  if (differenceMs <= CLOCK_DIFFERENCE_MS_MAX) return ok('clock', 'The clocks of switch and service agree.');
  return warn('clock', `The clocks of switch and service differ by ${(differenceMs / 1000).toFixed(0)} s.`, 'Run NTP (chrony) on both machines.');
}

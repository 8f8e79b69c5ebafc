import { epochMs, type EpochMs } from '../units/time.js';

const DAY_MS = 86_400_000;

/** The first instant of the day that holds this instant in this zone, also on days of 23 or 25 hours. */
export function dayStart(atMs: EpochMs, timeZone: string): EpochMs {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const day = localTime(clock, atMs).day;
  let start = Math.floor(atMs / 1000) * 1000;
  // One step reaches midnight by the clock; the second mends the hour by which summer time moved it.
  for (let step = 0; step < 2; step += 1) {
    const local = localTime(clock, start);
    if (local.day === day) start -= local.sinceMidnightMs;
    else start += DAY_MS - local.sinceMidnightMs;
  }
  return epochMs(start);
}

function localTime(clock: Intl.DateTimeFormat, atMs: number): { readonly day: number; readonly sinceMidnightMs: number } {
  const field: Record<string, number> = {};
  for (const part of clock.formatToParts(atMs)) field[part.type] = Number(part.value);
  const { day = 0, hour = 0, minute = 0, second = 0 } = field;
  return { day, sinceMidnightMs: ((hour * 60 + minute) * 60 + second) * 1000 };
}

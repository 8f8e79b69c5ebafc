import type { EpochMs } from '../units/time.js';
import { localMinute, type LocalMinute } from './local-minute.js';

/** Weekly hours in which dialling is allowed, in one time zone. */
export interface WeeklyHours {
  /** IANA name, e.g. `America/New_York`. */
  readonly timeZone: string;
  /** 0 Sunday .. 6 Saturday. */
  readonly weekdays: readonly number[];
  /** Minutes after midnight by the clock on the wall, 0..1440; from inclusive, to exclusive. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Whether a call may be placed at an instant. */
export interface CallingHoursAnswer {
  readonly isOpen: boolean;
  /** In words, for the wallboard and the log. */
  readonly why: string;
  /** The instant asked about when open; undefined when the hours never open, so that nothing waits for it. */
  readonly nextOpenAtMs: EpochMs | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
/** Two weeks and a day: a zone may skip the one weekday of a week once (Samoa did in 2011). */
const SEARCH_MINUTES = 15 * DAY_MINUTES;

const WEEKDAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * Judges one instant by the clock on the wall of the zone, so that 9:00 stays
 * 9:00 across daylight saving. Fails closed: an unknown zone, hours that make
 * no sense or an instant that is none are never open.
 */
export function mayCallAt(hours: WeeklyHours, atMs: EpochMs): CallingHoursAnswer {
  const closed = (why: string): CallingHoursAnswer => ({ isOpen: false, why, nextOpenAtMs: undefined });
  if (!isSensible(hours)) return closed('the calling hours never open: check weekdays, start and end');
  const local = localMinute(hours.timeZone, atMs);
  if (local === undefined) return closed(`the time zone ${hours.timeZone} is not known, so nothing is dialled`);
  if (isWithin(hours, local)) {
    return { isOpen: true, why: `open until ${clock(hours.toMinute)} (${hours.timeZone})`, nextOpenAtMs: atMs };
  }
  return { isOpen: false, why: whyClosed(hours, local), nextOpenAtMs: nextOpening(hours, atMs) };
}

function isSensible({ weekdays, fromMinute, toMinute }: WeeklyHours): boolean {
  return weekdays.length > 0 && fromMinute >= 0 && toMinute <= DAY_MINUTES && fromMinute < toMinute;
}

function isWithin(hours: WeeklyHours, { weekday, minute }: LocalMinute): boolean {
  return hours.weekdays.includes(weekday) && minute >= hours.fromMinute && minute < hours.toMinute;
}

function whyClosed(hours: WeeklyHours, { weekday, minute }: LocalMinute): string {
  const where = `it is ${WEEKDAY_NAMES[weekday]} ${clock(minute)} in ${hours.timeZone}`;
  if (!hours.weekdays.includes(weekday)) return `closed on ${WEEKDAY_NAMES[weekday]}s: ${where}`;
  return minute < hours.fromMinute
    ? `opens at ${clock(hours.fromMinute)}: ${where}`
    : `closed since ${clock(hours.toMinute)}: ${where}`;
}

/**
 * The first open minute after `atMs`. Leaps to the next opening or midnight by
 * the wall clock, and checks where it lands: if the clocks were changed on the
 * way, it goes minute by minute instead, so an opening inside the hour that is
 * skipped or doubled comes out right.
 */
function nextOpening(hours: WeeklyHours, atMs: EpochMs): EpochMs | undefined {
  const startMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  let passedMinutes = 0;
  let local = localMinute(hours.timeZone, startMs as EpochMs);
  while (local !== undefined && passedMinutes <= SEARCH_MINUTES) {
    const instant = (startMs + passedMinutes * MINUTE_MS) as EpochMs;
    if (isWithin(hours, local)) return instant;
    const leapMinutes = minutesToNextChance(hours, local);
    const landing = localMinute(hours.timeZone, (instant + leapMinutes * MINUTE_MS) as EpochMs);
    if (landing !== undefined && minutesBetween(local, landing) === leapMinutes) {
      passedMinutes += leapMinutes;
      local = landing;
    } else {
      passedMinutes += 1;
      local = localMinute(hours.timeZone, (instant + MINUTE_MS) as EpochMs);
    }
  }
  return undefined;
}

/** To the opening of this day where it is still to come, else to midnight. */
function minutesToNextChance(hours: WeeklyHours, { weekday, minute }: LocalMinute): number {
  const isToday = hours.weekdays.includes(weekday) && minute < hours.fromMinute;
  return Math.ceil((isToday ? hours.fromMinute : DAY_MINUTES) - minute);
}

function minutesBetween(from: LocalMinute, to: LocalMinute): number {
  const difference = (to.weekday - from.weekday) * DAY_MINUTES + to.minute - from.minute;
  return ((difference % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;
}

function clock(minute: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${pad(Math.floor(minute / 60))}:${pad(Math.floor(minute % 60))}`;
}

import type { EpochMs } from '../units/time.js';

/** What the clock on the wall of a zone shows. */
export interface LocalMinute {
  /** 0 Sunday .. 6 Saturday. */
  readonly weekday: number;
  /** Minutes after midnight, 0..1439. */
  readonly minute: number;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Making a formatter costs a thousand times what using it does; there are some 600 zones at most. */
const FORMATTER_BY_ZONE = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of an IANA zone at an instant; undefined when the zone is not known or the instant is none. */
export function localMinute(timeZone: string, atMs: EpochMs): LocalMinute | undefined {
  const formatter = formatterOf(timeZone);
  if (formatter === undefined || !Number.isFinite(atMs)) return undefined;
  const parts = { weekday: '', hour: '', minute: '' };
  for (const { type, value } of formatter.formatToParts(atMs)) {
    if (type === 'weekday' || type === 'hour' || type === 'minute') parts[type] = value;
  }
  return { weekday: WEEKDAYS.indexOf(parts.weekday), minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

/** Whether the runtime knows this IANA zone. */
export function isKnownTimeZone(timeZone: string): boolean {
  return formatterOf(timeZone) !== undefined;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const known = FORMATTER_BY_ZONE.get(timeZone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    FORMATTER_BY_ZONE.set(timeZone, made);
    return made;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

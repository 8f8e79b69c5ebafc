import type { CallingHours } from '../dialer/config.js';
import type { EpochMs } from '../units/time.js';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTE_MS = 60_000;

/**
 * Whether calling is allowed, worked out apart from the dialer's own rule so
 * that the two hold each other up.
 */
export class HoursOracle {
  readonly #hours: CallingHours;
  readonly #format: Intl.DateTimeFormat;
  #minute = -1;
  #isOpen = false;

  constructor(hours: CallingHours) {
    this.#hours = hours;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: hours.timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  }

  isOpenAt(atMs: EpochMs): boolean {
    const minute = Math.floor(atMs / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#isOpen = this.#work(atMs);
    }
    return this.#isOpen;
  }

  #work(atMs: EpochMs): boolean {
    const parts = new Map(this.#format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const weekday = WEEKDAYS.indexOf(parts.get('weekday') ?? '');
    const minuteOfDay = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    const { weekdays, fromMinute, toMinute } = this.#hours;
    return weekdays.includes(weekday) && minuteOfDay >= fromMinute && minuteOfDay < toMinute;
  }
}

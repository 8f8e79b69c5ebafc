import { describe, expect, test } from 'vitest';
import { mayCallAt, type WeeklyHours } from '../../../src/compliance/calling-hours.js';
import { localMinute } from '../../../src/compliance/local-minute.js';
import { Random } from '../../../src/units/random.js';
import { epochMs, type EpochMs } from '../../../src/units/time.js';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const at = (iso: string): EpochMs => epochMs(Date.parse(iso));
const iso = (instant: EpochMs | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString();

const newYork = (fromMinute: number, toMinute: number, weekdays = EVERY_DAY): WeeklyHours => ({
  timeZone: 'America/New_York',
  weekdays,
  fromMinute,
  toMinute,
});

describe('mayCallAt', () => {
  test('opens at the first minute and closes at the last, by the wall clock of the zone', () => {
    const hours = newYork(8 * 60, 21 * 60);
    // 12 June 2025: New York is at UTC-4.
    expect(mayCallAt(hours, at('2025-06-12T11:59:59.999Z')).isOpen).toBe(false);
    expect(mayCallAt(hours, at('2025-06-12T12:00:00Z'))).toEqual({
      isOpen: true,
      why: 'open until 21:00 (America/New_York)',
      nextOpenAtMs: at('2025-06-12T12:00:00Z'),
    });
    expect(mayCallAt(hours, at('2025-06-13T00:59:59.999Z')).isOpen).toBe(true);
    const closed = mayCallAt(hours, at('2025-06-13T01:00:00Z'));
    expect(closed.isOpen).toBe(false);
    expect(closed.why).toBe('closed since 21:00: it is Thursday 21:00 in America/New_York');
    expect(iso(closed.nextOpenAtMs)).toBe('2025-06-13T12:00:00.000Z');
  });

  test('a night and a weekend are leapt over', () => {
    const hours = newYork(9 * 60, 17 * 60, [1, 2, 3, 4, 5]);
    const friday = mayCallAt(hours, at('2025-06-13T22:30:10Z'));
    expect(friday.why).toMatch(/^closed since 17:00/);
    expect(iso(friday.nextOpenAtMs)).toBe('2025-06-16T13:00:00.000Z');
    expect(mayCallAt(hours, at('2025-06-14T16:00:00Z')).why).toMatch(/^closed on Saturdays/);
  });

  test('9:00 stays 9:00 over the change to daylight saving and back', () => {
    const hours = newYork(9 * 60, 17 * 60);
    // Clocks go forward on 9 March 2025 at 7:00Z and back on 2 November at 6:00Z.
    expect(iso(mayCallAt(hours, at('2025-03-08T23:00:00Z')).nextOpenAtMs)).toBe('2025-03-09T13:00:00.000Z');
    expect(iso(mayCallAt(hours, at('2025-11-01T23:00:00Z')).nextOpenAtMs)).toBe('2025-11-02T14:00:00.000Z');
    expect(mayCallAt(hours, at('2025-03-09T12:59:00Z')).isOpen).toBe(false);
    expect(mayCallAt(hours, at('2025-03-09T13:00:00Z')).isOpen).toBe(true);
  });

  test('an opening inside the hour that is skipped comes with the jump', () => {
    const hours = newYork(2 * 60 + 30, 12 * 60);
    expect(iso(mayCallAt(hours, at('2025-03-09T05:10:00Z')).nextOpenAtMs)).toBe('2025-03-09T07:00:00.000Z');
  });

  test('an opening inside the hour that comes twice is its first coming', () => {
    const hours = newYork(60 + 30, 2 * 60);
    expect(iso(mayCallAt(hours, at('2025-11-02T04:10:00Z')).nextOpenAtMs)).toBe('2025-11-02T05:30:00.000Z');
    expect(mayCallAt(hours, at('2025-11-02T06:00:00Z')).isOpen).toBe(false);
    expect(iso(mayCallAt(hours, at('2025-11-02T06:10:00Z')).nextOpenAtMs)).toBe('2025-11-02T06:30:00.000Z');
  });

  test('an opening that the skipped hour swallows whole waits for the next week', () => {
    const hours = newYork(2 * 60, 3 * 60, [0]);
    expect(iso(mayCallAt(hours, at('2025-03-09T04:00:00Z')).nextOpenAtMs)).toBe('2025-03-16T06:00:00.000Z');
  });

  test('all day, every day is always open', () => {
    const random = new Random(1);
    for (let round = 0; round < 200; round++) {
      const instant = epochMs(Math.floor(random.between(at('2024-01-01T00:00Z'), at('2027-01-01T00:00Z'))));
      expect(mayCallAt(newYork(0, 1440), instant).isOpen).toBe(true);
    }
  });

  test('agrees with a walk minute by minute, in zones with odd offsets and odd changes', () => {
    const random = new Random(42);
    const zones = ['America/New_York', 'Europe/London', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/Santiago', 'UTC'];
    const changes = ['2025-03-09T00:00Z', '2025-03-30T00:00Z', '2025-04-05T12:00Z', '2025-09-06T12:00Z', '2025-11-01T18:00Z'];
    for (let round = 0; round < 40; round++) {
      const fromMinute = Math.floor(random.between(0, 1200));
      const hours: WeeklyHours = {
        timeZone: random.pick(zones),
        weekdays: EVERY_DAY,
        fromMinute,
        toMinute: fromMinute + 1 + Math.floor(random.between(0, 239)),
      };
      const start = at(random.pick(changes)) + Math.floor(random.between(0, 24 * 60)) * 60_000;
      let walked = start;
      for (; ; walked += 60_000) {
        const local = localMinute(hours.timeZone, epochMs(walked));
        if (local && local.minute >= hours.fromMinute && local.minute < hours.toMinute) break;
      }
      const answer = mayCallAt(hours, epochMs(start));
      expect(iso(answer.nextOpenAtMs), JSON.stringify({ hours, start: iso(epochMs(start)) })).toBe(iso(epochMs(walked)));
      expect(answer.isOpen).toBe(walked === start);
    }
  });

  test.each([
    ['an unknown zone', { ...newYork(0, 1440), timeZone: 'Mars/Olympus_Mons' }, /not known/],
    ['an empty zone', { ...newYork(0, 1440), timeZone: '' }, /not known/],
    ['no weekday', newYork(0, 1440, []), /never open/],
    ['a weekday that does not exist', newYork(0, 1440, [7]), /closed on/],
    ['an end before the start', newYork(600, 500), /never open/],
    ['numbers that are none', newYork(Number.NaN, 600), /never open/],
  ])('%s fails closed', (_what, hours, why) => {
    const answer = mayCallAt(hours, at('2025-06-12T12:00:00Z'));
    expect(answer.isOpen).toBe(false);
    expect(answer.why).toMatch(why);
    expect(answer.nextOpenAtMs).toBeUndefined();
  });

  test('an instant that is none fails closed', () => {
    expect(mayCallAt(newYork(0, 1440), epochMs(Number.NaN)).isOpen).toBe(false);
  });
});

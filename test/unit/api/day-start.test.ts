import { describe, expect, it } from 'vitest';
import { dayStart } from '../../../src/api/day-start.js';
import { epochMs } from '../../../src/units/time.js';

describe('the start of a day', () => {
  it.each([
    ['2026-03-10T12:34:56.789Z', 'Etc/UTC', '2026-03-10T00:00:00.000Z'],
    ['2026-03-10T03:00:00Z', 'America/New_York', '2026-03-09T04:00:00.000Z'],
    // Clocks go forward at 02:00: 12:00 is 11 hours after midnight.
    ['2026-03-08T16:00:00Z', 'America/New_York', '2026-03-08T05:00:00.000Z'],
    // Clocks go back at 02:00: 12:00 is 13 hours after midnight.
    ['2026-11-01T17:00:00Z', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    ['2026-11-02T04:59:59Z', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    ['2026-06-15T20:00:00Z', 'Asia/Kolkata', '2026-06-15T18:30:00.000Z'],
    // Clocks went forward at midnight: the day began at 01:00.
    ['2018-11-04T12:00:00Z', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ])('of %s in %s is %s', (at, timeZone, start) => {
    expect(new Date(dayStart(epochMs(Date.parse(at)), timeZone)).toISOString()).toBe(start);
  });
});

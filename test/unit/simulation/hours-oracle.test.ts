import { expect, it } from 'vitest';
import { mayCallAt } from '../../../src/compliance/calling-hours.js';
import { HoursOracle } from '../../../src/simulation/hours-oracle.js';
import { Random } from '../../../src/units/random.js';
import { epochMs } from '../../../src/units/time.js';

it('agrees with the dialer that it watches, minute by minute, over clock changes in three zones', () => {
  const random = new Random(9);
  for (const timeZone of ['America/New_York', 'Europe/London', 'Asia/Kathmandu']) {
    const hours = { timeZone, weekdays: [1, 2, 3, 4, 5, 6], fromMinute: 8 * 60 + 30, toMinute: 21 * 60 };
    const oracle = new HoursOracle(hours);
    let openCount = 0;
    for (let index = 0; index < 2_000; index++) {
      const atMs = epochMs(Date.UTC(2026, 0, 1) + Math.floor(random.between(0, 365 * 24 * 60)) * 60_000);
      const isOpen = oracle.isOpenAt(atMs);
      if (isOpen) openCount++;
      expect(mayCallAt(hours, atMs).isOpen, `${timeZone} ${new Date(atMs).toISOString()}`).toBe(isOpen);
    }
    expect(openCount).toBeGreaterThan(500);
    expect(openCount).toBeLessThan(1_500);
  }
});

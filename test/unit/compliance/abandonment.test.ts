import { describe, expect, test } from 'vitest';
import { AbandonmentLedger, abandonRatio } from '../../../src/compliance/abandonment.js';
import { ringTimeoutFault } from '../../../src/compliance/lawful-limits.js';
import { Random } from '../../../src/units/random.js';
import { epochMs, type EpochMs } from '../../../src/units/time.js';

const START = epochMs(Date.parse('2025-06-12T12:00:00Z'));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const after = (spanMs: number): EpochMs => epochMs(START + spanMs);

describe('abandonRatio', () => {
  test('is D / (D + C), and 0 when nobody answered', () => {
    expect(abandonRatio({ abandonedCount: 3, connectedCount: 97 })).toBe(0.03);
    expect(abandonRatio({ abandonedCount: 0, connectedCount: 0 })).toBe(0);
  });

  test('adds people taken for machines as the rule says', () => {
    // f = 1 % of 100 live people: F = 100/99, so (3 + 1.0101) / (101.0101).
    expect(abandonRatio({ abandonedCount: 3, connectedCount: 97 }, 0.01)).toBeCloseTo(4.010101 / 101.010101, 6);
  });
});

describe('AbandonmentLedger', () => {
  test('the two windows forget at their own pace', () => {
    const ledger = new AbandonmentLedger();
    ledger.abandoned(after(0));
    ledger.connected(after(HOUR), 3);
    expect(ledger.ratio24h(after(HOUR))).toBe(0.25);
    expect(ledger.ratio24h(after(DAY - MINUTE))).toBe(0.25);
    expect(ledger.ratio24h(after(DAY))).toBe(0);
    expect(ledger.ratio30d(after(DAY))).toBe(0.25);
    expect(ledger.ratio30d(after(30 * DAY))).toBe(0);
  });

  test('agrees with counting every call, at random times', () => {
    const random = new Random(5);
    const ledger = new AbandonmentLedger();
    const calls: { atMs: number; isAbandoned: boolean }[] = [];
    let now = START as number;
    for (let index = 0; index < 3000; index++) {
      now += random.exponential(20 * MINUTE);
      const isAbandoned = random.chance(0.05);
      calls.push({ atMs: now, isAbandoned });
      if (isAbandoned) ledger.abandoned(epochMs(now));
      else ledger.connected(epochMs(now));
      if (index % 100 !== 0) continue;
      // The window is exact to its bucket: a minute for the day.
      const from = (Math.floor(now / MINUTE) - 24 * 60 + 1) * MINUTE;
      const inDay = calls.filter((call) => call.atMs >= from);
      const expected = inDay.filter((call) => call.isAbandoned).length / inDay.length;
      expect(ledger.ratio24h(epochMs(now))).toBeCloseTo(expected, 12);
    }
  });

  test('a clock that was set back loses nothing', () => {
    const ledger = new AbandonmentLedger();
    ledger.connected(after(2 * HOUR));
    ledger.abandoned(after(HOUR));
    expect(ledger.tally('24h', after(2 * HOUR))).toEqual({ connectedCount: 1, abandonedCount: 1 });
  });

  test('affords no abandoned call to the first 32 people, and one to the 33rd', () => {
    const ledger = new AbandonmentLedger();
    expect(ledger.guard(START).affordableCount).toBe(0);
    ledger.connected(START, 32);
    expect(ledger.guard(START).affordableCount).toBe(0);
    ledger.connected(START, 1);
    expect(ledger.guard(START)).toEqual({
      affordableCount: 1,
      why: '0 of 33 people abandoned in 24h, 1 more under the cap of 3 %',
    });
  });

  test('what it affords, and not one more, keeps the ratio under the cap', () => {
    const random = new Random(9);
    for (let round = 0; round < 500; round++) {
      const connectedCount = Math.floor(random.between(0, 5000));
      const abandonedCount = Math.floor(random.between(0, 0.025 * connectedCount));
      const ledger = new AbandonmentLedger();
      if (connectedCount > 0) ledger.connected(START, connectedCount);
      if (abandonedCount > 0) ledger.abandoned(START, abandonedCount);
      const { affordableCount } = ledger.guard(START);
      expect(abandonRatio({ connectedCount, abandonedCount: abandonedCount + affordableCount })).toBeLessThanOrEqual(0.03);
      expect(abandonRatio({ connectedCount, abandonedCount: abandonedCount + affordableCount + 1 })).toBeGreaterThan(0.03);
    }
  });

  test('affords none from nine tenths of the cap, and some again when the window has passed it by', () => {
    const ledger = new AbandonmentLedger();
    ledger.connected(START, 973);
    ledger.abandoned(START, 26);
    expect(ledger.guard(START).affordableCount).toBeGreaterThan(0);
    ledger.abandoned(after(MINUTE), 2);
    expect(ledger.guard(after(MINUTE)).affordableCount).toBe(0);
    ledger.connected(after(DAY), 100);
    expect(ledger.guard(after(DAY + 2 * MINUTE)).affordableCount).toBeGreaterThan(0);
    expect(ledger.guard(after(DAY), { window: '30d', ratioMax: 0.02 }).affordableCount).toBe(0);
  });
});

test('ringing ends no sooner than the law allows', () => {
  expect(ringTimeoutFault(15_000)).toBeUndefined();
  expect(ringTimeoutFault(14_999)).toMatch(/15 s is the least .* set it to 15 s or more/);
});

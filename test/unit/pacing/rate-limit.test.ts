import { describe, expect, test } from 'vitest';
import { RateLimit } from '../../../src/pacing/rate-limit.js';
import { Random } from '../../../src/units/random.js';
import { monotonicMs } from '../../../src/units/time.js';

/** Places calls as fast as allowed for a while; each wake-up comes late by up to `lateMsMax`. */
function placeGreedily(limit: RateLimit, random: Random, untilMs: number, lateMsMax: number): number[] {
  const placed: number[] = [];
  let now = monotonicMs(random.between(0, 1e6));
  const endMs = now + untilMs;
  while (now < endMs) {
    if (limit.mayTake(now)) {
      limit.take(now);
      placed.push(now);
    } else {
      now = monotonicMs(limit.availableAtMs(now) + random.between(0, lateMsMax));
      expect(limit.mayTake(now)).toBe(true);
    }
  }
  return placed;
}

/** The most calls in any half-open window of this length. */
function mostInWindow(instants: readonly number[], windowMs: number): number {
  let first = 0;
  let most = 0;
  instants.forEach((at, index) => {
    while ((instants[first] ?? at) <= at - windowMs) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

describe('RateLimit', () => {
  test('no sliding second holds more than the rate, however wake-ups fall', () => {
    const random = new Random(3);
    for (let round = 0; round < 60; round++) {
      const rate = 1 + Math.floor(random.between(0, 300));
      const placed = placeGreedily(new RateLimit(rate), random, 5000, random.between(0, 40));
      expect(mostInWindow(placed, 1000)).toBeLessThanOrEqual(rate);
    }
  });

  test('reaches the rate although every wake-up is a little late', () => {
    const placed = placeGreedily(new RateLimit(100), new Random(5), 60_000, 3);
    expect(placed.length).toBeGreaterThan(5900);
    expect(placed.length).toBeLessThanOrEqual(6000 + 3);
  });

  test('spreads calls: no burst after a pause beyond the catch-up of 20 ms', () => {
    const limit = new RateLimit(100);
    const atOnce = (now: number): number => {
      let count = 0;
      for (; limit.mayTake(monotonicMs(now)); count++) limit.take(monotonicMs(now));
      return count;
    };
    expect(atOnce(0)).toBe(3);
    expect(atOnce(60_000)).toBe(3);
    expect(new RateLimit(10).availableAtMs(monotonicMs(5))).toBeLessThanOrEqual(5);
  });

  test('below one call a second the gap is kept', () => {
    const limit = new RateLimit(0.25);
    limit.take(monotonicMs(1000));
    expect(limit.mayTake(monotonicMs(4999))).toBe(false);
    expect(limit.availableAtMs(monotonicMs(1000))).toBe(5000);
    limit.take(monotonicMs(5000));
    expect(limit.availableAtMs(monotonicMs(5001))).toBe(9000);
  });

  test('a rate that is no whole number is kept in the long run', () => {
    const placed = placeGreedily(new RateLimit(2.5), new Random(9), 100_000, 1);
    expect(placed.length).toBeGreaterThanOrEqual(245);
    expect(placed.length).toBeLessThanOrEqual(251);
    expect(mostInWindow(placed, 1000)).toBeLessThanOrEqual(3);
  });

  test('changing the rate does not forget the calls just placed', () => {
    const limit = new RateLimit(1);
    limit.take(monotonicMs(0));
    limit.changeTo(2);
    expect(limit.mayTake(monotonicMs(400))).toBe(false);
    expect(limit.mayTake(monotonicMs(500))).toBe(true);
    limit.take(monotonicMs(500));
    limit.changeTo(1);
    expect(limit.availableAtMs(monotonicMs(600))).toBe(1500);
  });

  test('placing too fast is a fault of the caller', () => {
    const limit = new RateLimit(1);
    limit.take(monotonicMs(0));
    expect(() => limit.take(monotonicMs(10))).toThrow(/rate limit/);
  });

  test.each([0, -1, Number.NaN, Infinity])('refuses a rate of %d', (rate) => {
    expect(() => new RateLimit(rate)).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { clopperPearson, trialsToClaim } from '../../../src/units/binomial-bounds.js';

/** Chance of at most `most` successes, summed term by term. */
function chanceOfAtMost(most: number, trialCount: number, ratio: number): number {
  let term = (1 - ratio) ** trialCount;
  let sum = term;
  for (let count = 1; count <= most; count++) {
    term *= ((trialCount - count + 1) / count) * (ratio / (1 - ratio));
    sum += term;
  }
  return sum;
}

const about = (value: number, digits: number): number => expect.closeTo(value, digits) as number;

describe('clopperPearson', () => {
  it('knows the figures that are worked out by hand', () => {
    // (1 - p)^600 = 0.05
    expect(clopperPearson(0, 600, 0.95)).toEqual({ low: 0, high: about(1 - 0.05 ** (1 / 600), 12) });
    expect(clopperPearson(0, 600, 0.95).high).toBeCloseTo(0.00498, 5);
    expect(clopperPearson(1, 1, 0.95)).toEqual({ low: about(0.05, 12), high: 1 });
    // The interval that tables give for 5 of 10 with 95 % on both sides.
    expect(clopperPearson(5, 10, 0.975)).toEqual({ low: about(0.187086, 6), high: about(0.812914, 6) });
    expect(clopperPearson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
  });

  it('leaves on each side just the doubt that was asked for', () => {
    for (const [successCount, trialCount] of [[1, 20], [2, 600], [7, 50], [19, 20], [150, 300], [3, 900]] as const) {
      const { low, high } = clopperPearson(successCount, trialCount, 0.95);
      expect(chanceOfAtMost(successCount, trialCount, high), `${successCount} of ${trialCount}, high`).toBeCloseTo(0.05, 9);
      expect(1 - chanceOfAtMost(successCount - 1, trialCount, low), `${successCount} of ${trialCount}, low`).toBeCloseTo(0.05, 9);
    }
  });

  it('is mirrored when successes and failures change places', () => {
    const { low, high } = clopperPearson(3, 1000, 0.95);
    const mirrored = clopperPearson(997, 1000, 0.95);
    expect(1 - mirrored.high).toBeCloseTo(low, 10);
    expect(1 - mirrored.low).toBeCloseTo(high, 10);
  });

  it('refuses what is no count or no confidence', () => {
    expect(() => clopperPearson(3, 2, 0.95)).toThrow(RangeError);
    expect(() => clopperPearson(-1, 2, 0.95)).toThrow(RangeError);
    expect(() => clopperPearson(0.5, 2, 0.95)).toThrow(RangeError);
    expect(() => clopperPearson(1, 2, 1)).toThrow(RangeError);
  });
});

describe('trialsToClaim', () => {
  it('says how many people it takes', () => {
    expect(trialsToClaim(0.005, 0, 0.95)).toBe(598);
    for (const lost of [0, 1, 2, 7]) {
      const needed = trialsToClaim(0.005, lost, 0.95);
      expect(clopperPearson(lost, needed, 0.95).high).toBeLessThanOrEqual(0.005);
      expect(clopperPearson(lost, needed - 1, 0.95).high).toBeGreaterThan(0.005);
    }
    expect(trialsToClaim(0.9, 0, 0.95)).toBe(2);
  });

  it('refuses a claim that says nothing', () => {
    expect(() => trialsToClaim(1, 0, 0.95)).toThrow(RangeError);
    expect(() => trialsToClaim(0, 0, 0.95)).toThrow(RangeError);
  });
});

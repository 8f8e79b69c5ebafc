import { describe, expect, test } from 'vitest';
import { fictitiousNumbers, FICTITIOUS_NUMBER_COUNT } from '../../../src/cli/lab/fictitious-numbers.js';
import { FIXED_NUMBERS } from '../../../src/cli/lab/fixed-numbers.js';
import { networkDialplan } from '../../../src/cli/lab/network-dialplan.js';
import { DEFAULT_SHARES, planNumbers, type NumberKind } from '../../../src/cli/lab/number-plan.js';

const plan = (seed: number, count: number, more: object = {}) =>
  planNumbers({ seed, numbers: fictitiousNumbers(count), speakerCount: 10, ...more });

describe('the numbers of the lab', () => {
  test('are fictitious, valid in form and all different', () => {
    const numbers = fictitiousNumbers(FICTITIOUS_NUMBER_COUNT);
    expect(new Set(numbers).size).toBe(FICTITIOUS_NUMBER_COUNT);
    expect(numbers.every((number) => /^\+1[2-9]\d\d55501\d\d$/.test(number))).toBe(true);
    expect(() => fictitiousNumbers(FICTITIOUS_NUMBER_COUNT + 1)).toThrow(RangeError);
  });

  test('of fixed behaviour carry their time', () => {
    expect(FIXED_NUMBERS.person(7)).toBe('+442079460107');
    expect(FIXED_NUMBERS.pressesNine(3)).toBe('+442079460913');
    expect(FIXED_NUMBERS.helloThenLive(49)).toBe('+442079460989');
    expect(() => FIXED_NUMBERS.helloThenLive(50)).toThrow(RangeError);
    expect(() => FIXED_NUMBERS.tone(100)).toThrow(RangeError);
    expect(() => FIXED_NUMBERS.hangsUpAfter(1.5)).toThrow(RangeError);
  });
});

describe('the plan of the public network', () => {
  test('hangs on the seed and the number alone', () => {
    const short = plan(1, 100);
    const long = plan(1, 500);
    for (const [number, truth] of short) expect(long.get(number)).toEqual(truth);
    const kinds = (seed: number): NumberKind[] => [...plan(seed, 100).values()].map((truth) => truth.kind);
    expect(kinds(1)).not.toEqual(kinds(2));
  });

  test('draws each kind about as often as its share says', () => {
    const truths = [...plan(3, FICTITIOUS_NUMBER_COUNT).values()];
    for (const [kind, share] of Object.entries(DEFAULT_SHARES)) {
      const ratio = truths.filter((truth) => truth.kind === kind).length / truths.length;
      // Four standard deviations of a binomial draw.
      expect(Math.abs(ratio - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / truths.length));
    }
  });

  test('scales ringing and talk, not speech', () => {
    const life = [...plan(5, 200).values()];
    const quick = plan(5, 200, { timeScaleRatio: 0.1 });
    for (const truth of life) {
      const fast = quick.get(truth.number)!;
      expect(fast.kind).toBe(truth.kind);
      expect(fast.firstSoundMs).toBe(truth.firstSoundMs);
      expect(fast.ringMs).toBeLessThanOrEqual(truth.ringMs);
    }
  });

  test('refuses shares of nothing', () => {
    const none = Object.fromEntries(Object.keys(DEFAULT_SHARES).map((kind) => [kind, 0]));
    expect(() => plan(1, 1, { shares: none })).toThrow(RangeError);
  });

  test('becomes one line of dialplan for each number', () => {
    const truths = plan(1, 300);
    const text = networkDialplan(truths.values(), '/heard');
    for (const number of truths.keys()) {
      expect(text.split('\n').filter((line) => line.startsWith(`exten => ${number},`))).toHaveLength(1);
    }
    expect(text).not.toMatch(/undefined|NaN/);
  });
});

import { describe, expect, it } from 'vitest';
import { blankFeatures, type AnalysisFeatures } from '../../../src/amd/analysis-features.js';
import {
  BUSINESS_GREETING_LENGTHS,
  createGreetingLengthModel,
  DEFAULT_GREETING_LENGTHS,
  type GreetingLengths,
} from '../../../src/amd/greeting-length-model.js';
import { Random } from '../../../src/units/random.js';

const features = (talkMs: number, trailingSilenceMs = 0, beepCount = 0): AnalysisFeatures => ({
  ...blankFeatures(),
  talkMs,
  turnTalkMs: talkMs,
  trailingSilenceMs,
  beepCount,
});

const drawLength = (mixture: readonly GreetingLengths[], random: Random): number => {
  let left = random.unit() * mixture.reduce((sum, { share }) => sum + share, 0);
  const drawn = mixture.find(({ share }) => (left -= share) < 0) ?? mixture.at(-1)!;
  return drawn.medianMs * Math.exp(drawn.spread * random.normal());
};

describe.each([
  ['private lists', DEFAULT_GREETING_LENGTHS, 4820],
  ['companies', BUSINESS_GREETING_LENGTHS, 5130],
])('greeting lengths of %s', (_, lengths, expectedMs) => {
  const model = createGreetingLengthModel(lengths);

  it('grow more of a machine the longer the talk goes on', () => {
    let previous = 0;
    for (let talkMs = 100; talkMs < 15_000; talkMs += 50) {
      const probability = model.machineProbability(features(talkMs));
      expect(probability).toBeGreaterThanOrEqual(previous - 1e-6);
      expect(probability).toBeLessThanOrEqual(1);
      previous = probability;
    }
  });

  it('lose one person in two hundred where the probability crosses 0.995', () => {
    let crossingMs = 0;
    while (model.machineProbability(features(crossingMs)) < 0.995) crossingMs += 10;
    expect(Math.abs(crossingMs - expectedMs)).toBeLessThanOrEqual(30);
    const random = new Random(17);
    const people = 200_000;
    let lost = 0;
    for (let i = 0; i < people; i++) if (drawLength(lengths.person, random) > crossingMs) lost++;
    expect(lost / people).toBeGreaterThan(0.003);
    expect(lost / people).toBeLessThanOrEqual(0.0055);
  });

  it('grow more of a person with each moment of silence', () => {
    let previous = 1;
    for (let silenceMs = 220; silenceMs < 2000; silenceMs += 20) {
      const probability = model.machineProbability(features(600, silenceMs));
      expect(probability).toBeLessThanOrEqual(previous);
      previous = probability;
    }
    expect(previous).toBeLessThan(0.05);
  });

  it('know a beep', () => {
    expect(model.machineProbability(features(600, 800, 1))).toBeGreaterThan(0.995);
  });
});

it.each([
  [{ share: 1, medianMs: 0, spread: 1 }],
  [{ share: 0, medianMs: 500, spread: 1 }],
  [{ share: 1, medianMs: 500, spread: NaN }],
])('refuses %o', (lengths) => {
  expect(() =>
    createGreetingLengthModel({ ...DEFAULT_GREETING_LENGTHS, person: [lengths] }),
  ).toThrow(RangeError);
});

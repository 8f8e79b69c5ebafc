import { describe, expect, test } from 'vitest';
import { createPacing } from '../../../src/pacing/create-pacing.js';
import type { PacingFacts } from '../../../src/pacing/pacing.js';
import { Random } from '../../../src/units/random.js';
import { epochMs, monotonicMs } from '../../../src/units/time.js';

const NOW = { monotonicMs: monotonicMs(0), epochMs: epochMs(0) };

function facts(available: number, ringing = 0, analysing = 0, waiting = 0): PacingFacts {
  return {
    availableAgentCount: available,
    talkingForMs: [],
    wrappingUpForMs: [],
    ringingForMs: Array.from({ length: ringing }, () => 1000),
    analysingCount: analysing,
    waitingCount: waiting,
  };
}

const randomFacts = (random: Random): PacingFacts =>
  facts(
    Math.floor(random.between(0, 60)),
    Math.floor(random.between(0, 60)),
    Math.floor(random.between(0, 10)),
    Math.floor(random.between(0, 10)),
  );

describe('progressive', () => {
  const pacing = createPacing({ mode: 'progressive' });

  test.each([
    [facts(0), 0, 'no agent is free: none'],
    [facts(2, 1), 1, '2 agents free, 1 line out: 1 more'],
    [facts(3), 3, '3 agents free, no lines out: 3 more'],
    [facts(1, 1), 0, '1 agent free, 1 line out: none'],
    [facts(4, 1, 1, 1), 1, '4 agents free, 1 person waiting, 2 lines out: 1 more'],
    [facts(1, 5, 2, 2), 0, '1 agent free, 2 people waiting, 7 lines out: none'],
  ])('%o gives %i', (given, placeCount, reason) => {
    expect(pacing.decide(given, NOW)).toEqual({ placeCount, reason });
  });

  test('is available - waiting - analysing - ringing, never below 0, on any facts', () => {
    const random = new Random(7);
    for (let round = 0; round < 2000; round++) {
      const given = randomFacts(random);
      const expected = given.availableAgentCount - given.waitingCount - given.analysingCount - given.ringingForMs.length;
      expect(pacing.decide(given, NOW).placeCount).toBe(Math.max(0, expected));
    }
  });
});

describe('power', () => {
  test('dials the ratio for each free agent and tells so', () => {
    const pacing = createPacing({ mode: 'power', linesPerAgentRatio: 2.5 });
    expect(pacing.decide(facts(4, 3), NOW)).toEqual({
      placeCount: 7,
      reason: '4 agents free, 2.5 lines each, 3 lines out: 7 more',
    });
  });

  test('a person waiting takes a whole agent, not a share of one', () => {
    const pacing = createPacing({ mode: 'power', linesPerAgentRatio: 3 });
    expect(pacing.decide(facts(2, 0, 0, 1), NOW).placeCount).toBe(3);
    expect(pacing.decide(facts(1, 0, 0, 1), NOW).placeCount).toBe(0);
  });

  test('never has more lines out than the ratio, never fewer than progressive, never places without an agent', () => {
    const random = new Random(11);
    const progressive = createPacing({ mode: 'progressive' });
    for (let round = 0; round < 2000; round++) {
      const ratio = random.between(1, 10);
      const given = randomFacts(random);
      const { placeCount } = createPacing({ mode: 'power', linesPerAgentRatio: ratio }).decide(given, NOW);
      expect(Number.isInteger(placeCount)).toBe(true);
      expect(placeCount).toBeGreaterThanOrEqual(progressive.decide(given, NOW).placeCount);
      if (placeCount > 0) {
        const linesOut = placeCount + given.ringingForMs.length + given.analysingCount;
        expect(linesOut).toBeLessThanOrEqual(ratio * (given.availableAgentCount - given.waitingCount));
      }
      if (given.availableAgentCount === 0) expect(placeCount).toBe(0);
    }
  });

  test.each([0.9, 10.1, Number.NaN])('refuses a ratio of %d', (linesPerAgentRatio) => {
    expect(() => createPacing({ mode: 'power', linesPerAgentRatio })).toThrow(RangeError);
  });
});

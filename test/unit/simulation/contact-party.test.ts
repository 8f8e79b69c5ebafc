import { expect, it } from 'vitest';
import { planCall } from '../../../src/simulation/contact-party.js';
import { RunHash } from '../../../src/simulation/run-hash.js';
import { ORDINARY_WORLD } from '../../../src/simulation/world-config.js';
import { Random } from '../../../src/units/random.js';

it('draws who answers in the shares that the world says', () => {
  const random = new Random(3);
  const counts: Record<string, number> = {};
  const drawCount = 20_000;
  for (let index = 0; index < drawCount; index++) {
    const { kind } = planCall(ORDINARY_WORLD, random);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const ratioOf = (kind: string): number => (counts[kind] ?? 0) / drawCount;
  expect(ratioOf('person')).toBeCloseTo(0.3, 1);
  expect(ratioOf('machine')).toBeCloseTo(0.25, 1);
  expect(ratioOf('sit')).toBeCloseTo(0.02, 1);
  expect(ratioOf('sit')).toBeGreaterThan(0.01);
  expect(ratioOf('dead')).toBeGreaterThan(0.0005);
});

it('hashes by content and order', () => {
  const hashOf = (...lines: string[]): string => {
    const hash = new RunHash();
    for (const line of lines) hash.add(line);
    return hash.hex;
  };
  expect(hashOf('a', 'b')).toBe(hashOf('a', 'b'));
  expect(new Set([hashOf('a', 'b'), hashOf('b', 'a'), hashOf('ab'), hashOf('a'), hashOf()]).size).toBe(5);
});

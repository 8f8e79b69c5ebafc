import { expect, it } from 'vitest';
import { VirtualClock } from '../../../src/simulation/virtual-clock.js';
import { Random } from '../../../src/units/random.js';
import { epochMs, monotonicMs } from '../../../src/units/time.js';

const START = epochMs(Date.UTC(2026, 0, 5, 15));

it('lets things happen by instant, and things of one instant in the order they were asked for', () => {
  const clock = new VirtualClock(START);
  const random = new Random(4);
  const happened: (readonly [number, number])[] = [];
  const asked = Array.from({ length: 2_000 }, (_, serial) => [Math.floor(random.between(0, 300)), serial] as const);
  for (const [atMs, serial] of asked) clock.at(monotonicMs(atMs), () => happened.push([clock.monotonicMs, serial]));
  clock.runUntil(monotonicMs(1_000));
  const expected = [...asked].sort(([a, first], [b, second]) => a - b || first - second);
  expect(happened).toEqual(expected);
  expect(clock.monotonicMs).toBe(1_000);
  expect(clock.epochMs).toBe(START + 1_000);
});

it('does not let happen what was called off, and nothing in the past', () => {
  const clock = new VirtualClock(START);
  const happened: string[] = [];
  const off = clock.after(10, () => happened.push('called off'));
  clock.after(20, () => {
    clock.at(monotonicMs(5), () => happened.push(`late at ${String(clock.monotonicMs)}`));
  });
  off.cancel();
  expect(clock.nextAtMs).toBe(20);
  clock.runUntil(monotonicMs(30));
  expect(happened).toEqual(['late at 20']);
  expect(clock.step()).toBe(false);
});

it('lets what happens have more happen within the same run', () => {
  const clock = new VirtualClock(START);
  let count = 0;
  const again = (): void => {
    count++;
    clock.after(10, again);
  };
  again();
  clock.runUntil(monotonicMs(95));
  expect(count).toBe(10);
});

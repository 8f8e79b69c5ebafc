import { expect, it } from 'vitest';
import { Random } from '../../../src/units/random.js';
import { TimeHeap } from '../../../src/units/time-heap.js';
import { monotonicMs } from '../../../src/units/time.js';

it('gives everything back soonest first, and things of one instant as they were put in', () => {
  const random = new Random(5);
  const heap = new TimeHeap<number>();
  const expected: { readonly at: number; readonly item: number }[] = [];
  const taken: { readonly at: number; readonly item: number }[] = [];
  for (let item = 0; item < 2_000; item += 1) {
    // Few instants, so that many things share one.
    const at = monotonicMs(Math.floor(random.between(0, 50)));
    heap.push(at, item);
    expected.push({ at, item });
  }
  for (let { first } = heap; first !== undefined; { first } = heap) {
    taken.push({ at: first.at, item: first.item });
    heap.dropFirst();
  }
  expected.sort((one, other) => one.at - other.at || one.item - other.item);
  expect(taken).toEqual(expected);
});

it('stays in order while things come and go', () => {
  const random = new Random(6);
  const heap = new TimeHeap<string>();
  let nowMs = 0;
  for (let step = 0; step < 2_000; step += 1) {
    heap.push(monotonicMs(nowMs + Math.floor(random.between(0, 100))), 'thing');
    if (!random.chance(0.7) || heap.first === undefined) continue;
    expect(heap.first.at).toBeGreaterThanOrEqual(nowMs);
    nowMs = heap.first.at;
    heap.dropFirst();
  }
  while (heap.first !== undefined) heap.dropFirst();
  heap.dropFirst();
  expect(heap.first).toBeUndefined();
});

it('forgets what is not to be kept, and the rest stays in order', () => {
  const random = new Random(7);
  const heap = new TimeHeap<number>();
  for (let item = 0; item < 500; item += 1) heap.push(monotonicMs(Math.floor(random.between(0, 50))), item);
  heap.keepOnly(({ item }) => item % 3 === 0);
  expect(heap.size).toBe(167);
  const taken: { readonly at: number; readonly item: number }[] = [];
  for (let { first } = heap; first !== undefined; { first } = heap) {
    taken.push({ at: first.at, item: first.item });
    heap.dropFirst();
  }
  expect(taken).toEqual([...taken].sort((one, other) => one.at - other.at || one.item - other.item));
  expect(taken.every(({ item }) => item % 3 === 0)).toBe(true);
});

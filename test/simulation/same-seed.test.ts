import { expect, it } from 'vitest';
import { run } from './call-centre.js';
import { drawSwarmCase } from './swarm-world.js';

/** A failure is only worth its seed while the seed gives the same run again. */
it('the same seed gives the same log to the byte, another seed another', () => {
  const { world, dialer } = drawSwarmCase(5);
  const logOf = (seed: number): { readonly lines: string[]; readonly hash: string } => {
    const lines: string[] = [];
    const { hash } = run(world, dialer, seed, { onLine: (line) => lines.push(line) });
    return { lines, hash };
  };
  const first = logOf(5);
  const second = logOf(5);
  expect(first.lines.length).toBeGreaterThan(500);
  expect(second.lines).toEqual(first.lines);
  expect(second.hash).toBe(first.hash);
  expect(logOf(6).hash).not.toBe(first.hash);
});

it('a report is plain JSON', () => {
  const { world, dialer } = drawSwarmCase(3);
  const report = run(world, dialer, 3);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

import { describe, expect, it } from 'vitest';
import { ANN, CAMPAIGN, DialerBench, dialerConfig, NOON_MS } from './dialer-bench.js';
import { epochMs } from '../../../src/units/time.js';

/** A power campaign at 3 lines an agent that has reached so many people an hour ago. */
function benchAfter(connectedCount: number, abandonedCount: number): DialerBench {
  const bench = new DialerBench(dialerConfig({ pacing: { mode: 'power', linesPerAgentRatio: 3 } }));
  const atMs = epochMs(NOON_MS - 3_600_000);
  bench.input({
    type: 'restored',
    state: {
      campaigns: [],
      openAttempts: [],
      agentLines: [],
      peopleReached: [{ campaignId: CAMPAIGN, atMs, connectedCount, abandonedCount }],
    },
  });
  bench.start();
  bench.logIn(ANN);
  bench.pass(500);
  return bench;
}

/** Calls that leave within a tenth of a second, the caps on calls a second allowing. */
function dialledCount(bench: DialerBench): number {
  const atOnceCount = bench.write().length;
  bench.pass(100);
  return atOnceCount + bench.take('originate').length;
}

describe('the guard of the abandonment cap', () => {
  it('keeps a campaign that has reached nobody yet at one line an agent', () => {
    expect(dialledCount(benchAfter(0, 0))).toBe(1);
  });

  it('lets the ratio rule once a restart has brought back enough people who were connected', () => {
    expect(dialledCount(benchAfter(200, 0))).toBe(3);
  });

  it('goes back to one line an agent near 3 %, and says so', () => {
    const bench = benchAfter(97, 3);
    expect(dialledCount(bench)).toBe(1);
    expect(bench.said('pacing-decided').at(-1)?.reason).toContain('3 of 100 people abandoned in 24h, 0 more');
  });
});

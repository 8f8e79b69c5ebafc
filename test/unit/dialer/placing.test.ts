import { beforeEach, describe, expect, it } from 'vitest';
import { ANN, BOB, CAMPAIGN, DialerBench, dialerConfig } from './dialer-bench.js';

let bench: DialerBench;
beforeEach(() => {
  bench = new DialerBench();
});

describe('placing calls', () => {
  it('dials nothing while no agent is logged in', () => {
    bench.start();
    bench.pass(60_000);
    expect(bench.take('write-attempt')).toEqual([]);
    expect(bench.said('campaign-changed').at(-1)).toMatchObject({ state: 'idle', hint: 'no agent is at work' });
  });

  it('dials one line for each free agent, written before it is originated', () => {
    bench.start();
    bench.logIn(ANN);
    expect(bench.take('originate')).toEqual([]);
    expect(bench.write()).toHaveLength(1);
    bench.logIn(BOB, '1002');
    bench.pass(100);
    expect(bench.write()).toHaveLength(1);
  });

  it('keeps to the calls a second of the campaign', () => {
    bench = new DialerBench(dialerConfig({ pacing: { mode: 'power', linesPerAgentRatio: 10 }, callsPerSecondMax: 2 }));
    bench.start();
    bench.logIn(ANN);
    // The guard of the abandonment cap keeps a fresh campaign at one line an agent, so calls end to make room.
    let placedCount = 0;
    for (let step = 0; step < 30; step += 1) {
      for (const call of bench.write()) {
        placedCount += 1;
        bench.end(call, 17);
      }
      bench.pass(100);
    }
    expect(placedCount).toBeGreaterThanOrEqual(5);
    expect(placedCount).toBeLessThanOrEqual(7);
  });

  it('does not dial what was being written when the last agent left', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const [attempt] = bench.take('write-attempt');
    bench.end(line);
    if (attempt) bench.input({ type: 'attempt-written', callId: attempt.callId });
    expect(bench.take('originate')).toEqual([]);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'cancelled' }]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'redial', isCounted: false }]);
  });

  it('stops when the trunk is down and goes on when it is back', () => {
    bench.start();
    bench.say({ type: 'trunk-changed', trunk: dialerConfig().trunks[0]!.name, isReachable: false });
    bench.logIn(ANN);
    expect(bench.write()).toEqual([]);
    bench.say({ type: 'trunk-changed', trunk: dialerConfig().trunks[0]!.name, isReachable: true });
    expect(bench.write()).toHaveLength(1);
    expect(bench.said('alarm-cleared')).toMatchObject([{ alarm: 'trunk-down' }]);
  });

  it('stops with an alarm when the store cannot write', () => {
    bench.start();
    bench.input({ type: 'store-failed', detail: 'disk full' });
    bench.logIn(ANN);
    expect(bench.write()).toEqual([]);
    expect(bench.said('alarm-raised')).toMatchObject([{ alarm: 'store-failed', detail: 'disk full' }]);
    bench.input({ type: 'store-recovered' });
    expect(bench.take('fetch-contacts').length).toBeGreaterThan(0);
    expect(bench.write()).toHaveLength(1);
  });
});

describe('orders to a campaign', () => {
  it.each([
    ['pause', 'paused'],
    ['stop', 'stopped'],
  ] as const)('%s is told once, and nothing is placed after it', (order, state) => {
    bench.start();
    bench.logIn(ANN);
    bench.end(bench.write()[0]!, 17);
    bench.commands = [];
    bench.events.length = 0;
    bench.input({ type: 'campaign-ordered', campaignId: CAMPAIGN, order });
    bench.pass(1000);
    expect(bench.said('campaign-changed')).toMatchObject([{ state, hint: 'by order' }]);
    expect(bench.write()).toEqual([]);
  });
});

describe('how unanswered attempts end', () => {
  it.each([
    [17, 486, 'busy', 'redial', true],
    [19, undefined, 'no-answer', 'redial', true],
    [1, 404, 'unallocated-number', 'closed', true],
    [34, 503, 'congestion', 'redial', false],
  ] as const)('Q.850 %i (SIP %s) is %s', (q850, sipCode, cause, outcome, isCounted) => {
    bench.start();
    bench.logIn(ANN);
    const [call] = bench.write();
    bench.end(call!, q850, sipCode);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause, q850, sipCode }]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome, isCounted }]);
  });

  it('ends a call that the switch lets ring past its time', () => {
    bench.start();
    bench.logIn(ANN);
    const [call] = bench.write();
    bench.say({ type: 'call-ringing', callId: call! });
    bench.pass(31_000);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.pass(11_000);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'no-answer' }]);
  });

  it('closes the contact after the last attempt', () => {
    bench = new DialerBench(dialerConfig({ attemptsMax: 1 }));
    bench.start();
    bench.logIn(ANN);
    bench.end(bench.write()[0]!, 17, 486);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'closed' }]);
  });
});

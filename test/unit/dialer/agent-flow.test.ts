import { beforeEach, describe, expect, it } from 'vitest';
import { ANN, BOB, DialerBench } from './dialer-bench.js';
import { bridgeId, phoneName } from '../../../src/units/ids.js';

let bench: DialerBench;
beforeEach(() => {
  bench = new DialerBench();
});

describe('the agent at his phone', () => {
  it('is asked for his PIN again when it was wrong, and rung off at the third', () => {
    bench.start();
    bench.say({
      type: 'call-offered',
      callId: 'line-1' as never,
      phone: phoneName('1001'),
      callerNumber: '1001',
      request: { kind: 'feature', feature: 'log-in' },
    });
    for (let count = 1; count <= 3; count += 1) {
      bench.keys('line-1' as never, '0000');
      expect(bench.take('check-pin')).toMatchObject([{ digits: '0000', agentId: ANN }]);
      bench.input({ type: 'pin-checked', callId: 'line-1' as never, isRight: false });
    }
    expect(bench.orders('hang-up')).toMatchObject([{ callId: 'line-1' }]);
    expect(bench.statesOf(ANN)).toEqual(['logging-in', 'offline']);
  });

  it('disposes by a digit in wrap-up and is available again', () => {
    const { line, call } = bench.talk(ANN);
    bench.pass(30_000);
    bench.end(call);
    bench.keys(line, '1');
    expect(bench.said('disposition-set')).toMatchObject([{ disposition: 'sale', isByAgent: true }]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'closed' }]);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'contact-hung-up', talkMs: 30_000 }]);
    expect(bench.statesOf(ANN).at(-1)).toBe('available');
  });

  it('is told that a digit without meaning is none', () => {
    const { line, call } = bench.talk(ANN);
    bench.end(call);
    bench.commands = [];
    bench.keys(line, '8');
    expect(bench.orders('play')).toMatchObject([{ sounds: ['not-possible'] }]);
    expect(bench.said('disposition-set')).toEqual([]);
  });

  it('takes the default disposition when wrap-up runs out', () => {
    const { call } = bench.talk(ANN);
    bench.end(call);
    bench.pass(10_000);
    expect(bench.said('disposition-set')).toMatchObject([{ disposition: 'none', isByAgent: false }]);
  });

  it('hangs up the contact by *3 and keeps the line', () => {
    const { line, call } = bench.talk(ANN);
    bench.keys(line, '*3');
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'agent-hung-up' }]);
    expect(bench.statesOf(ANN).at(-1)).toBe('wrap-up');
  });

  it('goes into the pause asked for while talking once he has disposed', () => {
    const { line, call } = bench.talk(ANN);
    bench.keys(line, '*12');
    expect(bench.statesOf(ANN).at(-1)).toBe('on-call');
    bench.end(call);
    bench.keys(line, '1');
    expect(bench.said('agent-changed').at(-1)).toMatchObject({ state: 'paused', reason: 'lunch' });
    bench.keys(line, '*2');
    expect(bench.statesOf(ANN).at(-1)).toBe('available');
  });

  it('logs out by hanging up while talking: the contact is rung off and settled', () => {
    const { line, call } = bench.talk(ANN);
    bench.end(line);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'agent-hung-up', agentId: ANN }]);
    expect(bench.said('contact-settled')).toHaveLength(1);
    expect(bench.statesOf(ANN).at(-1)).toBe('offline');
  });

  it('is out at once when his phone unregisters, and after the talk when he is talking', () => {
    const { line, call } = bench.talk(ANN);
    bench.say({ type: 'phone-changed', phone: phoneName('1001'), isRegistered: false });
    expect(bench.statesOf(ANN).at(-1)).toBe('on-call');
    bench.end(call);
    expect(bench.statesOf(ANN).at(-1)).toBe('offline');
    expect(bench.said('disposition-set')).toMatchObject([{ isByAgent: false }]);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: line }]);
    const bobLine = bench.logIn(BOB, '1002');
    bench.say({ type: 'phone-changed', phone: phoneName('1002'), isRegistered: false });
    expect(bench.statesOf(BOB).at(-1)).toBe('offline');
    expect(bench.orders('hang-up')).toMatchObject([{ callId: bobLine }]);
  });

  it('leaves after the talk when he has logged out, though his phone went away and came back meanwhile', () => {
    const { call } = bench.talk(ANN);
    bench.input({ type: 'agent-ordered', agentId: ANN, order: { type: 'log-out' } });
    bench.say({ type: 'phone-changed', phone: phoneName('1001'), isRegistered: false });
    bench.say({ type: 'phone-changed', phone: phoneName('1001'), isRegistered: true });
    bench.end(call);
    expect(bench.said('agent-changed').at(-1)).toMatchObject({ state: 'offline', reason: 'logged out' });
  });

  it('leaves no contact behind when his line cannot be put back into its bridge', () => {
    const { line, call } = bench.talk(ANN);
    const command = { type: 'bridge', commandId: 99, bridgeId: bridgeId('agent-ann'), callId: line } as const;
    bench.say({ type: 'command-failed', command, failure: 'refused', detail: 'no such bridge' });
    expect(bench.statesOf(ANN).at(-1)).toBe('offline');
    expect(bench.orders('hang-up').map((order) => order.callId)).toEqual([call, line]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'agent-line-lost' }]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { ANN, CAMPAIGN, DialerBench, EMPTY_SNAPSHOT } from './dialer-bench.js';
import { bridgeId, phoneName } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';

let bench: DialerBench;
beforeEach(() => {
  bench = new DialerBench();
});

describe('after a gap', () => {
  it('adopts a talk that outlived the service', () => {
    bench.input({
      type: 'restored',
      state: {
        campaigns: [{ campaignId: CAMPAIGN, isRunning: true }],
        openAttempts: [
          {
            callId: 'od-1' as never,
            campaignId: CAMPAIGN,
            contact: { contactId: '1' as never, attemptCount: 0, countByCause: {} },
            answeredAtMs: epochMs(Date.UTC(2026, 2, 3, 11, 59)),
            connectedAtMs: epochMs(Date.UTC(2026, 2, 3, 11, 59)),
            agentId: ANN,
            isInWrapUp: false,
          },
        ],
        peopleReached: [],
        agentLines: [{ agentId: ANN, phone: phoneName('1001'), lineCallId: 'line-1' as never, pauseReason: undefined }],
      },
    });
    const createdAtMs = epochMs(Date.UTC(2026, 2, 3, 11, 58));
    bench.say({
      type: 'switch-snapshot',
      snapshot: {
        ...EMPTY_SNAPSHOT,
        calls: [
          { callId: 'od-1' as never, state: 'answered', createdAtMs },
          { callId: 'line-1' as never, state: 'answered', phone: phoneName('1001'), createdAtMs },
          { callId: 'ghost' as never, state: 'answered', createdAtMs },
        ],
        bridges: [{ bridgeId: bridgeId('agent-ann'), callIds: ['line-1' as never, 'od-1' as never] }],
      },
    });
    expect(bench.said('switch-changed')).toMatchObject([{ adoptedCount: 1, lostCount: 0 }]);
    expect(bench.statesOf(ANN)).toEqual(['on-call']);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: 'ghost' }]);
    bench.end('od-1' as never);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'contact-hung-up', agentId: ANN }]);
    expect(bench.statesOf(ANN).at(-1)).toBe('wrap-up');
  });

  it('ends what the switch has lost, once, and logs agents out', () => {
    bench.start();
    bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'person');
    bench.connect(call);
    bench.say({ type: 'switch-lost', reason: 'socket closed' });
    bench.pass(3000);
    bench.say({ type: 'switch-snapshot', snapshot: EMPTY_SNAPSHOT });
    expect(bench.said('attempt-ended')).toMatchObject([{ callId: call, cause: 'switch-lost' }]);
    expect(bench.said('contact-settled')).toHaveLength(1);
    expect(bench.statesOf(ANN).at(-1)).toBe('offline');
  });

  it('starts nothing while the switch is lost', () => {
    bench.start();
    bench.logIn(ANN);
    bench.end(bench.write()[0]!, 17);
    bench.commands = [];
    bench.say({ type: 'switch-lost', reason: 'socket closed' });
    bench.pass(60_000);
    expect(bench.take('write-attempt')).toEqual([]);
  });

  it('frees a contact whose campaign is configured no more, and ends the call that is left of it', () => {
    const open = { callId: 'od-1' as never, campaignId: 'gone' as never, answeredAtMs: undefined, connectedAtMs: undefined };
    const contact = { contactId: '1' as never, attemptCount: 0, countByCause: {} };
    const openAttempts = [{ ...open, contact, agentId: undefined, isInWrapUp: false }];
    bench.input({ type: 'restored', state: { campaigns: [], openAttempts, peopleReached: [], agentLines: [] } });
    expect(bench.said('attempt-ended')).toMatchObject([{ callId: 'od-1', cause: 'switch-lost' }]);
    expect(bench.said('contact-settled')).toMatchObject([{ contactId: '1', outcome: 'redial' }]);
    const calls = [{ callId: 'od-1' as never, state: 'ringing', createdAtMs: epochMs(0) }] as const;
    bench.say({ type: 'switch-snapshot', snapshot: { ...EMPTY_SNAPSHOT, calls } });
    expect(bench.orders('hang-up')).toMatchObject([{ callId: 'od-1' }]);
  });
});

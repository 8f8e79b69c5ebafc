import { beforeEach, describe, expect, it } from 'vitest';
import { ANN, BOB, CAMPAIGN, DialerBench, dialerConfig, EMPTY_SNAPSHOT } from './dialer-bench.js';
import { bridgeId, phoneName } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';

let bench: DialerBench;
beforeEach(() => {
  bench = new DialerBench();
});

const agentStates = (agent: string): string[] =>
  bench.said('agent-changed').flatMap((event) => (event.agentId === agent ? [event.state] : []));

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

describe('a person who answers', () => {
  it('goes to the agent who has waited longest, by one bridge operation, with a beep for the agent', () => {
    bench.start();
    const annLine = bench.logIn(ANN);
    bench.pass(1000);
    bench.logIn(BOB, '1002');
    const call = bench.answer();
    expect(bench.orders('tap')).toMatchObject([{ callId: call }]);
    bench.commands = [];
    bench.verdict(call, 'person');
    expect(bench.orders('play')).toMatchObject([{ callId: annLine, sounds: ['beep'], mixing: 'whisper' }]);
    bench.connect(call);
    expect(bench.said('call-connected')).toMatchObject([{ callId: call, agentId: ANN }]);
    expect(agentStates(ANN)).toEqual(['logging-in', 'available', 'reserved', 'on-call']);
    expect(bench.take('start-recording')).toMatchObject([{ callId: call }]);
  });

  it('waits 2 s from the end of the greeting, then hears the safe-harbour message and counts as abandoned', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.keys(line, '*11');
    bench.verdict(call, 'person');
    bench.pass(1399);
    expect(bench.said('call-abandoned')).toEqual([]);
    bench.pass(1);
    expect(bench.said('call-abandoned')).toMatchObject([{ callId: call, waitedMs: 2000 }]);
    const [message] = bench.orders('play').filter((play) => play.callId === call);
    expect(message).toMatchObject({ sounds: ['safe-harbour'], mixing: 'replace' });
    bench.say({ type: 'playback-finished', playbackId: message!.playbackId, callId: call, outcome: 'played' });
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'abandoned' }]);
    expect(bench.said('message-played')).toMatchObject([{ message: 'safe-harbour', isWhole: true }]);
  });

  it('is put on the do-not-call list by pressing 9 during the message, and by no other key', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.keys(line, '*11');
    bench.verdict(call, 'person');
    bench.keys(call, '9');
    expect(bench.take('add-do-not-call')).toEqual([]);
    bench.pass(2000);
    bench.keys(call, '5');
    expect(bench.take('add-do-not-call')).toEqual([]);
    bench.keys(call, '9');
    expect(bench.take('add-do-not-call')).toMatchObject([{ source: 'contact-keyed-9' }]);
    bench.end(call);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'do-not-call' }]);
  });

  it('gets the agent who becomes free while he waits', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.keys(line, '*11');
    bench.verdict(call, 'person');
    bench.pass(1000);
    bench.keys(line, '*2');
    bench.connect(call);
    expect(bench.said('call-connected')).toHaveLength(1);
    bench.pass(5000);
    expect(bench.said('call-abandoned')).toEqual([]);
  });

  it('waits again when the reserved agent is lost, and both joins failing takes the agent out', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'person');
    bench.end(line);
    expect(bench.said('call-changed').at(-1)).toMatchObject({ callId: call, state: 'waiting' });
    bench.pass(2000);
    expect(bench.said('call-abandoned')).toHaveLength(1);
  });
});

describe('other answers', () => {
  it('hangs up on a machine where the campaign says so', () => {
    bench.start();
    bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'machine');
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'machine-hung-up', verdict: 'machine' }]);
  });

  it('leaves a machine a message after its greeting', () => {
    bench = new DialerBench(dialerConfig({ onMachine: 'leave-message' }));
    bench.start();
    bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'machine');
    expect(bench.orders('play').filter((play) => play.callId === call)).toEqual([]);
    bench.input({ type: 'greeting-ended', callId: call, by: 'beep' });
    const [play] = bench.orders('play').filter((each) => each.callId === call);
    expect(play).toMatchObject({ sounds: ['message'] });
    bench.say({ type: 'playback-finished', playbackId: play!.playbackId, callId: call, outcome: 'played' });
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'message-left' }]);
  });

  it('closes the number after special information tones', () => {
    bench.start();
    bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'tone', 'sit');
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'intercept' }]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'closed' }]);
  });

  it('treats a call whose verdict never comes as a person', () => {
    bench.start();
    bench.logIn(ANN);
    const call = bench.answer();
    bench.pass(15_000);
    bench.connect(call);
    expect(bench.said('call-connected')).toHaveLength(1);
  });
});

describe('the agent at his phone', () => {
  const talk = (): { line: ReturnType<DialerBench['logIn']>; call: ReturnType<DialerBench['answer']> } => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'person');
    bench.connect(call);
    return { line, call };
  };

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
    expect(agentStates(ANN)).toEqual(['logging-in', 'offline']);
  });

  it('disposes by a digit in wrap-up and is available again', () => {
    const { line, call } = talk();
    bench.pass(30_000);
    bench.end(call);
    bench.keys(line, '1');
    expect(bench.said('disposition-set')).toMatchObject([{ disposition: 'sale', isByAgent: true }]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'closed' }]);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'contact-hung-up', talkMs: 30_000 }]);
    expect(agentStates(ANN).at(-1)).toBe('available');
  });

  it('is told that a digit without meaning is none', () => {
    const { line, call } = talk();
    bench.end(call);
    bench.commands = [];
    bench.keys(line, '8');
    expect(bench.orders('play')).toMatchObject([{ sounds: ['not-possible'] }]);
    expect(bench.said('disposition-set')).toEqual([]);
  });

  it('takes the default disposition when wrap-up runs out', () => {
    const { call } = talk();
    bench.end(call);
    bench.pass(10_000);
    expect(bench.said('disposition-set')).toMatchObject([{ disposition: 'none', isByAgent: false }]);
  });

  it('hangs up the contact by *3 and keeps the line', () => {
    const { line, call } = talk();
    bench.keys(line, '*3');
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'agent-hung-up' }]);
    expect(agentStates(ANN).at(-1)).toBe('wrap-up');
  });

  it('goes into the pause asked for while talking once he has disposed', () => {
    const { line, call } = talk();
    bench.keys(line, '*12');
    expect(agentStates(ANN).at(-1)).toBe('on-call');
    bench.end(call);
    bench.keys(line, '1');
    expect(bench.said('agent-changed').at(-1)).toMatchObject({ state: 'paused', reason: 'lunch' });
    bench.keys(line, '*2');
    expect(agentStates(ANN).at(-1)).toBe('available');
  });

  it('logs out by hanging up while talking: the contact is rung off and settled', () => {
    const { line, call } = talk();
    bench.end(line);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'agent-hung-up', agentId: ANN }]);
    expect(bench.said('contact-settled')).toHaveLength(1);
    expect(agentStates(ANN).at(-1)).toBe('offline');
  });

  it('is out at once when his phone unregisters, and after the talk when he is talking', () => {
    const { line, call } = talk();
    bench.say({ type: 'phone-changed', phone: phoneName('1001'), isRegistered: false });
    expect(agentStates(ANN).at(-1)).toBe('on-call');
    bench.end(call);
    expect(agentStates(ANN).at(-1)).toBe('offline');
    expect(bench.said('disposition-set')).toMatchObject([{ isByAgent: false }]);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: line }]);
    const bobLine = bench.logIn(BOB, '1002');
    bench.say({ type: 'phone-changed', phone: phoneName('1002'), isRegistered: false });
    expect(agentStates(BOB).at(-1)).toBe('offline');
    expect(bench.orders('hang-up')).toMatchObject([{ callId: bobLine }]);
  });
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
    expect(agentStates(ANN)).toEqual(['on-call']);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: 'ghost' }]);
    bench.end('od-1' as never);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'contact-hung-up', agentId: ANN }]);
    expect(agentStates(ANN).at(-1)).toBe('wrap-up');
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
    expect(agentStates(ANN).at(-1)).toBe('offline');
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
});

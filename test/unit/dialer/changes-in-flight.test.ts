import { beforeEach, describe, expect, it } from 'vitest';
import { phoneName, trunkName } from '../../../src/units/ids.js';
import { ANN, BOB, CAMPAIGN, campaignConfig, DialerBench, dialerConfig, TRUNK } from './dialer-bench.js';

let bench: DialerBench;
beforeEach(() => {
  bench = new DialerBench();
});

const personAfter = (call: ReturnType<DialerBench['answer']>, silentForMs: number): void =>
  bench.input({
    type: 'answer-analysed',
    callId: call,
    verdict: 'person',
    probabilityRatio: 0.6,
    reason: 'unsure',
    decidedAfterMs: 4000,
    silentForMs,
    stage: 'decided',
    machineProbabilityRatio: 0.4,
    detail: undefined,
    modelName: 'lengths',
    features: {},
  });

describe('a verdict that took longer than the wait for an agent', () => {
  // The limit counts from the end of the greeting and was past when the verdict
  // came: the person heard the safe-harbour message beside a free agent.
  it('still gives the person to an agent who is free', () => {
    bench.start();
    bench.logIn(ANN);
    const call = bench.answer();
    personAfter(call, 3000);
    bench.connect(call);
    expect(bench.said('call-abandoned')).toEqual([]);
    expect(bench.said('call-connected')).toHaveLength(1);
  });

  it('abandons at once when no agent is free', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.keys(line, '*11');
    personAfter(call, 3000);
    expect(bench.said('call-abandoned')).toHaveLength(1);
  });
});

describe('a pause asked for while a contact is being joined', () => {
  // The contact hung up before the join: the agent had heard "paused" and was
  // given the next contact all the same.
  it('is kept when the contact is lost', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'person');
    bench.keys(line, '*12');
    bench.end(call);
    expect(bench.said('agent-changed').at(-1)).toMatchObject({ state: 'paused', reason: 'lunch' });
  });

  it('is kept when the join fails', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'person');
    bench.keys(line, '*12');
    const [order] = bench.orders('bridge').filter((each) => each.callId === call);
    if (order === undefined) throw new Error('The call was not given to the agent.');
    bench.say({ type: 'command-failed', command: order, failure: 'refused', detail: 'no bridge' });
    expect(bench.statesOf(ANN).at(-1)).toBe('paused');
  });
});

describe('people who wait while the switch is away', () => {
  // Joins in vain counted against the agent's line and logged him out.
  it('are given to nobody, and a join under way is left to the snapshot', () => {
    bench.start();
    bench.logIn(ANN);
    const first = bench.answer();
    bench.logIn(BOB, '1002');
    bench.pass(100);
    const second = bench.answer();
    bench.verdict(first, 'person');
    bench.orders('bridge');
    bench.say({ type: 'switch-lost', reason: 'test' });
    bench.verdict(second, 'person');
    expect(bench.orders('bridge')).toEqual([]);
    bench.pass(30_000);
    expect(bench.statesOf(ANN)).not.toContain('offline');
    expect(bench.statesOf(BOB)).not.toContain('offline');
    expect(bench.orders('unbridge')).toEqual([]);
  });
});

describe('a campaign moved to another trunk', () => {
  // The attempt was written and counted for the old trunk and left by the new
  // one, past the caps of both.
  it('dials what is being written on the trunk it was written for', () => {
    const config = dialerConfig();
    const spare = trunkName('spare');
    bench = new DialerBench({ ...config, trunks: [...config.trunks, { name: spare, callsPerSecondMax: 50, linesMax: 20 }] });
    bench.start();
    bench.logIn(ANN);
    bench.input({ type: 'campaign-set', campaign: campaignConfig({ trunk: spare }) });
    const [attempt] = bench.take('write-attempt');
    if (attempt === undefined) throw new Error('Nothing was begun.');
    bench.input({ type: 'attempt-written', callId: attempt.callId });
    expect(bench.take('originate')).toMatchObject([{ trunk: TRUNK }]);
  });
});

describe('a contact who settles while the store is being asked', () => {
  // The store answered from before the settling: the campaign went idle for
  // good with "no contact is left to call".
  it('is asked for again when he falls due', () => {
    bench.start(0);
    bench.logIn(ANN);
    bench.input({ type: 'contacts-changed', campaignId: CAMPAIGN });
    bench.offer(1);
    bench.input({ type: 'contacts-changed', campaignId: CAMPAIGN });
    bench.take('fetch-contacts');
    const [call] = bench.write();
    if (call === undefined) throw new Error('Nothing was dialled.');
    bench.end(call, 17);
    const [settled] = bench.said('contact-settled');
    expect(settled?.outcome).toBe('redial');
    bench.offer(0);
    bench.take('fetch-contacts');
    bench.offer(0);
    bench.take('fetch-contacts');
    bench.pass((settled?.redialAtMs ?? 0) - (settled?.atMs ?? 0));
    expect(bench.take('fetch-contacts')).toHaveLength(1);
  });
});

describe('an agent who is given another phone while he is logged in', () => {
  const moveAnn = (): void =>
    bench.input({ type: 'agent-set', agent: { agentId: ANN, phone: phoneName('1003'), campaignId: CAMPAIGN } });

  // The old phone was forgotten at once: its going away left the agent available on a dead line.
  it('is taken out by the phone he sits at, not by the new one', () => {
    bench.start();
    bench.logIn(ANN);
    moveAnn();
    bench.say({ type: 'phone-changed', phone: phoneName('1003'), isRegistered: false });
    expect(bench.statesOf(ANN).at(-1)).toBe('available');
    bench.say({ type: 'phone-changed', phone: phoneName('1001'), isRegistered: false });
    expect(bench.statesOf(ANN).at(-1)).toBe('offline');
  });

  it('logs in from the new one next time', () => {
    bench.start();
    const line = bench.logIn(ANN);
    moveAnn();
    bench.end(line);
    bench.logIn(ANN, '1003');
    expect(bench.statesOf(ANN).at(-1)).toBe('available');
  });
});

describe('a campaign that gives up analysis while a call is analysed', () => {
  // The analysis was never stopped and stayed in the media plane for good.
  it('has it stopped when the call ends', () => {
    bench.start();
    bench.logIn(ANN);
    const call = bench.answer();
    bench.input({ type: 'campaign-set', campaign: campaignConfig({ isAnalysed: false }) });
    bench.end(call);
    expect(bench.take('stop-analysis')).toEqual([{ type: 'stop-analysis', callId: call }]);
  });
});

describe('an agent who puts his receiver down while he talks', () => {
  // No wrap-up came to be, and a conversation that was done was dialled again a day later.
  it('leaves the default disposition', () => {
    bench = new DialerBench(dialerConfig({ defaultDisposition: { name: 'done', effect: 'complete' } }));
    const { line, call } = bench.talk(ANN);
    bench.end(line);
    bench.end(call);
    expect(bench.said('disposition-set')).toMatchObject([{ disposition: 'done', isByAgent: false }]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'closed' }]);
  });

  it('settles by the cause when it was his line that dropped', () => {
    bench = new DialerBench(dialerConfig({ defaultDisposition: { name: 'done', effect: 'complete' } }));
    const { line, call } = bench.talk(ANN);
    bench.end(line, 38);
    bench.end(call);
    expect(bench.said('disposition-set')).toEqual([]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'redial' }]);
  });
});

describe('a recording that cannot be started', () => {
  it('is told as one that failed', () => {
    const { call } = bench.talk(ANN);
    const [start] = bench.take('start-recording');
    if (start === undefined) throw new Error('Nothing was to be recorded.');
    const command = { type: 'start-recording', commandId: start.commandId, callId: call, path: 'spring/call.wav' } as const;
    bench.say({ type: 'command-failed', command, failure: 'refused', detail: 'There is no AMI connection.' });
    expect(bench.said('recording-finished')).toMatchObject([{ callId: call, isWhole: false, audioMs: 0 }]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { CallId } from '../../../src/units/ids.js';
import type { CampaignConfig } from '../../../src/dialer/config.js';
import { ANN, DialerBench, dialerConfig } from './dialer-bench.js';

let bench: DialerBench;
let line: CallId;
let call: CallId;

/** A campaign that gives agents calls before it is known who answered; Ann is free, and a call was answered. */
function answeredIn(changes: Partial<CampaignConfig>, abilities = bench.abilities): void {
  bench = new DialerBench(dialerConfig(changes));
  bench.abilities = abilities;
  bench.start();
  line = bench.logIn(ANN);
  bench.orders('bridge');
  bench.orders('play');
  call = bench.answer();
}

beforeEach(() => {
  bench = new DialerBench();
});

describe('connect-at-answer', () => {
  beforeEach(() => answeredIn({ answerHandling: 'connect-at-answer', onMachine: 'leave-message' }));

  it('gives the call to the free agent at once, and has it heard in his bridge', () => {
    expect(bench.take('analyse-answer')).toMatchObject([{ callId: call, listening: { phase: 'answered', decisionLimitMs: 3000 } }]);
    expect(bench.orders('tap')).toEqual([]);
    expect(bench.orders('bridge')).toMatchObject([{ callId: call, isTapped: true }]);
    expect(bench.take('stop-analysis')).toEqual([]);
  });

  it('leaves a person with the agent, and hears him no longer', () => {
    bench.connect(call);
    bench.pass(1200);
    bench.verdict(call, 'person');
    expect(bench.take('stop-analysis')).toMatchObject([{ callId: call }]);
    expect(bench.orders('untap')).toMatchObject([{ callId: call }]);
    bench.verdict(call, 'machine', 'revised');
    expect(bench.said('call-taken-back')).toEqual([]);
    bench.end(call);
    expect(bench.statesOf(ANN).at(-1)).toBe('wrap-up');
  });

  it('takes a machine back: the agent is free with a tone and no wrap-up, and the message follows its beep', () => {
    bench.connect(call);
    bench.commands = [];
    bench.pass(2400);
    bench.verdict(call, 'machine');
    expect(bench.said('call-taken-back')).toMatchObject([{ callId: call, agentId: ANN, verdict: 'machine', heldMs: 2400 }]);
    expect(bench.statesOf(ANN).slice(-2)).toEqual(['on-call', 'available']);
    expect(bench.orders('unbridge')).toMatchObject([{ callId: call }]);
    expect(bench.orders('stop-recording')).toMatchObject([{ callId: call }]);
    expect(bench.orders('play')).toMatchObject([{ callId: line, sounds: ['wrap-up'] }]);
    expect(bench.said('call-changed').at(-1)).toMatchObject({ state: 'greeting', from: 'talking' });
    bench.input({ type: 'greeting-ended', callId: call, by: 'beep' });
    const [message] = bench.orders('play');
    expect(message).toMatchObject({ callId: call, sounds: ['message'], mixing: 'replace' });
    bench.say({ type: 'playback-finished', playbackId: message!.playbackId, callId: call, outcome: 'played' });
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'message-left', verdict: 'machine', agentId: undefined, talkMs: 0 }]);
    expect(bench.said('disposition-set')).toEqual([]);
  });

  it('takes back what is being joined, and pays no heed to the join that comes true', () => {
    const [bridge] = bench.orders('bridge');
    bench.verdict(call, 'fax');
    expect(bench.statesOf(ANN).slice(-2)).toEqual(['reserved', 'available']);
    bench.say({ type: 'call-bridged', bridgeId: bridge!.bridgeId, callId: call });
    expect(bench.said('call-connected')).toEqual([]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'fax' }]);
  });

  it.each(['screening', 'menu', 'intercept', 'busy', 'ringing', 'silence'] as const)('takes back %s', (verdict) => {
    bench.connect(call);
    bench.verdict(call, verdict);
    expect(bench.said('call-taken-back')).toMatchObject([{ verdict }]);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
  });

  it('leaves the agent what the campaign wants connected', () => {
    answeredIn({ answerHandling: 'connect-at-answer', onSilence: 'connect', onScreening: 'connect' });
    bench.connect(call);
    bench.verdict(call, 'silence');
    expect(bench.said('call-taken-back')).toEqual([]);
    expect(bench.take('stop-analysis')).toHaveLength(1);
  });

  it('takes nothing back once the agent has keyed anything, and still writes down who answered', () => {
    bench.connect(call);
    bench.keys(line, '5');
    bench.verdict(call, 'machine');
    expect(bench.said('call-taken-back')).toEqual([]);
    expect(bench.said('call-analysed')).toMatchObject([{ verdict: 'machine' }]);
    expect(bench.take('stop-analysis')).toHaveLength(1);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ verdict: 'machine', agentId: ANN }]);
  });

  it('takes nothing back once the agent has had it for as long as the campaign says', () => {
    answeredIn({ answerHandling: 'connect-at-answer', takeBackLimitMs: 3000 });
    bench.connect(call);
    bench.pass(3000);
    bench.verdict(call, 'machine');
    expect(bench.said('call-taken-back')).toEqual([]);
  });

  it('takes nothing back while the switch is away, nor for what was heard in the gap', () => {
    bench.connect(call);
    bench.say({ type: 'switch-lost', reason: 'cut' });
    bench.verdict(call, 'silence');
    expect(bench.said('call-taken-back')).toEqual([]);
    expect(bench.orders('unbridge')).toEqual([]);
  });

  it('leaves the call with the agent when it cannot be heard any more', () => {
    bench.connect(call);
    bench.say({ type: 'tap-lost', callId: call, reason: 'no tap is free' });
    bench.verdict(call, 'silence');
    expect(bench.said('call-taken-back')).toEqual([]);
    expect(bench.take('stop-analysis')).toHaveLength(1);
  });

  it('holds the call until it is decided when the join fails, and hears it by a tap', () => {
    const [command] = bench.orders('bridge');
    bench.keys(line, '*11');
    bench.say({ type: 'command-failed', command: command!, failure: 'refused', detail: 'no such bridge' });
    expect(bench.said('call-changed').at(-1)).toMatchObject({ state: 'analysing', from: 'connecting' });
    expect(bench.orders('tap')).toMatchObject([{ callId: call }]);
    bench.pass(2500);
    expect(bench.said('call-abandoned')).toEqual([]);
    bench.verdict(call, 'person');
    expect(bench.said('call-changed').at(-1)).toMatchObject({ state: 'waiting' });
  });

  it('holds the call where no agent is free', () => {
    bench = new DialerBench(dialerConfig({ answerHandling: 'connect-at-answer' }));
    bench.start();
    line = bench.logIn(ANN);
    const [dialled] = bench.write();
    bench.keys(line, '*11');
    bench.orders('bridge');
    bench.say({ type: 'call-answered', callId: dialled! });
    expect(bench.orders('tap')).toMatchObject([{ callId: dialled }]);
    bench.keys(line, '*2');
    expect(bench.orders('bridge')).toEqual([]);
  });

  it('holds the call on a switch that lets none be heard in a bridge', () => {
    answeredIn({ answerHandling: 'connect-at-answer' }, { hasEarlyMedia: true, hasTapWhileBridged: false });
    expect(bench.orders('tap')).toMatchObject([{ callId: call }]);
    expect(bench.take('analyse-answer')).toMatchObject([{ listening: { decisionLimitMs: 8000 } }]);
    expect(bench.orders('bridge').filter((order) => order.callId === call)).toEqual([]);
    bench.verdict(call, 'unsure');
    expect(bench.orders('bridge').filter((order) => order.callId === call)).toMatchObject([{ callId: call }]);
    expect(bench.take('stop-analysis')).toHaveLength(1);
  });
});

describe('connect-probable', () => {
  beforeEach(() => answeredIn({ answerHandling: 'connect-probable' }));

  it('connects at the probable verdict, and a decided machine takes it back', () => {
    expect(bench.orders('tap')).toMatchObject([{ callId: call }]);
    bench.verdict(call, 'person', 'probable');
    bench.connect(call);
    bench.verdict(call, 'machine');
    expect(bench.said('call-taken-back')).toHaveLength(1);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'machine-hung-up' }]);
  });

  it('has the call wait undecided for the next free agent, without the safe-harbour limit', () => {
    answeredIn({ answerHandling: 'connect-probable' });
    bench.keys(line, '*11');
    bench.verdict(call, 'person', 'probable');
    bench.pass(2500);
    expect(bench.said('call-abandoned')).toEqual([]);
    bench.keys(line, '*2');
    bench.connect(call);
    expect(bench.said('call-connected')).toHaveLength(1);
  });
});

describe('hold', () => {
  beforeEach(() => answeredIn({ answerHandling: 'hold', onMachine: 'leave-message' }));

  it('connects at no probable verdict', () => {
    bench.verdict(call, 'person', 'probable');
    expect(bench.orders('bridge').filter((order) => order.callId === call)).toEqual([]);
  });

  it('connects in doubt and takes back what is revised', () => {
    bench.verdict(call, 'unsure');
    bench.connect(call);
    bench.pass(4000);
    bench.verdict(call, 'machine', 'revised');
    expect(bench.said('call-taken-back')).toMatchObject([{ heldMs: 4000 }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ verdict: 'machine' }]);
  });

  it('takes back no decided person', () => {
    bench.verdict(call, 'person');
    bench.connect(call);
    bench.verdict(call, 'machine', 'revised');
    expect(bench.said('call-taken-back')).toEqual([]);
  });

  it('puts a person through who lifts during the machine’s greeting', () => {
    bench.verdict(call, 'machine');
    bench.verdict(call, 'person', 'revised');
    bench.connect(call);
    expect(bench.said('call-connected')).toMatchObject([{ callId: call }]);
    bench.pass(60_000);
    expect(bench.orders('play').filter((play) => play.callId === call)).toEqual([]);
  });

  it('weighs a lost person as the campaign says, and waits longer for silence that is hung up on', () => {
    const [command] = bench.take('analyse-answer').slice(-1);
    expect(command).toMatchObject({ listening: { machineProbabilityMin: 0.995, silenceLimitMs: 4500, decisionLimitMs: 8000, keepsSnippet: false } });
    answeredIn({ lostPersonCost: 99, onSilence: 'connect', keepsDisputedSnippets: true });
    expect(bench.take('analyse-answer').at(-1)).toMatchObject({ listening: { machineProbabilityMin: 0.99, silenceLimitMs: 3000, keepsSnippet: true } });
  });
});

describe('the agent’s word', () => {
  const disposition = { name: 'answering machine', effect: 'redial', answeredBy: 'machine' } as const;

  it('against the verdict has the audio kept, where the campaign keeps it', () => {
    answeredIn({ keepsDisputedSnippets: true, dispositionByDigit: { '8': disposition, '1': { name: 'sale', effect: 'complete' } } });
    bench.verdict(call, 'person');
    bench.connect(call);
    bench.end(call);
    bench.keys(line, '8');
    expect(bench.said('disposition-set')).toMatchObject([{ answeredBy: 'machine' }]);
    expect(bench.take('keep-snippet')).toEqual([{ type: 'keep-snippet', callId: call }]);
    bench.input({ type: 'snippet-kept', callId: call, path: 'snippets/x.wav' });
    expect(bench.said('snippet-kept')).toMatchObject([{ callId: call, path: 'snippets/x.wav' }]);
  });

  it('is a person where the disposition does not say, and nothing where he said nothing', () => {
    answeredIn({ keepsDisputedSnippets: true });
    bench.verdict(call, 'person');
    bench.connect(call);
    bench.end(call);
    bench.keys(line, '2');
    expect(bench.said('disposition-set')).toMatchObject([{ answeredBy: 'person' }]);
    const next = bench.answer();
    bench.verdict(next, 'person');
    bench.connect(next);
    bench.end(next);
    bench.pass(10_000);
    expect(bench.said('disposition-set').at(-1)).toMatchObject({ isByAgent: false });
    expect(bench.said('disposition-set').at(-1)?.answeredBy).toBeUndefined();
    expect(bench.take('keep-snippet')).toEqual([]);
  });
});

it('raises an alarm while calls are analysed worse than they should be', () => {
  bench.input({ type: 'analysis-degraded', detail: 'the speech model is missing' });
  expect(bench.said('alarm-raised')).toMatchObject([{ alarm: 'analysis-degraded', detail: 'the speech model is missing' }]);
  bench.input({ type: 'analysis-degraded', detail: undefined });
  expect(bench.said('alarm-cleared')).toMatchObject([{ alarm: 'analysis-degraded' }]);
});

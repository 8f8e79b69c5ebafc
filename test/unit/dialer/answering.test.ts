import { beforeEach, describe, expect, it } from 'vitest';
import { ANN, BOB, campaignConfig, DialerBench, dialerConfig } from './dialer-bench.js';

let bench: DialerBench;
beforeEach(() => {
  bench = new DialerBench();
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
    expect(bench.statesOf(ANN)).toEqual(['logging-in', 'available', 'reserved', 'on-call']);
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

  it('goes to the other agent when joining fails twice, which takes the first one off the line', () => {
    bench.start();
    const line = bench.logIn(ANN);
    const call = bench.answer();
    bench.verdict(call, 'person');
    for (let count = 1; count <= 2; count += 1) {
      const [command] = bench.orders('bridge').filter((order) => order.callId === call);
      bench.say({ type: 'command-failed', command: command!, failure: 'refused', detail: 'no such bridge' });
    }
    expect(bench.statesOf(ANN).at(-1)).toBe('offline');
    expect(bench.orders('hang-up')).toMatchObject([{ callId: line }]);
    bench.logIn(BOB, '1002');
    bench.connect(call);
    expect(bench.said('call-connected')).toMatchObject([{ agentId: BOB }]);
  });

  it('waits again when the reserved agent is lost', () => {
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
    bench.verdict(call, 'intercept');
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

  it('is left alone when a greeting is said to end after a person was found', () => {
    // A campaign without a message for machines once rang off a person by this news, in the middle of the talk.
    bench = new DialerBench(dialerConfig({ machineMessage: undefined }));
    const { call } = bench.talk(ANN);
    bench.input({ type: 'greeting-ended', callId: call, by: 'silence' });
    expect(bench.orders('hang-up')).toEqual([]);
    expect(bench.said('late-noted').at(-1)).toMatchObject({ callId: call });
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'contact-hung-up' }]);
  });
});

describe('a call that rings on after its answer', () => {
  beforeEach(() => bench.start());

  it('is let ring out, and is then a false answer of the carrier', () => {
    bench.logIn(ANN);
    const call = bench.answer();
    bench.pass(3000);
    bench.verdict(call, 'ringing');
    bench.pass(campaignConfig().ringTimeoutMs - 3001);
    expect(bench.orders('hang-up')).toEqual([]);
    bench.pass(1);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'false-answer' }]);
  });

  it('goes to an agent when somebody lifts after all', () => {
    bench.logIn(ANN);
    const call = bench.answer();
    bench.pass(3000);
    bench.verdict(call, 'ringing');
    bench.pass(6000);
    bench.verdict(call, 'person', 'revised');
    bench.connect(call);
    expect(bench.said('call-connected')).toMatchObject([{ callId: call, agentId: ANN }]);
    bench.pass(60_000);
    expect(bench.orders('hang-up')).toEqual([]);
  });
});

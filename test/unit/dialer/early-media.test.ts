import { beforeEach, describe, expect, it } from 'vitest';
import type { EarlyMedia } from '../../../src/dialer/input.js';
import type { CallId } from '../../../src/units/ids.js';
import { ANN, DialerBench, dialerConfig } from './dialer-bench.js';

let bench: DialerBench;
let call: CallId;

const hear = (heard: EarlyMedia, detail?: string): void =>
  bench.input({ type: 'early-media-analysed', callId: call, heard, detail, reason: 'three tones' });

/** A call that is dialled and sends audio. */
function dialled(): void {
  bench.start();
  bench.logIn(ANN);
  bench.commands = bench.commands.filter(({ type }) => type === 'write-attempt');
  for (const { callId } of bench.take('write-attempt')) bench.input({ type: 'attempt-written', callId });
  const [originate] = bench.take('originate');
  call = originate!.callId;
  expect(originate!.wantsEarlyMedia).toBe(true);
  bench.say({ type: 'call-early-media', callId: call });
}

beforeEach(() => {
  bench = new DialerBench();
});

describe('audio before the answer', () => {
  it('is tapped and listened to, and the answer is listened to afresh', () => {
    dialled();
    expect(bench.take('analyse-answer')).toMatchObject([{ callId: call, listening: { phase: 'early-media' } }]);
    expect(bench.orders('tap')).toMatchObject([{ callId: call }]);
    hear('ringing');
    bench.say({ type: 'call-answered', callId: call });
    expect(bench.take('analyse-answer')).toMatchObject([{ callId: call, listening: { phase: 'answered' } }]);
    bench.verdict(call, 'person');
    bench.connect(call);
    expect(bench.said('early-media-heard')).toMatchObject([{ callId: call, heard: 'ringing', reason: 'three tones' }]);
  });

  it.each([
    ['intercept', 'vacant-code', 'unallocated-number', 'closed'],
    ['intercept', 'intercept', 'unallocated-number', 'closed'],
    ['intercept', undefined, 'unallocated-number', 'closed'],
    ['intercept', 'no-circuit', 'congestion', 'redial'],
    ['intercept', 'reorder', 'congestion', 'redial'],
    ['busy', 'busy', 'busy', 'redial'],
    ['busy', 'reorder', 'congestion', 'redial'],
  ] as const)('%s of class %s ends the attempt unanswered as %s: %s', (heard, detail, cause, outcome) => {
    dialled();
    hear(heard, detail);
    expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
    bench.end(call);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause }]);
    expect(bench.said('contact-settled')).toMatchObject([{ outcome }]);
    expect(bench.said('call-answered')).toEqual([]);
  });

  it('that is an announcement explains an end that the carrier does not, and no other', () => {
    dialled();
    hear('announcement');
    expect(bench.orders('hang-up')).toEqual([]);
    bench.end(call, 31, 480);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'announcement' }]);
    bench = new DialerBench();
    dialled();
    hear('announcement');
    bench.end(call, 1, 404);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'unallocated-number' }]);
    bench = new DialerBench();
    dialled();
    hear('announcement');
    bench.pass(60_000);
    bench.end(call, 19);
    expect(bench.said('attempt-ended')).toMatchObject([{ cause: 'announcement' }]);
  });

  it('that comes too late changes nothing', () => {
    dialled();
    bench.say({ type: 'call-answered', callId: call });
    hear('intercept', 'vacant-code');
    expect(bench.orders('hang-up')).toEqual([]);
    expect(bench.said('early-media-heard')).toEqual([]);
  });

  it.each([
    [{ listensBeforeAnswer: false }, true],
    [{ isAnalysed: false }, true],
    [{}, false],
  ] as const)('is not asked for with %j where the switch has it: %s', (changes, hasEarlyMedia) => {
    bench = new DialerBench(dialerConfig(changes));
    bench.abilities = { hasEarlyMedia, hasTapWhileBridged: true };
    bench.start();
    bench.logIn(ANN);
    for (const { callId } of bench.take('write-attempt')) bench.input({ type: 'attempt-written', callId });
    expect(bench.take('originate')).toMatchObject([{ wantsEarlyMedia: false }]);
  });
});

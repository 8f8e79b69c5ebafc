import { beforeEach, expect, it } from 'vitest';
import { ANN, DialerBench } from './dialer-bench.js';

let bench: DialerBench;
beforeEach(() => {
  bench = new DialerBench();
  bench.start();
  bench.logIn(ANN);
});

it('ends a call that is said to be answered before it was dialled, and never dials it', () => {
  const [attempt] = bench.take('write-attempt');
  bench.say({ type: 'call-answered', callId: attempt!.callId });
  expect(bench.orders('hang-up')).toMatchObject([{ callId: attempt!.callId }]);
  expect(bench.said('alarm-raised')).toMatchObject([{ alarm: 'impossible-event' }]);
  expect(bench.said('attempt-ended')).toMatchObject([{ callId: attempt!.callId, cause: 'impossible-event' }]);
  bench.input({ type: 'attempt-written', callId: attempt!.callId });
  expect(bench.take('originate').map((originate) => originate.callId)).not.toContain(attempt!.callId);
});

it('rings off a live call that is given news it cannot have, once, and goes on with the next contact', () => {
  const [call] = bench.write();
  bench.input({ type: 'attempt-written', callId: call! });
  expect(bench.orders('hang-up')).toMatchObject([{ callId: call }]);
  bench.end(call!);
  expect(bench.said('attempt-ended')).toMatchObject([{ callId: call, cause: 'impossible-event' }]);
  bench.pass(100);
  expect(bench.write()).toHaveLength(1);
});

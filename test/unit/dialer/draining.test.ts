import { expect, it } from 'vitest';
import { ANN, BOB, DialerBench } from './dialer-bench.js';

it('rings off what nobody has answered when the service is shut down, and leaves talks alone', () => {
  const bench = new DialerBench();
  bench.start();
  bench.logIn(ANN);
  const talk = bench.answer();
  bench.verdict(talk, 'person');
  bench.connect(talk);
  bench.logIn(BOB, '1002');
  bench.pass(100);
  const [ringing] = bench.write();
  bench.say({ type: 'call-ringing', callId: ringing! });
  bench.commands = [];
  bench.input({ type: 'drain-ordered' });
  expect(bench.orders('hang-up')).toMatchObject([{ callId: ringing }]);
  bench.end(ringing!);
  expect(bench.said('attempt-ended')).toMatchObject([{ callId: ringing, cause: 'cancelled' }]);
  expect(bench.said('contact-settled')).toMatchObject([{ outcome: 'redial', isCounted: false }]);
  expect(bench.write()).toEqual([]);
});

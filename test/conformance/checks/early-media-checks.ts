import type { CallId } from '../../../src/units/ids.js';
import type { Ms } from '../../../src/units/time.js';
import type { Switch, SwitchCommandBody } from '../../../src/telephony/switch.js';
import type { CheckLine, SwitchBench, SwitchCheck, TestDestination } from '../switch-harness.js';
import { dial, endCount, freshBridge, freshCall, hangUp, indexOf, must, ofType, order, orderInVain, seen } from '../check-tools.js';

const withoutEarlyMedia = (_bench: SwitchBench, backend: Switch): string | undefined =>
  backend.capabilities.hasEarlyMedia ? undefined : 'The backend hears nothing before the answer.';

const dialEarly = (line: CheckLine, destination: TestDestination, id: CallId, ringTimeoutMs?: Ms): SwitchCommandBody => ({
  ...dial(line, destination, id, ringTimeoutMs),
  wantsEarlyMedia: true,
});

/** Hearing a far end that has not answered. */
export const earlyMediaChecks: readonly SwitchCheck[] = [
  {
    name: 'early media is told once, can be tapped, and a refusal after it ends the call unanswered',
    skip: withoutEarlyMedia,
    run: async (line) => {
      const call = freshCall();
      await order(line, dialEarly(line, 'early-media', call));
      await seen(line, 'call-early-media', (event) => event.callId === call);
      await order(line, { type: 'tap', callId: call });
      const ended = await seen(line, 'call-ended', (event) => event.callId === call);
      must(ended.q850 === 1, `It ended with Q.850 ${String(ended.q850)} (${ended.nativeCause}).`);
      if (line.switch.capabilities.hasSipCodes) must(ended.sipCode === 404, `It ended with SIP ${String(ended.sipCode)}.`);
      must(ofType(line, 'call-answered').length === 0, 'Early media counted as an answer.');
      must(ofType(line, 'call-early-media').length === 1, 'Early media was not told exactly once.');
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'a call with early media is answered once, after it, and can be bridged then',
    skip: withoutEarlyMedia,
    run: async (line) => {
      const call = freshCall();
      const bridge = freshBridge();
      await order(line, dialEarly(line, 'early-then-answers', call));
      await seen(line, 'call-early-media', (event) => event.callId === call);
      await order(line, { type: 'tap', callId: call });
      await seen(line, 'call-answered', (event) => event.callId === call);
      const early = indexOf(line, 'call-early-media', (event) => event.type === 'call-early-media');
      const answered = indexOf(line, 'call-answered', (event) => event.type === 'call-answered');
      must(early < answered, 'The answer came before the early media.');
      await order(line, { type: 'open-bridge', bridgeId: bridge });
      await order(line, { type: 'bridge', bridgeId: bridge, callId: call });
      await seen(line, 'call-bridged', (event) => event.callId === call && event.bridgeId === bridge);
      await hangUp(line, call);
      must(ofType(line, 'call-answered').length === 1, 'It was not answered exactly once.');
      must(ofType(line, 'call-early-media').length === 1, 'Early media was not told exactly once.');
    },
  },
  {
    name: 'early media is told only of calls whose originate wanted it',
    skip: withoutEarlyMedia,
    run: async (line) => {
      const call = freshCall();
      await order(line, dial(line, 'early-media', call));
      await seen(line, 'call-ended', (event) => event.callId === call);
      must(ofType(line, 'call-early-media').length === 0, 'Early media was told though nobody wanted it.');
    },
  },
  {
    name: 'wanting early media changes nothing for who rings and answers, is busy, or never answers',
    skip: withoutEarlyMedia,
    run: async (line) => {
      const [answering, busy, silent] = [freshCall(), freshCall(), freshCall()];
      await order(line, dialEarly(line, 'answers-after-ring', answering));
      await order(line, dialEarly(line, 'busy', busy));
      await order(line, dialEarly(line, 'no-answer', silent, 2_000));
      await seen(line, 'call-answered', (event) => event.callId === answering);
      const ringing = indexOf(line, 'call-ringing', (event) => event.type === 'call-ringing' && event.callId === answering);
      const answered = indexOf(line, 'call-answered', (event) => event.type === 'call-answered' && event.callId === answering);
      must(ringing < answered, 'The answer came before the ringing.');
      const refused = await seen(line, 'call-ended', (event) => event.callId === busy);
      must(refused.q850 === 17, `The busy one ended with Q.850 ${String(refused.q850)}.`);
      const cancelled = await seen(line, 'call-ended', (event) => event.callId === silent);
      must(cancelled.q850 === 19, `The one that rang in vain ended with Q.850 ${String(cancelled.q850)}.`);
      await hangUp(line, answering);
      must(ofType(line, 'call-answered').length === 1, 'There was not exactly one answer.');
      must(ofType(line, 'call-early-media').length === 0, 'Early media was told of a call without any.');
    },
  },
  {
    name: 'a call with early media that we cancel ends once with the cause that we gave',
    skip: withoutEarlyMedia,
    run: async (line) => {
      const call = freshCall();
      await order(line, dialEarly(line, 'early-media', call));
      await seen(line, 'call-early-media', (event) => event.callId === call);
      const ended = await hangUp(line, call);
      must(ended.q850 === 16, `It ended with Q.850 ${String(ended.q850)}.`);
      await orderInVain(line, { type: 'tap', callId: call }, 'gone');
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'dialling with early media on a trunk whose peer is not reachable fails with trunk-down',
    skip: withoutEarlyMedia,
    run: async (line) => {
      const call = freshCall();
      await orderInVain(line, { ...dial(line, 'early-media', call), trunk: line.bench.downTrunk, wantsEarlyMedia: true }, 'trunk-down');
      must(endCount(line, call) === 0, 'A call that never was has ended.');
    },
  },
];

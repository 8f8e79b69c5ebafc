import { KEYS_TO_READ } from '../../../src/cli/lab/fixed-numbers.js';
import type { Switch, SwitchCapabilities, SwitchCommandBody } from '../../../src/telephony/switch.js';
import type { CallId } from '../../../src/units/ids.js';
import type { CheckLine, SwitchBench, SwitchCheck } from '../switch-harness.js';
import {
  answeredCall,
  bridgedCall,
  dial,
  endCount,
  freshCall,
  freshPath,
  give,
  hangUp,
  must,
  ofType,
  order,
  orderInVain,
  replies,
  seen,
  SETTLE_MS,
} from '../check-tools.js';
import { withNextSwitch } from '../open-line.js';

const withoutHold = (_bench: SwitchBench, backend: Switch): string | undefined =>
  backend.capabilities.hasHoldingAudio ? undefined : 'The backend has no holding music.';

/** Holding calls and sending keys. */
export const holdChecks: readonly SwitchCheck[] = [
  {
    name: 'a call on hold leaves its bridge, stays up, and can be bridged again',
    skip: withoutHold,
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      await order(line, { type: 'hold', callId: call });
      await seen(line, 'call-unbridged', (event) => event.callId === call && event.bridgeId === bridge);
      await order(line, { type: 'hold', callId: call });
      await order(line, { type: 'bridge', bridgeId: bridge, callId: call });
      await line.bench.until('the second bridging', () => ofType(line, 'call-bridged')[1]);
      must(endCount(line, call) === 0, 'The call ended of being held.');
      await hangUp(line, call);
      must(ofType(line, 'call-unbridged').length === 2, 'It did not leave its bridge twice: for the hold and at its end.');
    },
  },
  {
    name: 'a call that is unheld is up and in no bridge, and is not on hold any more',
    skip: withoutHold,
    run: async (line) => {
      const { call } = await bridgedCall(line);
      await order(line, { type: 'hold', callId: call });
      await order(line, { type: 'unhold', callId: call });
      await orderInVain(line, { type: 'unhold', callId: call }, 'gone');
      must(endCount(line, call) === 0, 'The call ended of being unheld.');
      must(ofType(line, 'call-bridged').length === 1, 'It went back into a bridge by itself.');
      await hangUp(line, call);
    },
  },
  {
    name: 'hold and unhold of a call that is gone or not answered fail',
    skip: withoutHold,
    run: async (line) => {
      await orderInVain(line, { type: 'hold', callId: freshCall() }, 'gone');
      await orderInVain(line, { type: 'unhold', callId: freshCall() }, 'gone');
      const ringing = freshCall();
      await order(line, dial(line, 'no-answer', ringing));
      await orderInVain(line, { type: 'hold', callId: ringing }, 'refused');
      await hangUp(line, ringing);
    },
  },
  {
    name: 'hold, bridge and hold given at one go end on hold with one reply each',
    skip: withoutHold,
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      const ids = [
        give(line, { type: 'hold', callId: call }),
        give(line, { type: 'bridge', bridgeId: bridge, callId: call }),
        give(line, { type: 'hold', callId: call }),
      ];
      await line.bench.until('a reply to each', () => (ids.every((id) => replies(line, id).length > 0) ? true : undefined));
      await line.bench.pass(SETTLE_MS);
      for (const id of ids) must(replies(line, id).length === 1, 'A command had more than one reply.');
      must(ids.every((id) => replies(line, id)[0]?.type === 'command-done'), 'One of them was not done.');
      const bridged = ofType(line, 'call-bridged').length;
      must(ofType(line, 'call-unbridged').length === bridged, 'The call is in its bridge though the last word was hold.');
      await order(line, { type: 'unhold', callId: call });
      await hangUp(line, call);
    },
  },
  {
    name: 'keys that we send reach the far end as they are, and no others do',
    run: async (line) => {
      const other = await answeredCall(line, 'reads-keys');
      const right = await answeredCall(line, 'reads-keys');
      await order(line, { type: 'send-digits', callId: other, digits: [...KEYS_TO_READ].reverse().join('') });
      await order(line, { type: 'send-digits', callId: right, digits: KEYS_TO_READ });
      const ended = await seen(line, 'call-ended', (event) => event.callId === right);
      must(ended.q850 === 16, `It ended with Q.850 ${String(ended.q850)}.`);
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, other) === 0, 'Other keys counted as the right ones.');
      await hangUp(line, other);
    },
  },
  {
    name: 'keys that are none, and keys to a call that is gone or not answered, fail',
    run: async (line) => {
      const call = await answeredCall(line);
      for (const digits of ['', '12x', '1 2', '1'.repeat(41)]) {
        await orderInVain(line, { type: 'send-digits', callId: call, digits }, 'refused');
      }
      await hangUp(line, call);
      await orderInVain(line, { type: 'send-digits', callId: call, digits: '1' }, 'gone');
      const ringing = freshCall();
      await order(line, dial(line, 'no-answer', ringing));
      await orderInVain(line, { type: 'send-digits', callId: ringing, digits: '1' }, 'refused');
      await hangUp(line, ringing);
    },
  },
  {
    name: 'what a site has left out fails as unsupported, and calls are as ever',
    run: async (line) => {
      await withNextSwitch(line, line.bench.createBareSwitch, async (bare) => {
        const call = await answeredCall(bare);
        const lacking = lackingOf(bare, call);
        must(lacking.length > 0, 'A switch without call audio and recordings says that it can do everything.');
        for (const body of lacking) await orderInVain(bare, body, 'unsupported');
        await hangUp(bare, call);
      });
    },
  },
];

/** A command for each capability that is off. */
function lackingOf(line: CheckLine, callId: CallId): readonly SwitchCommandBody[] {
  const { capabilities } = line.switch;
  const needs: readonly (readonly [keyof SwitchCapabilities, SwitchCommandBody])[] = [
    ['hasAudioTap', { type: 'tap', callId }],
    ['hasStereoRecording', { type: 'start-recording', callId, path: freshPath() }],
    ['hasHoldingAudio', { type: 'hold', callId }],
    ['hasSupervision', { type: 'supervise', callId, targetCallId: freshCall(), mode: 'listen' }],
    ['hasEarlyMedia', { ...dial(line, 'early-media', freshCall()), wantsEarlyMedia: true }],
  ];
  return needs.flatMap(([capability, body]) => (capabilities[capability] ? [] : [body]));
}

import type { CallId } from '../../../src/units/ids.js';
import type { Switch, SupervisionMode } from '../../../src/telephony/switch.js';
import type { CheckLine, SwitchBench, SwitchCheck } from '../switch-harness.js';
import {
  answeredCall,
  bridgedCall,
  dial,
  endCount,
  freshBridge,
  freshCall,
  hangUp,
  must,
  ofType,
  order,
  orderInVain,
  seen,
  SETTLE_MS,
} from '../check-tools.js';

const withoutSupervision = (_bench: SwitchBench, backend: Switch): string | undefined =>
  backend.capabilities.hasSupervision ? undefined : 'The backend has no supervision.';

const supervise = (line: CheckLine, supervisor: CallId, target: CallId, mode: SupervisionMode): Promise<void> =>
  order(line, { type: 'supervise', callId: supervisor, targetCallId: target, mode });

/** Waits for the end of a supervision and holds that it is told once and of the right call. */
async function endedOnce(line: CheckLine, supervisor: CallId, target: CallId): Promise<void> {
  const ended = await seen(line, 'supervision-ended', (event) => event.callId === supervisor);
  must(ended.targetCallId === target, 'supervision-ended names another call than the one that was followed.');
  await line.bench.pass(SETTLE_MS);
  const count = ofType(line, 'supervision-ended').length;
  must(count === 1, `supervision-ended was told ${String(count)} times.`);
}

/** Following calls and ceasing to. What is heard meanwhile, the checks by ear tell. */
export const supervisionChecks: readonly SwitchCheck[] = [
  {
    name: 'a supervisor changes from mode to mode and stops, and only the stopping is told',
    skip: withoutSupervision,
    run: async (line) => {
      const { call: target, bridge } = await bridgedCall(line);
      const supervisor = await answeredCall(line);
      for (const mode of ['listen', 'whisper', 'barge', 'listen'] as const) await supervise(line, supervisor, target, mode);
      await line.bench.pass(SETTLE_MS);
      must(ofType(line, 'supervision-ended').length === 0, 'A mere change of mode was told as an end of supervision.');
      must(ofType(line, 'call-unbridged').length === 0, 'The supervision parted the conversation.');
      await order(line, { type: 'stop-supervising', callId: supervisor });
      await endedOnce(line, supervisor, target);
      await orderInVain(line, { type: 'stop-supervising', callId: supervisor }, 'gone');
      must(endCount(line, supervisor) === 0, "The supervisor's call ended with the supervision.");
      await order(line, { type: 'bridge', bridgeId: bridge, callId: supervisor });
      await seen(line, 'call-bridged', (event) => event.callId === supervisor && event.bridgeId === bridge);
      await hangUp(line, target);
      await hangUp(line, supervisor);
    },
  },
  {
    name: 'a supervisor leaves the bridge that he was in',
    skip: withoutSupervision,
    run: async (line) => {
      const { call: supervisor, bridge } = await bridgedCall(line);
      const target = await answeredCall(line);
      await supervise(line, supervisor, target, 'listen');
      await seen(line, 'call-unbridged', (event) => event.callId === supervisor && event.bridgeId === bridge);
      await hangUp(line, supervisor);
      await hangUp(line, target);
    },
  },
  {
    name: 'the end of the call that is followed ends the supervision once, and the supervisor stays up',
    skip: withoutSupervision,
    run: async (line) => {
      const { call: target } = await bridgedCall(line);
      const supervisor = await answeredCall(line);
      await supervise(line, supervisor, target, 'whisper');
      await hangUp(line, target);
      await endedOnce(line, supervisor, target);
      must(endCount(line, supervisor) === 0, "The supervisor's call ended with the one that he followed.");
      await orderInVain(line, { type: 'stop-supervising', callId: supervisor }, 'gone');
      await hangUp(line, supervisor);
    },
  },
  {
    name: 'a supervisor who is bridged elsewhere follows nobody any more, told once',
    skip: withoutSupervision,
    run: async (line) => {
      const target = await answeredCall(line);
      const supervisor = await answeredCall(line);
      await supervise(line, supervisor, target, 'listen');
      const bridge = freshBridge();
      await order(line, { type: 'open-bridge', bridgeId: bridge });
      await order(line, { type: 'bridge', bridgeId: bridge, callId: supervisor });
      await seen(line, 'call-bridged', (event) => event.callId === supervisor && event.bridgeId === bridge);
      await endedOnce(line, supervisor, target);
      await hangUp(line, supervisor);
      await hangUp(line, target);
    },
  },
  {
    name: 'the end of the supervisor ends the supervision once and leaves the call that he followed',
    skip: withoutSupervision,
    run: async (line) => {
      const target = await answeredCall(line);
      const supervisor = await answeredCall(line);
      await supervise(line, supervisor, target, 'barge');
      await hangUp(line, supervisor);
      await endedOnce(line, supervisor, target);
      must(endCount(line, target) === 0, 'The call that was followed ended with the supervisor.');
      await hangUp(line, target);
    },
  },
  {
    name: 'a supervisor turns to another call, and the end of the former one is nothing to him',
    skip: withoutSupervision,
    run: async (line) => {
      const first = await answeredCall(line);
      const second = await answeredCall(line);
      const supervisor = await answeredCall(line);
      await supervise(line, supervisor, first, 'listen');
      await supervise(line, supervisor, second, 'listen');
      await hangUp(line, first);
      await line.bench.pass(SETTLE_MS);
      must(ofType(line, 'supervision-ended').length === 0, 'The end of a call that he no longer follows was told as his.');
      await hangUp(line, second);
      await endedOnce(line, supervisor, second);
      await hangUp(line, supervisor);
    },
  },
  {
    name: 'supervision of or by a call that is gone, by one that is not answered, and of oneself fail',
    skip: withoutSupervision,
    run: async (line) => {
      const call = await answeredCall(line);
      const ringing = freshCall();
      const mode = 'listen';
      await order(line, dial(line, 'no-answer', ringing));
      await orderInVain(line, { type: 'supervise', callId: call, targetCallId: freshCall(), mode }, 'gone');
      await orderInVain(line, { type: 'supervise', callId: freshCall(), targetCallId: call, mode }, 'gone');
      await orderInVain(line, { type: 'supervise', callId: ringing, targetCallId: call, mode }, 'refused');
      await orderInVain(line, { type: 'supervise', callId: call, targetCallId: call, mode }, 'refused');
      await orderInVain(line, { type: 'stop-supervising', callId: call }, 'gone');
      await line.bench.pass(SETTLE_MS);
      must(ofType(line, 'supervision-ended').length === 0, 'A supervision that never began has ended.');
      await hangUp(line, ringing);
      await hangUp(line, call);
    },
  },
];

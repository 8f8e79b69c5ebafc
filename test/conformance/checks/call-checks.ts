import type { SwitchCheck, TestDestination } from '../switch-harness.js';
import {
  answeredCall,
  ask,
  dial,
  endCount,
  freshBridge,
  freshCall,
  freshPlayback,
  give,
  hangUp,
  indexOf,
  must,
  order,
  orderInVain,
  replies,
  seen,
  SETTLE_MS,
} from '../check-tools.js';

interface Refused {
  readonly destination: TestDestination;
  readonly q850: readonly number[];
  readonly sipCode: number;
}

/** What each number must end with, the same on every switch. */
const REFUSED: readonly Refused[] = [
  { destination: 'busy', q850: [17], sipCode: 486 },
  { destination: 'unallocated', q850: [1], sipCode: 404 },
  { destination: 'congestion', q850: [34, 42], sipCode: 503 },
];

const outcomeChecks: readonly SwitchCheck[] = REFUSED.map(({ destination, q850, sipCode }) => ({
  name: `originate to a number that is ${destination} ends with Q.850 ${q850.join(' or ')}`,
  run: async (line) => {
    const call = freshCall();
    await order(line, dial(line, destination, call));
    const ended = await seen(line, 'call-ended', (event) => event.callId === call);
    must(q850.includes(ended.q850), `It ended with Q.850 ${String(ended.q850)} (${ended.nativeCause}).`);
    must(ended.nativeCause !== '', 'The switch gave no words for the cause.');
    if (line.switch.capabilities.hasSipCodes) {
      must(ended.sipCode === sipCode, `It ended with SIP ${String(ended.sipCode)}, not ${String(sipCode)}.`);
    }
    const wasAnswered = line.events.some((event) => event.type === 'call-answered' && event.callId === call);
    must(!wasAnswered, 'A refused call counted as answered.');
    must(endCount(line, call) === 1, 'It did not end exactly once.');
  },
}));

/** Originating, answering and ending calls. */
export const callChecks: readonly SwitchCheck[] = [
  ...outcomeChecks,
  {
    name: 'a number that nobody answers is cancelled after the ring time with Q.850 19',
    run: async (line) => {
      const call = freshCall();
      await order(line, dial(line, 'no-answer', call, 3_000));
      await seen(line, 'call-ringing', (event) => event.callId === call);
      const ended = await seen(line, 'call-ended', (event) => event.callId === call, 15_000);
      must(ended.q850 === 19, `It ended with Q.850 ${String(ended.q850)} (${ended.nativeCause}).`);
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'a call that we cancel while it rings ends once with the cause that we gave',
    run: async (line) => {
      const call = freshCall();
      await order(line, dial(line, 'no-answer', call));
      await seen(line, 'call-ringing', (event) => event.callId === call);
      const ended = await hangUp(line, call);
      must(ended.q850 === 16, `It ended with Q.850 ${String(ended.q850)}.`);
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'ringing is told once and before the answer, under the id that we minted',
    run: async (line) => {
      const call = await answeredCall(line, 'answers-after-ring');
      const ringing = indexOf(line, 'call-ringing', (event) => event.type === 'call-ringing' && event.callId === call);
      const answered = indexOf(line, 'call-answered', (event) => event.type === 'call-answered' && event.callId === call);
      must(ringing < answered, 'The answer came before the ringing.');
      await line.bench.pass(SETTLE_MS);
      const answers = line.events.filter((event) => event.type === 'call-answered');
      must(answers.length === 1, `The call was answered ${String(answers.length)} times.`);
    },
  },
  {
    name: 'an answered call that we hang up ends once with Q.850 16',
    run: async (line) => {
      const call = await answeredCall(line);
      const ended = await hangUp(line, call);
      must(ended.q850 === 16, `It ended with Q.850 ${String(ended.q850)}.`);
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'a contact who hangs up ends the call once with Q.850 16',
    run: async (line) => {
      const call = await answeredCall(line, 'hangs-up-early');
      const ended = await seen(line, 'call-ended', (event) => event.callId === call);
      must(ended.q850 === 16, `It ended with Q.850 ${String(ended.q850)}.`);
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, call) === 1, 'It did not end exactly once.');
    },
  },
  {
    name: 'every command gets exactly one reply',
    run: async (line) => {
      const call = await answeredCall(line);
      const bridge = freshBridge();
      const playback = freshPlayback();
      const ids = [
        give(line, { type: 'open-bridge', bridgeId: bridge }),
        give(line, { type: 'bridge', bridgeId: bridge, callId: call }),
        give(line, { type: 'play', playbackId: playback, callId: call, sounds: [line.bench.sounds.long], mixing: 'replace' }),
        give(line, { type: 'stop-playing', playbackId: playback }),
        give(line, { type: 'unbridge', callId: call }),
        give(line, { type: 'close-bridge', bridgeId: bridge }),
        give(line, { type: 'hang-up', callId: call, q850: 16 }),
        give(line, dial(line, 'busy', freshCall())),
        give(line, { type: 'answer', callId: freshCall() }),
      ];
      await line.bench.until('a reply to each command', () =>
        ids.every((id) => replies(line, id).length > 0) ? true : undefined,
      );
      await line.bench.pass(SETTLE_MS);
      for (const id of ids) must(replies(line, id).length === 1, 'A command had more than one reply.');
    },
  },
  {
    name: 'a command to a call that has ended fails with gone',
    run: async (line) => {
      const call = await answeredCall(line);
      const bridge = freshBridge();
      await order(line, { type: 'open-bridge', bridgeId: bridge });
      await hangUp(line, call);
      await orderInVain(line, { type: 'hang-up', callId: call, q850: 16 }, 'gone');
      await orderInVain(line, { type: 'bridge', bridgeId: bridge, callId: call }, 'gone');
      await orderInVain(
        line,
        { type: 'play', playbackId: freshPlayback(), callId: call, sounds: [line.bench.sounds.short], mixing: 'replace' },
        'gone',
      );
      await orderInVain(line, { type: 'answer', callId: freshCall() }, 'gone');
      await orderInVain(line, { type: 'bridge', bridgeId: freshBridge(), callId: freshCall() }, 'gone');
      await orderInVain(line, { type: 'stop-playing', playbackId: freshPlayback() }, 'gone');
    },
  },
  {
    name: 'dialling on a trunk whose peer is not reachable fails with trunk-down and makes no call',
    run: async (line) => {
      const call = freshCall();
      await orderInVain(line, { ...dial(line, 'answers-at-once', call), trunk: line.bench.downTrunk }, 'trunk-down');
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, call) === 0, 'A call that never was has ended.');
    },
  },
  {
    name: 'an id that is alive cannot be dialled again',
    run: async (line) => {
      const call = await answeredCall(line);
      const reply = await ask(line, dial(line, 'answers-at-once', call));
      must(reply.type === 'command-failed', 'The second originate under one id was done.');
      await line.bench.pass(SETTLE_MS);
      must(endCount(line, call) === 0, 'The first call ended of it.');
      await hangUp(line, call);
    },
  },
  {
    name: 'forty calls at one time keep their events apart and end once each',
    run: async (line) => {
      const calls = Array.from({ length: 40 }, freshCall);
      for (const call of calls) give(line, dial(line, 'answers-at-once', call));
      await line.bench.until('forty answers', () =>
        calls.every((call) => line.events.some((event) => event.type === 'call-answered' && event.callId === call))
          ? true
          : undefined,
      );
      for (const call of calls) give(line, { type: 'hang-up', callId: call, q850: 16 });
      await line.bench.until('forty ends', () => (calls.every((call) => endCount(line, call) > 0) ? true : undefined));
      await line.bench.pass(SETTLE_MS);
      for (const call of calls) must(endCount(line, call) === 1, `${call} did not end exactly once.`);
    },
  },
];

import type { Switch, SupervisionMode, SwitchCapabilities } from '../../../src/telephony/switch.js';
import type { CheckLine, HeardSound, HeardSpan, SwitchBench, SwitchCheck } from '../switch-harness.js';
import {
  audioSpan,
  dial,
  earCall,
  earsOf,
  endEarCalls,
  freshBridge,
  freshCall,
  freshPath,
  freshPlayback,
  hangUp,
  must,
  mustHear,
  order,
  seen,
  type OpenEarCall,
  type Span,
} from '../check-tools.js';

type Skip = NonNullable<SwitchCheck['skip']>;

const without = (...capabilities: readonly (keyof SwitchCapabilities)[]): Skip => (bench: SwitchBench, backend: Switch) => {
  if (bench.ears === undefined) return 'The harness carries no audio.';
  const lacking = capabilities.filter((capability) => !backend.capabilities[capability]);
  return lacking.length === 0 ? undefined : `The backend lacks ${lacking.join(', ')}.`;
};

const withoutProcess = (...capabilities: readonly (keyof SwitchCapabilities)[]): Skip => (bench, backend) =>
  without(...capabilities)(bench, backend) ?? (bench.ears?.process === undefined ? 'The harness takes no audio into the process.' : undefined);

/** A contact (tone-0) and an agent (tone-1) in one bridge. */
async function conversation(line: CheckLine): Promise<{ readonly contact: OpenEarCall; readonly agent: OpenEarCall }> {
  const contact = await earCall(line, 0);
  const agent = await earCall(line, 1);
  await join(line, contact, agent);
  return { contact, agent };
}

async function join(line: CheckLine, ...calls: readonly OpenEarCall[]): Promise<void> {
  const bridge = freshBridge();
  await order(line, { type: 'open-bridge', bridgeId: bridge });
  for (const { callId } of calls) {
    await order(line, { type: 'bridge', bridgeId: bridge, callId });
    await seen(line, 'call-bridged', (event) => event.callId === callId && event.bridgeId === bridge);
  }
}

/** What one party must have heard in one span. */
interface Expected {
  readonly who: string;
  readonly call: OpenEarCall;
  readonly span: Span;
  readonly sounds: readonly HeardSound[];
}

/** Ends the calls, then holds what each party remembers against what it had to hear. */
async function compare(line: CheckLine, expected: readonly Expected[]): Promise<void> {
  const open = [...new Set(expected.map(({ call }) => call))];
  const ended = await endEarCalls(line, ...open);
  for (const { who, call, span, sounds } of expected) {
    const complete = ended.find(({ callId }) => callId === call.callId);
    must(complete !== undefined, `${who} has no call.`);
    mustHear(who, await earsOf(line).heard(complete, span.fromMs, span.untilMs), sounds);
  }
}

const superviseCheck = (mode: SupervisionMode, reach: string, contactHears: readonly HeardSound[], targetHears: readonly HeardSound[]): SwitchCheck => ({
  name: `by ear: a supervisor who is to ${mode} hears both sides and is heard by ${reach}`,
  skip: without('hasSupervision'),
  run: async (line) => {
    const { contact, agent } = await conversation(line);
    const supervisor = await earCall(line, 2);
    await order(line, { type: 'supervise', callId: supervisor.callId, targetCallId: agent.callId, mode });
    const during = await audioSpan(line);
    await order(line, { type: 'stop-supervising', callId: supervisor.callId });
    const after = await audioSpan(line);
    await compare(line, [
      { who: 'The supervisor', call: supervisor, span: during, sounds: ['tone-0', 'tone-1'] },
      { who: 'The agent', call: agent, span: during, sounds: targetHears },
      { who: 'The contact', call: contact, span: during, sounds: contactHears },
      { who: 'The supervisor afterwards', call: supervisor, span: after, sounds: [] },
      { who: 'The agent afterwards', call: agent, span: after, sounds: ['tone-0'] },
      { who: 'The contact afterwards', call: contact, span: after, sounds: ['tone-1'] },
    ]);
  },
});

/** What the parties hear. */
export const earChecks: readonly SwitchCheck[] = [
  {
    name: 'by ear: contact and agent in one bridge hear each other, and nobody else does',
    skip: without(),
    run: async (line) => {
      const { contact, agent } = await conversation(line);
      const other = await earCall(line, 2);
      const span = await audioSpan(line);
      await compare(line, [
        { who: 'The contact', call: contact, span, sounds: ['tone-1'] },
        { who: 'The agent', call: agent, span, sounds: ['tone-0'] },
        { who: 'A call in no bridge', call: other, span, sounds: [] },
      ]);
    },
  },
  {
    name: 'by ear: a whispered sound reaches its own call only, and the conversation goes on under it',
    skip: without('hasWhisper'),
    run: async (line) => {
      const { contact, agent } = await conversation(line);
      await line.bench.pass(300);
      const fromMs = earsOf(line).nowMs();
      const playback = freshPlayback();
      const { short } = line.bench.sounds;
      await order(line, { type: 'play', playbackId: playback, callId: agent.callId, sounds: [short], mixing: 'whisper' });
      await seen(line, 'playback-finished', (event) => event.playbackId === playback);
      const { untilMs } = await audioSpan(line, 0);
      const [endedContact, endedAgent] = await endEarCalls(line, contact, agent);
      must(endedContact !== undefined && endedAgent !== undefined, 'The calls did not end.');
      mustHear('The contact', await earsOf(line).heard(endedContact, fromMs, untilMs), ['tone-1']);
      const heard = await earsOf(line).heard(endedAgent, fromMs, untilMs);
      must(heard.sometime.has('short-sound'), 'The agent did not hear the whispered sound.');
      must(heard.throughout.has('tone-0'), 'The agent did not hear the contact under the whispered sound.');
    },
  },
  {
    name: 'by ear: a call on hold hears music and not the agent, the agent not it, and back in the bridge both hear each other',
    skip: without('hasHoldingAudio'),
    run: async (line) => {
      const { contact, agent } = await conversation(line);
      await order(line, { type: 'hold', callId: contact.callId });
      const held = await audioSpan(line, 1_200);
      await join(line, contact, agent);
      const back = await audioSpan(line);
      await order(line, { type: 'hold', callId: contact.callId });
      await order(line, { type: 'unhold', callId: contact.callId });
      const unheld = await audioSpan(line);
      await compare(line, [
        { who: 'The held contact', call: contact, span: held, sounds: ['music'] },
        { who: 'The agent meanwhile', call: agent, span: held, sounds: [] },
        { who: 'The contact back in the bridge', call: contact, span: back, sounds: ['tone-1'] },
        { who: 'The agent then', call: agent, span: back, sounds: ['tone-0'] },
        { who: 'The unheld contact', call: contact, span: unheld, sounds: [] },
      ]);
    },
  },
  superviseCheck('listen', 'nobody', ['tone-1'], ['tone-0']),
  superviseCheck('whisper', 'the agent alone', ['tone-1'], ['tone-0', 'tone-2']),
  superviseCheck('barge', 'both', ['tone-1', 'tone-2'], ['tone-0', 'tone-2']),
  {
    name: 'by ear: the process hears a tapped contact, and no longer once it is bridged',
    skip: withoutProcess('hasAudioTap'),
    run: async (line) => {
      const contact = await earCall(line, 0);
      await order(line, { type: 'tap', callId: contact.callId });
      const tapped = await audioSpan(line);
      await join(line, contact);
      const bridged = await audioSpan(line);
      const heard = (span: Span): Promise<HeardSpan> | undefined => earsOf(line).process?.heard(contact.callId, span.fromMs, span.untilMs);
      mustHear('The process', (await heard(tapped)) ?? NOTHING, ['tone-0']);
      mustHear('The process afterwards', (await heard(bridged)) ?? NOTHING, []);
      await endEarCalls(line, contact);
    },
  },
  {
    name: 'by ear: the process hears a contact who is bridged tapped, him alone, there and after it in no bridge, until he is untapped',
    skip: withoutProcess('hasTapWhileBridged'),
    run: async (line) => {
      const contact = await earCall(line, 0);
      const agent = await earCall(line, 1);
      await join(line, agent);
      await order(line, { type: 'tap', callId: contact.callId });
      const bridge = freshBridge();
      await order(line, { type: 'open-bridge', bridgeId: bridge });
      await order(line, { type: 'bridge', bridgeId: bridge, callId: agent.callId });
      await order(line, { type: 'bridge', bridgeId: bridge, callId: contact.callId, isTapped: true });
      await seen(line, 'call-bridged', (event) => event.callId === contact.callId && event.bridgeId === bridge);
      await line.bench.pass(300);
      const bridged = await audioSpan(line);
      await order(line, { type: 'unbridge', callId: contact.callId });
      const alone = await audioSpan(line);
      await order(line, { type: 'tap', callId: contact.callId });
      const tapped = await audioSpan(line);
      await order(line, { type: 'bridge', bridgeId: bridge, callId: contact.callId, isTapped: true });
      await line.bench.pass(300);
      const again = await audioSpan(line);
      await order(line, { type: 'untap', callId: contact.callId });
      const untapped = await audioSpan(line);
      const heard = async (span: Span): Promise<HeardSpan> =>
        (await earsOf(line).process?.heard(contact.callId, span.fromMs, span.untilMs)) ?? NOTHING;
      mustHear('The process', await heard(bridged), ['tone-0']);
      mustHear('The process after the bridge', await heard(alone), ['tone-0']);
      mustHear('The process by a tap of its own', await heard(tapped), ['tone-0']);
      mustHear('The process in the bridge again', await heard(again), ['tone-0']);
      mustHear('The process after the tap', await heard(untapped), []);
      await compare(line, [
        { who: 'The agent', call: agent, span: bridged, sounds: ['tone-0'] },
        { who: 'The contact', call: contact, span: bridged, sounds: ['tone-1'] },
        { who: 'The agent without the contact', call: agent, span: alone, sounds: [] },
        { who: 'The agent with an untapped contact', call: agent, span: untapped, sounds: ['tone-0'] },
      ]);
    },
  },
  {
    name: 'by ear: a call that was never tapped can be bridged tapped, and ends with nothing left of it',
    skip: withoutProcess('hasTapWhileBridged'),
    run: async (line) => {
      const contact = await earCall(line, 0);
      const bridge = freshBridge();
      await order(line, { type: 'open-bridge', bridgeId: bridge });
      await order(line, { type: 'bridge', bridgeId: bridge, callId: contact.callId, isTapped: true });
      await line.bench.pass(300);
      const bridged = await audioSpan(line);
      mustHear('The process', (await earsOf(line).process?.heard(contact.callId, bridged.fromMs, bridged.untilMs)) ?? NOTHING, ['tone-0']);
      await endEarCalls(line, contact);
      must(!line.events.some((event) => event.type === 'tap-lost'), 'The end of the call was told as a lost tap.');
    },
  },
  {
    name: 'by ear: a tapped contact hears what the process sends back, until it is hushed',
    skip: withoutProcess('hasAudioTap', 'hasAudioReturn'),
    run: async (line) => {
      const contact = await earCall(line, 0);
      await order(line, { type: 'tap', callId: contact.callId });
      const silent = await audioSpan(line);
      earsOf(line).process?.speak(contact.callId);
      const spoken = await audioSpan(line);
      earsOf(line).process?.hush(contact.callId);
      const hushed = await audioSpan(line);
      await compare(line, [
        { who: 'The contact before', call: contact, span: silent, sounds: [] },
        { who: 'The contact', call: contact, span: spoken, sounds: ['process'] },
        { who: 'The contact afterwards', call: contact, span: hushed, sounds: [] },
      ]);
    },
  },
  {
    name: 'by ear: the process hears early media before the answer',
    skip: withoutProcess('hasAudioTap', 'hasEarlyMedia'),
    run: async (line) => {
      const call = freshCall();
      await order(line, { ...dial(line, 'early-then-answers', call), wantsEarlyMedia: true });
      await seen(line, 'call-early-media', (event) => event.callId === call);
      await order(line, { type: 'tap', callId: call });
      const fromMs = earsOf(line).nowMs();
      await line.bench.pass(800);
      const untilMs = earsOf(line).nowMs();
      must(!line.events.some((event) => event.type === 'call-answered'), 'It was answered too early for the check.');
      mustHear('The process', (await earsOf(line).process?.heard(call, fromMs, untilMs)) ?? NOTHING, ['music']);
      await hangUp(line, call);
    },
  },
  {
    name: 'by ear: a recording has what the contact says on the left and what it hears on the right',
    skip: (bench, backend) =>
      without('hasStereoRecording')(bench, backend) ?? (bench.ears?.recorded === undefined ? 'Its recordings hold no true audio.' : undefined),
    run: async (line) => {
      const { contact, agent } = await conversation(line);
      const path = freshPath();
      await order(line, { type: 'start-recording', callId: contact.callId, path });
      await line.bench.pass(1_500);
      await endEarCalls(line, contact, agent);
      await seen(line, 'recording-finished', (event) => event.path === path);
      const heard = await earsOf(line).recorded?.(path);
      mustHear('The left channel', heard?.left ?? NOTHING, ['tone-0']);
      mustHear('The right channel', heard?.right ?? NOTHING, ['tone-1']);
    },
  },
];

const NOTHING: HeardSpan = { sometime: new Set(), throughout: new Set() };

import type { BridgeId, CallId, PlaybackId } from '../../src/units/ids.js';
import { bridgeId, callId, playbackId } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';
import type { SwitchCommandBody, SwitchEvent, SwitchSnapshot } from '../../src/telephony/switch.js';
import type { CheckLine, EarCall, HeardSound, HeardSpan, TestDestination, TestEars } from './switch-harness.js';

type Reply = Extract<SwitchEvent, { readonly type: 'command-done' | 'command-failed' }>;
export type EventOf<Type extends SwitchEvent['type']> = Extract<SwitchEvent, { readonly type: Type }>;

/** Fails the check with this sentence. */
export function must(isSo: boolean, sentence: string): asserts isSo {
  if (!isSo) throw new Error(sentence);
}

let commandCount = 0;
let idCount = 0;

/** An id that no other check of any run has used on this switch. */
const fresh = (kind: string): string => `t${String(process.pid)}-${Date.now().toString(36)}-${kind}-${String(++idCount)}`;

export const freshCall = (): CallId => callId(fresh('call'));
export const freshBridge = (): BridgeId => bridgeId(fresh('bridge'));
export const freshPlayback = (): PlaybackId => playbackId(fresh('playback'));
export const freshPath = (): string => `conformance/${fresh('recording')}.wav`;

/** Gives a command and its id, without waiting. */
export function give(line: CheckLine, body: SwitchCommandBody): number {
  const commandId = ++commandCount;
  line.switch.perform({ commandId, ...body });
  return commandId;
}

/** Gives a command and waits for its reply. */
export async function ask(line: CheckLine, body: SwitchCommandBody): Promise<Reply> {
  const commandId = give(line, body);
  return await line.bench.until(`the reply to ${body.type}`, () => replies(line, commandId)[0]);
}

/** As `ask`, and the command must have been done. */
export async function order(line: CheckLine, body: SwitchCommandBody): Promise<void> {
  const reply = await ask(line, body);
  must(
    reply.type === 'command-done',
    `${body.type} was not done: ${reply.type === 'command-failed' ? `${reply.failure}, ${reply.detail}` : ''}`,
  );
}

/** As `ask`, and it must have failed in this way. */
export async function orderInVain(line: CheckLine, body: SwitchCommandBody, failure: string): Promise<void> {
  const reply = await ask(line, body);
  must(reply.type === 'command-failed', `${body.type} was done, but had to fail with ${failure}.`);
  must(reply.failure === failure, `${body.type} failed with ${reply.failure} (${reply.detail}), not with ${failure}.`);
}

/** The replies that a command has had so far. */
export const replies = (line: CheckLine, commandId: number): readonly Reply[] =>
  line.events.filter(
    (event): event is Reply =>
      (event.type === 'command-done' || event.type === 'command-failed') && event.command.commandId === commandId,
  );

/** All events of a type, in order. */
export const ofType = <Type extends SwitchEvent['type']>(
  line: CheckLine,
  type: Type,
): readonly EventOf<Type>[] => line.events.filter((event): event is EventOf<Type> => event.type === type);

/** Waits for the first event of a type that fits. */
export async function seen<Type extends SwitchEvent['type']>(
  line: CheckLine,
  type: Type,
  fits: (event: EventOf<Type>) => boolean,
  withinMs?: Ms,
): Promise<EventOf<Type>> {
  return await line.bench.until(type, () => ofType(line, type).find(fits), withinMs);
}

/** The snapshot that came after this many events. */
export async function snapshotAfter(line: CheckLine, eventCount: number): Promise<SwitchSnapshot> {
  const event = await line.bench.until('a new snapshot', () =>
    line.events
      .slice(eventCount)
      .find((later): later is EventOf<'switch-snapshot'> => later.type === 'switch-snapshot'),
  );
  return event.snapshot;
}

/** Dials a number of the test network. */
export const dial = (
  line: CheckLine,
  destination: TestDestination,
  id: CallId,
  ringTimeoutMs: Ms = 30_000,
): Extract<SwitchCommandBody, { readonly type: 'originate' }> => ({
  type: 'originate',
  callId: id,
  trunk: line.bench.trunk,
  destination: line.bench.destinations[destination],
  callerNumber: '+12025550100',
  ringTimeoutMs,
});

/** A call that has been answered. */
export async function answeredCall(line: CheckLine, destination: TestDestination = 'answers-at-once'): Promise<CallId> {
  const id = freshCall();
  await order(line, dial(line, destination, id));
  await seen(line, 'call-answered', (event) => event.callId === id);
  return id;
}

/** An answered call in a bridge of its own. */
export async function bridgedCall(line: CheckLine): Promise<{ readonly call: CallId; readonly bridge: BridgeId }> {
  const call = await answeredCall(line);
  const bridge = freshBridge();
  await order(line, { type: 'open-bridge', bridgeId: bridge });
  await order(line, { type: 'bridge', bridgeId: bridge, callId: call });
  await seen(line, 'call-bridged', (event) => event.callId === call && event.bridgeId === bridge);
  return { call, bridge };
}

/** The phone's own call, accepted. */
export async function phoneCall(line: CheckLine, feature = 'log-in'): Promise<CallId> {
  const from = line.events.length;
  await line.bench.phone.dialFeature(feature);
  const offered = await line.bench.until('call-offered', () =>
    line.events.slice(from).find((event): event is EventOf<'call-offered'> => event.type === 'call-offered'),
  );
  await order(line, { type: 'answer', callId: offered.callId });
  await seen(line, 'call-answered', (event) => event.callId === offered.callId);
  return offered.callId;
}

/** Ends a call and waits for its end. */
export async function hangUp(line: CheckLine, id: CallId): Promise<EventOf<'call-ended'>> {
  await order(line, { type: 'hang-up', callId: id, q850: 16 });
  return await seen(line, 'call-ended', (event) => event.callId === id);
}

/** A call to a number of the ears that has been answered; its end comes by `endEarCalls`. */
export type OpenEarCall = Omit<EarCall, 'endedAtMs'>;

/** The ears of a check that is skipped without them. */
export function earsOf(line: CheckLine): TestEars {
  const { ears } = line.bench;
  must(ears !== undefined, 'The harness carries no audio.');
  return ears;
}

/** Calls a number of the ears. */
export async function earCall(line: CheckLine, numberIndex: 0 | 1 | 2): Promise<OpenEarCall> {
  const ears = earsOf(line);
  const id = freshCall();
  await order(line, { ...dial(line, 'answers-at-once', id), destination: ears.numbers[numberIndex] });
  await seen(line, 'call-answered', (event) => event.callId === id);
  return { callId: id, numberIndex, answeredAtMs: ears.nowMs() };
}

/** Ends calls and says when each one's end was told. */
export async function endEarCalls(line: CheckLine, ...calls: readonly OpenEarCall[]): Promise<readonly EarCall[]> {
  const ended: EarCall[] = [];
  for (const call of calls) {
    await hangUp(line, call.callId);
    ended.push({ ...call, endedAtMs: earsOf(line).nowMs() });
  }
  return ended;
}

/** From one instant to another, by the ears' clock. */
export interface Span {
  readonly fromMs: Ms;
  readonly untilMs: Ms;
}

/** Lets what was just changed reach every ear, then some audio pass, and a moment more before anything else is changed. */
export async function audioSpan(line: CheckLine, spanMs: Ms = 600): Promise<Span> {
  const ears = earsOf(line);
  await line.bench.pass(EAR_SETTLE_MS);
  const fromMs = ears.nowMs();
  await line.bench.pass(spanMs);
  const untilMs = ears.nowMs();
  await line.bench.pass(EAR_TAIL_MS);
  return { fromMs, untilMs };
}

/** Fails unless exactly these sounds were heard most of the time and no other at any time. */
export function mustHear(who: string, heard: HeardSpan, expected: readonly HeardSound[]): void {
  const list = (sounds: Iterable<HeardSound>): string => [...sounds].sort().join(', ') || 'nothing';
  const missing = expected.filter((sound) => !heard.throughout.has(sound));
  const others = [...heard.sometime].filter((sound) => !expected.includes(sound));
  must(missing.length === 0, `${who} did not hear ${list(missing)}, but ${list(heard.throughout)}.`);
  must(others.length === 0, `${who} heard ${list(others)} beside ${list(expected)}.`);
}

/** A change of who hears whom reaches the recordings within jitter buffers and one packet. Chosen: twice what was measured. */
const EAR_SETTLE_MS: Ms = 300;
/** A recording may have begun so much after the answer was told, and then holds what came later where it is looked for. Chosen likewise. */
const EAR_TAIL_MS: Ms = 150;

/** Index of the first event that fits; the check fails where there is none. */
export function indexOf(line: CheckLine, what: string, fits: (event: SwitchEvent) => boolean): number {
  const index = line.events.findIndex(fits);
  must(index >= 0, `${what} never came.`);
  return index;
}

/** How many ends a call has had. */
export const endCount = (line: CheckLine, id: CallId): number =>
  ofType(line, 'call-ended').filter((event) => event.callId === id).length;

/** Time in which a doubled or forbidden event would surely have come. */
export const SETTLE_MS: Ms = 700;

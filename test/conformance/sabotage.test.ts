import { expect, it } from 'vitest';
import type { Switch, SwitchCapabilities, SwitchCommand, SwitchEvent } from '../../src/telephony/switch.js';
import type { CallId } from '../../src/units/ids.js';
import { callId } from '../../src/units/ids.js';
import { runCheck } from './run-check.js';
import type { Sabotage } from './simulated-harness.js';
import { simulatedHarness } from './simulated-harness.js';
import { SWITCH_CHECKS } from './switch-suite.js';

/**
 * The suite is worth what it catches: each backend here breaks one promise of
 * the port, and at least the named check has to notice. The whole suite passing
 * on the sound backend is switches.test.ts.
 */
interface SabotageCase {
  readonly how: string;
  readonly sabotage: Sabotage;
  /** A part of the name of a check that must fail. */
  readonly caughtBy: string;
  /** A part of what that check must say, so that it fails of this and of nothing else. */
  readonly saying: string;
  /** Nothing at all works with it; any other must leave some checks passing, or it proves nothing about the named one. */
  readonly isTotal?: true;
}

/** Rewrites the stream of events: each one becomes none, one or more. */
function bending(bend: () => (event: SwitchEvent) => readonly SwitchEvent[]): Sabotage {
  return (backend): Switch => {
    const each = bend();
    return {
      name: backend.name,
      capabilities: backend.capabilities,
      start: (onEvent, signal) =>
        backend.start((event) => {
          for (const bent of each(event)) onEvent(bent);
        }, signal),
      perform: (command) => {
        backend.perform(command);
      },
      close: () => backend.close(),
    };
  };
}

const dropping = (type: SwitchEvent['type']): Sabotage =>
  bending(() => (event) => (event.type === type ? [] : [event]));

const doubling = (type: SwitchEvent['type']): Sabotage =>
  bending(() => (event) => (event.type === type ? [event, event] : [event]));

const changing = (change: (event: SwitchEvent) => SwitchEvent): Sabotage => bending(() => (event) => [change(event)]);

/** Holds the first event of one type back until one of the other has gone ahead. */
const swapping = (first: SwitchEvent['type'], second: SwitchEvent['type']): Sabotage =>
  bending(() => {
    let held: SwitchEvent | undefined;
    return (event) => {
      if (held === undefined && event.type === first) {
        held = event;
        return [];
      }
      if (held !== undefined && event.type === second) {
        const late = held;
        held = undefined;
        return [event, late];
      }
      return [event];
    };
  });

/** Rewrites the commands: each is passed on as it is, as another, or said to be done and left undone (undefined). */
function misdoing(create: () => (command: SwitchCommand) => SwitchCommand | undefined): Sabotage {
  return (backend): Switch => {
    const change = create();
    let tell: (event: SwitchEvent) => void = () => undefined;
    return {
      name: backend.name,
      capabilities: backend.capabilities,
      start: (onEvent, signal) => {
        tell = onEvent;
        return backend.start(onEvent, signal);
      },
      perform: (command) => {
        const changed = change(command);
        if (changed !== undefined) backend.perform(changed);
        else tell({ type: 'command-done', command });
      },
      close: () => backend.close(),
    };
  };
}

const leavingUndone = (type: SwitchCommand['type']): Sabotage => misdoing(() => (command) => (command.type === type ? undefined : command));

/** Supervises in another mode than it is told. */
const mistaking = (told: string, done: 'listen' | 'whisper' | 'barge'): Sabotage =>
  misdoing(() => (command) => (command.type === 'supervise' && command.mode === told ? { ...command, mode: done } : command));

/** Denies what it can do all the same. */
const denying = (denied: Partial<SwitchCapabilities>): Sabotage => (backend) => ({
  name: backend.name,
  capabilities: { ...backend.capabilities, ...denied },
  start: (onEvent, signal) => backend.start(onEvent, signal),
  perform: (command) => {
    backend.perform(command);
  },
  close: () => backend.close(),
});

const CASES: readonly SabotageCase[] = [
  { how: 'drops call-ringing', sabotage: dropping('call-ringing'), caughtBy: 'ringing is told once', saying: 'call-ringing never came' },
  { how: 'drops call-answered', sabotage: dropping('call-answered'), caughtBy: 'an answered call that we hang up', saying: 'in vain for call-answered' },
  { how: 'drops call-ended', sabotage: dropping('call-ended'), caughtBy: 'a contact who hangs up', saying: 'in vain for call-ended' },
  { how: 'drops call-offered', sabotage: dropping('call-offered'), caughtBy: 'a feature code arrives', saying: 'in vain for call-offered' },
  { how: 'drops call-bridged', sabotage: dropping('call-bridged'), caughtBy: 'goes into a bridge', saying: 'in vain for call-bridged' },
  { how: 'drops call-unbridged', sabotage: dropping('call-unbridged'), caughtBy: 'closing a bridge', saying: 'in vain for call-unbridged' },
  { how: 'drops digit-received', sabotage: dropping('digit-received'), caughtBy: 'keys of the phone', saying: 'in vain for eight digits' },
  { how: 'drops playback-finished', sabotage: dropping('playback-finished'), caughtBy: 'played in turn', saying: 'in vain for playback-finished' },
  { how: 'drops recording-finished', sabotage: dropping('recording-finished'), caughtBy: 'a recording finishes with its call', saying: 'in vain for recording-finished' },
  { how: 'drops phone-changed', sabotage: dropping('phone-changed'), caughtBy: 'unregisters and registers', saying: 'in vain for phone-changed' },
  { how: 'drops trunk-changed', sabotage: dropping('trunk-changed'), caughtBy: 'a trunk that goes', saying: 'in vain for trunk-changed' },
  { how: 'never says command-done', isTotal: true, sabotage: dropping('command-done'), caughtBy: 'exactly one reply', saying: 'in vain for the reply' },
  { how: 'never says command-failed', sabotage: dropping('command-failed'), caughtBy: 'has ended fails with gone', saying: 'in vain for the reply' },
  { how: 'reconnects silently', sabotage: dropping('switch-lost'), caughtBy: 'after a cut connection', saying: 'in vain for switch-lost' },
  { how: 'comes back without a snapshot', sabotage: bending(() => {
      let count = 0;
      return (event) => (event.type === 'switch-snapshot' && ++count > 1 ? [] : [event]);
    }), caughtBy: 'after a cut connection', saying: 'in vain for a new snapshot' },
  { how: 'doubles command-done', isTotal: true, sabotage: doubling('command-done'), caughtBy: 'exactly one reply', saying: 'unasked-reply: command-done' },
  { how: 'doubles command-failed', sabotage: doubling('command-failed'), caughtBy: 'has ended fails with gone', saying: 'unasked-reply: command-failed' },
  { how: 'doubles call-answered', sabotage: doubling('call-answered'), caughtBy: 'ringing is told once', saying: 'was answered 2 times' },
  { how: 'doubles call-ended', sabotage: doubling('call-ended'), caughtBy: 'a contact who hangs up', saying: 'event-after-end: call-ended' },
  { how: 'doubles digit-received', sabotage: doubling('digit-received'), caughtBy: 'keys of a contact', saying: 'arrived as 112233##' },
  { how: 'doubles playback-finished', sabotage: doubling('playback-finished'), caughtBy: 'played in turn', saying: 'did not finish exactly once' },
  { how: 'doubles call-offered', sabotage: doubling('call-offered'), caughtBy: 'a feature code arrives', saying: 'event-after-end: call-offered' },
  { how: 'doubles the snapshot', isTotal: true, sabotage: doubling('switch-snapshot'), caughtBy: 'the first word is a snapshot', saying: 'more than one snapshot' },
  { how: 'tells the answer before the ringing', sabotage: swapping('call-ringing', 'call-answered'), caughtBy: 'ringing is told once', saying: 'answer came before the ringing' },
  { how: 'swaps two keys', sabotage: swapping('digit-received', 'digit-received'), caughtBy: 'keys of a contact', saying: 'arrived as 21' },
  { how: 'tells the new bridge before the old one is left', sabotage: swapping('call-unbridged', 'call-bridged'), caughtBy: 'moves a call from one bridge', saying: 'in both bridges at one time' },
  { how: 'tells an answer after the end', sabotage: swapping('call-answered', 'call-ended'), caughtBy: 'a contact who hangs up', saying: 'event-after-end: call-answered' },
  { how: 'calls busy normal clearing', sabotage: changing((event) => (event.type === 'call-ended' && event.q850 === 17 ? { ...event, q850: 16 } : event)), caughtBy: 'number that is busy', saying: 'with Q.850 16' },
  { how: 'calls no answer no user response', sabotage: changing((event) => (event.type === 'call-ended' && event.q850 === 19 ? { ...event, q850: 18 } : event)), caughtBy: 'nobody answers', saying: 'with Q.850 18' },
  { how: 'gives the wrong SIP code', sabotage: changing((event) => (event.type === 'call-ended' && event.sipCode === 404 ? { ...event, sipCode: 500 } : event)), caughtBy: 'number that is unallocated', saying: 'with SIP 500' },
  { how: 'calls a dead trunk a refusal', sabotage: changing((event) => (event.type === 'command-failed' && event.failure === 'trunk-down' ? { ...event, failure: 'refused' } : event)), caughtBy: 'whose peer is not reachable', saying: 'failed with refused' },
  { how: 'calls a stopped playback played', sabotage: changing((event) => (event.type === 'playback-finished' ? { ...event, outcome: 'played' } : event)), caughtBy: 'finishes once as stopped', saying: 'finished as played' },
  { how: 'loses a call in the snapshot', sabotage: changing((event) => (event.type === 'switch-snapshot' ? { ...event, snapshot: { ...event.snapshot, calls: event.snapshot.calls.slice(1) } } : event)), caughtBy: 'after a cut connection', saying: 'told as undefined' },
  { how: 'loses the bridges in the snapshot', sabotage: changing((event) => (event.type === 'switch-snapshot' ? { ...event, snapshot: { ...event.snapshot, bridges: [] } } : event)), caughtBy: 'after a cut connection', saying: 'does not show the call in its bridge' },
  { how: 'says the recording is of another length', sabotage: changing((event) => (event.type === 'recording-finished' ? { ...event, audioMs: event.audioMs * 10 } : event)), caughtBy: 'readable WAV file', saying: 'not about 2000' },
  { how: 'drops supervision-ended', sabotage: dropping('supervision-ended'), caughtBy: 'the end of the call that is followed', saying: 'in vain for supervision-ended' },
  { how: 'doubles supervision-ended', sabotage: doubling('supervision-ended'), caughtBy: 'bridged elsewhere follows nobody', saying: 'told 2 times' },
  { how: 'names another call in supervision-ended', sabotage: changing((event) => (event.type === 'supervision-ended' ? { ...event, targetCallId: callId('another') } : event)), caughtBy: 'the end of the supervisor', saying: 'names another call' },
  { how: 'tells each change of mode as an end', sabotage: bending(() => {
      let count = 0;
      return (event) => event.type === 'command-done' && event.command.type === 'supervise' && ++count > 1
        ? [event, { type: 'supervision-ended', callId: event.command.callId, targetCallId: event.command.targetCallId }]
        : [event];
    }), caughtBy: 'changes from mode to mode', saying: 'A mere change of mode' },
  { how: 'drops call-early-media', sabotage: dropping('call-early-media'), caughtBy: 'early media is told once', saying: 'in vain for call-early-media' },
  { how: 'doubles call-early-media', sabotage: doubling('call-early-media'), caughtBy: 'early media is told once', saying: 'not told exactly once' },
  { how: 'tells early media after the answer', sabotage: swapping('call-early-media', 'call-answered'), caughtBy: 'answered once, after it', saying: 'answer came before the early media' },
  { how: 'counts early media as an answer', sabotage: bending(() => (event) => (event.type === 'call-early-media' ? [event, { type: 'call-answered', callId: event.callId }] : [event])), caughtBy: 'a refusal after it ends the call unanswered', saying: 'Early media counted as an answer' },
  { how: 'tells early media that nobody wanted', sabotage: misdoing(() => (command) => (command.type === 'originate' ? { ...command, wantsEarlyMedia: true } : command)), caughtBy: 'only of calls whose originate wanted it', saying: 'though nobody wanted it' },
  { how: 'never hears anything early', sabotage: misdoing(() => (command) => (command.type === 'originate' ? { ...command, wantsEarlyMedia: false } : command)), caughtBy: 'hears early media before the answer', saying: 'in vain for call-early-media' },
  { how: 'says hold and does nothing', sabotage: leavingUndone('hold'), caughtBy: 'a call on hold leaves its bridge', saying: 'in vain for call-unbridged' },
  { how: 'holds in silence', sabotage: misdoing(() => (command) => (command.type === 'hold' ? { ...command, type: 'unbridge' } : command.type === 'unhold' ? undefined : command)), caughtBy: 'a call on hold hears music', saying: 'did not hear music' },
  { how: 'says unhold and plays on', sabotage: leavingUndone('unhold'), caughtBy: 'a call that is unheld', saying: 'unhold was done' },
  { how: 'calls the hold of a ringing call gone', sabotage: changing((event) => (event.type === 'command-failed' && event.command.type === 'hold' ? { ...event, failure: 'gone' } : event)), caughtBy: 'hold and unhold of a call that is gone or not answered', saying: 'hold failed with gone' },
  { how: 'says it sent the keys and did not', sabotage: leavingUndone('send-digits'), caughtBy: 'keys that we send', saying: 'in vain for call-ended' },
  { how: 'sends each key twice', sabotage: misdoing(() => (command) => (command.type === 'send-digits' ? { ...command, digits: [...command.digits].flatMap((digit) => [digit, digit]).join('') } : command)), caughtBy: 'keys that we send', saying: 'in vain for call-ended' },
  { how: 'sends the keys in their order of size', sabotage: misdoing(() => (command) => (command.type === 'send-digits' ? { ...command, digits: [...command.digits].sort().join('') } : command)), caughtBy: 'keys that we send', saying: 'in vain for call-ended' },
  { how: 'leaves out keys that are none', sabotage: misdoing(() => (command) => (command.type === 'send-digits' ? { ...command, digits: command.digits.replace(/[^0-9*#A-D]/g, '').slice(0, 40) } : command)), caughtBy: 'keys that are none', saying: 'send-digits was done' },
  { how: 'says supervise and does nothing', sabotage: misdoing(() => (command) => (command.type === 'supervise' || command.type === 'stop-supervising' ? undefined : command)), caughtBy: 'a supervisor who is to listen', saying: 'The supervisor did not hear tone-0, tone-1' },
  { how: 'says stop-supervising and does nothing', sabotage: leavingUndone('stop-supervising'), caughtBy: 'changes from mode to mode', saying: 'in vain for supervision-ended' },
  { how: 'lets a call supervise itself', sabotage: misdoing(() => (command) => (command.type === 'supervise' && command.callId === command.targetCallId ? undefined : command)), caughtBy: 'and of oneself fail', saying: 'supervise was done' },
  { how: 'lets a listening supervisor be heard by the agent', sabotage: mistaking('listen', 'whisper'), caughtBy: 'a supervisor who is to listen', saying: 'The agent heard tone-2' },
  { how: 'lets a whispering supervisor be heard by the contact', sabotage: mistaking('whisper', 'barge'), caughtBy: 'a supervisor who is to whisper', saying: 'The contact heard tone-2' },
  { how: 'lets nobody hear a whispering supervisor', sabotage: mistaking('whisper', 'listen'), caughtBy: 'a supervisor who is to whisper', saying: 'The agent did not hear tone-2' },
  { how: 'keeps a barging supervisor from the contact', sabotage: mistaking('barge', 'whisper'), caughtBy: 'a supervisor who is to barge', saying: 'The contact did not hear tone-2' },
  { how: 'follows the contact in the place of the agent', sabotage: misdoing(() => {
      let first: CallId | undefined;
      return (command) => {
        if (command.type === 'originate') first ??= command.callId;
        return command.type === 'supervise' && first !== undefined ? { ...command, targetCallId: first } : command;
      };
    }), caughtBy: 'a supervisor who is to whisper', saying: 'The agent did not hear tone-2' },
  { how: 'replaces the conversation by what it whispers', sabotage: misdoing(() => (command) => (command.type === 'play' ? { ...command, mixing: 'replace' } : command)), caughtBy: 'a whispered sound reaches its own call only', saying: 'under the whispered sound' },
  { how: 'says tap and does nothing', sabotage: leavingUndone('tap'), caughtBy: 'the process hears a tapped contact', saying: 'The process did not hear tone-0' },
  { how: 'says tap and sends nothing back', sabotage: leavingUndone('tap'), caughtBy: 'hears what the process sends back', saying: 'The contact did not hear process' },
  { how: 'denies that it can hold', sabotage: denying({ hasHoldingAudio: false }), caughtBy: 'what a site has left out', saying: 'hold was done' },
  { how: 'denies that it can supervise', sabotage: denying({ hasSupervision: false }), caughtBy: 'what a site has left out', saying: 'not with unsupported' },
  { how: 'denies that it hears early media', sabotage: denying({ hasEarlyMedia: false }), caughtBy: 'what a site has left out', saying: 'originate was done' },
];

it.each(CASES.map((entry) => [entry.how, entry] as const))('a backend that %s is caught', async (_how, { sabotage, caughtBy, saying, isTotal }) => {
  const harness = simulatedHarness({ sabotage });
  await harness.begin();
  const failed = new Map<string, string>();
  for (const check of SWITCH_CHECKS) {
    const result = await runCheck(harness, check);
    if (result.outcome === 'failed') failed.set(check.name, result.why);
  }
  await harness.end();
  const caught = [...failed].filter(([name]) => name.includes(caughtBy)).map(([, why]) => why);
  expect(caught).not.toHaveLength(0);
  for (const why of caught) expect(why).toContain(saying);
  if (isTotal !== true) expect(failed.size).toBeLessThan(SWITCH_CHECKS.length);
});

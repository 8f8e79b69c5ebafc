import { expect, it } from 'vitest';
import type { Switch, SwitchEvent } from '../../src/telephony/switch.js';
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

const CASES: readonly SabotageCase[] = [
  { how: 'drops call-ringing', sabotage: dropping('call-ringing'), caughtBy: 'ringing is told once' },
  { how: 'drops call-answered', sabotage: dropping('call-answered'), caughtBy: 'an answered call that we hang up' },
  { how: 'drops call-ended', sabotage: dropping('call-ended'), caughtBy: 'a contact who hangs up' },
  { how: 'drops call-offered', sabotage: dropping('call-offered'), caughtBy: 'a feature code arrives' },
  { how: 'drops call-bridged', sabotage: dropping('call-bridged'), caughtBy: 'goes into a bridge' },
  { how: 'drops call-unbridged', sabotage: dropping('call-unbridged'), caughtBy: 'closing a bridge' },
  { how: 'drops digit-received', sabotage: dropping('digit-received'), caughtBy: 'keys of the phone' },
  { how: 'drops playback-finished', sabotage: dropping('playback-finished'), caughtBy: 'played in turn' },
  { how: 'drops recording-finished', sabotage: dropping('recording-finished'), caughtBy: 'a recording finishes with its call' },
  { how: 'drops phone-changed', sabotage: dropping('phone-changed'), caughtBy: 'unregisters and registers' },
  { how: 'drops trunk-changed', sabotage: dropping('trunk-changed'), caughtBy: 'a trunk that goes' },
  { how: 'never says command-done', isTotal: true, sabotage: dropping('command-done'), caughtBy: 'exactly one reply' },
  { how: 'never says command-failed', sabotage: dropping('command-failed'), caughtBy: 'has ended fails with gone' },
  { how: 'reconnects silently', sabotage: dropping('switch-lost'), caughtBy: 'after a cut connection' },
  { how: 'comes back without a snapshot', sabotage: bending(() => {
      let count = 0;
      return (event) => (event.type === 'switch-snapshot' && ++count > 1 ? [] : [event]);
    }), caughtBy: 'after a cut connection' },
  { how: 'doubles command-done', isTotal: true, sabotage: doubling('command-done'), caughtBy: 'exactly one reply' },
  { how: 'doubles command-failed', sabotage: doubling('command-failed'), caughtBy: 'has ended fails with gone' },
  { how: 'doubles call-answered', sabotage: doubling('call-answered'), caughtBy: 'ringing is told once' },
  { how: 'doubles call-ended', sabotage: doubling('call-ended'), caughtBy: 'a contact who hangs up' },
  { how: 'doubles digit-received', sabotage: doubling('digit-received'), caughtBy: 'keys of a contact' },
  { how: 'doubles playback-finished', sabotage: doubling('playback-finished'), caughtBy: 'played in turn' },
  { how: 'doubles call-offered', sabotage: doubling('call-offered'), caughtBy: 'a feature code arrives' },
  { how: 'doubles the snapshot', isTotal: true, sabotage: doubling('switch-snapshot'), caughtBy: 'the first word is a snapshot' },
  { how: 'tells the answer before the ringing', sabotage: swapping('call-ringing', 'call-answered'), caughtBy: 'ringing is told once' },
  { how: 'swaps two keys', sabotage: swapping('digit-received', 'digit-received'), caughtBy: 'keys of a contact' },
  { how: 'tells the new bridge before the old one is left', sabotage: swapping('call-unbridged', 'call-bridged'), caughtBy: 'moves a call from one bridge' },
  { how: 'tells an answer after the end', sabotage: swapping('call-answered', 'call-ended'), caughtBy: 'a contact who hangs up' },
  { how: 'calls busy normal clearing', sabotage: changing((event) => (event.type === 'call-ended' && event.q850 === 17 ? { ...event, q850: 16 } : event)), caughtBy: 'number that is busy' },
  { how: 'calls no answer no user response', sabotage: changing((event) => (event.type === 'call-ended' && event.q850 === 19 ? { ...event, q850: 18 } : event)), caughtBy: 'nobody answers' },
  { how: 'gives the wrong SIP code', sabotage: changing((event) => (event.type === 'call-ended' && event.sipCode === 404 ? { ...event, sipCode: 500 } : event)), caughtBy: 'number that is unallocated' },
  { how: 'calls a dead trunk a refusal', sabotage: changing((event) => (event.type === 'command-failed' && event.failure === 'trunk-down' ? { ...event, failure: 'refused' } : event)), caughtBy: 'whose peer is not reachable' },
  { how: 'calls a stopped playback played', sabotage: changing((event) => (event.type === 'playback-finished' ? { ...event, outcome: 'played' } : event)), caughtBy: 'finishes once as stopped' },
  { how: 'loses a call in the snapshot', sabotage: changing((event) => (event.type === 'switch-snapshot' ? { ...event, snapshot: { ...event.snapshot, calls: event.snapshot.calls.slice(1) } } : event)), caughtBy: 'after a cut connection' },
  { how: 'loses the bridges in the snapshot', sabotage: changing((event) => (event.type === 'switch-snapshot' ? { ...event, snapshot: { ...event.snapshot, bridges: [] } } : event)), caughtBy: 'after a cut connection' },
  { how: 'says the recording is of another length', sabotage: changing((event) => (event.type === 'recording-finished' ? { ...event, audioMs: event.audioMs * 10 } : event)), caughtBy: 'readable WAV file' },
];

it.each(CASES.map((entry) => [entry.how, entry] as const))('a backend that %s is caught', async (_how, { sabotage, caughtBy, isTotal }) => {
  const harness = simulatedHarness({ sabotage });
  await harness.begin();
  const failed: string[] = [];
  for (const check of SWITCH_CHECKS) {
    const result = await runCheck(harness, check);
    if (result.outcome === 'failed') failed.push(check.name);
  }
  await harness.end();
  expect(failed.filter((name) => name.includes(caughtBy))).not.toHaveLength(0);
  if (isTotal !== true) expect(failed.length).toBeLessThan(SWITCH_CHECKS.length);
});

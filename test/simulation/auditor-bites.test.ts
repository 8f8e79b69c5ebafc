import { expect, it } from 'vitest';
import type { Command } from '../../src/dialer/command.js';
import type { CampaignConfig, DialerConfig } from '../../src/dialer/config.js';
import { Dialer } from '../../src/dialer/dialer.js';
import type { Input } from '../../src/dialer/input.js';
import type { DialerMachine, Output } from '../../src/dialer/output.js';
import type { AuditRule } from '../../src/simulation/audit-log.js';
import type { Fault, WorldConfig } from '../../src/simulation/world-config.js';
import { ORDINARY_WORLD } from '../../src/simulation/world-config.js';
import { agentId, bridgeId, callId, type CallId } from '../../src/units/ids.js';
import { callCentre, run, world } from './call-centre.js';

/**
 * The auditor is worth what it catches: each machine here is the real dialer
 * with one thing bent, and the named rule has to notice. The dialer unbent
 * breaks none in the same world, which is asserted first.
 */
type Bend = (output: Output) => Output;
type CreateMachine = (config: DialerConfig, seed: number) => DialerMachine;

const MINUTE_MS = 60_000;
const FAULTS: readonly Fault[] = [{ type: 'cut', atMs: 4 * MINUTE_MS, lastsMs: 3_000 }];
const BUSY_WORLD: WorldConfig = world({
  runMs: 12 * MINUTE_MS,
  contactCount: 300,
  faults: FAULTS,
  // The window closes eight minutes into the run.
  startsAt: '2026-01-05T15:52:00Z',
});
const CAMPAIGN_CHANGE: Partial<CampaignConfig> = {
  pacing: { mode: 'progressive' },
  callsPerSecondMax: 2,
  linesMax: 6,
  callingHours: { timeZone: 'America/New_York', weekdays: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 660 },
};
const CENTRE = callCentre(8, CAMPAIGN_CHANGE);
/** Short talks and quick hands: hundreds of conversations, so that the power rule is let go its way. */
const RUSH_WORLD: WorldConfig = world({
  runMs: 20 * MINUTE_MS,
  contactCount: 2_000,
  people: { ...ORDINARY_WORLD.people, talkMs: 6_000, ringMs: 3_000 },
  answers: { ...ORDINARY_WORLD.answers, person: 200 },
  agents: { ...ORDINARY_WORLD.agents, wrapUpMs: 1_000, forgetsDispositionRatio: 0 },
});
const RUSH_CENTRE = callCentre(8, { pacing: { mode: 'power', linesPerAgentRatio: 2 }, callsPerSecondMax: 2, linesMax: 40 });
/** Agents have every call from its answer on, and machines show themselves late. */
const TRIAL_WORLD: WorldConfig = world({
  runMs: 12 * MINUTE_MS,
  contactCount: 600,
  analysis: { ...ORDINARY_WORLD.analysis, wrongForMachineRatio: 0.5, revisedForMachineRatio: 1, revisedAfterMs: 2_500 },
});
const TRIAL_CENTRE = callCentre(8, { answerHandling: 'connect-at-answer', takeBackLimitMs: 4_000 });
/** A key that means nothing, on every agent's line again and again: he has acted on what he has. */
const AGENTS_KEYING = Array.from({ length: 600 }, (_, index) => ({
  atMs: MINUTE_MS + index * 1_000,
  input: { type: 'switch', event: { type: 'digit-received', callId: callId(`offered-0-${String(1 + (index % 8))}`), digit: '7' } } as const,
}));
const PROGRESSIVE_RUSH_CENTRE = callCentre(8, { pacing: { mode: 'progressive' }, linesMax: 40 });

/** The real dialer, its outputs bent. */
const bending =
  (makeBend: () => Bend): CreateMachine =>
  (config, seed) => {
    const dialer = new Dialer(config, seed);
    const bend = makeBend();
    return { handle: (input, now) => bend(dialer.handle(input, now)) };
  };

/** The real dialer, believing in another campaign than the auditor. */
const believing =
  (change: Partial<CampaignConfig>): CreateMachine =>
  (config, seed) =>
    new Dialer({ ...config, campaigns: config.campaigns.map((campaign) => ({ ...campaign, ...change })) }, seed);

const bendCommands = (bend: (command: Command) => readonly Command[]): CreateMachine =>
  bending(() => (output) => ({ ...output, commands: output.commands.flatMap(bend) }));

const withoutEvents = (type: string): CreateMachine =>
  bending(() => (output) => ({ ...output, events: output.events.filter((event) => event.type !== type) }));

const doubledEvents = (type: string): CreateMachine =>
  bending(() => (output) => ({
    ...output,
    events: output.events.flatMap((event) => (event.type === type ? [event, event] : [event])),
  }));

let forgedCommandCount = 1_000_000;
const isHangUp = (command: Command): boolean => command.type === 'switch' && command.command.type === 'hang-up';

interface BentCase {
  readonly how: string;
  readonly machine: CreateMachine;
  readonly rule: AuditRule;
  /** Where the fault shows; default the quiet one. */
  readonly rush?: DialerConfig;
  /** It shows where agents have calls on trial. */
  readonly trial?: boolean;
}

const CASES: readonly BentCase[] = [
  {
    how: 'dials every attempt twice',
    machine: bendCommands((command) => (command.type === 'originate' ? [command, command] : [command])),
    rule: 'dialled-once',
  },
  {
    how: 'dials before the attempt is written',
    machine: bendCommands((command) =>
      command.type === 'write-attempt'
        ? [command, { ...command, type: 'originate', commandId: ++forgedCommandCount, ringTimeoutMs: 20_000, wantsEarlyMedia: false }]
        : [command],
    ),
    rule: 'written-before-dialled',
  },
  {
    how: 'begins two attempts at one contact',
    machine: bendCommands((command) =>
      command.type === 'write-attempt' ? [command, { ...command, callId: callId(`${command.callId}-twin`) }] : [command],
    ),
    rule: 'one-live-attempt-a-contact',
  },
  {
    how: 'forgets to hang up',
    machine: bendCommands((command) => (isHangUp(command) ? [] : [command])),
    rule: 'answered-call-owned',
  },
  {
    how: 'forgets the safe-harbour message',
    machine: bendCommands((command) => (command.type === 'switch' && command.command.type === 'play' ? [] : [command])),
    rule: 'answered-call-owned',
    rush: RUSH_CENTRE,
  },
  {
    how: 'puts every contact into one bridge',
    machine: bendCommands((command) =>
      command.type === 'switch' && command.command.type === 'bridge' && command.command.callId.startsWith('od-')
        ? [{ type: 'switch', command: { ...command.command, bridgeId: bridgeId('agent-agent-1') } }]
        : [command],
    ),
    rule: 'agent-on-one-call',
  },
  {
    how: 'dials a contact who asked not to be called',
    machine: bendCommands((command) =>
      command.type === 'write-attempt'
        ? [command, { type: 'add-do-not-call', contactId: command.contactId, source: 'agent' }]
        : [command],
    ),
    rule: 'do-not-call-kept',
  },
  { how: 'never says that an attempt ended', machine: withoutEvents('attempt-ended'), rule: 'attempt-ends' },
  { how: 'says twice that an attempt ended', machine: doubledEvents('attempt-ended'), rule: 'attempt-ends-once' },
  { how: 'never settles a contact', machine: withoutEvents('contact-settled'), rule: 'contact-settled-once' },
  { how: 'settles a contact twice', machine: doubledEvents('contact-settled'), rule: 'contact-settled-once' },
  { how: 'loses count of attempts', machine: doubledEvents('attempt-ended'), rule: 'counts-add-up' },
  { how: 'dials while nobody is logged in', machine: withoutEvents('agent-changed'), rule: 'agent-logged-in' },
  {
    how: 'dials outside the calling hours',
    machine: believing({ callingHours: { timeZone: 'America/New_York', weekdays: [1], fromMinute: 0, toMinute: 1_440 } }),
    rule: 'calling-hours-kept',
  },
  { how: 'lets it ring for ten seconds only', machine: believing({ ringTimeoutMs: 10_000 }), rule: 'ring-time-lawful' },
  { how: 'dials faster than allowed', machine: believing({ callsPerSecondMax: 10 }), rule: 'rate-cap-kept', rush: RUSH_CENTRE },
  {
    how: 'uses more lines than allowed',
    machine: believing({ linesMax: 100 }),
    rule: 'line-cap-kept',
  },
  {
    how: 'paces progressively with two lines an agent',
    machine: believing({ pacing: { mode: 'power', linesPerAgentRatio: 2 } }),
    rule: 'progressive-lines',
    rush: PROGRESSIVE_RUSH_CENTRE,
  },
  {
    how: 'lets people wait for twenty seconds',
    machine: believing({ agentWaitMaxMs: 20_000, pacing: { mode: 'power', linesPerAgentRatio: 8 } }),
    rule: 'answered-call-owned',
    rush: RUSH_CENTRE,
  },
  { how: 'lets wrap-up run for ever', machine: believing({ wrapUpMaxMs: 600_000 }), rule: 'agent-not-stuck' },
  {
    how: 'meets the impossible',
    machine: bending(() => (output) => ({
      ...output,
      events: [...output.events, { atMs: 0 as never, type: 'alarm-raised', alarm: 'impossible-event', detail: 'bent' }],
    })),
    rule: 'nothing-impossible',
  },
  {
    how: 'leaves an agent with wrap-up after a call was taken back',
    machine: bending(() => (output) => ({
      ...output,
      events: output.events.flatMap((event) =>
        event.type === 'agent-changed' && event.from === 'on-call' && event.state === 'available' ? [{ ...event, state: 'wrap-up' as const }] : [event],
      ),
    })),
    rule: 'taken-back-frees-agent',
    trial: true,
  },
  { how: 'takes calls back at any time', machine: believing({ takeBackLimitMs: 60_000 }), rule: 'taken-back-in-time', trial: true },
  {
    how: 'takes calls back from agents who have acted',
    machine: (config, seed) => {
      const dialer = new Dialer(config, seed);
      // The keys of agents never arrive.
      const isKey = (input: Input): boolean => input.type === 'switch' && input.event.type === 'digit-received' && input.event.digit === '7';
      return { handle: (input, now) => dialer.handle(isKey(input) ? { type: 'woke' } : input, now) };
    },
    rule: 'taken-back-before-acting',
    trial: true,
  },
  {
    how: 'takes persons back',
    machine: (config, seed) => {
      const dialer = new Dialer(config, seed);
      return {
        handle: (input, now) =>
          dialer.handle(input.type === 'answer-analysed' && input.verdict === 'person' && input.stage === 'decided' ? { ...input, verdict: 'fax' } : input, now),
      };
    },
    rule: 'taken-back-by-verdict',
    trial: true,
  },
  {
    how: 'connects what the network has intercepted',
    machine: bending(() => {
      let intercepted: CallId | undefined;
      return (output) => ({
        ...output,
        events: output.events.flatMap((event) => {
          if (event.type === 'early-media-heard' && event.heard === 'intercept') intercepted = event.callId;
          if (event.type !== 'early-media-heard' || intercepted === undefined) return [event];
          return [event, { atMs: event.atMs, type: 'call-connected' as const, callId: event.callId, agentId: agentId('agent-1'), sinceAnswerMs: 0, sinceVerdictMs: 0 }];
        }),
      });
    }),
    rule: 'intercepted-never-connected',
    trial: true,
  },
];

it('the dialer itself breaks no rule in these worlds', () => {
  const trial = run(TRIAL_WORLD, TRIAL_CENTRE, 11, { inputs: AGENTS_KEYING });
  expect(trial.violations).toEqual([]);
  expect(trial.counts.takenBackByTruth['machine']).toBeGreaterThan(5);

  const report = run(BUSY_WORLD, CENTRE, 11);
  expect(report.violations).toEqual([]);
  expect(report.counts.connected).toBeGreaterThan(5);
  expect(report.counts.switchLosses).toBe(1);
  expect(Object.keys(report.counts.idleHints).join(' ')).toContain('closed since 11:00');
  for (const centre of [RUSH_CENTRE, PROGRESSIVE_RUSH_CENTRE]) {
    const rush = run(RUSH_WORLD, centre, 11);
    expect(rush.violations).toEqual([]);
    expect(rush.counts.connected).toBeGreaterThan(150);
  }
});

it.each(CASES.map((entry) => [entry.how, entry] as const))('a dialer that %s is caught', (_how, bent) => {
  const { machine, rule, rush, trial = false } = bent;
  const options = { createMachine: machine, isHashed: false };
  const report = trial
    ? run(TRIAL_WORLD, TRIAL_CENTRE, 11, { ...options, inputs: AGENTS_KEYING })
    : run(rush === undefined ? BUSY_WORLD : RUSH_WORLD, rush ?? CENTRE, 11, options);
  expect(Object.keys(report.violationsByRule)).toContain(rule);
});

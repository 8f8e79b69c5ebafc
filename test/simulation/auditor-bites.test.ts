import { expect, it } from 'vitest';
import type { Command } from '../../src/dialer/command.js';
import type { CampaignConfig, DialerConfig } from '../../src/dialer/config.js';
import { Dialer } from '../../src/dialer/dialer.js';
import type { DialerMachine, Output } from '../../src/dialer/output.js';
import type { AuditRule } from '../../src/simulation/audit-log.js';
import type { Fault, WorldConfig } from '../../src/simulation/world-config.js';
import { ORDINARY_WORLD } from '../../src/simulation/world-config.js';
import { bridgeId, callId } from '../../src/units/ids.js';
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
        ? [command, { ...command, type: 'originate', commandId: ++forgedCommandCount, ringTimeoutMs: 20_000 }]
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
];

it('the dialer itself breaks no rule in these worlds', () => {
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
  const { machine, rule, rush } = bent;
  const report = run(rush === undefined ? BUSY_WORLD : RUSH_WORLD, rush ?? CENTRE, 11, {
    createMachine: machine,
    isHashed: false,
  });
  expect(Object.keys(report.violationsByRule)).toContain(rule);
});

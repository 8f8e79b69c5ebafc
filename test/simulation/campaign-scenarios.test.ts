import { expect, it } from 'vitest';
import type { DialerConfig } from '../../src/dialer/config.js';
import type { RunOptions, RunReport } from '../../src/simulation/campaign-run.js';
import type { WorldConfig } from '../../src/simulation/world-config.js';
import { ORDINARY_WORLD } from '../../src/simulation/world-config.js';
import { agentId } from '../../src/units/ids.js';
import { CAMPAIGN, callCentre, run, world } from './call-centre.js';

/**
 * Step plans: conditions, a run, what must have come of it. Each one first
 * asserts that its conditions took effect, or it would prove nothing.
 */
interface Scenario {
  readonly what: string;
  readonly world: WorldConfig;
  readonly dialer: DialerConfig;
  readonly options?: Omit<RunOptions, 'connect' | 'onLine'>;
  /** The conditions were really there. */
  readonly tookEffect: (seen: Seen) => void;
  readonly check: (seen: Seen) => void;
}

/** A run and its log. */
interface Seen {
  readonly report: RunReport;
  /** Lines of the log in this span that hold all these words. */
  count(fromMs: number, toMs: number, ...words: readonly string[]): number;
}

const MINUTE_MS = 60_000;
const END = Number.POSITIVE_INFINITY;
const ORIGINATE = ' C {"type":"originate"';
const only = (answers: Partial<WorldConfig['answers']>): WorldConfig['answers'] => ({
  person: 0, machine: 0, noAnswer: 0, busy: 0, unallocated: 0, congestion: 0, sit: 0, fax: 0, silence: 0,
  screening: 0, menu: 0, ringsOn: 0, earlyIntercept: 0, earlyAnnouncement: 0, ...answers,
});
const quick = { ...ORDINARY_WORLD.people, ringMs: 3_000, talkMs: 20_000 };

const FAULTLESS = { wrongForPersonRatio: 0, wrongForMachineRatio: 0, wrongRevisionForPersonRatio: 0 };

const SCENARIOS: readonly Scenario[] = [
  {
    what: 'a trunk goes down for two minutes: nothing is dialled meanwhile, talk goes on, then it resumes',
    world: world({ runMs: 10 * MINUTE_MS, faults: [{ type: 'trunk-outage', atMs: 4 * MINUTE_MS, lastsMs: 2 * MINUTE_MS, trunkIndex: 0 }] }),
    dialer: callCentre(10),
    tookEffect: ({ report, count }) => {
      expect(report.counts.alarms['trunk-down']).toBe(1);
      expect(count(0, 4 * MINUTE_MS, ORIGINATE)).toBeGreaterThan(20);
    },
    check: ({ count }) => {
      expect(count(4 * MINUTE_MS + 50, 6 * MINUTE_MS, ORIGINATE)).toBe(0);
      expect(count(6 * MINUTE_MS, 7 * MINUTE_MS, ORIGINATE)).toBeGreaterThan(0);
      expect(count(4 * MINUTE_MS + 5_000, 6 * MINUTE_MS, 'agent-line-lost')).toBe(0);
    },
  },
  {
    what: 'the connection is cut for twenty seconds: talk goes on and is adopted, nobody is dialled twice',
    world: world({ runMs: 10 * MINUTE_MS, answers: only({ person: 1 }), faults: [{ type: 'cut', atMs: 5 * MINUTE_MS, lastsMs: 20_000 }] }),
    dialer: callCentre(10),
    tookEffect: ({ report }) => {
      expect(report.counts.switchLosses).toBe(1);
    },
    check: ({ report, count }) => {
      expect(report.counts.adoptedCalls).toBeGreaterThan(3);
      expect(count(5 * MINUTE_MS + 1, 5 * MINUTE_MS + 20_000, ORIGINATE)).toBe(0);
      expect(count(5 * MINUTE_MS + 22_000, END, ORIGINATE)).toBeGreaterThan(0);
      expect(count(5 * MINUTE_MS + 20_000, 5 * MINUTE_MS + 30_000, '"cause":"agent-line-lost"')).toBe(0);
    },
  },
  {
    what: 'the switch is restarted: every call is closed as lost, the agents come back and dialling goes on',
    world: world({ runMs: 12 * MINUTE_MS, answers: only({ person: 1 }), faults: [{ type: 'switch-restart', atMs: 5 * MINUTE_MS }] }),
    dialer: callCentre(10),
    tookEffect: ({ report }) => {
      expect(report.counts.lostCalls).toBeGreaterThan(3);
    },
    check: ({ report, count }) => {
      expect(report.counts.endedByCause['switch-lost']).toBe(report.counts.lostCalls);
      expect(count(7 * MINUTE_MS, END, '"type":"call-connected"')).toBeGreaterThan(5);
    },
  },
  {
    what: 'the disk is full for two minutes: dialling stops with an alarm, calls in progress go on',
    world: world({ runMs: 10 * MINUTE_MS, answers: only({ person: 1 }), faults: [{ type: 'store-failure', atMs: 4 * MINUTE_MS, lastsMs: 2 * MINUTE_MS }] }),
    dialer: callCentre(10),
    tookEffect: ({ report }) => {
      expect(report.counts.alarms['store-failed']).toBe(1);
    },
    check: ({ count }) => {
      expect(count(4 * MINUTE_MS + 50, 6 * MINUTE_MS, ORIGINATE)).toBe(0);
      expect(count(4 * MINUTE_MS + 50, 5 * MINUTE_MS, '"cause":"contact-hung-up"')).toBeGreaterThan(0);
      expect(count(6 * MINUTE_MS, END, ORIGINATE)).toBeGreaterThan(10);
      expect(count(6 * MINUTE_MS, END, '"alarm-cleared"', 'store-failed')).toBe(1);
    },
  },
  {
    what: 'the service is killed and is back four seconds later: live calls are adopted and the counts add up',
    world: world({ runMs: 10 * MINUTE_MS, answers: only({ person: 1 }), faults: [{ type: 'service-crash', atMs: 5 * MINUTE_MS, lastsMs: 4_000 }] }),
    dialer: callCentre(10),
    tookEffect: ({ count }) => {
      expect(count(5 * MINUTE_MS, 5 * MINUTE_MS + 4_000, ' I {"type":"restored"')).toBe(1);
    },
    check: ({ report, count }) => {
      expect(report.counts.adoptedCalls).toBeGreaterThan(3);
      expect(count(5 * MINUTE_MS + 3_900, 5 * MINUTE_MS + 9_000, '"agent-changed"', '"state":"on-call"', '"from":"offline"')).toBeGreaterThan(3);
      expect(count(5 * MINUTE_MS + 4_000, END, '"cause":"agent-line-lost"')).toBe(0);
    },
  },
  {
    what: 'nobody logs in: nothing is dialled',
    world: world({ runMs: 5 * MINUTE_MS, agents: { ...ORDINARY_WORLD.agents, arrivalSpreadMs: 1, wrongPinRatio: 0 } }),
    dialer: callCentre(0),
    tookEffect: ({ report }) => {
      expect(report.counts.idleHints['no agent is at work']).toBeGreaterThan(0);
    },
    check: ({ report }) => {
      expect(report.counts.attempts).toBe(0);
      expect(report.contactsByState).toEqual({ waiting: ORDINARY_WORLD.contactCount });
    },
  },
  {
    what: 'the calling window closes: nothing is dialled from that second on',
    world: world({ runMs: 10 * MINUTE_MS, startsAt: '2026-01-05T15:55:00Z' }),
    dialer: callCentre(10, { callingHours: { timeZone: 'America/New_York', weekdays: [1], fromMinute: 540, toMinute: 660 } }),
    tookEffect: ({ count }) => {
      expect(count(0, 5 * MINUTE_MS, ORIGINATE)).toBeGreaterThan(20);
    },
    check: ({ count }) => {
      expect(count(5 * MINUTE_MS, END, ORIGINATE)).toBe(0);
    },
  },
  {
    what: 'more people than agents: who waits too long hears the safe-harbour message, key 9 is kept, and the 3 % are kept too',
    world: world({
      runMs: 30 * MINUTE_MS,
      contactCount: 3_000,
      answers: only({ person: 1 }),
      people: { ...quick, talkMs: 8_000, keysNineRatio: 0.5, patienceMs: 30_000 },
      agents: { ...ORDINARY_WORLD.agents, wrapUpMs: 500, forgetsDispositionRatio: 0 },
    }),
    dialer: callCentre(8, { pacing: { mode: 'power', linesPerAgentRatio: 6 } }),
    tookEffect: ({ report }) => {
      expect(report.counts.abandoned).toBeGreaterThan(3);
    },
    check: ({ report, count }) => {
      expect(count(0, END, '"pacing-decided"', 'cap of 3 %')).toBeGreaterThan(10);
      const { abandoned, connected } = report.counts;
      expect(abandoned / (abandoned + connected)).toBeLessThanOrEqual(0.03);
      const keyed = count(0, END, '"add-do-not-call"', 'contact-keyed-9');
      expect(keyed).toBeGreaterThan(0);
      expect(report.counts.messagesPlayed['safe-harbour cut'] ?? 0).toBeGreaterThanOrEqual(keyed);
      expect(report.contactsByState['do-not-call']).toBeGreaterThanOrEqual(keyed);
    },
  },
  {
    what: 'only machines: each one that records takes the message after its greeting',
    world: world({ runMs: 10 * MINUTE_MS, answers: only({ machine: 1 }), machines: { ...ORDINARY_WORLD.machines, ringMs: 4_000 }, analysis: { ...ORDINARY_WORLD.analysis, wrongForMachineRatio: 0 } }),
    dialer: callCentre(10, { onMachine: 'leave-message' }),
    tookEffect: ({ report }) => {
      expect(report.counts.verdictByTruth['machine > machine']).toBeGreaterThan(30);
    },
    check: ({ report }) => {
      expect(report.counts.connected).toBe(0);
      expect(report.counts.endedByCause['message-left']).toBeGreaterThan(30);
      expect(report.counts.messagesPlayed['machine']).toBe(report.counts.endedByCause['message-left']);
    },
  },
  {
    what: 'agents get every call at its answer: machines are taken back within seconds and leave no wrap-up, persons stay',
    world: world({ runMs: 15 * MINUTE_MS, answers: only({ person: 1, machine: 2 }), people: quick, analysis: { ...ORDINARY_WORLD.analysis, ...FAULTLESS } }),
    dialer: callCentre(10, { answerHandling: 'connect-at-answer', onMachine: 'leave-message' }),
    tookEffect: ({ report, count }) => {
      expect(count(0, END, '"isTapped":true')).toBeGreaterThan(50);
      expect(report.counts.verdictByTruth['machine > machine']).toBeGreaterThan(30);
    },
    check: ({ report, count }) => {
      const { takenBackByTruth, connected, dispositions, endedByCause } = report.counts;
      expect(takenBackByTruth['machine']).toBeGreaterThan(30);
      expect(takenBackByTruth['person']).toBeUndefined();
      expect(Object.values(dispositions).reduce((sum, each) => sum + each, 0)).toBe(connected - (takenBackByTruth['machine'] ?? 0));
      expect(endedByCause['message-left']).toBeGreaterThan(20);
      expect(report.counts.answerToAgentMs.p50).toBeLessThan(100);
      expect(count(0, END, ' E {', '"agent-changed"', '"from":"on-call"', '"state":"available"')).toBeGreaterThan(30);
    },
  },
  {
    what: 'agents get what is probably a person: some machines among it are taken back, the others never reach one',
    world: world({ runMs: 15 * MINUTE_MS, answers: only({ person: 1, machine: 1 }), people: quick, analysis: { ...ORDINARY_WORLD.analysis, ...FAULTLESS, probableRatio: 1, probableForMachineRatio: 0.3 } }),
    dialer: callCentre(10, { answerHandling: 'connect-probable' }),
    tookEffect: ({ report }) => {
      expect(report.counts.verdictsByStage['probable']).toBeGreaterThan(50);
    },
    check: ({ report }) => {
      const takenBack = report.counts.takenBackByTruth['machine'] ?? 0;
      expect(takenBack).toBeGreaterThan(5);
      expect(takenBack).toBeLessThan((report.counts.verdictByTruth['machine > machine'] ?? 0) / 2);
      expect(report.counts.answerToAgentMs.p50).toBeLessThan(1_500);
    },
  },
  {
    what: 'agents get what is decided, in doubt too: what is revised within the limit is taken back',
    world: world({ runMs: 15 * MINUTE_MS, answers: only({ machine: 1 }), machines: { ...ORDINARY_WORLD.machines, ringMs: 4_000 }, analysis: { ...ORDINARY_WORLD.analysis, ...FAULTLESS, wrongForMachineRatio: 1, revisedForMachineRatio: 1, revisedAfterMs: 2_000 } }),
    dialer: callCentre(10, { answerHandling: 'hold' }),
    tookEffect: ({ report }) => {
      expect(report.counts.verdictByTruth['machine > unsure']).toBeGreaterThan(30);
      expect(report.counts.verdictsByStage['revised']).toBeGreaterThan(30);
    },
    check: ({ report }) => {
      expect(report.counts.takenBackByTruth['machine']).toBeGreaterThan(30);
      expect(report.counts.endedByCause['machine-hung-up']).toBeGreaterThan(30);
    },
  },
  {
    what: 'an analyst who errs takes persons from their agents, and each of them is counted',
    world: world({ runMs: 15 * MINUTE_MS, answers: only({ person: 1 }), people: quick, analysis: { ...ORDINARY_WORLD.analysis, ...FAULTLESS, wrongForPersonRatio: 0.3 } }),
    dialer: callCentre(10, { answerHandling: 'connect-at-answer' }),
    tookEffect: ({ report }) => {
      expect(report.counts.verdictByTruth['person > machine']).toBeGreaterThan(10);
    },
    check: ({ report }) => {
      const takenBack = report.counts.takenBackByTruth['person'] ?? 0;
      expect(takenBack).toBeGreaterThan(10);
      expect(takenBack).toBeLessThanOrEqual(report.counts.verdictByTruth['person > machine'] ?? 0);
    },
  },
  {
    what: 'the network intercepts and announces before any answer: nothing of it reaches an agent, and dead numbers are not called again',
    world: world({ runMs: 15 * MINUTE_MS, contactCount: 120, answers: only({ earlyIntercept: 2, earlyAnnouncement: 1 }) }),
    dialer: callCentre(10, { attemptsMax: 1 }),
    tookEffect: ({ report }) => {
      expect(report.counts.earlyMedia['intercept']).toBeGreaterThan(30);
      expect(report.counts.earlyMedia['announcement']).toBeGreaterThan(15);
    },
    check: ({ report, count }) => {
      expect(report.counts.answered).toBe(0);
      expect(report.counts.endedByCause['announcement']).toBe(report.counts.earlyMedia['announcement']);
      expect(report.counts.endedByCause['unallocated-number']).toBeGreaterThan(10);
      expect(report.counts.endedByCause['congestion']).toBeGreaterThan(10);
      expect(count(0, END, '"contact-settled"', 'unallocated-number', '"outcome":"redial"')).toBe(0);
    },
  },
  {
    what: 'a switch without early media intercepts nothing: the same numbers end as the carrier says, without a cause',
    world: world({ runMs: 15 * MINUTE_MS, contactCount: 60, answers: only({ earlyIntercept: 1 }) }),
    dialer: callCentre(10, { attemptsMax: 1, listensBeforeAnswer: false }),
    tookEffect: ({ report }) => {
      expect(report.counts.attempts).toBeGreaterThan(40);
    },
    check: ({ report }) => {
      expect(report.counts.earlyMedia).toEqual({});
      expect(report.counts.endedByCause).toEqual({ unspecified: report.counts.attempts });
    },
  },
  {
    what: 'the carrier says "answered" while it rings or nobody is there: false answers, whatever the agents had of them',
    world: world({ runMs: 15 * MINUTE_MS, answers: only({ ringsOn: 1, silence: 1 }), people: quick }),
    dialer: callCentre(10, { answerHandling: 'connect-at-answer' }),
    tookEffect: ({ report }) => {
      expect(report.counts.verdictByTruth['rings-on > ringing']).toBeGreaterThan(20);
      expect(report.counts.verdictByTruth['silence > silence']).toBeGreaterThan(20);
    },
    check: ({ report }) => {
      expect(report.counts.endedByCause['false-answer']).toBeGreaterThan(40);
      expect(report.counts.takenBackByTruth['rings-on']).toBeGreaterThan(10);
    },
  },
  {
    what: 'nobody picks up: every attempt ends as no answer after the ring time and comes back by the rule',
    world: world({ runMs: 20 * MINUTE_MS, contactCount: 20, answers: only({ noAnswer: 1 }), carrier: { setupMs: 500, ringbackRatio: 0, deadRatio: 0.2 } }),
    dialer: callCentre(5, { recycle: { 'no-answer': { redialAfterMs: 60_000, attemptsMax: 3 } } }),
    tookEffect: ({ count }) => {
      expect(count(0, END, '"call-ringing"')).toBeGreaterThan(20);
    },
    check: ({ report }) => {
      expect(report.counts.endedByCause).toEqual({ 'no-answer': 60 });
      expect(report.contactsByState).toEqual({ closed: 20 });
    },
  },
  {
    what: 'phones vanish and unregister all the time: no agent is stuck and no contact is left alone',
    world: world({
      runMs: 15 * MINUTE_MS,
      answers: only({ person: 1 }),
      agents: { ...ORDINARY_WORLD.agents, vanishesEveryMs: 2 * MINUTE_MS, unregistersEveryMs: 2 * MINUTE_MS, hangsUpEveryMs: 3 * MINUTE_MS, returnMs: 5_000 },
    }),
    dialer: callCentre(12),
    tookEffect: ({ report }) => {
      expect(report.counts.agentChanges['on-call > offline'] ?? 0).toBeGreaterThan(3);
      expect(report.counts.agentChanges['available > offline'] ?? 0).toBeGreaterThan(3);
    },
    check: ({ report }) => {
      expect(report.counts.endedByCause['agent-line-lost'] ?? 0).toBeGreaterThan(0);
      expect(report.counts.agentChanges['logging-in > available'] ?? 0).toBeGreaterThan(20);
    },
  },
  {
    what: 'every verdict is lost: after the limit everybody counts as a person and gets an agent',
    world: world({ runMs: 10 * MINUTE_MS, answers: only({ person: 1 }), people: { ...quick, patienceMs: 60_000 }, analysis: { ...ORDINARY_WORLD.analysis, lostRatio: 1 } }),
    dialer: callCentre(10),
    tookEffect: ({ report }) => {
      expect(report.counts.verdictByTruth).toEqual({});
    },
    check: ({ report }) => {
      expect(report.counts.connected).toBeGreaterThan(20);
      expect(report.counts.answerToAgentMs.p50).toBeGreaterThan(9_000);
    },
  },
  {
    what: 'an order pauses the campaign and another starts it again',
    world: world({ runMs: 9 * MINUTE_MS }),
    dialer: callCentre(10),
    options: {
      inputs: [
        { atMs: 3 * MINUTE_MS, input: { type: 'campaign-ordered', campaignId: CAMPAIGN, order: 'pause' } },
        { atMs: 6 * MINUTE_MS, input: { type: 'campaign-ordered', campaignId: CAMPAIGN, order: 'start' } },
      ],
    },
    tookEffect: ({ count }) => {
      expect(count(0, 3 * MINUTE_MS, ORIGINATE)).toBeGreaterThan(10);
    },
    check: ({ count }) => {
      expect(count(3 * MINUTE_MS + 50, 6 * MINUTE_MS, ORIGINATE)).toBe(0);
      expect(count(6 * MINUTE_MS, END, ORIGINATE)).toBeGreaterThan(10);
    },
  },
  {
    what: 'a shutdown is ordered: no new call, and the talk that is on goes to its end',
    world: world({ runMs: 10 * MINUTE_MS, answers: only({ person: 1 }), faults: [{ type: 'drain', atMs: 5 * MINUTE_MS }] }),
    dialer: callCentre(10),
    tookEffect: ({ count }) => {
      expect(count(0, END, ' I {"type":"drain-ordered"')).toBe(1);
    },
    check: ({ count }) => {
      expect(count(5 * MINUTE_MS, END, ORIGINATE)).toBe(0);
      expect(count(5 * MINUTE_MS, END, '"cause":"contact-hung-up"')).toBeGreaterThan(0);
      expect(count(5 * MINUTE_MS, END, '"cause":"ended-by-operator"')).toBe(0);
    },
  },
  {
    what: 'numbers come onto the do-not-call list while they wait to be dialled: the store refuses them',
    world: world({ runMs: 20 * MINUTE_MS, contactCount: 60, agents: { ...ORDINARY_WORLD.agents, arrivalSpreadMs: 1_000, wrongPinRatio: 0 } }),
    dialer: callCentre(4),
    options: { doNotCall: Array.from({ length: 30 }, (_, index) => ({ atMs: 10_000, contactIndex: 30 + index })) },
    tookEffect: ({ count }) => {
      expect(count(0, END, ' I {"type":"attempt-refused"', 'do-not-call')).toBe(30);
    },
    check: ({ report, count }) => {
      expect(count(0, END, ORIGINATE, 'spring-45')).toBe(0);
      expect(report.counts.endedByCause['store-refused']).toBe(30);
      expect(report.contactsByState['do-not-call']).toBeGreaterThanOrEqual(30);
    },
  },
  {
    what: 'an agent is paused and resumed from the screen: no contact comes meanwhile',
    world: world({ runMs: 9 * MINUTE_MS, answers: only({ person: 1 }), people: quick, agents: { ...ORDINARY_WORLD.agents, pauseMs: 1_000 * MINUTE_MS } }),
    dialer: callCentre(1, { pacing: { mode: 'progressive' } }),
    options: {
      inputs: [
        { atMs: 3 * MINUTE_MS, input: { type: 'agent-ordered', agentId: agentId('agent-1'), order: { type: 'pause', reason: 'lunch' } } },
        { atMs: 7 * MINUTE_MS, input: { type: 'agent-ordered', agentId: agentId('agent-1'), order: { type: 'resume' } } },
      ],
    },
    tookEffect: ({ count }) => {
      expect(count(0, 5 * MINUTE_MS, '"agent-changed"', '"state":"paused"', 'lunch')).toBeGreaterThan(0);
    },
    check: ({ count }) => {
      expect(count(0, 3 * MINUTE_MS, '"call-connected"')).toBeGreaterThan(0);
      expect(count(5 * MINUTE_MS, 7 * MINUTE_MS, '"call-connected"')).toBe(0);
      expect(count(7 * MINUTE_MS, END, '"call-connected"')).toBeGreaterThan(0);
    },
  },
];

it.each(SCENARIOS.map((scenario) => [scenario.what, scenario] as const))('%s', (_what, scenario) => {
  const lines: (readonly [number, string])[] = [];
  const report = run(scenario.world, scenario.dialer, 21, {
    ...scenario.options,
    onLine: (line) => lines.push([Number.parseFloat(line), line]),
  });
  const seen: Seen = {
    report,
    count: (fromMs, toMs, ...words) =>
      lines.filter(([atMs, line]) => atMs >= fromMs && atMs <= toMs && words.every((word) => line.includes(word))).length,
  };
  expect(report.violations).toEqual([]);
  scenario.tookEffect(seen);
  scenario.check(seen);
});

it('a thousand contacts and twenty agents: an hour passes in seconds and the books balance', () => {
  const report = run(world({}), callCentre(20), 1);
  expect(report.violations).toEqual([]);
  expect(report.counts.attempts).toBeGreaterThan(1_000);
  const sum = (table: Readonly<Record<string, number>>): number => Object.values(table).reduce((total, count) => total + count, 0);
  expect(sum(report.contactsByState)).toBe(1_000);
  expect(sum(report.counts.endedByCause)).toBe(report.counts.attempts);
  expect(sum(report.counts.takenBackByTruth)).toBeGreaterThan(0);
  // Who is taken back leaves nothing to dispose of.
  expect(sum(report.counts.dispositions)).toBe(report.counts.connected - sum(report.counts.takenBackByTruth));
});

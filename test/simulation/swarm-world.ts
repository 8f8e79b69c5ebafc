import type { CampaignConfig, DialerConfig } from '../../src/dialer/config.js';
import type { Fault, WorldConfig } from '../../src/simulation/world-config.js';
import { ORDINARY_WORLD } from '../../src/simulation/world-config.js';
import { Random } from '../../src/units/random.js';
import { callCentre } from './call-centre.js';

const MINUTE_MS = 60_000;

/** A small, hostile call centre, drawn from a seed. */
export interface SwarmCase {
  readonly world: WorldConfig;
  readonly dialer: DialerConfig;
}

/** Each seed another mix of people, agents, limits and faults. */
export function drawSwarmCase(seed: number): SwarmCase {
  const random = new Random(seed * 7_919 + 1);
  const runMs = random.between(8, 25) * MINUTE_MS;
  return { world: drawWorld(random, runMs), dialer: drawDialer(random) };
}

function drawWorld(random: Random, runMs: number): WorldConfig {
  const share = (): number => random.pick([0, 1, 5, 30]);
  const sometimes = (everyMs: number): number => (random.chance(0.5) ? everyMs : 0);
  return {
    ...ORDINARY_WORLD,
    startsAt: random.pick(['2026-01-05T15:00:00Z', '2026-03-08T06:50:00Z', '2026-11-01T05:50:00Z']),
    runMs,
    contactCount: Math.floor(random.between(20, 300)),
    answers: {
      person: 10 + share(),
      machine: share(),
      noAnswer: share(),
      busy: share(),
      unallocated: share(),
      congestion: share(),
      sit: share(),
      fax: share(),
      silence: share(),
      screening: share(),
      menu: share(),
      ringsOn: share(),
      earlyIntercept: share(),
      earlyAnnouncement: share(),
    },
    people: {
      ...ORDINARY_WORLD.people,
      ringMs: random.between(500, 15_000),
      patienceMs: random.between(500, 8_000),
      talkMs: random.between(3_000, 90_000),
      hangsUpEarlyRatio: random.pick([0, 0.1, 0.4]),
      keysNineRatio: random.unit(),
    },
    carrier: { setupMs: random.between(100, 4_000), ringbackRatio: random.pick([0, 0.5]), deadRatio: random.pick([0, 0.02, 0.1]) },
    analysis: {
      ...ORDINARY_WORLD.analysis,
      wrongForPersonRatio: random.pick([0, 0.1]),
      wrongForMachineRatio: random.pick([0, 0.5]),
      revisedForMachineRatio: random.pick([0.5, 1]),
      wrongRevisionForPersonRatio: random.pick([0, 0.1]),
      unsureRatio: random.pick([0, 0.3]),
      probableRatio: random.pick([0, 0.8]),
      probableForMachineRatio: random.pick([0, 0.5]),
      revisedAfterMs: random.between(200, 8_000),
      lostRatio: random.pick([0, 0, 0.05]),
    },
    agents: {
      ...ORDINARY_WORLD.agents,
      arrivalSpreadMs: random.between(1_000, 120_000),
      wrongPinRatio: random.pick([0, 0.5]),
      wrapUpMs: random.between(500, 30_000),
      forgetsDispositionRatio: random.pick([0, 0.3]),
      pauseAfterCallRatio: random.pick([0, 0.3, 0.7]),
      pauseMs: random.between(2_000, 60_000),
      hangsUpEveryMs: sometimes(2 * MINUTE_MS),
      vanishesEveryMs: sometimes(4 * MINUTE_MS),
      unregistersEveryMs: sometimes(4 * MINUTE_MS),
      featureCallEveryMs: sometimes(2 * MINUTE_MS),
      returnMs: random.between(500, 60_000),
    },
    store: { answerMsMax: random.pick([1, 10, 40]), groupMs: random.pick([0, 50, 1_000]) },
    connection: {
      commandMs: random.pick([0.1, 5]),
      eventMs: random.pick([0.1, 5]),
      jitterMsMax: random.pick([0, 3, 60]),
      reconnectMs: random.pick([50, 500, 3_000]),
      replyOrder: random.pick(['before-news', 'after-news']),
    },
    faults: drawFaults(random, runMs),
  };
}

function drawFaults(random: Random, runMs: number): readonly Fault[] {
  const atMs = (): number => random.between(0.05, 0.85) * runMs;
  const faults: Fault[] = [];
  const some = (make: () => Fault): void => {
    for (let count = random.pick([0, 0, 1, 3]); count > 0; count--) faults.push(make());
  };
  some(() => ({ type: 'trunk-outage', atMs: atMs(), lastsMs: random.between(10, 60_000), trunkIndex: 0 }));
  some(() => ({ type: 'cut', atMs: atMs(), lastsMs: random.between(1, 40_000) }));
  some(() => ({ type: 'switch-restart', atMs: atMs() }));
  some(() => ({ type: 'store-failure', atMs: atMs(), lastsMs: random.between(10, 60_000) }));
  some(() => ({ type: 'service-crash', atMs: atMs(), lastsMs: random.between(10, 30_000) }));
  return faults;
}

function drawDialer(random: Random): DialerConfig {
  const campaign: Partial<CampaignConfig> = {
    pacing: random.pick([
      { mode: 'progressive' as const },
      { mode: 'power' as const, linesPerAgentRatio: 1.5 },
      { mode: 'power' as const, linesPerAgentRatio: 4 },
    ]),
    callsPerSecondMax: random.pick([0.5, 2, 10]),
    linesMax: random.pick([1, 5, 60]),
    ringTimeoutMs: random.pick([15_000, 30_000]),
    isAnalysed: random.chance(0.8),
    onMachine: random.pick(['hang-up', 'leave-message']),
    onSilence: random.pick(['hang-up', 'connect']),
    onScreening: random.pick(['hang-up', 'connect']),
    onMenu: random.pick(['hang-up', 'connect']),
    answerHandling: random.pick(['hold', 'connect-probable', 'connect-at-answer']),
    takeBackLimitMs: random.pick([1_000, 10_000]),
    listensBeforeAnswer: random.chance(0.7),
    keepsDisputedSnippets: random.chance(0.5),
    wrapUpMaxMs: random.pick([0, 2_000, 30_000]),
    isRecorded: random.chance(0.5),
    attemptsMax: random.pick([1, 3]),
    recycle: {
      busy: { redialAfterMs: random.pick([0, 5_000, 60_000]), attemptsMax: 3 },
      'no-answer': { redialAfterMs: random.pick([0, 30_000]), attemptsMax: 2 },
      abandoned: { redialAfterMs: 10_000, attemptsMax: 2 },
      'agent-hung-up': { redialAfterMs: 1_000, attemptsMax: 2 },
    },
    callingHours: {
      timeZone: 'America/New_York',
      weekdays: [0, 1, 2, 3, 4, 5, 6],
      fromMinute: 0,
      // In one case of four the window closes ten minutes into the run.
      toMinute: random.chance(0.25) ? 610 : 1_440,
    },
  };
  return callCentre(Math.floor(random.between(1, 9)), campaign, random.pick([1, 5, 10]), random.pick([2, 10, 100]));
}

import type { Ms } from '../units/time.js';

/**
 * A world to dial into, as plain data: it is written into reports, and a run
 * is repeated from it, the dialer's configuration and a seed.
 */
export interface WorldConfig {
  /** Wall clock at the start of the run, e.g. `2026-01-05T15:00:00Z`. */
  readonly startsAt: string;
  /** How long campaigns run; afterwards calls in progress are let finish. */
  readonly runMs: Ms;
  /** Contacts of each campaign. */
  readonly contactCount: number;
  readonly answers: AnswerShares;
  readonly people: PeopleConfig;
  readonly machines: MachineConfig;
  readonly carrier: CarrierConfig;
  readonly analysis: AnalysisModelConfig;
  readonly agents: AgentBehaviour;
  readonly store: StoreBehaviour;
  readonly connection: ConnectionConfig;
  readonly faults: readonly Fault[];
}

/** Weights of what a dialled number does; any positive sum. */
export interface AnswerShares {
  readonly person: number;
  readonly machine: number;
  readonly noAnswer: number;
  readonly busy: number;
  readonly unallocated: number;
  readonly congestion: number;
  /** Answered by special information tones and an announcement. */
  readonly sit: number;
  readonly fax: number;
  /** Answered, and nobody speaks. */
  readonly silence: number;
  /** Answered by an assistant that asks who calls. */
  readonly screening: number;
  /** Answered by a spoken menu. */
  readonly menu: number;
  /** "Answered" by the carrier's word, and it rings on. */
  readonly ringsOn: number;
  /** Special information tones before an answer, and never one. */
  readonly earlyIntercept: number;
  /** An announcement before an answer, and never one. */
  readonly earlyAnnouncement: number;
}

/** Times are means of log-normal draws unless said otherwise. */
export interface PeopleConfig {
  readonly ringMs: Ms;
  readonly greetingMs: Ms;
  /** How long a person stays on a silent line after the greeting. */
  readonly patienceMs: Ms;
  readonly talkMs: Ms;
  readonly contactHangsUpFirstRatio: number;
  /** Of those who hear the safe-harbour message. */
  readonly keysNineRatio: number;
  /** Of those who hear it and do not key: hang up in the middle. */
  readonly hangsUpOnMessageRatio: number;
  /** Answers and hangs up within a second. */
  readonly hangsUpEarlyRatio: number;
}

/** Answering machines; times are means of log-normal draws. */
export interface MachineConfig {
  readonly ringMs: Ms;
  readonly greetingMs: Ms;
  /** Ends the call by itself so long after the beep. */
  readonly recordsForMs: Ms;
}

/** What the network adds to every call. */
export interface CarrierConfig {
  /** Post-dial delay. */
  readonly setupMs: Ms;
  /** Share of calls whose ringing is sent as audio. */
  readonly ringbackRatio: number;
  /** Share of calls that never give a sign of life: no ringing, no refusal. */
  readonly deadRatio: number;
}

/** How well who answered is told. */
export interface AnalysisModelConfig {
  readonly wrongForPersonRatio: number;
  readonly wrongForMachineRatio: number;
  /** Silence after a person's greeting until the verdict. */
  readonly afterGreetingMs: Ms;
  /** Latest verdict. */
  readonly verdictMsMax: Ms;
  /** Share of answers of whom it is told early that they are probably persons. */
  readonly probableRatio: number;
  /** The same of machines, as a part of that share. */
  readonly probableForMachineRatio: number;
  /** Share of persons' verdicts that are in doubt; those that come at the limit always are. */
  readonly unsureRatio: number;
  /** Share of machines taken for persons whose verdict is put right later. */
  readonly revisedForMachineRatio: number;
  /** Share of persons known as such whose verdict is spoilt later. */
  readonly wrongRevisionForPersonRatio: number;
  /** From a verdict to the one that puts it right. */
  readonly revisedAfterMs: Ms;
  /** Share of verdicts that never come. */
  readonly lostRatio: number;
}

/** How agents behave at their phones; times are means. */
export interface AgentBehaviour {
  /** Log-ins are spread evenly over so long. */
  readonly arrivalSpreadMs: Ms;
  readonly wrongPinRatio: number;
  readonly wrapUpMs: Ms;
  /** Share of wrap-ups in which the agent keys nothing. */
  readonly forgetsDispositionRatio: number;
  /** Share of wrap-ups after which the agent pauses by keys. */
  readonly pauseAfterCallRatio: number;
  readonly pauseMs: Ms;
  /** Mean time between hanging up in the middle of anything; 0: never. */
  readonly hangsUpEveryMs: Ms;
  /** Mean time between vanishing lines; 0: never. */
  readonly vanishesEveryMs: Ms;
  /** Mean time between unregistering for a while; 0: never. */
  readonly unregistersEveryMs: Ms;
  /** Mean time between feature codes from a second line; 0: never. */
  readonly featureCallEveryMs: Ms;
  readonly returnMs: Ms;
}

/** How quick the store is. */
export interface StoreBehaviour {
  /** Evenly drawn up to this. */
  readonly answerMsMax: Ms;
  /** Events are written in groups so far apart; a killed service loses the last group. Attempts are always written at once. */
  readonly groupMs: Ms;
}

/** The service's connection to the switch. */
export interface ConnectionConfig {
  readonly commandMs: Ms;
  readonly eventMs: Ms;
  readonly jitterMsMax: Ms;
  readonly reconnectMs: Ms;
  readonly replyOrder: 'before-news' | 'after-news';
}

/** Something that goes wrong at an instant after the start. */
export type Fault =
  | { readonly type: 'trunk-outage'; readonly atMs: Ms; readonly lastsMs: Ms; readonly trunkIndex: number }
  /** The connection between service and switch. */
  | { readonly type: 'cut'; readonly atMs: Ms; readonly lastsMs: Ms }
  | { readonly type: 'switch-restart'; readonly atMs: Ms }
  | { readonly type: 'store-failure'; readonly atMs: Ms; readonly lastsMs: Ms }
  /** The service is killed and started again; it remembers what the store holds. */
  | { readonly type: 'service-crash'; readonly atMs: Ms; readonly lastsMs: Ms }
  /** The service is told to shut down: no new call from here on. */
  | { readonly type: 'drain'; readonly atMs: Ms };

/** An ordinary afternoon. Chosen: shares as in published outbound consumer campaigns, round numbers. */
export const ORDINARY_WORLD: WorldConfig = {
  startsAt: '2026-01-05T15:00:00Z',
  runMs: 3_600_000,
  contactCount: 1_000,
  answers: { person: 30, machine: 25, noAnswer: 25, busy: 8, unallocated: 4, congestion: 3, sit: 2, fax: 1, silence: 2, screening: 1, menu: 1, ringsOn: 1, earlyIntercept: 2, earlyAnnouncement: 1 },
  people: {
    ringMs: 9_000,
    greetingMs: 1_200,
    patienceMs: 6_000,
    talkMs: 90_000,
    contactHangsUpFirstRatio: 0.6,
    keysNineRatio: 0.2,
    hangsUpOnMessageRatio: 0.4,
    hangsUpEarlyRatio: 0.04,
  },
  machines: { ringMs: 20_000, greetingMs: 9_000, recordsForMs: 60_000 },
  carrier: { setupMs: 1_800, ringbackRatio: 0.2, deadRatio: 0.002 },
  analysis: {
    wrongForPersonRatio: 0.02,
    wrongForMachineRatio: 0.05,
    afterGreetingMs: 600,
    verdictMsMax: 4_500,
    probableRatio: 0.8,
    probableForMachineRatio: 0.2,
    unsureRatio: 0.05,
    revisedForMachineRatio: 0.6,
    wrongRevisionForPersonRatio: 0.005,
    revisedAfterMs: 2_000,
    lostRatio: 0,
  },
  agents: {
    arrivalSpreadMs: 60_000,
    wrongPinRatio: 0.05,
    wrapUpMs: 12_000,
    forgetsDispositionRatio: 0.03,
    pauseAfterCallRatio: 0.02,
    pauseMs: 120_000,
    hangsUpEveryMs: 0,
    vanishesEveryMs: 0,
    unregistersEveryMs: 0,
    featureCallEveryMs: 0,
    returnMs: 30_000,
  },
  store: { answerMsMax: 6, groupMs: 50 },
  connection: { commandMs: 0.5, eventMs: 0.5, jitterMsMax: 2, reconnectMs: 500, replyOrder: 'before-news' },
  faults: [],
};

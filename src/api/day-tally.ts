import type { EndCauseName } from '../call/end-cause.js';
import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { Ms } from '../units/time.js';
import type { DayCounts, DayFigures } from './contract.js';
import { DurationHistogram } from './duration-histogram.js';

const NO_COUNTS: DayCounts = {
  dialledCount: 0,
  answeredCount: 0,
  personCount: 0,
  machineCount: 0,
  screeningCount: 0,
  menuCount: 0,
  faxCount: 0,
  interceptCount: 0,
  busyToneCount: 0,
  ringingCount: 0,
  silenceCount: 0,
  unsureCount: 0,
  busyCount: 0,
  noAnswerCount: 0,
  rejectedCount: 0,
  badNumberCount: 0,
  failedCount: 0,
  cancelledCount: 0,
  connectedCount: 0,
  takenBackCount: 0,
  falseAnswerCount: 0,
  abandonedCount: 0,
};

type Counted = keyof DayCounts;

/** What a store counted before this run of the service, for one campaign since the day began. */
export interface DaySoFar {
  readonly dialledCount: number;
  readonly answeredCount: number;
  readonly connectedCount: number;
  readonly takenBackCount: number;
  readonly falseAnswerCount: number;
  readonly abandonedCount: number;
  readonly countByVerdict: Readonly<Partial<Record<AnswerVerdict, number>>>;
  /** Attempts that ended without an answer, by their cause. */
  readonly unansweredCountByCause: Readonly<Partial<Record<EndCauseName, number>>>;
  /** Switch's answer to joined bridge of each connected call. */
  readonly answerToAgentMs: readonly Ms[];
}

/** Counts one campaign's day. */
export class DayTally {
  #counts: Record<Counted, number> = { ...NO_COUNTS };
  readonly #answerToAgent = new DurationHistogram();

  constructor(soFar?: DaySoFar) {
    if (soFar === undefined) return;
    this.count('dialledCount', soFar.dialledCount);
    this.count('answeredCount', soFar.answeredCount);
    this.count('connectedCount', soFar.connectedCount);
    this.count('takenBackCount', soFar.takenBackCount);
    this.count('falseAnswerCount', soFar.falseAnswerCount);
    this.count('abandonedCount', soFar.abandonedCount);
    for (const [verdict, times] of Object.entries(soFar.countByVerdict)) {
      this.count(countedVerdict(verdict as AnswerVerdict), times);
    }
    for (const [cause, times] of Object.entries(soFar.unansweredCountByCause)) {
      this.count(countedUnanswered(cause as EndCauseName), times);
    }
    for (const spanMs of soFar.answerToAgentMs) this.#answerToAgent.add(spanMs);
  }

  count(counted: Counted, times = 1): void {
    this.#counts[counted] += times;
  }

  connected(sinceAnswerMs: Ms): void {
    this.count('connectedCount');
    this.#answerToAgent.add(sinceAnswerMs);
  }

  figures(): DayFigures {
    return dayFigures({ ...this.#counts }, this.#answerToAgent);
  }
}

/** What the counts say; `answerToAgent` holds the spans of the same calls. */
function dayFigures(counts: DayCounts, answerToAgent: DurationHistogram): DayFigures {
  const unanswered =
    counts.busyCount +
    counts.noAnswerCount +
    counts.rejectedCount +
    counts.badNumberCount +
    counts.failedCount +
    counts.cancelledCount;
  return {
    counts,
    abandonRatio: ratio(counts.abandonedCount, counts.connectedCount + counts.abandonedCount),
    answerRatio: ratio(counts.answeredCount, counts.answeredCount + unanswered),
    answerToAgentMsP50: answerToAgent.percentileMs(0.5),
    answerToAgentMsP95: answerToAgent.percentileMs(0.95),
  };
}

const ratio = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);

/** Under which count a verdict falls. */
export function countedVerdict(verdict: AnswerVerdict): Counted {
  return COUNTED_VERDICT[verdict];
}

const COUNTED_VERDICT = {
  person: 'personCount',
  machine: 'machineCount',
  screening: 'screeningCount',
  menu: 'menuCount',
  fax: 'faxCount',
  intercept: 'interceptCount',
  busy: 'busyToneCount',
  ringing: 'ringingCount',
  silence: 'silenceCount',
  unsure: 'unsureCount',
} as const satisfies Record<AnswerVerdict, Counted>;

const UNANSWERED: Readonly<Partial<Record<EndCauseName, Counted>>> = {
  busy: 'busyCount',
  'no-answer': 'noAnswerCount',
  'no-user-response': 'noAnswerCount',
  'subscriber-absent': 'noAnswerCount',
  rejected: 'rejectedCount',
  'unallocated-number': 'badNumberCount',
  'number-changed': 'badNumberCount',
  'invalid-number': 'badNumberCount',
  intercept: 'badNumberCount',
  announcement: 'noAnswerCount',
  cancelled: 'cancelledCount',
  'store-refused': 'cancelledCount',
  'ended-by-operator': 'cancelledCount',
};

/** Under which count an attempt falls that ended so without an answer; every other cause is a failure of the way to the contact. */
export function countedUnanswered(cause: EndCauseName): Counted {
  return UNANSWERED[cause] ?? 'failedCount';
}

/** The days of several campaigns as one. */
export function joinedDays(days: readonly DaySoFar[]): DaySoFar {
  const sum = (pick: (day: DaySoFar) => number): number => days.reduce((total, day) => total + pick(day), 0);
  const sumByKey = (pick: (day: DaySoFar) => Readonly<Partial<Record<string, number>>>): Record<string, number> => {
    const total: Record<string, number> = {};
    for (const day of days) {
      for (const [key, count] of Object.entries(pick(day))) total[key] = (total[key] ?? 0) + (count ?? 0);
    }
    return total;
  };
  return {
    dialledCount: sum((day) => day.dialledCount),
    answeredCount: sum((day) => day.answeredCount),
    connectedCount: sum((day) => day.connectedCount),
    takenBackCount: sum((day) => day.takenBackCount),
    falseAnswerCount: sum((day) => day.falseAnswerCount),
    abandonedCount: sum((day) => day.abandonedCount),
    countByVerdict: sumByKey((day) => day.countByVerdict),
    unansweredCountByCause: sumByKey((day) => day.unansweredCountByCause),
    answerToAgentMs: days.flatMap((day) => day.answerToAgentMs),
  };
}

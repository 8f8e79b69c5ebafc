import { sql } from 'kysely';
import type { CampaignId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { EndCauseName } from '../call/end-cause.js';
import { ANSWER_VERDICTS, type AnswerVerdict } from '../call/answer-verdict.js';
import { queries, type QueryRunner } from './query.js';

/** Attempts written at `fromMs` or later and before `toMs`. */
export interface CountSpan {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

/** What has become of one campaign's attempts in a span of time. */
export interface CampaignCounts {
  readonly campaignId: CampaignId;
  readonly attemptCount: number;
  /** Those whose INVITE has left. */
  readonly originatedCount: number;
  readonly answeredCount: number;
  /** Answered attempts by who answered. Without analysis who was connected is a person, and who was not is in none. */
  readonly countByVerdict: Readonly<Record<AnswerVerdict, number>>;
  /** A contact and an agent could talk, and the call was not taken back. */
  readonly connectedCount: number;
  /** Calls that an agent had and lost to a verdict. */
  readonly takenBackCount: number;
  readonly abandonedCount: number;
  readonly endedCount: number;
  /** Ended attempts by cause; a cause that did not occur is absent. */
  readonly countByCause: Readonly<Partial<Record<EndCauseName, number>>>;
  /** Those of them that nobody had answered: some causes come both before and after an answer. */
  readonly unansweredCountByCause: Readonly<Partial<Record<EndCauseName, number>>>;
  /** Contacts who asked not to be called again. */
  readonly doNotCallCount: number;
  /** Abandoned of the people who were to be connected: abandoned / (abandoned + connected); undefined without any. */
  readonly abandonRatio: number | undefined;
  /** Answered / originated; undefined without any. */
  readonly answerRatio: number | undefined;
}

interface Group {
  readonly campaign_id: string;
  readonly verdict: AnswerVerdict | null;
  readonly cause: EndCauseName | null;
  readonly attempts: number;
  readonly originated: number;
  readonly answered: number;
  readonly connected: number;
  readonly taken_back: number;
  readonly abandoned: number;
}

/** Counts of every campaign with an attempt or a do-not-call request in the span. */
export function countAttempts(runner: QueryRunner, tenantId: TenantId, span: CountSpan): CampaignCounts[] {
  const tallies = new Map<string, Tally>();
  const tallyOf = (id: string): Tally => {
    const tally = tallies.get(id) ?? emptyTally(id as CampaignId);
    tallies.set(id, tally);
    return tally;
  };
  for (const group of readGroups(runner, tenantId, span)) addGroup(tallyOf(group.campaign_id), group);
  for (const row of readDoNotCalls(runner, tenantId, span)) {
    if (row.campaign_id !== null) tallyOf(row.campaign_id).doNotCallCount = row.count;
  }
  return [...tallies.values()].map((tally) => ({
    ...tally,
    abandonRatio: ratio(tally.abandonedCount, tally.abandonedCount + tally.connectedCount),
    answerRatio: ratio(tally.answeredCount, tally.originatedCount),
  }));
}

type Tally = {
  -readonly [Name in Exclude<keyof CampaignCounts, 'abandonRatio' | 'answerRatio'>]: CampaignCounts[Name] extends number
    ? number
    : Name extends 'countByVerdict' | 'countByCause' | 'unansweredCountByCause'
      ? { -readonly [Key in keyof CampaignCounts[Name]]: CampaignCounts[Name][Key] }
      : CampaignCounts[Name];
};

const emptyTally = (campaignId: CampaignId): Tally => ({
  campaignId,
  attemptCount: 0,
  originatedCount: 0,
  answeredCount: 0,
  countByVerdict: Object.fromEntries(ANSWER_VERDICTS.map((verdict) => [verdict, 0])) as Record<AnswerVerdict, number>,
  connectedCount: 0,
  takenBackCount: 0,
  abandonedCount: 0,
  endedCount: 0,
  countByCause: {},
  unansweredCountByCause: {},
  doNotCallCount: 0,
});

function addGroup(tally: Tally, group: Group): void {
  tally.attemptCount += group.attempts;
  tally.originatedCount += group.originated;
  tally.answeredCount += group.answered;
  tally.connectedCount += group.connected;
  tally.takenBackCount += group.taken_back;
  tally.abandonedCount += group.abandoned;
  if (group.verdict === null) tally.countByVerdict.person += group.connected;
  else tally.countByVerdict[group.verdict] += group.attempts;
  if (group.cause !== null) {
    tally.endedCount += group.attempts;
    tally.countByCause[group.cause] = (tally.countByCause[group.cause] ?? 0) + group.attempts;
    const unanswered = group.attempts - group.answered;
    if (unanswered > 0) tally.unansweredCountByCause[group.cause] = (tally.unansweredCountByCause[group.cause] ?? 0) + unanswered;
  }
}

function readGroups(runner: QueryRunner, tenantId: TenantId, { fromMs, toMs }: CountSpan): Group[] {
  return runner.all(
    queries
      .selectFrom('attempts')
      .select((e) => [
        'campaign_id',
        'verdict',
        'cause',
        e.fn.countAll<number>().as('attempts'),
        e.fn.count<number>('originated_at_ms').as('originated'),
        e.fn.count<number>('answered_at_ms').as('answered'),
        sql<number>`sum(connected_at_ms is not null and is_taken_back = 0)`.as('connected'),
        e.fn.count<number>('taken_back_at_ms').as('taken_back'),
        e.fn.sum<number>('is_abandoned').as('abandoned'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('written_at_ms', '>=', fromMs)
      .where('written_at_ms', '<', toMs)
      .groupBy(['campaign_id', 'verdict', 'cause']),
  );
}

function readDoNotCalls(runner: QueryRunner, tenantId: TenantId, { fromMs, toMs }: CountSpan) {
  return runner.all(
    queries
      .selectFrom('do_not_call')
      .select((e) => ['campaign_id', e.fn.countAll<number>().as('count')])
      .where('tenant_id', '=', tenantId)
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .groupBy('campaign_id'),
  );
}

const ratio = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);

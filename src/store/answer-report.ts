import { sql } from 'kysely';
import { ANSWER_VERDICTS, type AnswerVerdict } from '../call/answer-verdict.js';
import { FALSE_ANSWER_CAUSES } from '../call/end-cause.js';
import type { CampaignId, TenantId, TrunkName } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { CountSpan } from './campaign-counts.js';
import { queries, type QueryRunner } from './query.js';

/** Which answers, and what they are put together by. */
export interface AnswerReportFilter extends CountSpan {
  readonly campaignId?: CampaignId | undefined;
  readonly trunk?: TrunkName | undefined;
  /** `hour`: of writing, counted from 1970 in UTC. */
  readonly by: 'campaign' | 'trunk' | 'hour';
}

/** What the analysis made of the answers of one group, and what is known of its faults. */
export interface AnswerReportGroup {
  /** Campaign, trunk, or the start of the hour in milliseconds since 1970. */
  readonly key: string;
  readonly answeredCount: number;
  /** Those with a verdict. */
  readonly analysedCount: number;
  readonly countByVerdict: Readonly<Record<AnswerVerdict, number>>;
  readonly revisedCount: number;
  readonly takenBackCount: number;
  readonly falseAnswerCount: number;
  /** Analysed answers that an agent had to their end, and said of who answered. */
  readonly agentJudgedCount: number;
  /** Those of them that were machines by his word. */
  readonly machineShownCount: number;
  /** Persons by an agent's word whose last verdict was none. */
  readonly lostPersonKnownCount: number;
  /** Audio time to the decision, to 20 ms; undefined without any. */
  readonly decidedAfterMsP50: Ms | undefined;
  readonly decidedAfterMsP90: Ms | undefined;
}

/** Chosen: the frame of the analysis, so nothing is lost. */
const BIN_MS: Ms = 20;
const HOUR_MS = 3_600_000;

/** The answers of a span in groups, by key. */
export function reportAnswers(runner: QueryRunner, tenantId: TenantId, filter: AnswerReportFilter): AnswerReportGroup[] {
  const binsByKey = readBins(runner, tenantId, filter);
  const groups = new Map<string, Mutable<Omit<AnswerReportGroup, 'decidedAfterMsP50' | 'decidedAfterMsP90'>>>();
  for (const row of readVerdicts(runner, tenantId, filter)) {
    const group = groups.get(row.key) ?? emptyGroup(row.key);
    groups.set(row.key, group);
    group.answeredCount += row.answered;
    group.takenBackCount += row.taken_back;
    group.falseAnswerCount += row.false_answers;
    group.revisedCount += row.revised;
    if (row.verdict === null) continue;
    group.analysedCount += row.answered;
    group.countByVerdict[row.verdict] += row.answered;
    group.agentJudgedCount += row.judged;
    group.machineShownCount += row.machines;
    if (row.verdict !== 'person' && row.verdict !== 'unsure') group.lostPersonKnownCount += row.judged - row.machines;
  }
  return [...groups.values()].map((group) => {
    const bins = binsByKey.get(group.key) ?? [];
    return { ...group, decidedAfterMsP50: percentile(bins, 0.5), decidedAfterMsP90: percentile(bins, 0.9) };
  });
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends Readonly<Record<AnswerVerdict, number>> ? Record<AnswerVerdict, number> : T[Key] };

const emptyGroup = (key: string): Mutable<Omit<AnswerReportGroup, 'decidedAfterMsP50' | 'decidedAfterMsP90'>> => ({
  key,
  answeredCount: 0,
  analysedCount: 0,
  countByVerdict: Object.fromEntries(ANSWER_VERDICTS.map((verdict) => [verdict, 0])) as Record<AnswerVerdict, number>,
  revisedCount: 0,
  takenBackCount: 0,
  falseAnswerCount: 0,
  agentJudgedCount: 0,
  machineShownCount: 0,
  lostPersonKnownCount: 0,
});

function answersOf(tenantId: TenantId, { fromMs, toMs, campaignId, trunk }: AnswerReportFilter) {
  let query = queries
    .selectFrom('attempts')
    .where('tenant_id', '=', tenantId)
    .where('written_at_ms', '>=', fromMs)
    .where('written_at_ms', '<', toMs)
    .where('answered_at_ms', 'is not', null);
  if (campaignId !== undefined) query = query.where('campaign_id', '=', campaignId);
  if (trunk !== undefined) query = query.where('trunk', '=', trunk);
  return query;
}

function keyOf(by: AnswerReportFilter['by']) {
  switch (by) {
    case 'campaign':
      return sql<string>`campaign_id`;
    case 'trunk':
      return sql<string>`trunk`;
    case 'hour':
      // Literal: a bound number is a fraction to SQLite, and so would be what it divides.
      return sql<string>`cast(written_at_ms / ${sql.lit(HOUR_MS)} * ${sql.lit(HOUR_MS)} as text)`;
  }
}

function readVerdicts(runner: QueryRunner, tenantId: TenantId, filter: AnswerReportFilter) {
  return runner.all(
    answersOf(tenantId, filter)
      .select((e) => [
        keyOf(filter.by).as('key'),
        'verdict',
        e.fn.countAll<number>().as('answered'),
        e.fn.count<number>('taken_back_at_ms').as('taken_back'),
        sql<number>`sum(verdict_stage is 'revised')`.as('revised'),
        e.fn.sum<number>(e.case().when('cause', 'in', FALSE_ANSWER_CAUSES).then(1).else(0).end()).as('false_answers'),
        e.fn.count<number>('answered_by').as('judged'),
        sql<number>`sum(answered_by is 'machine')`.as('machines'),
      ])
      .groupBy(['key', 'verdict'])
      .orderBy('key'),
  );
}

type Bin = readonly [binIndex: number, count: number];

function readBins(runner: QueryRunner, tenantId: TenantId, filter: AnswerReportFilter): Map<string, Bin[]> {
  const rows = runner.all(
    answersOf(tenantId, filter)
      .select((e) => [
        keyOf(filter.by).as('key'),
        sql<number>`cast(decided_after_ms / ${BIN_MS} as integer)`.as('bin'),
        e.fn.countAll<number>().as('count'),
      ])
      .where('decided_after_ms', 'is not', null)
      .groupBy(['key', 'bin'])
      .orderBy('key')
      .orderBy('bin'),
  );
  const bins = new Map<string, Bin[]>();
  for (const { key, bin, count } of rows) bins.set(key, [...(bins.get(key) ?? []), [bin, count]]);
  return bins;
}

/** The least bin that this share of all does not exceed. */
function percentile(bins: readonly Bin[], shareRatio: number): Ms | undefined {
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bin, count] of bins) {
    seen += count;
    if (seen >= shareRatio * total) return bin * BIN_MS;
  }
  return undefined;
}

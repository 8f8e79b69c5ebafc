import { FALSE_ANSWER_CAUSES } from '../call/end-cause.js';
import type { TenantId, TrunkName } from '../units/ids.js';
import type { CountSpan } from './campaign-counts.js';
import { queries, type QueryRunner } from './query.js';

/** How one trunk's answers were in a span of time. */
export interface TrunkCounts {
  readonly trunk: TrunkName;
  readonly answeredCount: number;
  /** Answers without anybody there: it rang on, was busy, or stayed silent. */
  readonly falseAnswerCount: number;
}

/** Counts of every trunk with an answer in the span. */
export function countTrunks(runner: QueryRunner, tenantId: TenantId, { fromMs, toMs }: CountSpan): TrunkCounts[] {
  const rows = runner.all(
    queries
      .selectFrom('attempts')
      .select((e) => [
        'trunk',
        e.fn.countAll<number>().as('answered'),
        e.fn.sum<number>(e.case().when('cause', 'in', FALSE_ANSWER_CAUSES).then(1).else(0).end()).as('false_answers'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('written_at_ms', '>=', fromMs)
      .where('written_at_ms', '<', toMs)
      .where('answered_at_ms', 'is not', null)
      .groupBy('trunk')
      .orderBy('trunk'),
  );
  return rows.map((row) => ({ trunk: row.trunk as TrunkName, answeredCount: row.answered, falseAnswerCount: row.false_answers }));
}

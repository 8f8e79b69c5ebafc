import type { TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import { pageOf, pageRowLimit, type Page, type PageRequest } from './page.js';
import { queries, type QueryRunner } from './query.js';

/** An alarm that was raised. */
export interface AlarmRecord {
  readonly name: string;
  readonly detail: string;
  readonly raisedAtMs: EpochMs;
  /** Undefined while it stands. */
  readonly clearedAtMs: EpochMs | undefined;
}

/** Alarms of the tenant, the latest first. */
export function listAlarms(runner: QueryRunner, tenantId: TenantId, request: PageRequest): Page<AlarmRecord> {
  let query = queries
    .selectFrom('alarms')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('id', 'desc')
    .limit(pageRowLimit(request));
  if (request.cursor !== undefined) query = query.where('id', '<', Number.parseInt(request.cursor, 10) || 0);
  return pageOf(
    runner.all(query),
    request,
    (row) => ({
      name: row.name,
      detail: row.detail,
      raisedAtMs: row.raised_at_ms as EpochMs,
      clearedAtMs: (row.cleared_at_ms ?? undefined) as EpochMs | undefined,
    }),
    (row) => String(row.id),
  );
}

import type { TenantId } from '../units/ids.js';
import type { DoNotCallEntry } from './do-not-call-list.js';
import { pageOf, pageRowLimit, type Page, type PageRequest } from './page.js';
import { queries, type QueryRunner } from './query.js';

/** The tenant's do-not-call list, by number. */
export function listDoNotCall(runner: QueryRunner, tenantId: TenantId, request: PageRequest): Page<DoNotCallEntry> {
  const rows = runner.all(
    queries
      .selectFrom('do_not_call')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('number', '>', request.cursor ?? '')
      .orderBy('number')
      .limit(pageRowLimit(request)),
  );
  return pageOf(
    rows,
    request,
    (row) => ({ number: row.number, source: row.source, atMs: row.at_ms, campaignId: row.campaign_id ?? undefined }),
    (row) => row.number,
  );
}

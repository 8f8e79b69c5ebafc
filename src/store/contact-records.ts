import type { CallId, CampaignId, ContactId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import { pageOf, pageRowLimit, type Page, type PageRequest } from './page.js';
import { queries, type QueryRunner } from './query.js';
import { contactIdOf, rowIdOf } from './row-id.js';
import type { ContactStatus, ContactTable } from './schema.js';
import type { Selectable } from 'kysely';

/** A contact as it stands in the store. */
export interface ContactRecord {
  readonly contactId: ContactId;
  readonly campaignId: CampaignId;
  /** E.164 with `+`. */
  readonly number: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly status: ContactStatus;
  /** Why it was closed, barred or put back. */
  readonly statusWhy: string | undefined;
  readonly attemptCount: number;
  readonly countByCause: Readonly<Record<string, number>>;
  /** Not dialled before. */
  readonly dueAtMs: EpochMs;
  /** 0..9, higher is dialled first. */
  readonly priority: number;
  /** The attempt that is not settled yet. */
  readonly openCallId: CallId | undefined;
  readonly importId: number | undefined;
  /** Line of the imported file. */
  readonly sourceLine: number | undefined;
}

/** Which of a campaign's contacts; all of them where nothing else is named. */
export interface ContactFilter extends PageRequest {
  readonly campaignId: CampaignId;
  readonly status?: ContactStatus | undefined;
  /** E.164 with `+`, whole. */
  readonly number?: string | undefined;
}

/** A campaign's contacts in the order in which they came. */
export function listContacts(runner: QueryRunner, tenantId: TenantId, filter: ContactFilter): Page<ContactRecord> {
  let query = queries
    .selectFrom('contacts')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('campaign_id', '=', filter.campaignId)
    .where('id', '>', cursorRowId(filter.cursor))
    .orderBy('id')
    .limit(pageRowLimit(filter));
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.number !== undefined) query = query.where('number', '=', filter.number);
  return pageOf(runner.all(query), filter, contactRecordOf, (row) => String(row.id));
}

/** One contact, of any campaign; undefined for an id the tenant does not have. */
export function getContact(runner: QueryRunner, tenantId: TenantId, contactId: ContactId): ContactRecord | undefined {
  const row = runner.get(
    queries.selectFrom('contacts').selectAll().where('tenant_id', '=', tenantId).where('id', '=', rowIdOf(contactId)),
  );
  return row === undefined ? undefined : contactRecordOf(row);
}

/** How many contacts of a campaign stand where; a status without contacts is 0. */
export type ContactCounts = Readonly<Record<ContactStatus, number>>;

/** Counts by an index; an unknown campaign has none. */
export function countContacts(runner: QueryRunner, tenantId: TenantId, campaignId: CampaignId): ContactCounts {
  const rows = runner.all(
    queries
      .selectFrom('contacts')
      .select((e) => ['status', e.fn.countAll<number>().as('count')])
      .where('tenant_id', '=', tenantId)
      .where('campaign_id', '=', campaignId)
      .groupBy('status'),
  );
  const counts = { open: 0, 'in-progress': 0, closed: 0, 'do-not-call': 0 };
  for (const row of rows) counts[row.status] = row.count;
  return counts;
}

const cursorRowId = (cursor: string | undefined): number => (cursor === undefined ? 0 : rowIdOf(cursor as ContactId));

function contactRecordOf(row: Selectable<ContactTable>): ContactRecord {
  return {
    contactId: contactIdOf(row.id),
    campaignId: row.campaign_id as CampaignId,
    number: row.number,
    name: row.name,
    fields: JSON.parse(row.fields_json) as Record<string, string>,
    status: row.status,
    statusWhy: row.status_why ?? undefined,
    attemptCount: row.attempt_count,
    countByCause: JSON.parse(row.count_by_cause_json) as Record<string, number>,
    dueAtMs: row.due_at_ms as EpochMs,
    priority: row.priority,
    openCallId: (row.open_call_id ?? undefined) as CallId | undefined,
    importId: row.import_id ?? undefined,
    sourceLine: row.source_line ?? undefined,
  };
}

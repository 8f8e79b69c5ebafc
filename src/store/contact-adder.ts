import type { CampaignId, ContactId, TenantId } from '../units/ids.js';
import { prepareQuery, queries } from './query.js';
import { contactIdOf } from './row-id.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** One contact given by hand or by a program, as opposed to a file. */
export interface ContactToAdd {
  readonly campaignId: CampaignId;
  /** E.164 with `+`; the caller has checked it. */
  readonly number: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  /** 0..9, higher is dialled first. */
  readonly priority: number;
  /** May not be dialled before. */
  readonly dueAtMs: number;
}

/** What came of adding a contact; nothing is written unless it was `added`. */
export type ContactAdded =
  | { readonly outcome: 'added'; readonly contactId: ContactId }
  /** The campaign has a contact of this number, or the number is on the do-not-call list, or there is no such campaign. */
  | { readonly outcome: 'double' | 'do-not-call' | 'no-campaign' };

/** Adds one contact; the caller holds the transaction. */
export type ContactAdder = (tenantId: TenantId, contact: ContactToAdd) => ContactAdded;

/** Prepares its statements on this connection, which must outlive it. */
export function createContactAdder(sqlite: SqliteDatabase): ContactAdder {
  const campaign = prepareQuery<{ tenantId: string; campaignId: string }, unknown>(sqlite, (p) =>
    queries
      .selectFrom('campaigns')
      .select('campaign_id')
      .where('tenant_id', '=', p.tenantId)
      .where('campaign_id', '=', p.campaignId),
  );
  const listed = prepareQuery<{ tenantId: string; number: string }, unknown>(sqlite, (p) =>
    queries.selectFrom('do_not_call').select('number').where('tenant_id', '=', p.tenantId).where('number', '=', p.number),
  );
  const twin = prepareQuery<{ tenantId: string; campaignId: string; number: string }, unknown>(sqlite, (p) =>
    queries
      .selectFrom('contacts')
      .select('id')
      .where('tenant_id', '=', p.tenantId)
      .where('campaign_id', '=', p.campaignId)
      .where('number', '=', p.number),
  );
  const insert = prepareQuery<{
    tenantId: string;
    campaignId: string;
    number: string;
    name: string;
    fieldsJson: string;
    priority: number;
    dueAtMs: number;
  }>(sqlite, (p) =>
    queries.insertInto('contacts').values({
      tenant_id: p.tenantId,
      campaign_id: p.campaignId,
      number: p.number,
      name: p.name,
      fields_json: p.fieldsJson,
      status: 'open',
      attempt_count: 0,
      count_by_cause_json: '{}',
      due_at_ms: p.dueAtMs,
      priority: p.priority,
    }),
  );
  return (tenantId, contact) => {
    const { campaignId, number, name, priority } = contact;
    if (campaign.get({ tenantId, campaignId }) === undefined) return { outcome: 'no-campaign' };
    if (listed.get({ tenantId, number }) !== undefined) return { outcome: 'do-not-call' };
    if (twin.get({ tenantId, campaignId, number }) !== undefined) return { outcome: 'double' };
    const fieldsJson = JSON.stringify(contact.fields);
    const dueAtMs = Math.round(contact.dueAtMs);
    const rowId = insert.insert({ tenantId, campaignId, number, name, fieldsJson, priority, dueAtMs });
    return { outcome: 'added', contactId: contactIdOf(rowId) };
  };
}

import type { ContactId, TenantId } from '../units/ids.js';
import { prepareQuery, queries } from './query.js';
import { rowIdOf } from './row-id.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** A number that is to be called no more by this tenant. */
export interface DoNotCallEntry {
  /** E.164 with `+`. */
  readonly number: string;
  /** Who put it there, e.g. `contact-keyed-9`, `agent`, `api`. */
  readonly source: string;
  readonly atMs: number;
  /** The campaign of the contact who asked; undefined when it came as a number. */
  readonly campaignId: string | undefined;
}

/** The tenant's list; the caller holds the transaction. */
export interface DoNotCallList {
  /** Lists the number and bars every contact with it. Listing it twice keeps the first entry. */
  add(tenantId: TenantId, entry: DoNotCallEntry): void;
  /** As `add`, for the number of this contact; false when there is no such contact. */
  addContact(tenantId: TenantId, contactId: ContactId, source: string, atMs: number): boolean;
  has(tenantId: TenantId, number: string): boolean;
  /** Takes the number off the list; barred contacts stay barred. False when it was not listed. */
  remove(tenantId: TenantId, number: string): boolean;
}

/** Prepares its statements on this connection, which must outlive it. */
export function createDoNotCallList(sqlite: SqliteDatabase): DoNotCallList {
  const insert = prepareQuery<{ tenantId: string; number: string; source: string; atMs: number; campaignId: string | null }>(
    sqlite,
    (p) =>
      queries
        .insertInto('do_not_call')
        .values({ tenant_id: p.tenantId, number: p.number, source: p.source, at_ms: p.atMs, campaign_id: p.campaignId })
        .onConflict((conflict) => conflict.doNothing()),
  );
  const bar = prepareQuery<{ tenantId: string; number: string; why: string }>(sqlite, (p) =>
    queries
      .updateTable('contacts')
      .set({ status: 'do-not-call', status_why: p.why })
      .where('tenant_id', '=', p.tenantId)
      .where('number', '=', p.number),
  );
  const contact = prepareQuery<{ tenantId: string; id: number }, { readonly number: string; readonly campaign_id: string }>(
    sqlite,
    (p) =>
      queries
        .selectFrom('contacts')
        .select(['number', 'campaign_id'])
        .where('id', '=', p.id)
        .where('tenant_id', '=', p.tenantId),
  );
  const find = prepareQuery<{ tenantId: string; number: string }, { readonly number: string }>(sqlite, (p) =>
    queries.selectFrom('do_not_call').select('number').where('tenant_id', '=', p.tenantId).where('number', '=', p.number),
  );
  const drop = prepareQuery<{ tenantId: string; number: string }>(sqlite, (p) =>
    queries.deleteFrom('do_not_call').where('tenant_id', '=', p.tenantId).where('number', '=', p.number),
  );
  const add: DoNotCallList['add'] = (tenantId, { number, source, atMs, campaignId }) => {
    insert.run({ tenantId, number, source, atMs, campaignId: campaignId ?? null });
    bar.run({ tenantId, number, why: `do-not-call: ${source}` });
  };
  return {
    add,
    addContact: (tenantId, contactId, source, atMs) => {
      const row = contact.get({ tenantId, id: rowIdOf(contactId) });
      if (row === undefined) return false;
      add(tenantId, { number: row.number, source, atMs, campaignId: row.campaign_id });
      return true;
    },
    has: (tenantId, number) => find.get({ tenantId, number }) !== undefined,
    remove: (tenantId, number) => drop.run({ tenantId, number }) > 0,
  };
}

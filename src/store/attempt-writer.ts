import type { TenantId } from '../units/ids.js';
import type { AttemptToWrite, AttemptWritten } from './attempt-to-write.js';
import { rowIdOf } from './row-id.js';
import { prepareQuery, queries } from './query.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { ContactStatus } from './schema.js';

/** Result of one attempt; `fault` says what must not have happened. */
export interface AttemptResult {
  readonly written: AttemptWritten;
  readonly fault: string | undefined;
}

/** Writes attempts; the caller holds the transaction. */
export interface AttemptWriter {
  write(tenantId: TenantId, attempt: AttemptToWrite): AttemptResult;
}

interface Standing {
  readonly status: ContactStatus;
  readonly open_call_id: string | null;
  readonly listed: string | null;
}

/** Prepares its statements on this connection, which must outlive it. */
export function createAttemptWriter(sqlite: SqliteDatabase): AttemptWriter {
  const standing = prepareQuery<{ tenantId: string; campaignId: string; id: number }, Standing>(sqlite, (p) =>
    queries
      .selectFrom('contacts')
      .leftJoin('do_not_call', (join) =>
        join.onRef('do_not_call.tenant_id', '=', 'contacts.tenant_id').onRef('do_not_call.number', '=', 'contacts.number'),
      )
      .select(['contacts.status', 'contacts.open_call_id', 'do_not_call.number as listed'])
      .where('contacts.id', '=', p.id)
      .where('contacts.tenant_id', '=', p.tenantId)
      .where('contacts.campaign_id', '=', p.campaignId),
  );
  const isKnown = prepareQuery<{ tenantId: string; callId: string }, { readonly call_id: string }>(sqlite, (p) =>
    queries.selectFrom('attempts').select('call_id').where('tenant_id', '=', p.tenantId).where('call_id', '=', p.callId),
  );
  const insert = prepareQuery<{
    tenantId: string;
    callId: string;
    campaignId: string;
    id: number;
    trunk: string;
    writtenAtMs: number;
  }>(sqlite, (p) =>
    queries.insertInto('attempts').values({
      tenant_id: p.tenantId,
      call_id: p.callId,
      campaign_id: p.campaignId,
      contact_id: p.id,
      trunk: p.trunk,
      state: 'writing',
      written_at_ms: p.writtenAtMs,
      talk_ms: 0,
      is_abandoned: 0,
      is_do_not_call_asked: 0,
    }),
  );
  const occupy = prepareQuery<{ tenantId: string; id: number; callId: string }>(sqlite, (p) =>
    queries
      .updateTable('contacts')
      .set({ status: 'in-progress', open_call_id: p.callId })
      .where('id', '=', p.id)
      .where('tenant_id', '=', p.tenantId),
  );
  const bar = prepareQuery<{ tenantId: string; id: number }>(sqlite, (p) =>
    queries
      .updateTable('contacts')
      .set({ status: 'do-not-call', status_why: 'on the do-not-call list' })
      .where('id', '=', p.id)
      .where('tenant_id', '=', p.tenantId),
  );

  return {
    write: (tenantId, attempt) => {
      const { callId, campaignId } = attempt;
      const id = rowIdOf(attempt.contactId);
      const refused = (why: string): AttemptResult => ({
        written: 'store-failed',
        fault: `Attempt ${callId} at contact ${attempt.contactId} was not written: ${why}`,
      });
      const contact = standing.get({ tenantId, campaignId, id });
      if (contact === undefined) return refused('the campaign has no such contact.');
      if (isKnown.get({ tenantId, callId }) !== undefined) return refused('the store has an attempt of this id.');
      if (contact.open_call_id !== null) return refused(`its attempt ${contact.open_call_id} is not settled.`);
      if (contact.status === 'do-not-call' || contact.listed !== null) {
        bar.run({ tenantId, id });
        return { written: 'do-not-call', fault: undefined };
      }
      if (contact.status !== 'open') return refused(`the contact is ${contact.status}.`);
      insert.run({ tenantId, callId, campaignId, id, trunk: attempt.trunk, writtenAtMs: Math.round(attempt.writtenAtMs) });
      occupy.run({ tenantId, id, callId });
      return { written: 'written', fault: undefined };
    },
  };
}

import type { TenantId } from '../units/ids.js';
import type { DialerEvent } from '../dialer/event.js';
import { createDoNotCallList, type DoNotCallList } from './do-not-call-list.js';
import { prepareQuery, queries } from './query.js';
import { rowIdOf } from './row-id.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { ContactStatus } from './schema.js';

type ContactSettled = Extract<DialerEvent, { type: 'contact-settled' }>;

/** Writes what becomes of a contact after an attempt; the caller holds the transaction. */
export interface ContactSettler {
  settle(tenantId: TenantId, event: ContactSettled): void;
}

interface Update {
  tenantId: string;
  id: number;
  status: ContactStatus;
  why: string;
  attemptCount: number;
  countByCauseJson: string;
  dueAtMs: number;
}

/** Prepares its statements on this connection, which must outlive it. */
export function createContactSettler(sqlite: SqliteDatabase): ContactSettler {
  const statements = prepareStatements(sqlite);
  const doNotCall = createDoNotCallList(sqlite);
  return {
    settle: (tenantId, event) => {
      const { callId } = event;
      const id = rowIdOf(event.contactId);
      const attempt = statements.attempt.get({ tenantId, callId });
      // An adopted call may be settled a second time after a restart: the first word stands.
      if (attempt !== undefined && attempt.settled_at_ms !== null) return;
      statements.settled.run({ tenantId, callId, atMs: event.atMs, outcome: event.outcome });
      const contact = statements.contact.get({ tenantId, id });
      if (contact === undefined) return;
      // An attempt that was refused for the list is not in the store: its number has been listed, and perhaps taken off again.
      if (event.outcome === 'do-not-call' && attempt !== undefined) {
        doNotCall.add(tenantId, { number: contact.number, source: 'call', campaignId: event.campaignId, atMs: event.atMs });
      }
      // Only the attempt that holds the contact decides on it; one that was refused may push back a waiting one.
      const isHolder = contact.open_call_id === callId;
      if (!isHolder && !(contact.open_call_id === null && contact.status === 'open')) return;
      statements.update.run(updateOf(tenantId, id, event, contact, attempt, doNotCall));
    },
  };
}

interface ContactRow {
  readonly number: string;
  readonly status: ContactStatus;
  readonly open_call_id: string | null;
  readonly attempt_count: number;
  readonly count_by_cause_json: string;
  readonly due_at_ms: number;
}

interface AttemptRow {
  readonly cause: string | null;
  readonly settled_at_ms: number | null;
}

function updateOf(
  tenantId: TenantId,
  id: number,
  event: ContactSettled,
  contact: ContactRow,
  attempt: AttemptRow | undefined,
  doNotCall: DoNotCallList,
): Update {
  const countByCause = JSON.parse(contact.count_by_cause_json) as Record<string, number>;
  if (attempt !== undefined && attempt.cause !== null) {
    countByCause[attempt.cause] = (countByCause[attempt.cause] ?? 0) + 1;
  }
  const isListed = event.outcome === 'do-not-call' || doNotCall.has(tenantId, contact.number);
  const status = isListed ? 'do-not-call' : event.outcome === 'redial' ? 'open' : 'closed';
  return {
    tenantId,
    id,
    status,
    why: event.why,
    attemptCount: contact.attempt_count + (event.isCounted ? 1 : 0),
    countByCauseJson: JSON.stringify(countByCause),
    dueAtMs: Math.round(event.redialAtMs ?? contact.due_at_ms),
  };
}

function prepareStatements(sqlite: SqliteDatabase) {
  return {
    attempt: prepareQuery<{ tenantId: string; callId: string }, AttemptRow>(sqlite, (p) =>
      queries
        .selectFrom('attempts')
        .select(['cause', 'settled_at_ms'])
        .where('tenant_id', '=', p.tenantId)
        .where('call_id', '=', p.callId),
    ),
    settled: prepareQuery<{ tenantId: string; callId: string; atMs: number; outcome: ContactSettled['outcome'] }>(
      sqlite,
      (p) =>
        queries
          .updateTable('attempts')
          .set({ settled_at_ms: p.atMs, outcome: p.outcome })
          .where('tenant_id', '=', p.tenantId)
          .where('call_id', '=', p.callId),
    ),
    contact: prepareQuery<{ tenantId: string; id: number }, ContactRow>(sqlite, (p) =>
      queries
        .selectFrom('contacts')
        .select(['number', 'status', 'open_call_id', 'attempt_count', 'count_by_cause_json', 'due_at_ms'])
        .where('id', '=', p.id)
        .where('tenant_id', '=', p.tenantId),
    ),
    update: prepareQuery<Update>(sqlite, (p) =>
      queries
        .updateTable('contacts')
        .set({
          status: p.status,
          status_why: p.why,
          attempt_count: p.attemptCount,
          count_by_cause_json: p.countByCauseJson,
          due_at_ms: p.dueAtMs,
          open_call_id: null,
        })
        .where('id', '=', p.id)
        .where('tenant_id', '=', p.tenantId),
    ),
  };
}

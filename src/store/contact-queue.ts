import { sql } from 'kysely';
import type { ContactId, TenantId } from '../units/ids.js';
import { epochMs } from '../units/time.js';
import type { ContactsToFetch, ContactToDial, FetchedContacts } from './contact-to-dial.js';
import { prepareQuery, queries } from './query.js';
import { contactIdOf } from './row-id.js';
import type { SqliteDatabase } from './sqlite-database.js';

/**
 * Contacts in their turn: higher priority first, then who has been due
 * longest. What is offered is remembered in this process only, so that a
 * restart frees it without a word in the file.
 */
export interface ContactQueue {
  fetch(tenantId: TenantId, request: ContactsToFetch): FetchedContacts;
  /** These may be offered again; unknown ones are passed over. */
  release(contactIds: readonly ContactId[]): void;
}

interface Turn {
  readonly id: number;
  readonly due_at_ms: number;
}

interface ContactRow {
  readonly number: string;
  readonly name: string;
  readonly fields_json: string;
  readonly attempt_count: number;
  readonly count_by_cause_json: string;
}

/** Written out, not bound: only then does SQLite use the index that holds open contacts alone. */
const OPEN = sql<'open'>`'open'`;

/** Above every priority: where the walk through them begins. */
const PRIORITY_END = 10;

/** Nothing counts as offered at first, as after a restart: what was out then is offered again. */
export function createContactQueue(sqlite: SqliteDatabase): ContactQueue {
  const offered = new Set<ContactId>();
  const statements = prepareStatements(sqlite);

  return {
    fetch: (tenantId, { campaignId, count, nowMs }) => {
      const contacts: ContactToDial[] = [];
      let nextDueAtMs = Infinity;
      let priority = PRIORITY_END;
      for (;;) {
        const next = statements.priorityBelow.get({ tenantId, campaignId, priority });
        if (next === undefined) break;
        priority = next.priority;
        // Ids first, rows after: a connection does one thing at a time.
        const chosen: ContactId[] = [];
        for (const turn of statements.turns.iterate({ tenantId, campaignId, priority })) {
          const id = contactIdOf(turn.id);
          if (offered.has(id)) continue;
          if (turn.due_at_ms > nowMs || contacts.length + chosen.length >= count) {
            nextDueAtMs = Math.min(nextDueAtMs, Math.max(turn.due_at_ms, nowMs));
            break;
          }
          chosen.push(id);
        }
        for (const id of chosen) {
          offered.add(id);
          contacts.push(readContact(statements, tenantId, id));
        }
        if (nextDueAtMs === nowMs) break;
      }
      return { contacts, nextDueAtMs: nextDueAtMs === Infinity ? undefined : epochMs(nextDueAtMs) };
    },
    release: (contactIds) => {
      for (const id of contactIds) offered.delete(id);
    },
  };
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(sqlite: SqliteDatabase) {
  return {
    priorityBelow: prepareQuery<{ tenantId: string; campaignId: string; priority: number }, { readonly priority: number }>(
      sqlite,
      (p) =>
        queries
          .selectFrom('contacts')
          .select('priority')
          .where('tenant_id', '=', p.tenantId)
          .where('campaign_id', '=', p.campaignId)
          .where('status', '=', OPEN)
          .where('priority', '<', p.priority)
          .orderBy('priority', 'desc')
          .limit(1),
    ),
    turns: prepareQuery<{ tenantId: string; campaignId: string; priority: number }, Turn>(sqlite, (p) =>
      queries
        .selectFrom('contacts')
        .select(['id', 'due_at_ms'])
        .where('tenant_id', '=', p.tenantId)
        .where('campaign_id', '=', p.campaignId)
        .where('status', '=', OPEN)
        .where('priority', '=', p.priority)
        .orderBy('due_at_ms')
        .orderBy('id'),
    ),
    contact: prepareQuery<{ tenantId: string; id: number }, ContactRow>(sqlite, (p) =>
      queries
        .selectFrom('contacts')
        .select(['number', 'name', 'fields_json', 'attempt_count', 'count_by_cause_json'])
        .where('id', '=', p.id)
        .where('tenant_id', '=', p.tenantId),
    ),
  };
}

function readContact(statements: Statements, tenantId: TenantId, id: ContactId): ContactToDial {
  const row = statements.contact.get({ tenantId, id: Number(id) });
  if (row === undefined) throw new Error(`Contact ${id} went away within one transaction.`);
  return {
    contactId: id,
    number: row.number,
    name: row.name,
    fields: JSON.parse(row.fields_json) as Record<string, string>,
    attemptCount: row.attempt_count,
    countByCause: JSON.parse(row.count_by_cause_json) as Record<string, number>,
  };
}

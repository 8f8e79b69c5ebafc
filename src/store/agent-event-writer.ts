import type { TenantId } from '../units/ids.js';
import type { AgentState } from '../agent/agent-state.js';
import type { DialerEvent } from '../dialer/event.js';
import { prepareQuery, queries } from './query.js';
import type { SqliteDatabase } from './sqlite-database.js';

type AgentChanged = Extract<DialerEvent, { type: 'agent-changed' }>;

/** Keeps agents' states, their log and their sessions; the caller holds the transaction. */
export interface AgentEventWriter {
  write(tenantId: TenantId, event: AgentChanged): void;
}

/** A session lasts while the agent is logged in. */
const isLoggedIn = (state: AgentState): boolean => state !== 'offline' && state !== 'logging-in';

/** Prepares its statements on this connection, which must outlive it. */
export function createAgentEventWriter(sqlite: SqliteDatabase): AgentEventWriter {
  const statements = prepareStatements(sqlite);
  return {
    write: (tenantId, event) => {
      const { agentId, campaignId, phone, state, from, atMs } = event;
      const reason = event.reason ?? null;
      const callId = event.callId ?? null;
      statements.update.run({ tenantId, agentId, state, atMs, reason, callId, lineCallId: event.lineCallId ?? null });
      statements.log.run({ tenantId, agentId, campaignId, state, from, atMs, reason, callId });
      const session = statements.openSession.get({ tenantId, agentId });
      if (isLoggedIn(state) && session === undefined) {
        statements.startSession.run({ tenantId, agentId, campaignId, phone, atMs });
      }
      if (!isLoggedIn(state) && session !== undefined) {
        statements.endSession.run({ tenantId, id: session.id, atMs, reason });
      }
    },
  };
}

function prepareStatements(sqlite: SqliteDatabase) {
  return {
    update: prepareQuery<{
      tenantId: string;
      agentId: string;
      state: AgentState;
      atMs: number;
      reason: string | null;
      callId: string | null;
      lineCallId: string | null;
    }>(sqlite, (p) =>
      queries
        .updateTable('agents')
        .set({
          state: p.state,
          state_since_ms: p.atMs,
          state_reason: p.reason,
          call_id: p.callId,
          line_call_id: p.lineCallId,
        })
        .where('tenant_id', '=', p.tenantId)
        .where('agent_id', '=', p.agentId),
    ),
    log: prepareQuery<{
      tenantId: string;
      agentId: string;
      campaignId: string;
      state: AgentState;
      from: AgentState;
      atMs: number;
      reason: string | null;
      callId: string | null;
    }>(sqlite, (p) =>
      queries.insertInto('agent_states').values({
        tenant_id: p.tenantId,
        agent_id: p.agentId,
        campaign_id: p.campaignId,
        state: p.state,
        from_state: p.from,
        at_ms: p.atMs,
        reason: p.reason,
        call_id: p.callId,
      }),
    ),
    openSession: prepareQuery<{ tenantId: string; agentId: string }, { readonly id: number }>(sqlite, (p) =>
      queries
        .selectFrom('agent_sessions')
        .select('id')
        .where('tenant_id', '=', p.tenantId)
        .where('agent_id', '=', p.agentId)
        .where('ended_at_ms', 'is', null),
    ),
    startSession: prepareQuery<{ tenantId: string; agentId: string; campaignId: string; phone: string; atMs: number }>(
      sqlite,
      (p) =>
        queries.insertInto('agent_sessions').values({
          tenant_id: p.tenantId,
          agent_id: p.agentId,
          campaign_id: p.campaignId,
          phone: p.phone,
          started_at_ms: p.atMs,
        }),
    ),
    endSession: prepareQuery<{ tenantId: string; id: number; atMs: number; reason: string | null }>(sqlite, (p) =>
      queries
        .updateTable('agent_sessions')
        .set({ ended_at_ms: p.atMs, ended_why: p.reason })
        .where('id', '=', p.id)
        .where('tenant_id', '=', p.tenantId),
    ),
  };
}

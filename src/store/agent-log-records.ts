import type { AgentId, CallId, CampaignId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { AgentState } from '../agent/agent-state.js';
import type { CountSpan } from './campaign-counts.js';
import { queries, type QueryRunner } from './query.js';

/** One change of an agent's state. */
export interface AgentStateRecord {
  readonly agentId: AgentId;
  readonly campaignId: CampaignId;
  readonly state: AgentState;
  readonly from: AgentState;
  readonly atMs: EpochMs;
  /** Pause reason, or why the agent went offline. */
  readonly reason: string | undefined;
  readonly callId: CallId | undefined;
}

/** One agent's changes of state in a span, in order. */
export function listAgentStates(
  runner: QueryRunner,
  tenantId: TenantId,
  agentId: AgentId,
  { fromMs, toMs }: CountSpan,
): AgentStateRecord[] {
  return runner
    .all(
      queries
        .selectFrom('agent_states')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('agent_id', '=', agentId)
        .where('at_ms', '>=', fromMs)
        .where('at_ms', '<', toMs)
        .orderBy('at_ms')
        .orderBy('id'),
    )
    .map((row) => ({
      agentId: row.agent_id as AgentId,
      campaignId: row.campaign_id as CampaignId,
      state: row.state,
      from: row.from_state,
      atMs: row.at_ms as EpochMs,
      reason: row.reason ?? undefined,
      callId: (row.call_id ?? undefined) as CallId | undefined,
    }));
}

/** One log-in and how it ended. */
export interface AgentSessionRecord {
  readonly agentId: AgentId;
  readonly campaignId: CampaignId;
  readonly phone: string;
  readonly startedAtMs: EpochMs;
  /** Undefined while the agent is logged in. */
  readonly endedAtMs: EpochMs | undefined;
  readonly endedWhy: string | undefined;
}

/** One agent's log-ins that began in a span, in order. */
export function listAgentSessions(
  runner: QueryRunner,
  tenantId: TenantId,
  agentId: AgentId,
  { fromMs, toMs }: CountSpan,
): AgentSessionRecord[] {
  return runner
    .all(
      queries
        .selectFrom('agent_sessions')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('agent_id', '=', agentId)
        .where('started_at_ms', '>=', fromMs)
        .where('started_at_ms', '<', toMs)
        .orderBy('id'),
    )
    .map((row) => ({
      agentId: row.agent_id as AgentId,
      campaignId: row.campaign_id as CampaignId,
      phone: row.phone,
      startedAtMs: row.started_at_ms as EpochMs,
      endedAtMs: (row.ended_at_ms ?? undefined) as EpochMs | undefined,
      endedWhy: row.ended_why ?? undefined,
    }));
}

import type { AgentId, CallId, CampaignId, PhoneName, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { AgentState } from '../agent/agent-state.js';
import type { AgentConfig } from '../dialer/config.js';
import type { PinHash } from './pin-hash.js';
import { queries, type QueryRunner } from './query.js';

/** An agent as a person sets him up. */
export interface AgentToPut extends AgentConfig {
  readonly name: string;
}

/** An agent as he stands in the store; his PIN never leaves it. */
export interface AgentRecord extends AgentToPut {
  readonly state: AgentState;
  readonly stateSinceMs: EpochMs;
  /** Pause reason, or why the agent went offline. */
  readonly stateReason: string | undefined;
  /** The contact's call, while the agent has one. */
  readonly callId: CallId | undefined;
  /** The agent's nailed-up line; undefined when offline. */
  readonly lineCallId: CallId | undefined;
}

/**
 * Makes or replaces an agent; state and, where `pin` is undefined, the PIN stay.
 * @returns false, and nothing is written, when the agent is new and has no PIN.
 */
export function putAgent(
  runner: QueryRunner,
  tenantId: TenantId,
  agent: AgentToPut,
  pin: PinHash | undefined,
  nowMs: EpochMs,
): boolean {
  const changed = {
    name: agent.name,
    phone: agent.phone,
    campaign_id: agent.campaignId,
    ...(pin && { pin_salt: pin.salt, pin_hash: pin.hash }),
  };
  const updated = runner.run(
    queries.updateTable('agents').set(changed).where('tenant_id', '=', tenantId).where('agent_id', '=', agent.agentId),
  );
  if (updated > 0) return true;
  if (pin === undefined) return false;
  runner.run(
    queries.insertInto('agents').values({
      ...changed,
      tenant_id: tenantId,
      agent_id: agent.agentId,
      pin_salt: pin.salt,
      pin_hash: pin.hash,
      state: 'offline',
      state_since_ms: Math.round(nowMs),
    }),
  );
  return true;
}

/** False when there is no such agent. His calls and states stay in the records. */
export function removeAgent(runner: QueryRunner, tenantId: TenantId, agentId: AgentId): boolean {
  return runner.run(queries.deleteFrom('agents').where('tenant_id', '=', tenantId).where('agent_id', '=', agentId)) > 0;
}

/** All agents of the tenant, by name. */
export function listAgents(runner: QueryRunner, tenantId: TenantId): AgentRecord[] {
  return runner.all(selectAgents(tenantId).orderBy('name').orderBy('agent_id')).map(agentRecordOf);
}

/** One agent with where he stands; undefined for an id the tenant does not have. */
export function getAgent(runner: QueryRunner, tenantId: TenantId, agentId: AgentId): AgentRecord | undefined {
  const row = runner.get(selectAgents(tenantId).where('agent_id', '=', agentId));
  return row === undefined ? undefined : agentRecordOf(row);
}

/** For the check of a PIN alone. */
export function getPinHash(runner: QueryRunner, tenantId: TenantId, agentId: AgentId): PinHash | undefined {
  return runner.get(
    queries
      .selectFrom('agents')
      .select(['pin_salt as salt', 'pin_hash as hash'])
      .where('tenant_id', '=', tenantId)
      .where('agent_id', '=', agentId),
  );
}

const selectAgents = (tenantId: TenantId) =>
  queries
    .selectFrom('agents')
    .select(['agent_id', 'name', 'phone', 'campaign_id', 'state', 'state_since_ms', 'state_reason', 'call_id', 'line_call_id'])
    .where('tenant_id', '=', tenantId);

interface AgentRow {
  readonly agent_id: string;
  readonly name: string;
  readonly phone: string;
  readonly campaign_id: string;
  readonly state: AgentState;
  readonly state_since_ms: number;
  readonly state_reason: string | null;
  readonly call_id: string | null;
  readonly line_call_id: string | null;
}

function agentRecordOf(row: AgentRow): AgentRecord {
  return {
    agentId: row.agent_id as AgentId,
    name: row.name,
    phone: row.phone as PhoneName,
    campaignId: row.campaign_id as CampaignId,
    state: row.state,
    stateSinceMs: row.state_since_ms as EpochMs,
    stateReason: row.state_reason ?? undefined,
    callId: (row.call_id ?? undefined) as CallId | undefined,
    lineCallId: (row.line_call_id ?? undefined) as CallId | undefined,
  };
}

import { sql } from 'kysely';
import type { AgentId, CallId, CampaignId, PhoneName, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { RestoredState } from '../dialer/input.js';
import { contactIdOf } from './row-id.js';
import { queries, type QueryRunner } from './query.js';

/**
 * What the run before has left: which campaigns ran, which attempts were never
 * settled, which agents had a line up, and how many people were reached in the
 * longest window of an abandonment cap. Every contact that is in progress
 * belongs to one of these attempts.
 */
export function readRestoredState(runner: QueryRunner, tenantId: TenantId, nowMs: EpochMs): RestoredState {
  return {
    campaigns: runner
      .all(queries.selectFrom('campaigns').select(['campaign_id', 'run_state']).where('tenant_id', '=', tenantId))
      .map((row) => ({ campaignId: row.campaign_id as CampaignId, isRunning: row.run_state === 'running' })),
    openAttempts: readOpenAttempts(runner, tenantId),
    agentLines: readAgentLines(runner, tenantId),
    peopleReached: readPeopleReached(runner, tenantId, nowMs),
  };
}

function readOpenAttempts(runner: QueryRunner, tenantId: TenantId): RestoredState['openAttempts'] {
  const rows = runner.all(
    queries
      .selectFrom('attempts')
      .innerJoin('contacts', (join) =>
        join.onRef('contacts.id', '=', 'attempts.contact_id').onRef('contacts.tenant_id', '=', 'attempts.tenant_id'),
      )
      .select([
        'attempts.call_id',
        'attempts.campaign_id',
        'attempts.contact_id',
        'attempts.answered_at_ms',
        'attempts.connected_at_ms',
        'attempts.is_taken_back',
        'attempts.ended_at_ms',
        'attempts.agent_id',
        'contacts.attempt_count',
        'contacts.count_by_cause_json',
      ])
      .where('attempts.tenant_id', '=', tenantId)
      .where('attempts.settled_at_ms', 'is', null)
      .orderBy('attempts.written_at_ms'),
  );
  return rows.map((row) => ({
    callId: row.call_id as CallId,
    campaignId: row.campaign_id as CampaignId,
    contact: {
      contactId: contactIdOf(row.contact_id),
      attemptCount: row.attempt_count,
      countByCause: JSON.parse(row.count_by_cause_json) as Record<string, number>,
    },
    answeredAtMs: (row.answered_at_ms ?? undefined) as EpochMs | undefined,
    connectedAtMs: (row.is_taken_back === 1 ? undefined : (row.connected_at_ms ?? undefined)) as EpochMs | undefined,
    agentId: (row.agent_id ?? undefined) as AgentId | undefined,
    isInWrapUp: row.ended_at_ms !== null,
  }));
}

function readAgentLines(runner: QueryRunner, tenantId: TenantId): RestoredState['agentLines'] {
  const rows = runner.all(
    queries
      .selectFrom('agents')
      .select(['agent_id', 'phone', 'line_call_id', 'state', 'state_reason'])
      .where('tenant_id', '=', tenantId)
      .where('line_call_id', 'is not', null)
      .where('state', 'not in', ['offline', 'logging-in'])
      .orderBy('state_since_ms'),
  );
  return rows.flatMap((row) =>
    row.line_call_id === null
      ? []
      : [
          {
            agentId: row.agent_id as AgentId,
            phone: row.phone as PhoneName,
            lineCallId: row.line_call_id as CallId,
            pauseReason: row.state === 'paused' ? (row.state_reason ?? '') : undefined,
          },
        ],
  );
}

/** 47 CFR 64.1200(a)(7) measures over 30 days; no law looks further back. */
const ABANDON_WINDOW_MS = 30 * 86_400_000;
const MINUTE_MS = 60_000;

function readPeopleReached(runner: QueryRunner, tenantId: TenantId, nowMs: EpochMs): RestoredState['peopleReached'] {
  const rows = runner.all(
    queries
      .selectFrom('attempts')
      .select([
        'campaign_id',
        // Literal: a bound number is a fraction to SQLite, and so would be what it divides.
        sql<number>`written_at_ms / ${sql.lit(MINUTE_MS)} * ${sql.lit(MINUTE_MS)}`.as('at_ms'),
        sql<number>`sum(connected_at_ms is not null and is_taken_back = 0)`.as('connected_count'),
        sql<number>`sum(is_abandoned)`.as('abandoned_count'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('written_at_ms', '>=', nowMs - ABANDON_WINDOW_MS)
      .where((where) =>
        where.or([where.and([where('connected_at_ms', 'is not', null), where('is_taken_back', '=', 0)]), where('is_abandoned', '=', 1)]),
      )
      .groupBy(['campaign_id', 'at_ms'])
      .orderBy('at_ms'),
  );
  return rows.map((row) => ({
    campaignId: row.campaign_id as CampaignId,
    atMs: row.at_ms as EpochMs,
    connectedCount: row.connected_count,
    abandonedCount: row.abandoned_count,
  }));
}

import type { TenantId } from '../units/ids.js';
import { epochMs } from '../units/time.js';
import type { DialerEvent } from '../dialer/event.js';
import { endCause } from '../call/end-cause.js';
import { createAgentEventWriter, type AgentEventWriter } from './agent-event-writer.js';
import { createContactSettler, type ContactSettler } from './contact-settler.js';
import type { VerdictRecord } from './attempt-records.js';
import { prepareAttemptUpdates, type AttemptUpdates } from './attempt-updates.js';
import { prepareQuery, queries } from './query.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Keeps what the dialer reports; the caller holds the transaction. */
export interface EventWriter {
  write(tenantId: TenantId, event: DialerEvent): void;
}

/** Prepares its statements on this connection, which must outlive it. */
export function createEventWriter(sqlite: SqliteDatabase): EventWriter {
  const attempts = prepareAttemptUpdates(sqlite);
  const agents = createAgentEventWriter(sqlite);
  const settler = createContactSettler(sqlite);
  const campaignChanged = prepareQuery<{
    tenantId: string;
    campaignId: string;
    runState: 'running' | 'paused' | 'stopped';
    hint: string;
    atMs: number;
  }>(sqlite, (p) =>
    queries
      .updateTable('campaigns')
      .set({ run_state: p.runState, hint: p.hint, changed_at_ms: p.atMs })
      .where('tenant_id', '=', p.tenantId)
      .where('campaign_id', '=', p.campaignId),
  );
  const alarms = prepareAlarmStatements(sqlite);

  return {
    write: (tenantId, happened) => {
      // A clock may give fractions of a millisecond; an instant in the file is whole.
      const event = { ...happened, atMs: epochMs(Math.round(happened.atMs)) };
      switch (event.type) {
        case 'campaign-changed': {
          const runState = event.state === 'idle' ? 'running' : event.state;
          campaignChanged.run({ tenantId, campaignId: event.campaignId, runState, hint: event.hint, atMs: event.atMs });
          return;
        }
        case 'alarm-raised':
          alarms.raise.run({ tenantId, name: event.alarm, detail: event.detail, atMs: event.atMs });
          return;
        case 'alarm-cleared':
          alarms.clear.run({ tenantId, name: event.alarm, atMs: event.atMs });
          return;
        default:
          writeCallEvent({ attempts, agents, settler }, tenantId, event);
      }
    },
  };
}

interface CallWriters {
  readonly attempts: AttemptUpdates;
  readonly agents: AgentEventWriter;
  readonly settler: ContactSettler;
}

function writeCallEvent({ attempts, agents, settler }: CallWriters, tenantId: TenantId, event: DialerEvent): void {
  switch (event.type) {
    case 'call-changed':
      attempts.state.run({ tenantId, callId: event.callId, state: event.state });
      if (event.state === 'ringing') attempts.ringing.run({ tenantId, callId: event.callId, atMs: event.atMs });
      return;
    case 'call-originated':
      attempts.originated.run({ tenantId, callId: event.callId, atMs: event.atMs, trunk: event.trunk });
      return;
    case 'call-answered':
      attempts.answered.run({ tenantId, callId: event.callId, atMs: event.atMs });
      return;
    case 'call-analysed':
      writeVerdict(attempts, tenantId, event);
      return;
    case 'early-media-heard': {
      const { callId, heard, detail, reason } = event;
      attempts.heardEarly.run({ tenantId, callId, heard, detail: detail ?? null, reason });
      return;
    }
    case 'call-taken-back': {
      const { callId, atMs, agentId, reason, heldMs } = event;
      attempts.takenBack.run({ tenantId, callId, atMs, agentId, why: reason, heldMs });
      return;
    }
    case 'snippet-kept':
      attempts.snippetKept.run({ tenantId, callId: event.callId, path: event.path });
      return;
    case 'call-connected': {
      const { callId, atMs, agentId, sinceAnswerMs, sinceVerdictMs } = event;
      attempts.connected.run({ tenantId, callId, atMs, agentId, sinceAnswerMs, sinceVerdictMs });
      return;
    }
    case 'call-abandoned':
      attempts.abandoned.run({ tenantId, callId: event.callId, waitedMs: event.waitedMs });
      return;
    case 'message-played':
      attempts.messagePlayed.run({ tenantId, callId: event.callId, message: event.message, isWhole: Number(event.isWhole) });
      return;
    case 'do-not-call-asked':
      attempts.doNotCallAsked.run({ tenantId, callId: event.callId });
      return;
    case 'attempt-ended': {
      const { callId, atMs, cause, q850, verdict, talkMs } = event;
      const { blame } = endCause(cause);
      const sipCode = event.sipCode ?? null;
      attempts.ended.run({ tenantId, callId, atMs, cause, blame, q850, sipCode, talkMs, verdict: verdict ?? null, agentId: event.agentId ?? null });
      return;
    }
    case 'contact-settled':
      settler.settle(tenantId, event);
      return;
    case 'disposition-set':
      attempts.disposed.run({
        tenantId,
        callId: event.callId,
        disposition: event.disposition,
        isByAgent: Number(event.isByAgent),
        answeredBy: event.answeredBy ?? null,
      });
      return;
    case 'agent-changed':
      agents.write(tenantId, event);
      if (event.callId !== undefined && event.state !== 'available') {
        attempts.agentAssigned.run({ tenantId, callId: event.callId, agentId: event.agentId });
      }
      return;
    case 'recording-finished':
      attempts.recorded.run({
        tenantId,
        callId: event.callId,
        path: event.path,
        audioMs: event.audioMs,
        isWhole: Number(event.isWhole),
      });
      return;
    default:
      // kept-event.ts says of which types nothing is written.
      return;
  }
}

/** Each verdict is kept in its order; a probable one is none yet. */
function writeVerdict(attempts: AttemptUpdates, tenantId: TenantId, event: Extract<DialerEvent, { type: 'call-analysed' }>): void {
  const { callId, atMs, stage, verdict, probabilityRatio, machineProbabilityRatio, reason, detail, decidedAfterMs, modelName } = event;
  const record: VerdictRecord = { atMs, stage, verdict, probabilityRatio, reason, decidedAfterMs };
  attempts.judgedSo.run({ tenantId, callId, verdictJson: JSON.stringify(record) });
  const judged = { tenantId, callId, stage, verdict, probabilityRatio, machineProbabilityRatio, reason, detail: detail ?? null, model: modelName };
  if (stage === 'revised') attempts.revised.run(judged);
  if (stage === 'decided') attempts.decided.run({ ...judged, atMs, decidedAfterMs, featuresJson: JSON.stringify(event.features) });
}

function prepareAlarmStatements(sqlite: SqliteDatabase) {
  return {
    raise: prepareQuery<{ tenantId: string; name: string; detail: string; atMs: number }>(sqlite, (p) =>
      queries.insertInto('alarms').values({
        tenant_id: p.tenantId,
        name: p.name,
        detail: p.detail,
        raised_at_ms: p.atMs,
        cleared_at_ms: null,
      }),
    ),
    clear: prepareQuery<{ tenantId: string; name: string; atMs: number }>(sqlite, (p) =>
      queries
        .updateTable('alarms')
        .set({ cleared_at_ms: p.atMs })
        .where('tenant_id', '=', p.tenantId)
        .where('name', '=', p.name)
        .where('cleared_at_ms', 'is', null),
    ),
  };
}

import { sql } from 'kysely';
import type { Blame, EndCauseName } from '../call/end-cause.js';
import type { CallState } from '../call/call-state.js';
import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { AnsweredBy } from '../dialer/config.js';
import type { EarlyMedia } from '../dialer/input.js';
import { prepareQuery, queries } from './query.js';
import type { SqliteDatabase } from './sqlite-database.js';

interface Key {
  tenantId: string;
  callId: string;
}

interface Ended extends Key {
  atMs: number;
  cause: EndCauseName;
  blame: Blame;
  q850: number;
  sipCode: number | null;
  talkMs: number;
  verdict: AnswerVerdict | null;
  agentId: string | null;
}

interface Judged extends Key {
  stage: VerdictStage;
  verdict: AnswerVerdict;
  probabilityRatio: number;
  machineProbabilityRatio: number;
  reason: string;
  detail: string | null;
  model: string;
}

interface Decided extends Judged {
  atMs: number;
  decidedAfterMs: number;
  featuresJson: string;
}

interface TakenBack extends Key {
  atMs: number;
  agentId: string;
  why: string;
  heldMs: number;
}

interface HeardEarly extends Key {
  heard: EarlyMedia;
  detail: string | null;
  reason: string;
}

interface Connected extends Key {
  atMs: number;
  agentId: string;
  sinceAnswerMs: number;
  sinceVerdictMs: number;
}

/** What a verdict leaves in the row, whatever its stage. */
const judged = (p: Judged) => ({
  verdict: p.verdict,
  verdict_stage: p.stage,
  verdict_probability_ratio: p.probabilityRatio,
  machine_probability_ratio: p.machineProbabilityRatio,
  verdict_reason: p.reason,
  verdict_detail: p.detail,
  verdict_model: p.model,
});

/** Statements that bring an attempt's row up to date; each changes no row when the attempt was never written. */
export type AttemptUpdates = ReturnType<typeof prepareAttemptUpdates>;

/** Instants are set once: a call that is adopted after a restart keeps its first ones. */
export function prepareAttemptUpdates(sqlite: SqliteDatabase) {
  const of = (p: Key) =>
    queries.updateTable('attempts').where('tenant_id', '=', p.tenantId).where('call_id', '=', p.callId);
  return {
    state: prepareQuery<Key & { state: CallState }>(sqlite, (p) => of(p).set({ state: p.state })),
    ringing: prepareQuery<Key & { atMs: number }>(sqlite, (p) =>
      of(p).set((e) => ({ ringing_at_ms: e.fn.coalesce('ringing_at_ms', e.val(p.atMs)) })),
    ),
    originated: prepareQuery<Key & { atMs: number; trunk: string }>(sqlite, (p) =>
      of(p).set((e) => ({ originated_at_ms: e.fn.coalesce('originated_at_ms', e.val(p.atMs)), trunk: p.trunk })),
    ),
    answered: prepareQuery<Key & { atMs: number }>(sqlite, (p) =>
      of(p).set((e) => ({ answered_at_ms: e.fn.coalesce('answered_at_ms', e.val(p.atMs)) })),
    ),
    /** Every verdict, its stage aside. */
    judgedSo: prepareQuery<Key & { verdictJson: string }>(sqlite, (p) =>
      of(p).set({ verdicts_json: sql<string>`json_insert(verdicts_json, '$[#]', json(${p.verdictJson}))` }),
    ),
    decided: prepareQuery<Decided>(sqlite, (p) =>
      of(p).set({ ...judged(p), verdict_at_ms: p.atMs, decided_after_ms: p.decidedAfterMs, features_json: p.featuresJson }),
    ),
    revised: prepareQuery<Judged>(sqlite, (p) => of(p).set(judged(p))),
    heardEarly: prepareQuery<HeardEarly>(sqlite, (p) =>
      of(p).set({ early_media: p.heard, early_media_detail: p.detail, early_media_reason: p.reason }),
    ),
    takenBack: prepareQuery<TakenBack>(sqlite, (p) =>
      of(p).set({
        is_taken_back: 1,
        taken_back_at_ms: p.atMs,
        taken_back_agent_id: p.agentId,
        taken_back_why: p.why,
        held_ms: p.heldMs,
        agent_id: null,
      }),
    ),
    snippetKept: prepareQuery<Key & { path: string }>(sqlite, (p) => of(p).set({ snippet_path: p.path })),
    connected: prepareQuery<Connected>(sqlite, (p) =>
      of(p).set((e) => ({
        connected_at_ms: e.fn.coalesce('connected_at_ms', e.val(p.atMs)),
        agent_id: p.agentId,
        is_taken_back: 0,
        since_answer_ms: e.fn.coalesce('since_answer_ms', e.val(p.sinceAnswerMs)),
        since_verdict_ms: e.fn.coalesce('since_verdict_ms', e.val(p.sinceVerdictMs)),
      })),
    ),
    abandoned: prepareQuery<Key & { waitedMs: number }>(sqlite, (p) => of(p).set({ is_abandoned: 1, waited_ms: p.waitedMs })),
    messagePlayed: prepareQuery<Key & { message: 'safe-harbour' | 'machine'; isWhole: number }>(sqlite, (p) =>
      of(p).set({ message: p.message, is_message_whole: p.isWhole }),
    ),
    doNotCallAsked: prepareQuery<Key>(sqlite, (p) => of(p).set({ is_do_not_call_asked: 1 })),
    ended: prepareQuery<Ended>(sqlite, (p) =>
      of(p).set((e) => ({
        state: 'ended',
        ended_at_ms: e.fn.coalesce('ended_at_ms', e.val(p.atMs)),
        cause: p.cause,
        blame: p.blame,
        q850: p.q850,
        sip_code: p.sipCode,
        talk_ms: p.talkMs,
        verdict: e.fn.coalesce(e.val(p.verdict), 'verdict'),
        agent_id: e.fn.coalesce(e.val(p.agentId), 'agent_id'),
      })),
    ),
    disposed: prepareQuery<Key & { disposition: string; isByAgent: number; answeredBy: AnsweredBy | null }>(sqlite, (p) =>
      of(p).set({ disposition: p.disposition, is_disposed_by_agent: p.isByAgent, answered_by: p.answeredBy }),
    ),
    agentAssigned: prepareQuery<Key & { agentId: string }>(sqlite, (p) =>
      of(p).set({ agent_id: p.agentId }).where('settled_at_ms', 'is', null),
    ),
    recorded: prepareQuery<Key & { path: string; audioMs: number; isWhole: number }>(sqlite, (p) =>
      of(p).set({ recording_path: p.path, recording_audio_ms: p.audioMs, is_recording_whole: p.isWhole }),
    ),
  };
}

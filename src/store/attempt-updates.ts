import type { Blame, EndCauseName } from '../call/end-cause.js';
import type { CallState } from '../call/call-state.js';
import type { AnswerVerdict } from '../dialer/input.js';
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

interface Analysed extends Key {
  atMs: number;
  verdict: AnswerVerdict;
  probabilityRatio: number;
  reason: string;
  decidedAfterMs: number;
}

interface Connected extends Key {
  atMs: number;
  agentId: string;
  sinceAnswerMs: number;
  sinceVerdictMs: number;
}

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
    analysed: prepareQuery<Analysed>(sqlite, (p) =>
      of(p).set({
        verdict_at_ms: p.atMs,
        verdict: p.verdict,
        verdict_probability_ratio: p.probabilityRatio,
        verdict_reason: p.reason,
        decided_after_ms: p.decidedAfterMs,
      }),
    ),
    connected: prepareQuery<Connected>(sqlite, (p) =>
      of(p).set((e) => ({
        connected_at_ms: e.fn.coalesce('connected_at_ms', e.val(p.atMs)),
        agent_id: p.agentId,
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
    disposed: prepareQuery<Key & { disposition: string; isByAgent: number }>(sqlite, (p) =>
      of(p).set({ disposition: p.disposition, is_disposed_by_agent: p.isByAgent }),
    ),
    agentAssigned: prepareQuery<Key & { agentId: string }>(sqlite, (p) =>
      of(p).set({ agent_id: p.agentId }).where('settled_at_ms', 'is', null),
    ),
    recorded: prepareQuery<Key & { path: string; audioMs: number; isWhole: number }>(sqlite, (p) =>
      of(p).set({ recording_path: p.path, recording_audio_ms: p.audioMs, is_recording_whole: p.isWhole }),
    ),
  };
}

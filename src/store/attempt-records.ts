import type { Selectable } from 'kysely';
import type { AgentId, CallId, CampaignId, ContactId, TenantId, TrunkName } from '../units/ids.js';
import type { EpochMs, Ms } from '../units/time.js';
import type { Blame, EndCauseName } from '../call/end-cause.js';
import type { CallState } from '../call/call-state.js';
import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { AnsweredBy } from '../dialer/config.js';
import type { EarlyMedia } from '../dialer/input.js';
import { pageOf, pageRowLimit, type Page, type PageRequest } from './page.js';
import { queries, type QueryRunner } from './query.js';
import { contactIdOf, rowIdOf } from './row-id.js';
import type { AttemptTable } from './schema.js';

/** One verdict of a call, as it was given. */
export interface VerdictRecord {
  readonly atMs: EpochMs;
  readonly stage: VerdictStage;
  readonly verdict: AnswerVerdict;
  readonly probabilityRatio: number;
  readonly reason: string;
  readonly decidedAfterMs: Ms;
}

/** One try at a contact, with all that is known of its call. */
export interface AttemptRecord {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly contactId: ContactId;
  /** The contact's number and name, as they are now. */
  readonly number: string;
  readonly name: string;
  readonly trunk: TrunkName;
  readonly agentId: AgentId | undefined;
  readonly state: CallState;
  readonly writtenAtMs: EpochMs;
  readonly originatedAtMs: EpochMs | undefined;
  readonly ringingAtMs: EpochMs | undefined;
  readonly answeredAtMs: EpochMs | undefined;
  readonly verdictAtMs: EpochMs | undefined;
  readonly connectedAtMs: EpochMs | undefined;
  readonly endedAtMs: EpochMs | undefined;
  /** When it was decided what becomes of the contact. */
  readonly settledAtMs: EpochMs | undefined;
  readonly verdict: AnswerVerdict | undefined;
  readonly verdictProbabilityRatio: number | undefined;
  readonly verdictReason: string | undefined;
  /** Audio time from the first frame to the verdict. */
  readonly decidedAfterMs: Ms | undefined;
  readonly verdictStage: VerdictStage | undefined;
  /** Which tone or class of special information tones. */
  readonly verdictDetail: string | undefined;
  /** Probability of a machine, whatever the verdict. */
  readonly machineProbabilityRatio: number | undefined;
  readonly verdictModel: string | undefined;
  /** What the decided verdict was judged by. */
  readonly features: Readonly<Record<string, number>> | undefined;
  /** Every verdict in its order. */
  readonly verdicts: readonly VerdictRecord[];
  /** What was heard before the answer. */
  readonly earlyMedia: EarlyMedia | undefined;
  readonly earlyMediaDetail: string | undefined;
  readonly earlyMediaReason: string | undefined;
  /** The agent who had it lost it to a verdict; undefined when none did. */
  readonly takenBackAtMs: EpochMs | undefined;
  readonly takenBackAgentId: AgentId | undefined;
  readonly takenBackWhy: string | undefined;
  /** Who answered, by the agent's word. */
  readonly answeredBy: AnsweredBy | undefined;
  /** Audio of a disputed call, below the recordings folder. */
  readonly snippetPath: string | undefined;
  /** From the switch's answer to the joined bridge. */
  readonly sinceAnswerMs: Ms | undefined;
  /** From the verdict to the joined bridge. */
  readonly sinceVerdictMs: Ms | undefined;
  readonly cause: EndCauseName | undefined;
  readonly q850: number | undefined;
  readonly sipCode: number | undefined;
  readonly blame: Blame | undefined;
  readonly talkMs: Ms;
  readonly isAbandoned: boolean;
  readonly message: 'safe-harbour' | 'machine' | undefined;
  readonly isMessageWhole: boolean | undefined;
  readonly isDoNotCallAsked: boolean;
  readonly disposition: string | undefined;
  /** False when wrap-up ran out and the default was taken. */
  readonly isDisposedByAgent: boolean | undefined;
  readonly outcome: 'redial' | 'closed' | 'do-not-call' | undefined;
  /** Below the recordings folder. */
  readonly recordingPath: string | undefined;
  readonly recordingAudioMs: Ms | undefined;
  readonly isRecordingWhole: boolean | undefined;
}

/** Which attempts; what is left out does not matter. */
export interface AttemptFilter extends PageRequest {
  readonly campaignId?: CampaignId | undefined;
  readonly contactId?: ContactId | undefined;
  readonly agentId?: AgentId | undefined;
  readonly cause?: EndCauseName | undefined;
  readonly verdict?: AnswerVerdict | undefined;
  readonly disposition?: string | undefined;
  /** Written at this instant or later. */
  readonly fromMs?: EpochMs | undefined;
  /** Written before this instant. */
  readonly toMs?: EpochMs | undefined;
  /** True: only those not settled yet. */
  readonly isOpen?: boolean | undefined;
  readonly hasRecording?: boolean | undefined;
}

/** Attempts, the latest first. */
export function listAttempts(runner: QueryRunner, tenantId: TenantId, filter: AttemptFilter): Page<AttemptRecord> {
  let query = selectAttempts(tenantId)
    .orderBy('attempts.written_at_ms', 'desc')
    .orderBy('attempts.call_id', 'desc')
    .limit(pageRowLimit(filter));
  if (filter.campaignId !== undefined) query = query.where('attempts.campaign_id', '=', filter.campaignId);
  if (filter.contactId !== undefined) query = query.where('attempts.contact_id', '=', rowIdOf(filter.contactId));
  if (filter.agentId !== undefined) query = query.where('attempts.agent_id', '=', filter.agentId);
  if (filter.cause !== undefined) query = query.where('attempts.cause', '=', filter.cause);
  if (filter.verdict !== undefined) query = query.where('attempts.verdict', '=', filter.verdict);
  if (filter.disposition !== undefined) query = query.where('attempts.disposition', '=', filter.disposition);
  if (filter.fromMs !== undefined) query = query.where('attempts.written_at_ms', '>=', filter.fromMs);
  if (filter.toMs !== undefined) query = query.where('attempts.written_at_ms', '<', filter.toMs);
  if (filter.isOpen === true) query = query.where('attempts.settled_at_ms', 'is', null);
  if (filter.hasRecording === true) query = query.where('attempts.recording_path', 'is not', null);
  const after = cursorPlace(filter.cursor);
  if (after !== undefined) {
    query = query.where((e) =>
      e(e.refTuple('attempts.written_at_ms', 'attempts.call_id'), '<', e.tuple(after.writtenAtMs, after.callId)),
    );
  }
  return pageOf(runner.all(query), filter, attemptRecordOf, (row) => `${String(row.written_at_ms)}.${row.call_id}`);
}

/** One attempt with its contact; undefined for a call the tenant never made. */
export function getAttempt(runner: QueryRunner, tenantId: TenantId, callId: CallId): AttemptRecord | undefined {
  const row = runner.get(selectAttempts(tenantId).where('attempts.call_id', '=', callId));
  return row === undefined ? undefined : attemptRecordOf(row);
}

const selectAttempts = (tenantId: TenantId) =>
  queries
    .selectFrom('attempts')
    .innerJoin('contacts', (join) =>
      join.onRef('contacts.id', '=', 'attempts.contact_id').onRef('contacts.tenant_id', '=', 'attempts.tenant_id'),
    )
    .selectAll('attempts')
    .select(['contacts.number', 'contacts.name'])
    .where('attempts.tenant_id', '=', tenantId);

function cursorPlace(cursor: string | undefined): { readonly writtenAtMs: number; readonly callId: string } | undefined {
  const parts = cursor === undefined ? null : /^(\d+)\.(.+)$/.exec(cursor);
  return parts?.[1] === undefined || parts[2] === undefined
    ? undefined
    : { writtenAtMs: Number(parts[1]), callId: parts[2] };
}

const instant = (value: number | null): EpochMs | undefined => (value ?? undefined) as EpochMs | undefined;
const truth = (value: number | null): boolean | undefined => (value === null ? undefined : value === 1);

function attemptRecordOf(row: Selectable<AttemptTable> & { readonly number: string; readonly name: string }): AttemptRecord {
  return {
    callId: row.call_id as CallId,
    campaignId: row.campaign_id as CampaignId,
    contactId: contactIdOf(row.contact_id),
    number: row.number,
    name: row.name,
    trunk: row.trunk as TrunkName,
    agentId: (row.agent_id ?? undefined) as AgentId | undefined,
    state: row.state,
    writtenAtMs: row.written_at_ms as EpochMs,
    originatedAtMs: instant(row.originated_at_ms),
    ringingAtMs: instant(row.ringing_at_ms),
    answeredAtMs: instant(row.answered_at_ms),
    verdictAtMs: instant(row.verdict_at_ms),
    connectedAtMs: instant(row.connected_at_ms),
    endedAtMs: instant(row.ended_at_ms),
    settledAtMs: instant(row.settled_at_ms),
    verdict: row.verdict ?? undefined,
    verdictProbabilityRatio: row.verdict_probability_ratio ?? undefined,
    verdictReason: row.verdict_reason ?? undefined,
    decidedAfterMs: row.decided_after_ms ?? undefined,
    verdictStage: row.verdict_stage ?? undefined,
    verdictDetail: row.verdict_detail ?? undefined,
    machineProbabilityRatio: row.machine_probability_ratio ?? undefined,
    verdictModel: row.verdict_model ?? undefined,
    features: row.features_json === null ? undefined : (JSON.parse(row.features_json) as Record<string, number>),
    verdicts: JSON.parse(row.verdicts_json) as VerdictRecord[],
    earlyMedia: row.early_media ?? undefined,
    earlyMediaDetail: row.early_media_detail ?? undefined,
    earlyMediaReason: row.early_media_reason ?? undefined,
    takenBackAtMs: instant(row.taken_back_at_ms),
    takenBackAgentId: (row.taken_back_agent_id ?? undefined) as AgentId | undefined,
    takenBackWhy: row.taken_back_why ?? undefined,
    answeredBy: row.answered_by ?? undefined,
    snippetPath: row.snippet_path ?? undefined,
    sinceAnswerMs: row.since_answer_ms ?? undefined,
    sinceVerdictMs: row.since_verdict_ms ?? undefined,
    cause: row.cause ?? undefined,
    q850: row.q850 ?? undefined,
    sipCode: row.sip_code ?? undefined,
    blame: row.blame ?? undefined,
    talkMs: row.talk_ms,
    isAbandoned: row.is_abandoned === 1,
    message: row.message ?? undefined,
    isMessageWhole: truth(row.is_message_whole),
    isDoNotCallAsked: row.is_do_not_call_asked === 1,
    disposition: row.disposition ?? undefined,
    isDisposedByAgent: truth(row.is_disposed_by_agent),
    outcome: row.outcome ?? undefined,
    recordingPath: row.recording_path ?? undefined,
    recordingAudioMs: row.recording_audio_ms ?? undefined,
    isRecordingWhole: truth(row.is_recording_whole),
  };
}

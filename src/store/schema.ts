import type { Generated } from 'kysely';
import type { EndCauseName, Blame } from '../call/end-cause.js';
import type { CallState } from '../call/call-state.js';
import type { AgentState } from '../agent/agent-state.js';
import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { AnsweredBy } from '../dialer/config.js';
import type { EarlyMedia } from '../dialer/input.js';

/**
 * The tables as queries see them. Instants are milliseconds since 1970,
 * truths are 0 or 1, `*_json` holds JSON. Every table names its tenant, and
 * every query asks for it.
 */
export interface Schema {
  tenants: TenantTable;
  campaigns: CampaignTable;
  agents: AgentTable;
  contacts: ContactTable;
  attempts: AttemptTable;
  agent_states: AgentStateTable;
  agent_sessions: AgentSessionTable;
  do_not_call: DoNotCallTable;
  imports: ImportTable;
  alarms: AlarmTable;
  /** Holds a row for a moment, when it is tried whether the disk takes writes again. */
  write_trials: { tenant_id: string; filler: Uint8Array };
}

interface TenantTable {
  tenant_id: string;
  created_at_ms: number;
}

/** A campaign and the order it was last given. */
export interface CampaignTable {
  tenant_id: string;
  campaign_id: string;
  name: string;
  /** Number shown to contacts. */
  caller_number: string;
  /** ISO 3166 country in which numbers without `+` are read, e.g. `US`. */
  default_country: string;
  /** A `CampaignConfig`. */
  config_json: string;
  run_state: 'running' | 'paused' | 'stopped';
  /** The dialer's last word on why it dials or not. */
  hint: string;
  changed_at_ms: number;
}

/** An agent, his PIN as a salted hash, and where he was last heard of. */
export interface AgentTable {
  tenant_id: string;
  agent_id: string;
  name: string;
  phone: string;
  campaign_id: string;
  pin_salt: Uint8Array;
  pin_hash: Uint8Array;
  state: AgentState;
  state_since_ms: number;
  /** Pause reason, or why the agent went offline. */
  state_reason: string | null;
  /** The contact's call, while the agent has one. */
  call_id: string | null;
  /** The agent's nailed-up line; null when offline. */
  line_call_id: string | null;
}

/** Where a contact stands: `open` waits for its turn, `in-progress` has a live attempt. */
export type ContactStatus = 'open' | 'in-progress' | 'closed' | 'do-not-call';

/** A person on a campaign's list and where he stands; one of a number in each campaign. */
export interface ContactTable {
  id: Generated<number>;
  tenant_id: string;
  campaign_id: string;
  /** E.164 with `+`. */
  number: string;
  name: string;
  /** All other columns of the file, by their header. */
  fields_json: string;
  status: ContactStatus;
  /** Why it is closed. */
  status_why: string | null;
  attempt_count: number;
  /** How often each cause has ended an attempt. */
  count_by_cause_json: string;
  due_at_ms: number;
  /** 0..9, higher is dialled first. */
  priority: number;
  /** The attempt that is not settled yet. */
  open_call_id: string | null;
  import_id: number | null;
  source_line: number | null;
}

/** One try at a contact, written before it is dialled and filled in as it goes; a column is null until its moment has come. */
export interface AttemptTable {
  tenant_id: string;
  call_id: string;
  campaign_id: string;
  contact_id: number;
  trunk: string;
  agent_id: string | null;
  state: CallState;
  written_at_ms: number;
  originated_at_ms: number | null;
  ringing_at_ms: number | null;
  answered_at_ms: number | null;
  verdict_at_ms: number | null;
  connected_at_ms: number | null;
  ended_at_ms: number | null;
  /** When it was decided what becomes of the contact; null while the attempt is open. */
  settled_at_ms: number | null;
  verdict: AnswerVerdict | null;
  verdict_probability_ratio: number | null;
  verdict_reason: string | null;
  decided_after_ms: number | null;
  /** `decided`, or `revised` when another verdict followed. */
  verdict_stage: VerdictStage | null;
  /** Which tone or class of special information tones. */
  verdict_detail: string | null;
  /** Probability of a machine, whatever the verdict. */
  machine_probability_ratio: number | null;
  verdict_model: string | null;
  /** What the decided verdict was judged by: numbers by name. */
  features_json: string | null;
  /** Every verdict in its order, `VerdictRecord`s. */
  verdicts_json: Generated<string>;
  early_media: EarlyMedia | null;
  early_media_detail: string | null;
  early_media_reason: string | null;
  /** The agent who had it lost it to a verdict, and none has it since. */
  is_taken_back: Generated<number>;
  taken_back_at_ms: number | null;
  taken_back_agent_id: string | null;
  taken_back_why: string | null;
  /** How long the agent from whom it was taken had it. */
  held_ms: number | null;
  /** By the agent's word. */
  answered_by: AnsweredBy | null;
  /** Audio of a disputed call, below the recordings folder. */
  snippet_path: string | null;
  since_answer_ms: number | null;
  since_verdict_ms: number | null;
  cause: EndCauseName | null;
  q850: number | null;
  sip_code: number | null;
  blame: Blame | null;
  talk_ms: number;
  is_abandoned: number;
  waited_ms: number | null;
  message: 'safe-harbour' | 'machine' | null;
  is_message_whole: number | null;
  is_do_not_call_asked: number;
  disposition: string | null;
  is_disposed_by_agent: number | null;
  outcome: 'redial' | 'closed' | 'do-not-call' | null;
  recording_path: string | null;
  recording_audio_ms: number | null;
  is_recording_whole: number | null;
}

interface AgentStateTable {
  id: Generated<number>;
  tenant_id: string;
  agent_id: string;
  campaign_id: string;
  state: AgentState;
  from_state: AgentState;
  at_ms: number;
  reason: string | null;
  call_id: string | null;
}

interface AgentSessionTable {
  id: Generated<number>;
  tenant_id: string;
  agent_id: string;
  campaign_id: string;
  phone: string;
  started_at_ms: number;
  ended_at_ms: number | null;
  ended_why: string | null;
}

/** Numbers the tenant must not dial, whatever the campaign. */
export interface DoNotCallTable {
  tenant_id: string;
  number: string;
  /** Who put it there, e.g. `contact-keyed-9`, `agent`, `api`, `import`. */
  source: string;
  at_ms: number;
  /** The campaign of the contact who asked; null when it came as a number. */
  campaign_id: string | null;
}

/** One file of contacts that was taken in. */
export interface ImportTable {
  id: Generated<number>;
  tenant_id: string;
  campaign_id: string;
  file_name: string;
  at_ms: number;
  encoding: string;
  delimiter: string;
  imported_count: number;
  refused_count: number;
  /** Where the refused rows stand; null when there are none. */
  refused_file: string | null;
}

/** One standing of an alarm, from its raising to its clearing. */
export interface AlarmTable {
  id: Generated<number>;
  tenant_id: string;
  name: string;
  detail: string;
  raised_at_ms: number;
  /** Null while it stands. */
  cleared_at_ms: number | null;
}

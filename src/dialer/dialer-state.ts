import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { AgentState } from '../agent/agent-state.js';
import type { EndCauseName } from '../call/end-cause.js';
import type { CallState } from '../call/call-state.js';
import type { OfferedContact } from '../campaign/offered-contact.js';
import type { ContactPool } from '../campaign/contact-pool.js';
import type { CallingHoursAnswer } from '../compliance/calling-hours.js';
import type { AbandonmentLedger } from '../compliance/abandonment.js';
import type { Pacing } from '../pacing/pacing.js';
import type { RateLimit } from '../pacing/rate-limit.js';
import type { CallId, PhoneName, PlaybackId } from '../units/ids.js';
import type { MonotonicMs, Now } from '../units/time.js';
import type { AgentConfig, CampaignConfig, TrunkConfig } from './config.js';
import type { EarlyMedia } from './input.js';

/** One try at a contact, from the decision to dial to the contact's settlement. */
export interface Attempt {
  readonly callId: CallId;
  readonly campaign: Campaign;
  readonly trunk: Trunk;
  readonly contact: OfferedContact;
  state: CallState;
  /** When the decision to dial fell. */
  readonly begunAt: MonotonicMs;
  answeredAt: Now | undefined;
  /** What was heard before the answer. */
  earlyMedia: EarlyMedia | undefined;
  /** As decided, or revised since. */
  verdict: AnswerVerdict | undefined;
  verdictAt: MonotonicMs | undefined;
  /** It is probably a person, and not decided. */
  isProbable: boolean;
  /** It was decided who answered, or given up. */
  isDecided: boolean;
  /** When a waiting person stopped speaking; the 2 s rule counts from here. */
  greetingEndedAt: MonotonicMs | undefined;
  connectedAt: Now | undefined;
  /** Reserved for, talking to, or wrapping up after this call. */
  agent: Agent | undefined;
  /** The analysis was begun and not stopped. */
  isBeingAnalysed: boolean;
  /** An agent has it, and it is taken back from him when it is no person's. */
  isOnTrial: boolean;
  /** It stands in the abandonment ledger as a person who was connected. */
  isReachedCounted: boolean;
  isRecording: boolean;
  /** Recorded message being played. */
  playbackId: PlaybackId | undefined;
  /** Why we are ending it; set before our hang-up leaves. */
  endingBecause: EndCauseName | undefined;
  /** The number is to be called no more. */
  isDoNotCall: boolean;
}

/** One agent and his nailed-up line. */
export interface Agent {
  config: AgentConfig;
  state: AgentState;
  stateSince: MonotonicMs;
  /** Since when available: longest wait first. */
  availableSince: MonotonicMs;
  line: AgentLineState | undefined;
  attempt: Attempt | undefined;
  /** Keys of a sequence begun with `*`. */
  keys: string;
  keysSince: MonotonicMs;
  /** The pause the agent is in, or goes into after this contact. */
  pauseReason: string | undefined;
  /** Goes offline once this contact has gone, for this reason. */
  leavingBecause: string | undefined;
  /** Joins in a row that failed; two mean that the line is no good. */
  failedJoinCount: number;
}

/** The agent's own call to us. */
export interface AgentLineState {
  readonly callId: CallId;
  /** The phone it comes from; the seat may have been given another one since. */
  readonly phone: PhoneName;
  /** Digits of the PIN so far; never leaves memory. */
  pinDigits: string;
  wrongPinCount: number;
  /** Sounds being played, or queued, on the line itself: they keep it out of its bridge. */
  readonly promptIds: Set<PlaybackId>;
}

/** A campaign as it runs: its orders, its contacts at hand and its attempts. */
export interface Campaign {
  config: CampaignConfig;
  order: 'running' | 'paused' | 'stopped';
  pacing: Pacing;
  /** Spaces the beginning of attempts. */
  readonly beginRate: RateLimit;
  /** Spaces what leaves for the switch, whatever the store's delays. */
  readonly originateRate: RateLimit;
  readonly pool: ContactPool;
  readonly ledger: AbandonmentLedger;
  /** Attempts from writing to settlement, in the order they were begun. */
  readonly attempts: Map<CallId, Attempt>;
  /** The answer of the calling hours for one minute; asking the time zone is dear. */
  hours: { readonly minuteIndex: number; readonly answer: CallingHoursAnswer } | undefined;
  /** The last state and hint told to the world, so that only changes are told. */
  told: string;
  toldPacing: string;
}

/** A trunk as it stands now, shared by all campaigns that dial on it. */
export interface Trunk {
  config: TrunkConfig;
  /** As a campaign's. */
  readonly beginRate: RateLimit;
  readonly originateRate: RateLimit;
  /** Until the switch has said otherwise, true: calls are tried. */
  isReachable: boolean;
  /** The switch has spoken of it, and the world was told. */
  isTold: boolean;
  /** Attempts that hold a line of it. */
  lineCount: number;
}

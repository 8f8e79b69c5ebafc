import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { OfferedContact } from '../campaign/offered-contact.js';
import type { AgentId, CallId, CampaignId, PhoneName } from '../units/ids.js';
import type { EpochMs, Ms } from '../units/time.js';
import type { SwitchEvent } from '../telephony/switch.js';
import type { AgentConfig, CampaignConfig, DispositionConfig } from './config.js';

/** What others tell the dialer; past tense. */
export type Input =
  /** The switch's word, unchanged. */
  | { readonly type: 'switch'; readonly event: SwitchEvent }
  /** What the switch can do, told before each of its snapshots. */
  | { readonly type: 'switch-abilities'; readonly abilities: SwitchAbilities }
  /** The moment of the last `wakeAt` has come. */
  | { readonly type: 'woke' }
  /** First Input of a run: what the store knows of the run before. */
  | { readonly type: 'restored'; readonly state: RestoredState }
  /** The store answers `fetch-contacts`. */
  | {
      readonly type: 'contacts-offered';
      readonly campaignId: CampaignId;
      readonly contacts: readonly OfferedContact[];
      /** Earliest instant at which another contact becomes due; absent when none waits. */
      readonly nextDueAtMs: EpochMs | undefined;
    }
  /** New or changed contacts stand in the store: worth asking again. */
  | { readonly type: 'contacts-changed'; readonly campaignId: CampaignId }
  /** The attempt is on disk: its INVITE may leave. */
  | { readonly type: 'attempt-written'; readonly callId: CallId }
  | {
      readonly type: 'attempt-refused';
      readonly callId: CallId;
      /** `do-not-call`: the number came onto the list after the contact was offered. */
      readonly reason: 'do-not-call' | 'store-failed';
    }
  /** The store cannot write (disk full, file gone); dialling stops until `store-recovered`. */
  | { readonly type: 'store-failed'; readonly detail: string }
  | { readonly type: 'store-recovered' }
  /** Answers `check-pin`. */
  | { readonly type: 'pin-checked'; readonly callId: CallId; readonly isRight: boolean }
  /** Who or what answered, from the call's audio. At most one `probable`, then one `decided`, then any number of `revised`. */
  | {
      readonly type: 'answer-analysed';
      readonly callId: CallId;
      readonly stage: VerdictStage;
      readonly verdict: AnswerVerdict;
      /** Probability of the verdict, 0..1. */
      readonly probabilityRatio: number;
      /** Probability of a machine, whatever the verdict, 0..1. */
      readonly machineProbabilityRatio: number;
      readonly reason: string;
      /** Audio time from the first frame to the decision. */
      readonly decidedAfterMs: Ms;
      /** Silence since the answering party stopped speaking; the 2 s rule counts from its start. */
      readonly silentForMs: Ms;
      /** Which tone or class of special information tones, e.g. `vacant-code`. */
      readonly detail: string | undefined;
      /** What judged. */
      readonly modelName: string;
      /** What it judged by. */
      readonly features: Readonly<Record<string, number>>;
    }
  /** What the network lets hear before an answer. */
  | {
      readonly type: 'early-media-analysed';
      readonly callId: CallId;
      readonly heard: EarlyMedia;
      /** As with `answer-analysed`. */
      readonly detail: string | undefined;
      readonly reason: string;
    }
  /** Calls are analysed worse than they should be, e.g. by a lesser model; undefined: as they should be again. */
  | { readonly type: 'analysis-degraded'; readonly detail: string | undefined }
  /** The audio of a disputed call is kept, below the recordings folder. */
  | { readonly type: 'snippet-kept'; readonly callId: CallId; readonly path: string }
  /** The machine's greeting is over: a message may start. */
  | { readonly type: 'greeting-ended'; readonly callId: CallId; readonly by: 'beep' | 'silence' | 'limit' }
  /** Asked for by a person or program through the API. */
  | { readonly type: 'campaign-set'; readonly campaign: CampaignConfig }
  | {
      readonly type: 'campaign-ordered';
      readonly campaignId: CampaignId;
      /** `pause` lets calls in progress go on; `stop` does so too and forgets the pool. */
      readonly order: 'start' | 'pause' | 'stop';
    }
  | { readonly type: 'agent-set'; readonly agent: AgentConfig }
  | { readonly type: 'agent-ordered'; readonly agentId: AgentId; readonly order: AgentOrder }
  /** The service is shutting down: no new call, what rings is rung off, talks stay on the switch. */
  | { readonly type: 'drain-ordered' };

/** What of the switch's capabilities is decided by. */
export interface SwitchAbilities {
  /** A call can be heard before it is answered. */
  readonly hasEarlyMedia: boolean;
  /** A call can be heard while an agent has it; without, an agent gets a call only once it is known who answered. */
  readonly hasTapWhileBridged: boolean;
}

/** What is heard on a call that has not been answered. */
export type EarlyMedia = 'ringing' | 'busy' | 'intercept' | 'announcement' | 'music' | 'silence';

/** What an agent can ask for, from the phone's keys or the agent's screen. */
export type AgentOrder =
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'resume' }
  /** End the contact, keep the line. */
  | { readonly type: 'hang-up-contact' }
  | { readonly type: 'dispose'; readonly disposition: DispositionConfig }
  | { readonly type: 'log-out' };

/** What the store knows when the service starts. */
export interface RestoredState {
  readonly campaigns: readonly { readonly campaignId: CampaignId; readonly isRunning: boolean }[];
  /** Attempts written but not closed. */
  readonly openAttempts: readonly OpenAttempt[];
  /** Agents with a line up when last heard of. */
  readonly agentLines: readonly AgentLine[];
  /** People who answered in the last 30 days, for the abandonment cap. */
  readonly peopleReached: readonly PeopleReached[];
}

/** What became of the people who answered one campaign within one minute. */
export interface PeopleReached {
  readonly campaignId: CampaignId;
  /** Start of the minute. */
  readonly atMs: EpochMs;
  /** Connected to an agent in time. */
  readonly connectedCount: number;
  readonly abandonedCount: number;
}

/** An attempt of the run before whose contact was not settled; its call may live or not, the switch will tell. */
export interface OpenAttempt {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly contact: OfferedContact;
  readonly answeredAtMs: EpochMs | undefined;
  readonly connectedAtMs: EpochMs | undefined;
  /** The agent who talked or was about to. */
  readonly agentId: AgentId | undefined;
  /** Ended, but the agent had not disposed of it. */
  readonly isInWrapUp: boolean;
}

/** An agent who was logged in when the run before ended; the line may live or not. */
export interface AgentLine {
  readonly agentId: AgentId;
  readonly phone: PhoneName;
  readonly lineCallId: CallId;
  /** Set while paused. */
  readonly pauseReason: string | undefined;
}

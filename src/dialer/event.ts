import type { AgentId, CallId, CampaignId, ContactId, PhoneName, TrunkName } from '../units/ids.js';
import type { EpochMs, Ms } from '../units/time.js';
import type { AnsweredBy } from './config.js';
import type { EndCauseName } from '../call/end-cause.js';
import type { AgentState } from '../agent/agent-state.js';
import type { CallState } from '../call/call-state.js';
import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { EarlyMedia } from './input.js';

/**
 * What the dialer has decided or seen; past tense. The store keeps them, the
 * feed shows them, the auditor judges them. Each carries its wall-clock time.
 */
export type DialerEvent = { readonly atMs: EpochMs } & DialerEventBody;

/** An event before it has its instant. */
export type DialerEventBody =
  | {
      readonly type: 'campaign-changed';
      readonly campaignId: CampaignId;
      /** `idle`: running, but nothing may be dialled now; `hint` says why. */
      readonly state: 'running' | 'idle' | 'paused' | 'stopped';
      readonly hint: string;
    }
  | {
      readonly type: 'pacing-decided';
      readonly campaignId: CampaignId;
      readonly placeCount: number;
      readonly availableAgentCount: number;
      readonly callsInFlightCount: number;
      /** In words: what bounded the number. */
      readonly reason: string;
    }
  /** One transition of an attempt's call. */
  | {
      readonly type: 'call-changed';
      readonly callId: CallId;
      readonly campaignId: CampaignId;
      readonly contactId: ContactId;
      readonly state: CallState;
      readonly from: CallState;
    }
  | { readonly type: 'call-originated'; readonly callId: CallId; readonly trunk: TrunkName }
  | { readonly type: 'call-answered'; readonly callId: CallId }
  | {
      readonly type: 'call-analysed';
      readonly callId: CallId;
      readonly stage: VerdictStage;
      readonly verdict: AnswerVerdict;
      readonly probabilityRatio: number;
      /** Probability of a machine, whatever the verdict. */
      readonly machineProbabilityRatio: number;
      readonly reason: string;
      /** Which tone or class of special information tones. */
      readonly detail: string | undefined;
      readonly decidedAfterMs: Ms;
      readonly modelName: string;
      readonly features: Readonly<Record<string, number>>;
    }
  /** What the network let hear before an answer. */
  | {
      readonly type: 'early-media-heard';
      readonly callId: CallId;
      readonly heard: EarlyMedia;
      readonly detail: string | undefined;
      readonly reason: string;
    }
  | {
      readonly type: 'call-connected';
      readonly callId: CallId;
      readonly agentId: AgentId;
      /** From the switch's answer to the joined bridge. */
      readonly sinceAnswerMs: Ms;
      /** From the verdict to the joined bridge; 0 when it came before the verdict. */
      readonly sinceVerdictMs: Ms;
    }
  /** The call that was given to this agent is no person's: he is free again, and it goes on as the verdict wants. */
  | {
      readonly type: 'call-taken-back';
      readonly callId: CallId;
      readonly agentId: AgentId;
      readonly verdict: AnswerVerdict;
      readonly reason: string;
      /** How long the two could hear each other. */
      readonly heldMs: Ms;
    }
  /** No agent in time; counts towards the abandon ratio. */
  | { readonly type: 'call-abandoned'; readonly callId: CallId; readonly waitedMs: Ms }
  /** Our recorded message was played to its end, or to where it was cut. */
  | {
      readonly type: 'message-played';
      readonly callId: CallId;
      readonly message: 'safe-harbour' | 'machine';
      readonly isWhole: boolean;
    }
  | { readonly type: 'do-not-call-asked'; readonly callId: CallId; readonly contactId: ContactId }
  /** Exactly once for every attempt. */
  | {
      readonly type: 'attempt-ended';
      readonly callId: CallId;
      readonly campaignId: CampaignId;
      readonly contactId: ContactId;
      readonly cause: EndCauseName;
      readonly q850: number;
      readonly sipCode: number | undefined;
      /** The verdict, where the answer was analysed. */
      readonly verdict: AnswerVerdict | undefined;
      readonly agentId: AgentId | undefined;
      /** 0 when contact and agent never talked. */
      readonly talkMs: Ms;
    }
  /** What becomes of the contact now; follows `attempt-ended`, after wrap-up where there is one. */
  | {
      readonly type: 'contact-settled';
      readonly contactId: ContactId;
      readonly campaignId: CampaignId;
      readonly callId: CallId;
      readonly outcome: 'redial' | 'closed' | 'do-not-call';
      /** When it may be called again; with outcome `redial` only. */
      readonly redialAtMs: EpochMs | undefined;
      /** Whether the attempt counts towards the contact's attempts. */
      readonly isCounted: boolean;
      readonly why: string;
    }
  | {
      readonly type: 'disposition-set';
      readonly callId: CallId;
      readonly agentId: AgentId;
      readonly disposition: string;
      /** False when wrap-up ran out and the default was taken. */
      readonly isByAgent: boolean;
      /** Who answered, by the agent's word; undefined when he gave none. */
      readonly answeredBy: AnsweredBy | undefined;
    }
  /** The audio of a disputed call was kept, below the recordings folder. */
  | { readonly type: 'snippet-kept'; readonly callId: CallId; readonly path: string }
  | {
      readonly type: 'agent-changed';
      readonly agentId: AgentId;
      readonly campaignId: CampaignId;
      readonly phone: PhoneName;
      readonly state: AgentState;
      readonly from: AgentState;
      /** Pause reason, or why the agent went offline. */
      readonly reason: string | undefined;
      /** The contact's call, while reserved, on call or in wrap-up. */
      readonly callId: CallId | undefined;
      /** The agent's own nailed-up line; absent when offline. */
      readonly lineCallId: CallId | undefined;
    }
  | { readonly type: 'recording-started'; readonly callId: CallId }
  | {
      readonly type: 'recording-finished';
      readonly callId: CallId;
      readonly path: string;
      readonly audioMs: Ms;
      readonly isWhole: boolean;
    }
  | { readonly type: 'trunk-changed'; readonly trunk: TrunkName; readonly isReachable: boolean }
  | { readonly type: 'phone-changed'; readonly phone: PhoneName; readonly isRegistered: boolean }
  | {
      readonly type: 'switch-changed';
      readonly isConnected: boolean;
      /** On return: calls that lived on, and calls that were ended as ghosts. */
      readonly adoptedCount: number;
      readonly lostCount: number;
    }
  /** Someone must look; stands until `alarm-cleared` of the same name. */
  | { readonly type: 'alarm-raised'; readonly alarm: AlarmName; readonly detail: string }
  | { readonly type: 'alarm-cleared'; readonly alarm: AlarmName }
  /** RTP quality of a leg, by RTCP; `isPoor` when people hear it. */
  | {
      readonly type: 'quality-noted';
      readonly callId: CallId;
      readonly lossRatio: number;
      readonly jitterMs: Ms;
      readonly roundTripMs: Ms;
      readonly isPoor: boolean;
    }
  /** A message that came too late, or something that could not be had and was done without: ordinary, counted. */
  | { readonly type: 'late-noted'; readonly callId: CallId; readonly what: string };

/** What somebody must look at. One stands at a time of each name; `impossible-event` is never cleared, for it tells of a bug. */
export type AlarmName = 'switch-lost' | 'store-failed' | 'trunk-down' | 'impossible-event' | 'analysis-degraded';

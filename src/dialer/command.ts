import type { AgentId, CallId, CampaignId, ContactId, TrunkName } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import type { SwitchCommand, CommandId } from '../telephony/switch.js';

/** What the dialer wants done, in this order; imperative. `loop` performs it. */
export type Command =
  /**
   * Writes the attempt. All of one Output are one transaction; each is answered
   * by `attempt-written` or `attempt-refused`, and only then may it be dialled.
   */
  | {
      readonly type: 'write-attempt';
      readonly callId: CallId;
      readonly campaignId: CampaignId;
      readonly contactId: ContactId;
      readonly trunk: TrunkName;
    }
  /** Asks for at most `count` contacts that are due and not yet offered; answered by `contacts-offered`. */
  | { readonly type: 'fetch-contacts'; readonly campaignId: CampaignId; readonly count: number }
  /** Gives contacts back that were offered and not dialled. */
  | { readonly type: 'return-contacts'; readonly campaignId: CampaignId; readonly contactIds: readonly ContactId[] }
  /** The contact asked not to be called again; takes effect before the next attempt is written. */
  | { readonly type: 'add-do-not-call'; readonly contactId: ContactId; readonly source: 'contact-keyed-9' | 'agent' }
  /** Answered by `pin-checked`; the digits never leave the loop. */
  | { readonly type: 'check-pin'; readonly callId: CallId; readonly agentId: AgentId; readonly digits: string }
  /**
   * Begins to listen, anew when it listened already. Before the answer it is
   * answered by `early-media-analysed`, after it by `answer-analysed`, later
   * perhaps `greeting-ended`.
   */
  | { readonly type: 'analyse-answer'; readonly callId: CallId; readonly listening: Listening }
  | { readonly type: 'stop-analysis'; readonly callId: CallId }
  /** Keeps what was heard of a call whose verdict is disputed; answered by `snippet-kept` when there is something. */
  | { readonly type: 'keep-snippet'; readonly callId: CallId }
  /** As the switch's `originate`; `loop` looks up the number, which the dialer never sees. */
  | {
      readonly type: 'originate';
      readonly commandId: CommandId;
      readonly callId: CallId;
      readonly campaignId: CampaignId;
      readonly contactId: ContactId;
      readonly trunk: TrunkName;
      readonly ringTimeoutMs: Ms;
      /** Lets the call be heard before it is answered. */
      readonly wantsEarlyMedia: boolean;
    }
  /** As the switch's; `loop` names the file by campaign, date and call. */
  | {
      readonly type: 'start-recording';
      readonly commandId: CommandId;
      readonly callId: CallId;
      readonly campaignId: CampaignId;
    }
  /** Everything else goes to the switch as it is. */
  | { readonly type: 'switch'; readonly command: PlainSwitchCommand };

/** What a call is listened to for. */
export interface Listening {
  readonly phase: 'early-media' | 'answered';
  /** Probability from which on a machine is one, 0..1. */
  readonly machineProbabilityMin: number;
  /** Silence after the answer that is a verdict. */
  readonly silenceLimitMs: Ms;
  /** Whoever talks is taken for a person, in doubt, when it is undecided for so long. */
  readonly decisionLimitMs: Ms;
  /** The audio is to be had for a while by `keep-snippet`. */
  readonly keepsSnippet: boolean;
}

/** Switch commands that carry nothing the dialer may not know. */
export type PlainSwitchCommand = Exclude<
  SwitchCommand,
  { readonly type: 'originate' } | { readonly type: 'start-recording' }
>;

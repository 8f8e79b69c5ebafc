import type { OfferedContact } from '../campaign/offered-contact.js';
import type { Listening } from '../dialer/command.js';
import type { DialerEvent } from '../dialer/event.js';
import type { Input, RestoredState } from '../dialer/input.js';
import type { AgentId, CallId, CampaignId, ContactId, TrunkName } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';

/** What the loop needs of the world besides the switch. */

/** The store, bound to one tenant; never blocks the caller. */
export interface LoopStore {
  /** One transaction for all; resolves to one result for each, in order. */
  writeAttempts(attempts: readonly AttemptOnPaper[]): Promise<readonly AttemptWriting[]>;
  /** Rejects when the store cannot be read. */
  fetchContacts(request: {
    readonly campaignId: CampaignId;
    readonly count: number;
    readonly nowMs: EpochMs;
  }): Promise<{ readonly contacts: readonly ContactOnPaper[]; readonly nextDueAtMs: EpochMs | undefined }>;
  returnContacts(contactIds: readonly ContactId[]): void;
  /** In order, after everything applied before; kept in memory while the store cannot write. */
  apply(events: readonly DialerEvent[]): void;
  /** Takes effect before any attempt that is written later. */
  addDoNotCall(contactId: ContactId, source: 'contact-keyed-9' | 'agent'): void;
  checkPin(agentId: AgentId, digits: string): Promise<boolean>;
  restore(): Promise<RestoredState>;
}

/** An attempt as it is written before anything is dialled. */
export interface AttemptOnPaper {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly contactId: ContactId;
  readonly trunk: TrunkName;
  readonly writtenAtMs: EpochMs;
}

/** What came of writing an attempt; `do-not-call` when the number came onto the list after the contact was offered. */
export type AttemptWriting = 'written' | 'do-not-call' | 'store-failed';

/** A contact with the number that the dialer never sees. */
export interface ContactOnPaper extends OfferedContact {
  /** E.164 with `+`. */
  readonly number: string;
}

/** The analysis of who answered, on live call audio. */
export interface CallAnalysis {
  /** Begins, or begins anew, with the call's next audio; the answer comes as an Input. */
  analyse(callId: CallId, listening: Listening): void;
  /** Ends it; harmless when none runs. */
  stop(callId: CallId): void;
}

/** Where the audio of disputed calls is kept. */
export interface SnippetKeeper {
  /** Path below the recordings folder; undefined when nothing is to be had of this call any more. Rejects when it cannot be written. */
  keep(callId: CallId): Promise<string | undefined>;
}

/** Which caller number a campaign shows, and where its recordings go. */
export interface CampaignPapers {
  callerNumber(campaignId: CampaignId): string;
  /** Path below the recordings folder: campaign, date, call. */
  recordingPath(campaignId: CampaignId, callId: CallId, at: EpochMs): string;
}

/** Whoever wants to see what goes through the loop; must not throw. */
export interface LoopObserver {
  /** After each Input was handled and its commands were performed. */
  handled?(input: Input, events: readonly DialerEvent[]): void;
  /** A fault of ours in performing; the loop lives on. */
  failed?(what: string, error: unknown): void;
}

import type { CallId, CampaignId, ContactId, TrunkName } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';

/** An attempt that is to be on disk before its INVITE may leave. */
export interface AttemptToWrite {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly contactId: ContactId;
  readonly trunk: TrunkName;
  readonly writtenAtMs: EpochMs;
}

/**
 * What became of an attempt to be written. `do-not-call`: the contact's number
 * is on the list. `store-failed`: it is not on disk, because the store cannot
 * write, or because the contact has a live attempt or is closed.
 */
export type AttemptWritten = 'written' | 'do-not-call' | 'store-failed';

import type { CallId, CampaignId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { CampaignPapers } from './loop-ports.js';

/** What the loop knows of campaigns and the dialer does not: whose number is shown, and where recordings go. */
export class CampaignLedger implements CampaignPapers {
  readonly #callerNumbers = new Map<string, string>();

  /** Makes a campaign known or changes its number, for calls placed from now on. */
  setCallerNumber(campaignId: string, callerNumber: string): void {
    this.#callerNumbers.set(campaignId, callerNumber);
  }

  /** @throws Error for a campaign never made known: a bug, since the dialer has it. */
  callerNumber(campaignId: CampaignId): string {
    const number = this.#callerNumbers.get(campaignId);
    if (number === undefined) throw new Error(`Campaign ${campaignId} has no caller number.`);
    return number;
  }

  /** `<campaign>/<year>-<month>-<day>/<call>.wav`, the day in UTC. */
  recordingPath(campaignId: CampaignId, callId: CallId, at: EpochMs): string {
    return `${campaignId}/${new Date(at).toISOString().slice(0, 10)}/${callId}.wav`;
  }
}

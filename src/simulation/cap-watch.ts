import type { CampaignConfig, DialerConfig } from '../dialer/config.js';
import type { CampaignId, TrunkName } from '../units/ids.js';
import type { MonotonicMs } from '../units/time.js';
import type { AuditRule } from './audit-log.js';
import { SlidingSecond } from './call-audit.js';

type Capped = TrunkName | CampaignId;

/** Counts lines and new calls a second of every trunk and campaign, and says where a cap was passed. */
export class CapWatch {
  readonly #trunks: DialerConfig['trunks'];
  readonly #lineCount = new Map<Capped, number>();
  readonly #rates = new Map<Capped, SlidingSecond>();

  constructor(trunks: DialerConfig['trunks']) {
    this.#trunks = trunks;
  }

  /** A call leaves on a trunk for a campaign. */
  dialled(trunk: TrunkName, campaign: CampaignConfig, atMs: MonotonicMs, tell: (rule: AuditRule, what: string) => void): void {
    this.#count(trunk, campaign.campaignId, 1);
    const config = this.#trunks.find(({ name }) => name === trunk);
    const caps = [
      { of: trunk, linesMax: config?.linesMax ?? 0, rate: config?.callsPerSecondMax ?? 0 },
      { of: campaign.campaignId, linesMax: campaign.linesMax, rate: campaign.callsPerSecondMax },
    ];
    for (const { of, linesMax, rate } of caps) {
      const lineCount = this.#lineCount.get(of) ?? 0;
      if (lineCount > linesMax) tell('line-cap-kept', `${of} has ${String(lineCount)} lines, and ${String(linesMax)} at most.`);
      const second = this.#rates.get(of) ?? new SlidingSecond();
      this.#rates.set(of, second);
      const count = second.add(atMs);
      if (count > Math.ceil(rate)) {
        tell('rate-cap-kept', `${of} has ${String(count)} new calls in a second.`);
      }
    }
  }

  /** Its line is free again. */
  ended(trunk: TrunkName, campaignId: CampaignId): void {
    this.#count(trunk, campaignId, -1);
  }

  #count(trunk: TrunkName, campaignId: CampaignId, change: 1 | -1): void {
    for (const of of [trunk, campaignId]) this.#lineCount.set(of, (this.#lineCount.get(of) ?? 0) + change);
  }
}

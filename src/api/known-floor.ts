import type { DaySoFar } from './day-tally.js';
import type { TrunkDay } from './trunk-boards.js';

/** What the service knows when it starts; everything else comes as events. */
export interface LiveStateSeed {
  /** IANA name of the zone whose midnight begins the day of the counts. */
  readonly timeZone: string;
  readonly campaigns: readonly KnownCampaign[];
  readonly agents: readonly KnownAgent[];
  /** Their answers since the day began, counted by the store. */
  readonly trunks: readonly TrunkDay[];
  /** Calls that were alive when the last run ended and may be adopted. */
  readonly openCalls: readonly { readonly callId: string; readonly campaignId: string; readonly isAnswered: boolean }[];
}

/** A campaign by name, with its day where it has one already. */
export interface KnownCampaign {
  readonly campaignId: string;
  readonly name: string;
  /** Counted by the store since the day began. */
  readonly today?: DaySoFar;
}

/** An agent by name, with his phone and campaign. */
export interface KnownAgent {
  readonly agentId: string;
  readonly name: string;
  readonly phone: string;
  readonly campaignId: string;
  readonly connectedTodayCount?: number;
}

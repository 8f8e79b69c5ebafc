import type { RestoredState } from '../dialer/input.js';
import type { AgentRecord } from '../store/agent-records.js';
import type { CampaignRecord } from '../store/campaign-records.js';
import type { Store } from '../store/store.js';
import { epochMs, type EpochMs } from '../units/time.js';
import { dayStart } from './day-start.js';
import type { LiveStateSeed } from './known-floor.js';
import { campaignCountsOf } from './store-adapter.js';

/** Where the day so far is read from. */
export interface LiveStateSources {
  readonly store: Pick<Store, 'countAttempts' | 'countTrunks'>;
  readonly campaigns: readonly CampaignRecord[];
  readonly agents: readonly AgentRecord[];
  readonly restored: RestoredState;
  readonly nowMs: EpochMs;
}

/** What the wallboard shows before the first event: the day so far, from the store, in the machine's time zone. */
export async function liveStateSeed({ store, campaigns, agents, restored, nowMs }: LiveStateSources): Promise<LiveStateSeed> {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const span = { fromMs: dayStart(nowMs, timeZone), toMs: epochMs(nowMs + 1) };
  const today = new Map((await store.countAttempts(span)).map((counts) => [counts.campaignId, campaignCountsOf(counts)]));
  return {
    timeZone,
    campaigns: campaigns.map(({ campaignId, name }) => {
      const counts = today.get(campaignId);
      return { campaignId, name, ...(counts && { today: counts }) };
    }),
    agents,
    trunks: await store.countTrunks(span),
    openCalls: restored.openAttempts
      .filter(({ isInWrapUp }) => !isInWrapUp)
      .map(({ callId, campaignId, answeredAtMs }) => ({ callId, campaignId, isAnswered: answeredAtMs !== undefined })),
  };
}

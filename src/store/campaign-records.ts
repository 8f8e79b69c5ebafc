import type { CampaignId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { CampaignConfig } from '../dialer/config.js';
import { queries, type QueryRunner } from './query.js';
import type { CampaignTable } from './schema.js';

/** A campaign as a person sets it up. */
export interface CampaignToPut {
  readonly config: CampaignConfig;
  readonly name: string;
  /** Number shown to contacts. */
  readonly callerNumber: string;
  /** ISO 3166 country in which numbers without `+` are read, e.g. `US`. */
  readonly defaultCountry: string;
}

/** A campaign as it stands in the store. */
export interface CampaignRecord extends CampaignToPut {
  readonly campaignId: CampaignId;
  readonly runState: 'running' | 'paused' | 'stopped';
  /** The dialer's last word on why it dials or not; may be empty. */
  readonly hint: string;
  readonly changedAtMs: EpochMs;
}

/** Makes or replaces a campaign; its run state stays, and a new one is stopped. */
export function putCampaign(runner: QueryRunner, tenantId: TenantId, campaign: CampaignToPut, nowMs: EpochMs): void {
  const changed = {
    name: campaign.name,
    caller_number: campaign.callerNumber,
    default_country: campaign.defaultCountry,
    config_json: JSON.stringify(campaign.config),
    changed_at_ms: Math.round(nowMs),
  };
  runner.run(
    queries
      .insertInto('campaigns')
      .values({ tenant_id: tenantId, campaign_id: campaign.config.campaignId, run_state: 'stopped', hint: '', ...changed })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'campaign_id']).doUpdateSet(changed)),
  );
}

/** All campaigns of the tenant, by name. */
export function listCampaigns(runner: QueryRunner, tenantId: TenantId): CampaignRecord[] {
  return runner
    .all(queries.selectFrom('campaigns').selectAll().where('tenant_id', '=', tenantId).orderBy('name').orderBy('campaign_id'))
    .map(campaignRecordOf);
}

/** One campaign with its configuration and order; undefined for an id the tenant does not have. */
export function getCampaign(runner: QueryRunner, tenantId: TenantId, campaignId: CampaignId): CampaignRecord | undefined {
  const row = runner.get(
    queries.selectFrom('campaigns').selectAll().where('tenant_id', '=', tenantId).where('campaign_id', '=', campaignId),
  );
  return row === undefined ? undefined : campaignRecordOf(row);
}

function campaignRecordOf(row: CampaignTable): CampaignRecord {
  return {
    campaignId: row.campaign_id as CampaignId,
    config: JSON.parse(row.config_json) as CampaignConfig,
    name: row.name,
    callerNumber: row.caller_number,
    defaultCountry: row.default_country,
    runState: row.run_state,
    hint: row.hint,
    changedAtMs: row.changed_at_ms as EpochMs,
  };
}

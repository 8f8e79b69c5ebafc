import type { CampaignId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import { queries, type QueryRunner } from './query.js';

/** One file of contacts that was imported. */
export interface ImportRecord {
  readonly importId: number;
  readonly campaignId: CampaignId;
  /** Without its folder. */
  readonly fileName: string;
  readonly atMs: EpochMs;
  readonly encoding: string;
  readonly delimiter: string;
  readonly importedCount: number;
  readonly refusedCount: number;
  readonly refusedFile: string | undefined;
}

/** Imports of the tenant, or of one of its campaigns; the latest first. */
export function listImports(runner: QueryRunner, tenantId: TenantId, campaignId?: CampaignId): ImportRecord[] {
  const all = queries.selectFrom('imports').selectAll().where('tenant_id', '=', tenantId).orderBy('id', 'desc');
  return runner.all(campaignId === undefined ? all : all.where('campaign_id', '=', campaignId)).map((row) => ({
    importId: row.id,
    campaignId: row.campaign_id as CampaignId,
    fileName: row.file_name,
    atMs: row.at_ms as EpochMs,
    encoding: row.encoding,
    delimiter: row.delimiter,
    importedCount: row.imported_count,
    refusedCount: row.refused_count,
    refusedFile: row.refused_file ?? undefined,
  }));
}

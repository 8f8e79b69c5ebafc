import type { CampaignId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import { spawnWorker } from '../loop/spawn-worker.js';
import type { Delimiter } from './csv-delimiter.js';
import type { CsvEncoding } from './csv-encoding.js';
import type { ColumnMapping } from './csv-columns.js';
import { threadClient } from './thread-rpc.js';

/** A file of contacts for a campaign. */
export interface ContactImport {
  readonly campaignId: CampaignId;
  readonly csvFile: string;
  /** Kept with the import; the file's own name when left out. */
  readonly fileName?: string | undefined;
  /** Undefined: found out from the file. */
  readonly delimiter?: Delimiter | undefined;
  /** Undefined: found out from the file. */
  readonly encoding?: CsvEncoding | undefined;
  /** Which column is what; what is left out is guessed from the header. */
  readonly columns?: ColumnMapping | undefined;
  /** ISO 3166 country in which numbers without `+` are read; the campaign's own when left out. */
  readonly country?: string | undefined;
  /** Of every contact of this file: 0..9, higher is dialled first; default 0. */
  readonly priority?: number | undefined;
  /** Where refused rows go; beside the file by default, `x.csv` to `x.refused.csv`. Written over. */
  readonly refusedFile?: string | undefined;
}

/** What a file has brought; imported and refused are all its rows together. */
export interface ContactImportResult {
  readonly importId: number;
  readonly importedCount: number;
  readonly refusedCount: number;
  /** Undefined when no row was refused. */
  readonly refusedFile: string | undefined;
  /** What the file was taken for. */
  readonly encoding: CsvEncoding;
  readonly delimiter: Delimiter;
  readonly columns: {
    readonly phone: string;
    /** More than one when first and last name are apart. */
    readonly name: readonly string[];
    /** Kept with each contact under their headers. */
    readonly fields: readonly string[];
  };
}

/** The file as a whole cannot be imported; the message is one sentence with its cure, and nothing was imported. */
export class ContactFileError extends Error {
  override readonly name = 'ContactFileError';
}

/** What the thread of one import is started with. */
export interface ImportThreadData {
  readonly storeFile: string;
  readonly tenantId: TenantId;
  readonly nowMs: EpochMs;
  readonly request: ContactImport;
}

/** How an import's thread ends in the ordinary ways; a failing store is an exception. */
export type ImportOutcome =
  | { readonly outcome: 'imported'; readonly result: ContactImportResult }
  | { readonly outcome: 'refused'; readonly message: string };

/** The one function of an import's thread. */
export interface ImportApi {
  importContacts(): Promise<ImportOutcome>;
}

/**
 * Imports a file in a thread of its own, which reads and checks all rows first
 * and holds the store's write lock only for the last step, one transaction.
 * @throws ContactFileError, or StoreUnavailableError when the store cannot write.
 */
export async function runContactImport(data: ImportThreadData): Promise<ContactImportResult> {
  const worker = spawnWorker(new URL('./import-thread.js', import.meta.url), { name: 'store-import', workerData: data });
  const client = threadClient<ImportApi>(worker);
  worker.on('error', (error) => {
    client.fail(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', (code) => {
    client.fail(new Error(`The import ended with code ${String(code)}.`));
  });
  try {
    const outcome = await client.call('importContacts');
    if (outcome.outcome === 'refused') throw new ContactFileError(outcome.message);
    return outcome.result;
  } finally {
    await worker.terminate();
  }
}

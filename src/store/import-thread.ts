import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { getCampaign } from './campaign-records.js';
import {
  ContactFileError,
  type ContactImportResult,
  type ImportApi,
  type ImportOutcome,
  type ImportThreadData,
} from './contact-import.js';
import { readContactRow } from './contact-row.js';
import { createContactStaging, type ContactStaging, type ImportHead } from './contact-staging.js';
import { planColumns, type ColumnPlan } from './csv-columns.js';
import { findCsvShape, oneColumnFault, readCsvRows, type CsvShape } from './csv-file.js';
import { csvLine } from './csv-line.js';
import { createQueryRunner } from './query.js';
import { inTransaction, type SqliteDatabase } from './sqlite-database.js';
import { openWritableStoreFile } from './store-file.js';
import { serveThread } from './thread-rpc.js';

/** Chosen: few enough writes of a file of refused rows, small enough pieces. */
const WRITE_CHARACTERS = 256 * 1024;

async function importContacts(data: ImportThreadData): Promise<ImportOutcome> {
  const sqlite = openWritableStoreFile({ file: data.storeFile });
  try {
    return { outcome: 'imported', result: await importInto(sqlite, data) };
  } catch (error) {
    if (error instanceof ContactFileError) return { outcome: 'refused', message: error.message };
    if (isFileError(error)) {
      return { outcome: 'refused', message: `The file ${error.path} cannot be used: ${error.message}. Check its name and rights.` };
    }
    throw error;
  } finally {
    sqlite.close();
  }
}

async function importInto(sqlite: SqliteDatabase, data: ImportThreadData): Promise<ContactImportResult> {
  const { request, tenantId } = data;
  const { campaignId, csvFile } = request;
  const campaign = getCampaign(createQueryRunner(sqlite), tenantId, campaignId);
  if (campaign === undefined) throw new ContactFileError(`There is no campaign "${campaignId}" to import into: make it first.`);
  const shape = await findCsvShape(csvFile, request);
  const staging = createContactStaging(sqlite);
  const plan = await stageRows(sqlite, staging, shape, request, request.country ?? campaign.defaultCountry);
  const refusedFile = request.refusedFile ?? csvFile.replace(/(\.[^./]*)?$/, '.refused.csv');
  const head: ImportHead = {
    ...{ tenantId, campaignId, refusedFile },
    fileName: request.fileName ?? basename(csvFile),
    atMs: data.nowMs,
    encoding: shape.encoding,
    delimiter: shape.delimiter,
    priority: request.priority ?? 0,
  };
  const moved = moveRows(sqlite, staging, head, shape, plan);
  return {
    ...moved,
    refusedFile: moved.refusedCount > 0 ? refusedFile : undefined,
    encoding: shape.encoding,
    delimiter: shape.delimiter,
    columns: namedColumns(plan),
  };
}

/** Reads all rows into the temporary tables; the store itself is not touched. */
async function stageRows(
  sqlite: SqliteDatabase,
  staging: ContactStaging,
  shape: CsvShape,
  request: ImportThreadData['request'],
  country: string,
): Promise<ColumnPlan> {
  let plan: ColumnPlan | undefined;
  // One transaction of the temporary file: it spares a commit a row, and locks nobody.
  sqlite.exec('begin');
  try {
    await readCsvRows(shape, (row) => {
      if (plan === undefined) plan = planOf(row.cells, request, country);
      else staging.add(row, readContactRow(row.cells, plan, country));
    });
  } finally {
    sqlite.exec('commit');
  }
  if (plan === undefined) throw new ContactFileError('The file has no rows: its first line must name the columns, such as phone,name.');
  return plan;
}

function planOf(header: readonly string[], request: ImportThreadData['request'], country: string): ColumnPlan {
  const finding = planColumns(header, request.columns ?? {}, country);
  if (finding.kind === 'plan') return finding.plan;
  const isOneColumn = header.length === 1 && !finding.why.includes('first line');
  throw new ContactFileError(isOneColumn && request.columns?.phone === undefined ? oneColumnFault(header[0] ?? '') : finding.why);
}

/** The one transaction. The file of refused rows is in place before it is committed: never an import without it. */
function moveRows(sqlite: SqliteDatabase, staging: ContactStaging, head: ImportHead, shape: CsvShape, plan: ColumnPlan) {
  rmSync(head.refusedFile, { force: true });
  let isWritten = false;
  try {
    return inTransaction(sqlite, () => {
      const moved = staging.move(head);
      if (moved.refusedCount > 0) {
        writeRefusedFile(head.refusedFile, staging, shape, plan);
        isWritten = true;
      }
      return moved;
    });
  } catch (error) {
    if (isWritten) rmSync(head.refusedFile, { force: true });
    throw error;
  }
}

function writeRefusedFile(file: string, staging: ContactStaging, { delimiter }: CsvShape, plan: ColumnPlan): void {
  const partFile = `${file}.part`;
  const handle = openSync(partFile, 'w', 0o600);
  try {
    // Spreadsheets take a file for UTF-8 only when it begins with the mark.
    let text = `\uFEFF${csvLine(['line', 'reason', ...plan.names], delimiter)}`;
    for (const { line, why, cells } of staging.refusedRows()) {
      text += csvLine([String(line), why, ...cells], delimiter);
      if (text.length < WRITE_CHARACTERS) continue;
      writeSync(handle, text);
      text = '';
    }
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partFile, file);
}

const namedColumns = (plan: ColumnPlan): ContactImportResult['columns'] => ({
  phone: plan.names[plan.phoneIndex] ?? '',
  name: plan.nameIndexes.map((index) => plan.names[index] ?? ''),
  fields: plan.fieldIndexes.map((index) => plan.names[index] ?? ''),
});

/** An error of the file system, as opposed to one of SQLite or of ours. */
const isFileError = (error: unknown): error is Error & { readonly path: string } =>
  error instanceof Error && 'syscall' in error && 'path' in error && typeof error.path === 'string';

if (parentPort === null) throw new Error('import-thread.js runs as a worker thread of the store only.');
const data = workerData as ImportThreadData;
serveThread<ImportApi>(parentPort, { importContacts: () => importContacts(data) });

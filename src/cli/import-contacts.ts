import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { loadConfig } from '../config/load-config.js';
import { processEnvironment } from '../config/environment.js';
import { DeclaredRecords } from '../config/declared-records.js';
import type { OutdialConfig } from '../config/outdial-config.js';
import { openStore } from '../store/open-store.js';
import { campaignId } from '../units/ids.js';
import { epochMs } from '../units/time.js';
import type { CliCommand } from './cli-command.js';

/** What is to be imported. */
export interface ImportRequest {
  readonly campaign: string;
  readonly csvFile: string;
  /** ISO 3166; undefined: the campaign's. */
  readonly country: string | undefined;
  /** Headers of the columns; undefined: guessed. */
  readonly phoneColumn: string | undefined;
  readonly nameColumns: readonly string[] | undefined;
}

/** What came of it. */
export interface ImportReport {
  /** By the running service, or into the file while none runs. */
  readonly by: 'service' | 'file';
  readonly importedCount: number;
  readonly refusedCount: number;
  /** Refused rows with line and reason; undefined without any. */
  readonly refusedFile: string | undefined;
}

/** `outdial import`: reads a list of contacts into a campaign. */
export function defineImport(command: CliCommand, defaultFile: string): void {
  command
    .description('import contacts from a CSV file; delimiter, encoding and columns are found out')
    .argument('<file>', 'CSV file with a line of headers')
    .requiredOption('--campaign <id>', 'campaign to import into')
    .readOption('--country <code>', 'country in which numbers without + are read (default: the campaign\'s)', countryCode)
    .repeatedOption('--map <what=header>', 'column of the number or the name, e.g. number=Phone; may be repeated', mapping)
    .option('-c, --config <file>', 'configuration file', defaultFile)
    .action(async (csvFile: string, options: { campaign: string; country?: string; map: readonly Mapped[]; config: string }) => {
      const config = loadConfig({ file: options.config, environment: processEnvironment() });
      const names = options.map.filter(({ what }) => what === 'name').map(({ header }) => header);
      const report = await importContacts(config, {
        campaign: options.campaign,
        csvFile,
        country: options.country,
        phoneColumn: options.map.find(({ what }) => what === 'number')?.header,
        nameColumns: names.length === 0 ? undefined : names,
      });
      process.stdout.write(`${describe(report)}\n`);
    });
}

interface Mapped {
  readonly what: 'number' | 'name';
  readonly header: string;
}

function mapping(text: string): Mapped {
  const [, what, header] = /^(number|phone|name)=(.+)$/.exec(text) ?? [];
  if (what === undefined || header === undefined) throw new Error(`--map takes number=Header or name=Header, not "${text}".`);
  return { what: what === 'name' ? 'name' : 'number', header };
}

function countryCode(text: string): string {
  if (!/^[A-Z]{2}$/.test(text)) throw new Error(`--country takes two capital letters such as US, not "${text}".`);
  return text;
}

function describe({ by, importedCount, refusedCount, refusedFile }: ImportReport): string {
  const how = by === 'service' ? 'The running service imported' : 'No service answers; imported straight into the store:';
  const refused = refusedFile === undefined ? '' : ` Refused rows, each with line and reason: ${refusedFile}`;
  return `${how} ${String(importedCount)} contacts; ${String(refusedCount)} rows refused.${refused}`;
}

/**
 * Imports through the running service, so that it dials the new contacts at
 * once; when none answers, into its file.
 * @throws Error with a cure when the file as a whole cannot be imported; nothing was imported then.
 */
async function importContacts(config: OutdialConfig, request: ImportRequest): Promise<ImportReport> {
  if (!existsSync(request.csvFile)) throw new Error(`There is no file ${request.csvFile}.`);
  const base = serviceUrl(config);
  return (await isServing(base)) ? importByService(config, base, request) : importIntoFile(config, request);
}

function serviceUrl({ http }: OutdialConfig): string {
  const host = http.host === '0.0.0.0' || http.host === '::' ? '127.0.0.1' : http.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(http.port)}`;
}

async function isServing(base: string): Promise<boolean> {
  try {
    const answer = await fetch(`${base}/healthz`);
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null && 'isStoreReadable' in body;
  } catch (error) {
    // Nobody listens there, or somebody who is not Outdial.
    if (error instanceof TypeError || error instanceof SyntaxError) return false;
    throw error;
  }
}

async function importByService({ http }: OutdialConfig, base: string, request: ImportRequest): Promise<ImportReport> {
  const query = new URLSearchParams({ fileName: basename(request.csvFile) });
  if (request.country !== undefined) query.set('country', request.country);
  if (request.phoneColumn !== undefined) query.set('phoneColumn', request.phoneColumn);
  for (const name of request.nameColumns ?? []) query.append('nameColumn', name);
  const [key] = http.apiKeys;
  const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }) };
  // A body that is sent as it is read must say that the answer comes after it.
  const upload: RequestInit & { readonly duplex: 'half' } = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body: Readable.toWeb(createReadStream(request.csvFile)) as ReadableStream,
    duplex: 'half',
  };
  const answer = await fetch(`${base}/api/v1/campaigns/${encodeURIComponent(request.campaign)}/contacts/import?${query.toString()}`, upload);
  const body = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(typeof body['detail'] === 'string' ? body['detail'] : `The service refused: ${String(answer.status)}.`);
  const refusedRowsUrl = body['refusedRowsUrl'];
  const refusedFile = typeof refusedRowsUrl === 'string' ? refusedFileFor(request.csvFile) : undefined;
  if (refusedFile !== undefined) {
    const rows = await fetch(`${base}${String(refusedRowsUrl)}`, { headers });
    writeFileSync(refusedFile, Buffer.from(await rows.arrayBuffer()), { mode: 0o600 });
  }
  return { by: 'service', importedCount: Number(body['importedCount']), refusedCount: Number(body['refusedCount']), refusedFile };
}

/** Beside the list: `list.csv` to `list.refused.csv`. */
const refusedFileFor = (csvFile: string): string =>
  join(dirname(resolve(csvFile)), `${basename(csvFile).replace(/\.[^.]*$/, '')}.refused.csv`);

async function importIntoFile(config: OutdialConfig, request: ImportRequest): Promise<ImportReport> {
  const said: string[] = [];
  const store = await openStore({
    file: config.store.file,
    tenantId: config.tenantId,
    nowEpochMs: () => epochMs(Date.now()),
    onFailed: (detail) => said.push(detail),
    onRecovered: () => undefined,
    onFault: (detail) => said.push(detail),
  });
  try {
    // A campaign that only the file knows so far is made as the service would make it.
    const declared = new DeclaredRecords({ campaigns: config.campaigns, agents: [] }, store);
    await declared.put();
    const { importedCount, refusedCount, refusedFile } = await store.importContacts({
      campaignId: campaignId(request.campaign),
      csvFile: request.csvFile,
      country: request.country,
      columns: { phone: request.phoneColumn, name: request.nameColumns },
      refusedFile: refusedFileFor(request.csvFile),
    });
    return { by: 'file', importedCount, refusedCount, refusedFile };
  } finally {
    await store.close();
  }
}

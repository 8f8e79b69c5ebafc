import type { Readable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import type { Input } from '../dialer/input.js';
import type { EpochMs } from '../units/time.js';
import type { AccessConfig } from './access.js';
import type { FeedHubOptions } from './feed-hub.js';
import type { LiveState } from './live-state.js';
import type { StoreQueries } from './store-queries.js';

/** Everything the API is given; it constructs nothing of the rest of the service. */
export interface ApiPorts {
  readonly store: StoreQueries;
  /** Hands an Input to the loop. */
  readonly submit: (input: Input) => void;
  /** Folded from the dialer's events by whoever owns the loop (`live.apply`). */
  readonly live: LiveState;
  readonly importer: ContactImporter;
  readonly clock: () => EpochMs;
  readonly logger: FastifyBaseLogger;
  readonly access: AccessConfig;
  /** Trunks of the configuration, by name. */
  readonly trunks: readonly string[];
  /** Folder under which every recording lies. */
  readonly recordingsFolder: string;
  /** Built web application; without it only the API is served. */
  readonly webFolder: string | undefined;
  /** Version of the service, for documentation and health. */
  readonly version: string;
  /** Bounds of the feed, where they differ from the defaults. */
  readonly feed?: Partial<Omit<FeedHubOptions, 'epoch'>>;
}

/** Reads a list of contacts into a campaign; all or nothing. */
export interface ContactImporter {
  /**
   * Reads the source to its end. Rows that cannot be dialled are refused and
   * kept in a file; the rest is imported in one transaction.
   * @throws ContactImportRefused when the file as a whole cannot be read (wrong delimiter, missing column).
   */
  importCsv(order: ImportOrder, source: Readable): Promise<ImportOutcome>;
}

/** What is to be read into which campaign. */
export interface ImportOrder {
  readonly campaignId: string;
  /** For the record. */
  readonly fileName: string;
  /** ISO 3166 country in which numbers without `+` are read. */
  readonly defaultCountry: string;
  /** Headers of the columns, where they are not to be guessed. */
  readonly columns?: { readonly phone?: string | undefined; readonly name?: readonly string[] | undefined } | undefined;
}

/** What became of a file that was imported; refused rows are kept under its id. */
export interface ImportOutcome {
  readonly importId: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly importedCount: number;
  readonly refusedCount: number;
}

/** The file as a whole cannot be imported; the message names the fault and its cure. Nothing was imported. */
export class ContactImportRefused extends Error {}

import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ContactFileError, type ContactImport, type ContactImportResult } from '../store/contact-import.js';
import { campaignId } from '../units/ids.js';
import { ContactImportRefused, type ContactImporter } from './api-ports.js';

/** Where uploads lie, and who reads them. */
export interface SpooledImporterOptions {
  /** Uploads and refused rows lie below it; contacts' numbers are in them. */
  readonly folder: string;
  readonly importContacts: (request: ContactImport) => Promise<ContactImportResult>;
}

/** Takes an upload to a file first, because a list is read twice: to find out what it is, and row by row. */
export function spooledImporter({ folder, importContacts }: SpooledImporterOptions): ContactImporter {
  return {
    importCsv: async (order, source) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const place = await mkdtemp(join(folder, 'import-'));
      const csvFile = join(place, 'upload.csv');
      const refusedFile = join(place, `${basename(order.fileName, '.csv')}.refused.csv`);
      let isKept = false;
      try {
        await spool(source, csvFile);
        const result = await importContacts({
          campaignId: campaignId(order.campaignId),
          csvFile,
          fileName: order.fileName,
          country: order.defaultCountry,
          columns: order.columns,
          refusedFile,
        });
        isKept = result.refusedFile !== undefined;
        const { encoding, delimiter, importedCount, refusedCount } = result;
        return { importId: String(result.importId), encoding, delimiter, importedCount, refusedCount };
      } catch (error) {
        if (error instanceof ContactFileError) throw new ContactImportRefused(error.message, { cause: error });
        throw error;
      } finally {
        await rm(isKept ? csvFile : place, { recursive: true, force: true });
      }
    },
  };
}

async function spool(source: Readable, file: string): Promise<void> {
  await pipeline(source, createWriteStream(file, { mode: 0o600 }));
}

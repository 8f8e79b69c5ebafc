import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { campaignId } from '../../units/ids.js';
import { ContactImportRefused, type ApiPorts, type ImportOrder, type ImportOutcome } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { idSchema, pageSchema, problemSchema } from '../contract/common.js';
import { contactQuerySchema, contactSchema, importResultSchema } from '../contract/contact.js';
import { pageBody, pageRequest } from '../cursor.js';
import { ApiProblem } from '../problems.js';
import { storedCampaign } from './campaign-routes.js';

/** Largest list taken in one upload. Chosen: several million contacts. */
const IMPORT_BYTES_MAX = 512 * 1024 * 1024;

const params = z.object({ campaignId: idSchema });
const importQuery = z.object({
  /** Name of the file, for the record. */
  fileName: z.string().trim().min(1).max(200).default('upload.csv'),
  /** Country in which numbers without `+` are read; the campaign's own when left out. */
  country: z.string().regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, e.g. US').optional(),
  /** Header of the column with the phone number; guessed from the headers when left out. */
  phoneColumn: z.string().min(1).max(200).optional(),
  /** Header of the column with the name, or of several that are joined. */
  nameColumn: z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(5)]).optional(),
});

/** Contacts of a campaign, and the import of lists. */
export function contactRoutes(app: ApiServer, ports: ApiPorts): void {
  const tags = ['contacts'];
  // Handed on as it arrives: a list is never held in memory.
  for (const type of ['text/csv', 'text/plain', 'application/csv', 'application/octet-stream']) {
    app.addContentTypeParser(type, (_request, payload, done) => {
      done(null, payload);
    });
  }

  app.get(
    '/campaigns/:campaignId/contacts',
    {
      schema: {
        tags,
        summary: 'Contacts of a campaign',
        params,
        querystring: contactQuerySchema,
        response: { 200: pageSchema(contactSchema), 404: problemSchema },
      },
    },
    async (request) => {
      const campaign = await storedCampaign(request.params.campaignId, ports);
      const filter = { campaignId: campaign.campaignId, status: request.query.status };
      return pageBody(await ports.store.listContacts(filter, pageRequest(request.query)), (contact) => contact);
    },
  );

  app.post(
    '/campaigns/:campaignId/contacts/import',
    {
      schema: {
        tags,
        summary: 'Import contacts: the CSV file itself is the body (text/csv)',
        description:
          'All or nothing: rows that cannot be dialled are refused with line and reason, everything else is imported in one transaction.',
        consumes: ['text/csv'],
        params,
        querystring: importQuery,
        response: { 200: importResultSchema, 404: problemSchema, 413: problemSchema, 415: problemSchema, 422: problemSchema },
      },
    },
    async (request) => {
      const campaign = await storedCampaign(request.params.campaignId, ports);
      if (!(request.body instanceof Readable)) {
        throw new ApiProblem('unsupported-media-type', 'Send the CSV file itself as the body, with Content-Type text/csv.');
      }
      const { fileName, country, phoneColumn, nameColumn } = request.query;
      const name = nameColumn === undefined ? undefined : [nameColumn].flat();
      const columns = { phone: phoneColumn, name };
      const defaultCountry = country ?? campaign.settings.defaultCountry;
      const order = { campaignId: campaign.campaignId, fileName, defaultCountry, columns };
      const outcome = await importBounded(order, request.body, ports);
      ports.submit({ type: 'contacts-changed', campaignId: campaignId(campaign.campaignId) });
      const refusedRowsUrl = outcome.refusedCount === 0 ? null : `/api/v1/imports/${outcome.importId}/refused-rows`;
      return { ...outcome, refusedRowsUrl };
    },
  );

  app.get(
    '/imports/:importId/refused-rows',
    {
      schema: {
        tags,
        summary: 'The rows that an import refused, with line and reason, as CSV',
        params: z.object({ importId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be an import id') }),
      },
    },
    async (request, reply) => {
      const { importId } = request.params;
      const refused = await ports.store.findRefusedRows(importId);
      if (refused === undefined) throw new ApiProblem('not-found', `Import ${importId} has no refused rows.`);
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="refused-rows-${importId}.csv"`)
        .send(createReadStream(refused.path));
    },
  );
}

/** Imports from the upload and ends it when it grows beyond bounds; whichever side fails, the other is let go. */
async function importBounded(order: ImportOrder, body: Readable, ports: ApiPorts): Promise<ImportOutcome> {
  const bounded = byteBound(IMPORT_BYTES_MAX);
  const reading = ports.importer.importCsv(order, bounded).finally(() => {
    bounded.destroy();
  });
  const [uploaded, imported] = await Promise.allSettled([pipeline(body, bounded), reading]);
  if (uploaded.status === 'rejected' && uploaded.reason instanceof ApiProblem) throw uploaded.reason;
  if (imported.status === 'fulfilled') return imported.value;
  if (imported.reason instanceof ContactImportRefused) throw new ApiProblem('bad-import', imported.reason.message);
  throw imported.reason;
}

function byteBound(bytesMax: number): Transform {
  let byteCount = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      byteCount += chunk.length;
      if (byteCount <= bytesMax) done(null, chunk);
      else done(new ApiProblem('too-large', `The list is larger than ${bytesMax / 1024 / 1024} MiB; upload it in parts.`));
    },
  });
}

import { z } from 'zod';
import { idSchema, instantSchema, opaqueIdSchema, pageQuerySchema } from './common.js';

/** Where a contact stands: `open` waits for its turn, `in-progress` has a live attempt. */
const contactStatusSchema = z.enum(['open', 'in-progress', 'closed', 'do-not-call']);

/** A person on a campaign's list. */
export const contactSchema = z
  .object({
    contactId: opaqueIdSchema,
    campaignId: idSchema,
    number: z.string(),
    name: z.string(),
    /** The file's other columns, by header. */
    fields: z.record(z.string(), z.string()),
    status: contactStatusSchema,
    /** Why it is closed. */
    statusWhy: z.string().nullable(),
    attemptCount: z.number().int(),
    /** Not called before this instant. */
    dueAtMs: instantSchema,
  })
  .meta({ id: 'Contact' });
/** A contact as the API gives it. */
export type ContactResource = z.output<typeof contactSchema>;

/** In the order in which they came. */
export const contactQuerySchema = pageQuerySchema.extend({ status: contactStatusSchema.optional() });

/** What became of an uploaded file. */
export const importResultSchema = z
  .object({
    importId: z.string(),
    /** How the file was read. */
    encoding: z.string(),
    delimiter: z.string(),
    importedCount: z.number().int(),
    refusedCount: z.number().int(),
    /** The refused rows with line and reason, as CSV; null when none was refused. */
    refusedRowsUrl: z.string().nullable(),
  })
  .meta({ id: 'ImportResult' });

/** A number that is never dialled. */
export const doNotCallSchema = z
  .object({
    number: z.string(),
    /** Who put it there, e.g. `contact-keyed-9`, `agent`, `api`. */
    source: z.string(),
    atMs: instantSchema,
    campaignId: z.string().nullable(),
  })
  .meta({ id: 'DoNotCallEntry' });
/** An entry as the API gives it. */
export type DoNotCallResource = z.output<typeof doNotCallSchema>;

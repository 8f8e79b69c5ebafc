import { z } from 'zod';

/** Name of a thing in addresses, file names and logs: lower case, so that it means the same everywhere. */
export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit');

/** An id that others minted (calls, contacts): any short word without separators. */
export const opaqueIdSchema = z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/, 'must be 1 to 128 letters, digits and _ . : -');

/** Title of a campaign, name of a person. */
export const nameSchema = z.string().trim().min(1).max(120);

/** A phone number as the service keeps it. */
export const e164Schema = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in international form: + and 7 to 15 digits, e.g. +12025550143');

/** A sound by its name in the switch's sound folder: no extension, no way out of the folder. */
export const soundSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/, "must be the sound's name in the switch's sound folder, without extension")
  .max(120);

/** A short word shown on screens and kept in reports, e.g. a pause reason or disposition. */
export const labelSchema = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,39}$/u, 'must be 1 to 40 letters, digits, spaces and _ . -');

/** Wall-clock instant in milliseconds since 1970-01-01T00:00Z. */
export const instantSchema = z.number().int().min(0).max(8_640_000_000_000_000);

/** How many items a page holds, and where it goes on. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** `nextCursor` of the page before; absent for the first page. */
  cursor: z.string().max(512).optional(),
});

/** A page of items; `nextCursor` is null on the last one. */
export function pageSchema<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; nextCursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** RFC 9457 problem details. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    /** What went wrong here, and what to do about it. */
    detail: z.string(),
    /** Stable code, the last part of `type`. */
    code: z.string(),
    /** With `invalid-input`: one sentence a fault. */
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

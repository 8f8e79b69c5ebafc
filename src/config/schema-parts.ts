import { z } from 'zod';

/** Any words, without the spaces around them. */
export const text = z.string().trim().min(1);

/** A host name or an address. */
export const host = text.regex(/^[A-Za-z0-9._:-]+$/, 'is not a host name or address');

/** A TCP or UDP port. */
export const port = z.int().min(1).max(65_535);

/** A name in sounds/, with folders before it where there are some; no extension. */
export const sound = z
  .string()
  .max(120)
  .regex(/^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/, 'is not the name of a sound');

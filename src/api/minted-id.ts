import { randomBytes } from 'node:crypto';

/** Longest part of a name that goes into an id. Chosen: file names and log lines stay readable. */
const STEM_LENGTH_MAX = 40;

/**
 * An id that tells people what it is: from `Spring Offer` comes
 * `spring-offer-3f9a`. The end is random, so that equal names do not meet.
 * @param kind stands for a name without a single Latin letter or digit.
 */
export function mintedId(name: string, kind: string): string {
  const stem = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, STEM_LENGTH_MAX)
    .replace(/^-+|-+$/g, '');
  return `${stem === '' ? kind : stem}-${randomBytes(2).toString('hex')}`;
}

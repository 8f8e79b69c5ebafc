import { ApiProblem } from './problems.js';
import type { PageRequest, StoredPage } from './store-queries.js';

/** What the caller asked for, as the store takes it. @throws ApiProblem when the cursor is none of ours. */
export function pageRequest(query: { readonly limit: number; readonly cursor?: string | undefined }): PageRequest {
  if (query.cursor === undefined) return { limit: query.limit, after: undefined };
  const after = Buffer.from(query.cursor, 'base64url').toString('utf8');
  if (after === '' || cursorOf(after) !== query.cursor) {
    throw new ApiProblem('invalid-input', 'cursor must be the nextCursor of a page before.', [
      { pointer: '#/cursor', detail: 'cursor must be the nextCursor of a page before.' },
    ]);
  }
  return { limit: query.limit, after };
}

/** The store's page as the API gives it; the cursor is opaque to callers. */
export function pageBody<Item, Shown>(
  page: StoredPage<Item>,
  show: (item: Item) => Shown,
): { items: Shown[]; nextCursor: string | null } {
  return { items: page.items.map(show), nextCursor: page.next === undefined ? null : cursorOf(page.next) };
}

const cursorOf = (next: string): string => Buffer.from(next, 'utf8').toString('base64url');

/** A part of a list, and where the next part begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** To be given with the next request; undefined at the end of the list. */
  readonly nextCursor: string | undefined;
}

/** Which part of a list is wanted. */
export interface PageRequest {
  /** 1..1000. */
  readonly limit: number;
  /** From the page before; undefined for the first. */
  readonly cursor?: string | undefined;
}

/** Chosen: a page of contacts stays well under a megabyte. */
const PAGE_LIMIT_MAX = 1000;

/** A page from rows that were asked for with `pageRowLimit`. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  request: PageRequest,
  itemOf: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): Page<Item> {
  const limit = pageRowLimit(request) - 1;
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(itemOf),
    nextCursor: last === undefined ? undefined : cursorOf(last),
  };
}

/** One row more than asked for tells whether there is another page. */
export const pageRowLimit = ({ limit }: PageRequest): number =>
  Math.min(Math.max(Math.trunc(limit), 1), PAGE_LIMIT_MAX) + 1;

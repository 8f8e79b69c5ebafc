/**
 * What the store needs of an SQLite binding, as a local type: only
 * `open-sqlite.ts` knows which package stands behind it.
 */
export interface SqliteDatabase {
  /** Compiles one statement. */
  prepare(sql: string): SqliteStatement;
  /** Runs one or more statements that give no rows. */
  exec(sql: string): void;
  /** Runs `pragma <text>` and gives the first column of its first row. */
  pragma(text: string): unknown;
  /** Whether a transaction is open on this connection. */
  readonly inTransaction: boolean;
  close(): void;
}

/** One compiled statement, run again and again; it lives as long as its connection. */
export interface SqliteStatement {
  run(...parameters: readonly SqliteValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(...parameters: readonly SqliteValue[]): unknown;
  all(...parameters: readonly SqliteValue[]): unknown[];
  iterate(...parameters: readonly SqliteValue[]): IterableIterator<unknown>;
}

/** What an SQLite column can hold; 64-bit integers beyond 2^53 are not used. */
export type SqliteValue = string | number | null | Uint8Array;

/**
 * Runs `work` in one write transaction: the write lock is taken first, so that
 * what `work` reads cannot change under it. Anything thrown rolls all of it back.
 */
export function inTransaction<T>(sqlite: SqliteDatabase, work: () => T): T {
  sqlite.exec('begin immediate');
  try {
    const result = work();
    sqlite.exec('commit');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself on a full disk or an I/O error.
    if (sqlite.inTransaction) sqlite.exec('rollback');
    throw error;
  }
}

import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { firstTables } from './migrations/0001-first-tables.js';
import { whoAnswered } from './migrations/0002-who-answered.js';
import { migrate, UnusableStoreError, type Migration } from './migration.js';
import { openSqlite } from './open-sqlite.js';
import type { SqliteDatabase } from './sqlite-database.js';
import { storageFailureOf } from './storage-failure.js';

/** Every step, in order; a file's `user_version` counts them. */
export const MIGRATIONS: readonly Migration[] = [firstTables, whoAnswered];

/** Before it, several connections in WAL mode could damage a file (sqlite.org, "WAL-reset bug", fixed in 3.51.3). */
const SQLITE_VERSION_MIN = [3, 51, 3] as const;

/** Chosen: the working set of a campaign of a million contacts, small beside the service's 300 MB. */
const WRITER_CACHE_KIB = 16 * 1024;
const READER_CACHE_KIB = 8 * 1024;

/** After a burst the write-ahead log is cut back to this. */
const WAL_SIZE_MAX_BYTES = 64 * 1024 * 1024;

/** Which file, and how large it may become. */
export interface WritableStoreFileOptions {
  readonly file: string;
  /** The file never grows beyond so many pages of 4 KiB; undefined for no bound. */
  readonly pageCountMax?: number | undefined;
}

/**
 * Opens the store's file for writing, making it and its folder when absent, in
 * this version's shape. Contacts' numbers live here, so a new file is its
 * owner's alone to read.
 * @throws UnusableStoreError with a sentence and a cure.
 */
export function openWritableStoreFile(options: WritableStoreFileOptions): SqliteDatabase {
  const { file } = options;
  return explained(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    const isNew = !existsSync(file);
    const sqlite = openSqlite({ file, isReadOnly: false });
    try {
      if (isNew) chmodSync(file, 0o600);
      checkSqliteVersion(sqlite);
      if (options.pageCountMax !== undefined) sqlite.pragma(`max_page_count = ${String(options.pageCountMax)}`);
      sqlite.pragma('journal_mode = wal');
      // A do-not-call request must outlive a power cut, hence not `normal`.
      sqlite.pragma('synchronous = full');
      sqlite.pragma('foreign_keys = on');
      sqlite.pragma(`cache_size = -${String(WRITER_CACHE_KIB)}`);
      sqlite.pragma(`journal_size_limit = ${String(WAL_SIZE_MAX_BYTES)}`);
      migrate(sqlite, file, MIGRATIONS);
      return sqlite;
    } catch (error) {
      sqlite.close();
      throw error;
    }
  });
}

/** Opens a second, read-only connection to a file that is open for writing. */
export function openReadableStoreFile(file: string): SqliteDatabase {
  return explained(file, () => {
    const sqlite = openSqlite({ file, isReadOnly: true });
    sqlite.pragma(`cache_size = -${String(READER_CACHE_KIB)}`);
    return sqlite;
  });
}

function checkSqliteVersion(sqlite: SqliteDatabase): void {
  const row = sqlite.prepare('select sqlite_version() as version').get() as { readonly version: string };
  const parts = row.version.split('.').map(Number);
  for (const [index, least] of SQLITE_VERSION_MIN.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) {
      throw new UnusableStoreError(
        `SQLite ${row.version} can damage a file in WAL mode; ${SQLITE_VERSION_MIN.join('.')} or later is needed. ` +
          'Run `npm ci` so that the packages of package-lock.json are installed.',
      );
    }
  }
}

function explained<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const failure = storageFailureOf(error);
    if (failure !== undefined) throw new UnusableStoreError(`${file}: ${failure.detail}`, { cause: error });
    throw error;
  }
}

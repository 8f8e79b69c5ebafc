import BetterSqlite3 from 'better-sqlite3';
import type { SqliteDatabase } from './sqlite-database.js';

/** Which file is opened, and whether to write. */
export interface OpenSqliteOptions {
  readonly file: string;
  /** A read-only connection; the file must exist. */
  readonly isReadOnly: boolean;
}

/**
 * How long a connection waits for another's write lock.
 * Chosen: longer than the commit of an import of a million contacts by
 * `outdial import` beside the running service.
 */
const BUSY_TIMEOUT_MS = 15_000;

/** Opens a connection. The only file that knows the package behind it. */
export function openSqlite(options: OpenSqliteOptions): SqliteDatabase {
  const database = new BetterSqlite3(options.file, {
    readonly: options.isReadOnly,
    fileMustExist: options.isReadOnly,
    timeout: BUSY_TIMEOUT_MS,
  });
  return {
    prepare: (sql) => {
      const statement = database.prepare<unknown[], unknown>(sql);
      return {
        run: (...parameters) => {
          const { changes, lastInsertRowid } = statement.run(...parameters);
          return { changes, lastInsertRowid: Number(lastInsertRowid) };
        },
        get: (...parameters) => statement.get(...parameters),
        all: (...parameters) => statement.all(...parameters),
        iterate: (...parameters) => statement.iterate(...parameters),
      };
    },
    exec: (sql) => {
      database.exec(sql);
    },
    pragma: (text) => database.pragma(text, { simple: true }),
    get inTransaction() {
      return database.inTransaction;
    },
    close: () => {
      database.close();
    },
  };
}

import { inTransaction, type SqliteDatabase } from './sqlite-database.js';

/** One step of the file's shape; once released it is never changed, only followed by another. */
export interface Migration {
  /** Number and name, e.g. `0001-first-tables`. */
  readonly name: string;
  readonly statements: readonly string[];
}

/** Marks a file as ours (`PRAGMA application_id`): the letters `oDia`. */
const APPLICATION_ID = 0x6f446961;

/** The file cannot be used by this version; the message says why and what to do. */
export class UnusableStoreError extends Error {
  override readonly name = 'UnusableStoreError';
}

/**
 * Brings a file to the shape that this version works with, all steps in one
 * transaction. The number of steps a file has had is its `user_version`.
 * @throws UnusableStoreError when the file is another program's, or a newer version's.
 */
export function migrate(sqlite: SqliteDatabase, file: string, migrations: readonly Migration[]): void {
  inTransaction(sqlite, () => {
    const applicationId = Number(sqlite.pragma('application_id'));
    const versionBefore = Number(sqlite.pragma('user_version'));
    const isEmpty = Number(sqlite.pragma('schema_version')) === 0;
    if (!isEmpty && applicationId !== APPLICATION_ID) {
      throw new UnusableStoreError(
        `${file} is a database of another program. Name another file for the store, or move this one away.`,
      );
    }
    if (versionBefore > migrations.length) {
      throw new UnusableStoreError(
        `${file} was written by a newer version of Outdial (shape ${String(versionBefore)}; this version knows ` +
          `${String(migrations.length)}). Install that version again, or restore the backup made before it.`,
      );
    }
    for (const migration of migrations.slice(versionBefore)) {
      for (const statement of migration.statements) sqlite.exec(statement);
    }
    if (isEmpty) sqlite.pragma(`application_id = ${String(APPLICATION_ID)}`);
    if (versionBefore < migrations.length) sqlite.pragma(`user_version = ${String(migrations.length)}`);
  });
}

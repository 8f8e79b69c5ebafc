/**
 * Tells a store that cannot write for now (disk full, file system read-only,
 * another program holding the lock) from a bug in a statement: the first is
 * waited out with nothing lost, the second is reported.
 */
export interface StorageFailure {
  /** SQLite's extended result code, e.g. `SQLITE_FULL`. */
  readonly code: string;
  /** One sentence with the cure. */
  readonly detail: string;
}

const SENTENCES: readonly (readonly [codePrefix: string, sentence: string])[] = [
  ['SQLITE_FULL', 'the disk is full. Free some space; writing goes on by itself.'],
  ['SQLITE_IOERR', 'the disk gave an input/output error. Check the disk and the file system.'],
  ['SQLITE_READONLY', 'the file or its file system is read-only. Make it writable for this user.'],
  ['SQLITE_CANTOPEN', 'a file of the store cannot be opened. Check that the folder exists and is writable for this user.'],
  ['SQLITE_BUSY', 'another program holds its write lock. End that program, or wait until it has finished.'],
  ['SQLITE_LOCKED', 'another connection holds its lock. Wait until it has finished.'],
  ['SQLITE_NOMEM', 'there is no memory left. Free some memory on this machine.'],
  ['SQLITE_CORRUPT', 'the file is damaged. Stop the service and restore the last backup.'],
  ['SQLITE_NOTADB', 'the file is not a database. Stop the service and restore the last backup.'],
  ['SQLITE_PROTOCOL', 'its lock files are in disorder. Keep the store on a local disk, not on a network share.'],
];

/** The failure that `error` stands for; undefined when it is a bug instead. */
export function storageFailureOf(error: unknown): StorageFailure | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const code = error.code;
  const found = SENTENCES.find(([prefix]) => code.startsWith(prefix));
  return found === undefined ? undefined : { code, detail: `The store cannot write: ${found[1]} (${code})` };
}

/** Thrown by writes that were asked for by a person while the store cannot write; nothing was written. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly failure: StorageFailure;

  constructor(failure: StorageFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

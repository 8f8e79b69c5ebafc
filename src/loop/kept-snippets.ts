import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { SnippetKeeper } from './loop-ports.js';

/** Where snippets come from, and where and how long they lie. */
export interface KeptSnippetsOptions {
  /** What was heard of a call; undefined when that is not to be had any more. */
  readonly snippet: (callId: CallId) => Promise<Int16Array | undefined>;
  /** Makes a WAV file of samples at 8 kHz. */
  readonly wavOf: (samples: Int16Array) => Uint8Array;
  readonly recordingsFolder: string;
  /** Deleted when they are older. */
  readonly days: number;
  readonly nowEpochMs: () => EpochMs;
}

/** Below the recordings folder. */
const FOLDER = 'snippets';
const DAY_MS = 86_400_000;

/** Keeps the audio of disputed calls as WAV files, and no longer than it may. */
export class KeptSnippets implements SnippetKeeper {
  readonly #options: KeptSnippetsOptions;

  constructor(options: KeptSnippetsOptions) {
    this.#options = options;
  }

  async keep(callId: CallId): Promise<string | undefined> {
    const { snippet, wavOf, recordingsFolder } = this.#options;
    const samples = await snippet(callId);
    if (samples === undefined) return undefined;
    const path = `${FOLDER}/${callId}.wav`;
    await mkdir(join(recordingsFolder, FOLDER), { recursive: true });
    await writeFile(join(recordingsFolder, path), wavOf(samples), { mode: 0o600 });
    return path;
  }

  /** Deletes those that are too old; gives how many. Rejects when the folder cannot be read. */
  async deleteOld(): Promise<number> {
    const { recordingsFolder, days, nowEpochMs } = this.#options;
    const folder = join(recordingsFolder, FOLDER);
    const names = await readdir(folder).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
    let deletedCount = 0;
    for (const name of names.filter((each) => each.endsWith('.wav'))) {
      const { mtimeMs } = await stat(join(folder, name));
      if (nowEpochMs() - mtimeMs <= days * DAY_MS) continue;
      await rm(join(folder, name), { force: true });
      deletedCount += 1;
    }
    return deletedCount;
  }
}

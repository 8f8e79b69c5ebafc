import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '../../config/environment.js';
import { cacheFolder } from './project-folder.js';

/** A voice of espeak-ng. */
export interface Voice {
  /** Language and variant, e.g. `en-us+f2`. */
  readonly name: string;
  /** 0 (deep) to 99. */
  readonly pitch: number;
  readonly wordsPerMinute: number;
}

/** Has espeak-ng say a text; the bytes are a WAV file at its own rate. @throws when espeak-ng is missing. */
export function speak(text: string, voice: Voice): Promise<Uint8Array> {
  const args = ['-v', voice.name, '-p', String(voice.pitch), '-s', String(voice.wordsPerMinute), '--stdout', text];
  mkdirSync(cacheFolder(), { recursive: true });
  // It looks for a sound server even so, and would leave folders for one in the user's home and /tmp.
  const env = { ...processEnvironment(), PULSE_RUNTIME_PATH: join(cacheFolder(), 'sound-server') };
  return new Promise((resolve, reject) => {
    const child = spawn('espeak-ng', args, { stdio: ['ignore', 'pipe', 'inherit'], env });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => reject(new Error('espeak-ng could not be started; install the package espeak-ng.', { cause: error })));
    child.once('close', (exitCode) => {
      if (exitCode === 0) resolve(Buffer.concat(chunks));
      else reject(new Error(`espeak-ng failed with exit code ${String(exitCode)}.`));
    });
  });
}

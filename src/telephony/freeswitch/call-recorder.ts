import { mkdir, open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CallId } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { RecordingFolders } from '../call-audio.js';
import { PARTIAL_FOLDER, partialName, recordingOfPartial } from '../recording-names.js';
import type { EslConnection, EslReply } from './esl-connection.js';
import { isDone } from './freeswitch-causes.js';

/** Told of each recording's end. */
export type OnRecordingFinished = (callId: CallId, path: string, outcome: 'recorded' | 'failed', audioMs: Ms) => void;

interface Recording {
  readonly callId: CallId;
  readonly path: string;
  /** Name in the partial folder while it is under way. */
  readonly partialName: string;
}

/** A canonical WAV header, as the switch writes it. */
const WAV_HEADER_BYTES = 44;

/**
 * Records by `uuid_record`, which writes both directions to one stereo file,
 * left what the call says, and goes on by itself when this process dies. A
 * recording has its own name only once it is complete; until then it stands in
 * the partial folder under a name that tells what it is, so that the next
 * process finds and finishes it.
 */
export class CallRecorder {
  readonly #folders: RecordingFolders;
  readonly #onFinished: OnRecordingFinished;
  readonly #onTrouble: (sentence: string) => void;
  readonly #running = new Map<CallId, Recording>();
  readonly #finishing = new Set<string>();
  #connection: EslConnection | undefined;
  #jobCount = 0;
  #isClosed = false;

  /** @throws Error when the folder's name on the switch has a sign that a command would break at. */
  constructor(folders: RecordingFolders, onFinished: OnRecordingFinished, onTrouble: (sentence: string) => void) {
    if (/[\s{}'"\\]/.test(folders.folderOnSwitch ?? folders.folder)) {
      throw new Error('The recordings folder on the switch must have no space, quote or brace in its path: uuid_record would misread it.');
    }
    this.#folders = folders;
    this.#onFinished = onFinished;
    this.#onTrouble = onTrouble;
  }

  connect(connection: EslConnection): void {
    this.#connection = connection;
  }

  disconnect(): void {
    this.#connection = undefined;
  }

  start(callId: CallId, path: string, onReply: (reply: EslReply) => void): void {
    const name = partialName(path, callId);
    if (this.#running.has(callId)) return onReply({ kind: 'said', words: '-ERR this call is being recorded already' });
    if (name === undefined) return onReply({ kind: 'said', words: '-ERR the path or the call id is too long for a file name' });
    const recording: Recording = { callId, path, partialName: name };
    this.#running.set(callId, recording);
    const folderHere = join(this.#folders.folder, PARTIAL_FOLDER);
    // Shared with the switch's user by its group.
    mkdir(folderHere, { recursive: true, mode: 0o2775 }).then(
      () => this.#record(recording, onReply),
      (error: unknown) => {
        this.#forget(recording);
        onReply({ kind: 'said', words: `-ERR the folder ${folderHere} cannot be made: ${String(error)}` });
      },
    );
  }

  stop(callId: CallId, onReply: (reply: EslReply) => void): void {
    const recording = this.#running.get(callId);
    if (recording === undefined || this.#connection === undefined) return onReply({ kind: 'said', words: '-ERR not found: this call is not being recorded' });
    this.#connection.api(`uuid_record ${callId} stop ${this.#fileOnSwitch(recording)}`, onReply);
  }

  isRecording(callId: CallId): boolean {
    return this.#running.has(callId);
  }

  /** The switch has closed a file: by our order, or because its call ended. */
  onRecordingOver(callId: CallId, file: string): void {
    const recording = this.#running.get(callId);
    if (recording !== undefined && file.endsWith(recording.partialName)) this.#finish(recording);
  }

  /** Its `RECORD_STOP` comes before the call's end; where it did not, the file is over all the same. */
  onLegEnded(callId: CallId): void {
    const recording = this.#running.get(callId);
    if (recording !== undefined) this.#finish(recording);
  }

  /** After a gap or a restart: recordings of live calls are kept, the others are finished. */
  async resume(isAlive: (callId: CallId) => boolean): Promise<void> {
    for (const name of await this.#leftOverFiles()) {
      const found = recordingOfPartial(name);
      if (found === undefined || this.#finishing.has(name) || this.#running.has(found.callId)) continue;
      const recording: Recording = { ...found, partialName: name };
      if (isAlive(found.callId)) this.#running.set(found.callId, recording);
      else this.#finish(recording);
    }
  }

  /** Renamings under way are left to the next start. */
  close(): void {
    this.#isClosed = true;
  }

  /** In a thread of the switch's own: a slow disk must not keep it from telling what happens. */
  #record(recording: Recording, onReply: (reply: EslReply) => void): void {
    const { callId } = recording;
    if (this.#connection === undefined) return onReply({ kind: 'lost' });
    const jobId = `record-${String(process.pid)}-${String(++this.#jobCount)}-${callId}`;
    this.#connection.api(`uuid_setvar_multi ${callId} RECORD_STEREO=true;RECORD_PRE_BUFFER_FRAMES=1`, () => undefined);
    this.#connection.background(jobId, `uuid_record ${callId} start ${this.#fileOnSwitch(recording)}`, (reply) => {
      if (reply.kind === 'said' && !isDone(reply.words)) this.#forget(recording);
      onReply(reply);
    });
  }

  #fileOnSwitch({ partialName: name }: Recording): string {
    return join(this.#folders.folderOnSwitch ?? this.#folders.folder, PARTIAL_FOLDER, name);
  }

  #forget(recording: Recording): void {
    if (this.#running.get(recording.callId) === recording) this.#running.delete(recording.callId);
  }

  #finish(recording: Recording): void {
    this.#forget(recording);
    if (this.#isClosed || this.#finishing.has(recording.partialName)) return;
    this.#finishing.add(recording.partialName);
    this.#complete(recording).then(
      (audioMs) => this.#tell(recording, audioMs > 0 ? 'recorded' : 'failed', audioMs),
      (error: unknown) => {
        this.#onTrouble(`Recording ${recording.path} could not be finished: ${String(error)}`);
        this.#tell(recording, 'failed', 0);
      },
    );
  }

  #tell(recording: Recording, outcome: 'recorded' | 'failed', audioMs: Ms): void {
    this.#finishing.delete(recording.partialName);
    if (!this.#isClosed) this.#onFinished(recording.callId, recording.path, outcome, audioMs);
  }

  async #complete({ path, partialName: name }: Recording): Promise<Ms> {
    const partial = join(this.#folders.folder, PARTIAL_FOLDER, name);
    const whole = join(this.#folders.folder, path);
    const audioMs = await readAudioMs(partial);
    await mkdir(dirname(whole), { recursive: true });
    await rename(partial, whole);
    return audioMs;
  }

  async #leftOverFiles(): Promise<readonly string[]> {
    try {
      return await readdir(join(this.#folders.folder, PARTIAL_FOLDER));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}

/** By the file's length: the header of a recording whose switch died says 0. */
async function readAudioMs(file: string): Promise<Ms> {
  const handle = await open(file, 'r');
  try {
    const header = Buffer.alloc(WAV_HEADER_BYTES);
    const { bytesRead } = await handle.read(header, 0, WAV_HEADER_BYTES, 0);
    if (bytesRead < WAV_HEADER_BYTES || header.toString('latin1', 0, 4) !== 'RIFF') throw new Error('it is no WAV file.');
    const bytesPerSecond = header.readUInt32LE(28);
    const { size } = await handle.stat();
    return bytesPerSecond === 0 ? 0 : ((size - WAV_HEADER_BYTES) / bytesPerSecond) * 1000;
  } finally {
    await handle.close();
  }
}

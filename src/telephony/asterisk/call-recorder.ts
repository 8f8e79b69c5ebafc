import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CallId } from '../../units/ids.js';
import type { Ms } from '../../units/time.js';
import type { RecordingFolders, StereoMerger } from '../call-audio.js';
import { PARTIAL_FOLDER, pairOf, recordingOfPair } from '../recording-names.js';
import type { RecordingPair } from '../recording-names.js';
import type { AmiClient, AmiReply } from './ami-client.js';


/** Told of each recording's end. */
export type OnRecordingFinished = (callId: CallId, path: string, outcome: 'recorded' | 'failed', audioMs: Ms) => void;

interface Recording {
  readonly callId: CallId;
  readonly path: string;
  readonly pair: RecordingPair;
}

/** Chosen: the switch closes both files 10 ms after the end; a loaded share takes longer. */
const CLOSED_WAIT_MS_MAX: Ms = 10_000;
const LOOK_AGAIN_AFTER_MS: Ms = 50;
/** Files without any audio never get a length; so long unchanged, they are over. Chosen. */
const EMPTY_FOR_GOOD_AFTER_MS: Ms = 1_000;
const WAV_HEADER_BYTES = 44;

/**
 * Records by MixMonitor, which writes each direction to a file of its own and
 * goes on by itself when this process dies. When a recording is over, both
 * files become the one stereo file. What is under way stands in the files'
 * names, so that the next process finds and finishes it.
 */
export class CallRecorder {
  readonly #folders: RecordingFolders;
  readonly #merger: StereoMerger;
  readonly #ami: AmiClient;
  readonly #onFinished: OnRecordingFinished;
  readonly #onTrouble: (sentence: string) => void;
  readonly #running = new Map<CallId, Recording>();
  readonly #finishing = new Set<string>();
  #isClosed = false;

  constructor(
    folders: RecordingFolders,
    merger: StereoMerger,
    ami: AmiClient,
    onFinished: OnRecordingFinished,
    onTrouble: (sentence: string) => void,
  ) {
    if (/[,()&\r\n]/.test(folders.folderOnSwitch ?? folders.folder)) {
      throw new Error('The recordings folder on the switch must have no comma, bracket or & in its path: MixMonitor would misread it.');
    }
    this.#folders = folders;
    this.#merger = merger;
    this.#ami = ami;
    this.#onFinished = onFinished;
    this.#onTrouble = onTrouble;
  }

  /** @param channelName the switch's name of the call's channel. */
  start(callId: CallId, channelName: string, path: string, onReply: (reply: AmiReply) => void): void {
    const pair = pairOf(path, callId);
    if (this.#running.has(callId)) return onReply({ kind: 'refused', words: 'This call is being recorded already.' });
    if (pair === undefined) return onReply({ kind: 'refused', words: 'The path or the call id is too long for a file name.' });
    const recording: Recording = { callId, path, pair };
    this.#running.set(callId, recording);
    const folderHere = join(this.#folders.folder, PARTIAL_FOLDER);
    // Shared with the switch's user by its group.
    mkdir(folderHere, { recursive: true, mode: 0o2775 }).then(
      () => this.#startMonitor(recording, channelName, onReply),
      (error: unknown) => {
        this.#running.delete(callId);
        onReply({ kind: 'refused', words: `The folder ${folderHere} cannot be made: ${String(error)}` });
      },
    );
  }

  stop(callId: CallId, channelName: string, onReply: (reply: AmiReply) => void): void {
    const recording = this.#running.get(callId);
    if (recording === undefined) return onReply({ kind: 'refused', words: 'This call is not being recorded.' });
    this.#ami.send('StopMixMonitor', { channel: channelName }, (reply) => {
      onReply(reply);
      if (reply.kind === 'done') this.#finish(recording);
    });
  }

  isRecording(callId: CallId): boolean {
    return this.#running.has(callId);
  }

  /** The switch closes the files by itself. */
  onCallEnded(callId: CallId): void {
    const recording = this.#running.get(callId);
    if (recording !== undefined) this.#finish(recording);
  }

  /** After a gap or a restart: recordings of live calls are kept, the others are finished. */
  async resume(isAlive: (callId: CallId) => boolean): Promise<void> {
    for (const recording of [...this.#running.values()]) if (!isAlive(recording.callId)) this.#finish(recording);
    for (const fileName of await this.#leftOverFiles()) {
      const found = recordingOfPair(fileName);
      if (found === undefined || this.#finishing.has(found.pair.saidName) || this.#running.has(found.callId)) continue;
      if (isAlive(found.callId)) this.#running.set(found.callId, found);
      else this.#finish(found);
    }
  }

  /** Merges under way are left to the next start. */
  close(): void {
    this.#isClosed = true;
  }

  #startMonitor(recording: Recording, channelName: string, onReply: (reply: AmiReply) => void): void {
    const onSwitch = join(this.#folders.folderOnSwitch ?? this.#folders.folder, PARTIAL_FOLDER);
    const said = join(onSwitch, recording.pair.saidName);
    const heard = join(onSwitch, recording.pair.heardName);
    // S keeps both directions in step by writing silence where nothing came.
    this.#ami.send('MixMonitor', { channel: channelName, file: '', options: `r(${said})t(${heard})S` }, (reply) => {
      if (reply.kind !== 'done' && this.#running.get(recording.callId) === recording) this.#running.delete(recording.callId);
      onReply(reply);
    });
  }

  #finish(recording: Recording): void {
    if (this.#running.get(recording.callId) === recording) this.#running.delete(recording.callId);
    if (this.#isClosed || this.#finishing.has(recording.pair.saidName)) return;
    this.#finishing.add(recording.pair.saidName);
    this.#merge(recording).then(
      (audioMs) => this.#tell(recording, audioMs > 0 ? 'recorded' : 'failed', audioMs),
      (error: unknown) => {
        this.#onTrouble(`Recording ${recording.path} could not be finished: ${String(error)}`);
        this.#tell(recording, 'failed', 0);
      },
    );
  }

  #tell(recording: Recording, outcome: 'recorded' | 'failed', audioMs: Ms): void {
    this.#finishing.delete(recording.pair.saidName);
    if (!this.#isClosed) this.#onFinished(recording.callId, recording.path, outcome, audioMs);
  }

  async #merge({ path, pair }: Recording): Promise<Ms> {
    const said = join(this.#folders.folder, PARTIAL_FOLDER, pair.saidName);
    const heard = join(this.#folders.folder, PARTIAL_FOLDER, pair.heardName);
    await untilClosed([said, heard]);
    const stereo = join(this.#folders.folder, path);
    await mkdir(dirname(stereo), { recursive: true });
    const { audioMs } = await this.#merger.merge(said, heard, stereo);
    await Promise.all([rm(said, { force: true }), rm(heard, { force: true })]);
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

/** Resolves when the switch has closed both files (their headers tell their lengths), or after the longest wait. */
async function untilClosed(files: readonly string[]): Promise<void> {
  const startedAtMs = performance.now();
  for (;;) {
    const states = await Promise.all(files.map(closedState));
    const waitedMs = performance.now() - startedAtMs;
    if (states.every((state) => state === 'closed') || waitedMs > CLOSED_WAIT_MS_MAX) return;
    if (states.every((state) => state !== 'open') && waitedMs > EMPTY_FOR_GOOD_AFTER_MS) return;
    await wait(LOOK_AGAIN_AFTER_MS);
  }
}

/** `empty`: absent or without audio so far. */
async function closedState(file: string): Promise<'open' | 'closed' | 'empty'> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return 'empty';
  try {
    const { size } = await handle.stat();
    if (size <= WAV_HEADER_BYTES) return 'empty';
    const header = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
    await handle.read(header, 0, WAV_HEADER_BYTES, 0);
    return header.getUint32(40, true) === size - WAV_HEADER_BYTES ? 'closed' : 'open';
  } finally {
    await handle.close();
  }
}

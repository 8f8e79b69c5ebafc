import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import { spawnWorker } from '../loop/spawn-worker.js';
import { assertNever } from '../units/assert-never.js';
import type { InferenceOrder, InferenceReport, InferenceWorkerData } from './inference-message.js';

/** The speech model that comes with the project; beside the sources' folder and the build's alike. */
export const SPEECH_MODEL_FILE = new URL('../../models/speech-activity.onnx', import.meta.url);

/** A thread that fails so often within so short a time is not started again. */
const RESTART_COUNT_MAX = 5;
const RESTART_WITHIN_MS = 60_000;
/** How long nonsense is complained of. Chosen: as long as the longest analyses it can have spoilt. */
const NONSENSE_TOLD_MS = 30_000;

/** Whoever wants scores, and is told when they can be had. */
export interface ScoresWatcher {
  /** The thread is ready: lines can be opened, and those from before are closed. */
  ready(): void;
  /** Why there are no scores, or bad ones, in one sentence with the cure; undefined when all is well again. */
  troubled(detail: string | undefined): void;
}

/**
 * The thread of scores, started anew when it dies. It never fails for its
 * caller: while there are no scores, that is told, and lines cannot be had.
 */
export class Inference {
  /** Resolves when the first start has come to its end, well or not. */
  readonly settled: Promise<void>;
  readonly #spawnThread: (data: InferenceWorkerData) => Worker;
  readonly #modelFile: string;
  readonly #watchers = new Set<ScoresWatcher>();
  #onSettled: () => void = () => undefined;
  #worker: Worker | undefined;
  #isReady = false;
  #detail: string | undefined;
  #restartsAtMs: number[] = [];
  #isClosing = false;
  #nonsenseTimer: NodeJS.Timeout | undefined;

  /** @param spawnThread starts one thread of scores; again whenever one has died. */
  constructor(modelFile: string | URL, spawnThread: (data: InferenceWorkerData) => Worker) {
    this.#modelFile = typeof modelFile === 'string' ? modelFile : fileURLToPath(modelFile);
    this.#spawnThread = spawnThread;
    this.settled = new Promise((resolve) => {
      this.#onSettled = resolve;
    });
    this.#worker = this.#spawn();
  }

  /** Tells of everything from now on, and at once of what is so already. */
  watch(watcher: ScoresWatcher): void {
    this.#watchers.add(watcher);
    if (this.#isReady) watcher.ready();
    if (this.#detail !== undefined) watcher.troubled(this.#detail);
  }

  /**
   * A new line to the thread: batches ({@link ScoreBatch}) posted to it come
   * back scored, in their order. It closes when the thread ends. Undefined
   * while there are no scores.
   */
  openLine(): MessagePort | undefined {
    if (!this.#isReady || this.#worker === undefined) return undefined;
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ type: 'line', port: port1 } satisfies InferenceOrder, [port1]);
    return port2;
  }

  /** Ends the thread; lines close. May be called twice. */
  async close(): Promise<void> {
    clearTimeout(this.#nonsenseTimer);
    this.#isClosing = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    if (this.#isReady) worker.postMessage({ type: 'close' } satisfies InferenceOrder);
    else await worker.terminate();
    await exited;
  }

  #spawn(): Worker {
    const worker = this.#spawnThread({ modelFile: this.#modelFile });
    let detail: string | undefined;
    let isRefused = false;
    worker.on('message', (message: InferenceReport) => {
      switch (message.type) {
        case 'ready':
          return this.#onReady();
        case 'refused':
          isRefused = true;
          detail = message.detail;
          return;
        case 'nonsense':
          return this.#onNonsense();
        default:
          return assertNever(message);
      }
    });
    worker.once('error', (error) => {
      detail = error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', (code) => this.#onExit(detail ?? `it ended with code ${code}`, isRefused));
    return worker;
  }

  #onReady(): void {
    this.#isReady = true;
    for (const watcher of this.#watchers) watcher.ready();
    this.#tell(undefined);
    this.#onSettled();
  }

  /** Rows without a score are judged by the rules; that they are is said until it has been well for a while. */
  #onNonsense(): void {
    this.#tell(`The speech model ${this.#modelFile} gives numbers that are no probabilities; restore the file from the release that this version came in.`);
    clearTimeout(this.#nonsenseTimer);
    this.#nonsenseTimer = setTimeout(() => this.#tell(undefined), NONSENSE_TOLD_MS).unref();
  }

  /** A model that was refused would be again; a thread that died is given another chance. */
  #onExit(detail: string, isRefused: boolean): void {
    clearTimeout(this.#nonsenseTimer);
    this.#worker = undefined;
    this.#isReady = false;
    if (!this.#isClosing) {
      const nowMs = performance.now();
      this.#restartsAtMs = [...this.#restartsAtMs.filter((atMs) => nowMs - atMs < RESTART_WITHIN_MS), nowMs];
      const isLast = isRefused || this.#restartsAtMs.length > RESTART_COUNT_MAX;
      if (!isLast) this.#worker = this.#spawn();
      this.#tell(isRefused ? detail : `The thread that hears speech failed: ${detail}; ${isLast ? 'it failed too often, start the service anew' : 'it is started anew'}.`);
      if (!isLast) return;
    }
    this.#onSettled();
  }

  #tell(detail: string | undefined): void {
    if (detail === this.#detail) return;
    this.#detail = detail;
    for (const watcher of this.#watchers) watcher.troubled(detail);
  }
}

/** Starts the thread of scores. Default: the project's own speech model. */
export function startInference(modelFile: string | URL = SPEECH_MODEL_FILE, spawnThread = spawnInferenceThread): Inference {
  return new Inference(modelFile, spawnThread);
}

/** The thread of inference-worker.ts. */
export function spawnInferenceThread(data: InferenceWorkerData): Worker {
  return spawnWorker(new URL('./inference-worker.js', import.meta.url), { name: 'inference', workerData: data });
}

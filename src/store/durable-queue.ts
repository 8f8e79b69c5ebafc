import type { StorageFailure } from './storage-failure.js';
import { StoreUnavailableError } from './storage-failure.js';
import type { DurableWrite } from './durable-write.js';

/** Chosen: a wallboard that reads the store is never further behind than an eye notices. */
const GATHER_MS = 50;
/** Chosen: a transaction of so many events takes some 10 ms. */
const BATCH_COUNT_MAX = 500;
/** Chosen: dialling goes on within a second of the disk taking writes again. */
const RETRY_MS = 500;
/**
 * Chosen: hours of the calls in progress and the agents' keys when the disk is
 * full, since nothing is dialled then; some 100 MB at worst.
 */
const WAITING_COUNT_MAX = 200_000;

/** What the queue needs of the thread that writes. */
export interface DurableQueuePort {
  /** One transaction; names the writes that were themselves at fault. @throws StoreUnavailableError */
  write(writes: readonly DurableWrite[]): Promise<string[]>;
  /** Whether the disk takes writes again; lets attempts be written after a failure. @throws StoreUnavailableError */
  tryWriting(): Promise<void>;
  /** The store cannot write; said once until `onRecovered`. */
  onFailed(detail: string): void;
  onRecovered(): void;
  /** A bug: something could not be written although the store can write. */
  onFault(detail: string): void;
}

/**
 * Writes that wait for the file: gathered for a moment, written in order in
 * one transaction, and kept while the store cannot write. Past the limit the
 * newest is left out, counted, and said so.
 */
export class DurableQueue {
  readonly #port: DurableQueuePort;
  #waiting: DurableWrite[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isWriting = false;
  #failure: StorageFailure | undefined;
  #lostCount = 0;
  #isClosed = false;
  #settledWaiters: (() => void)[] = [];

  constructor(port: DurableQueuePort) {
    this.#port = port;
  }

  /** Set while the store cannot write. */
  get failure(): StorageFailure | undefined {
    return this.#failure;
  }

  /** Writes that are not on disk yet. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  add(writes: readonly DurableWrite[]): void {
    const roomCount = WAITING_COUNT_MAX - this.#waiting.length;
    for (const write of writes.slice(0, roomCount)) this.#waiting.push(write);
    if (writes.length > roomCount) this.#lose(writes.length - roomCount);
    if (this.#waiting.length >= BATCH_COUNT_MAX) this.#writeSoon(0);
    else this.#writeSoon(GATHER_MS);
  }

  /** Puts a write before all others: it was tried already and failed. */
  addFirst(write: DurableWrite): void {
    this.#waiting.unshift(write);
  }

  /** A write outside this queue failed: everything waits until the disk takes writes again. */
  failed(failure: StorageFailure): void {
    if (this.#failure !== undefined || this.#isClosed) return;
    this.#failure = failure;
    this.#port.onFailed(failure.detail);
    this.#restartTimer(RETRY_MS);
  }

  /** Resolves when all that was added is on disk, or cannot be written for now. */
  flush(): Promise<void> {
    if (this.#isAtRest()) return Promise.resolve();
    const settled = new Promise<void>((resolve) => this.#settledWaiters.push(resolve));
    if (this.#failure === undefined) this.#restartTimer(0);
    return settled;
  }

  /** Stops; what still waits is not written. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#tellAtRest();
  }

  #isAtRest(): boolean {
    return this.#isClosed || (!this.#isWriting && (this.#waiting.length === 0 || this.#failure !== undefined));
  }

  #lose(count: number): void {
    if (this.#lostCount === 0) {
      this.#port.onFault(`More than ${String(WAITING_COUNT_MAX)} events wait for the store; new ones are lost from here on.`);
    }
    this.#lostCount += count;
  }

  #writeSoon(afterMs: number): void {
    if (this.#failure !== undefined || this.#isWriting) return;
    if (this.#timer === undefined || afterMs === 0) this.#restartTimer(afterMs);
  }

  #restartTimer(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, afterMs);
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      do {
        const batch = this.#waiting.slice(0, BATCH_COUNT_MAX);
        if (batch.length > 0) {
          const faults = await this.#port.write(batch);
          // By identity: a failed request may have been put before the batch meanwhile.
          const written = new Set(batch);
          this.#waiting = this.#waiting.filter((write) => !written.has(write));
          for (const fault of faults) this.#port.onFault(fault);
        }
      } while (this.#waiting.length >= BATCH_COUNT_MAX || (this.#waiting.length > 0 && this.#mustEmpty()));
      if (this.#failure !== undefined) await this.#recover();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) this.#port.onFault(`The store thread failed: ${String(error)}`);
      else if (this.#failure === undefined) {
        this.#failure = error.failure;
        this.#port.onFailed(error.failure.detail);
      }
    } finally {
      this.#isWriting = false;
      if (this.#failure !== undefined) this.#restartTimer(RETRY_MS);
      else if (this.#waiting.length > 0) this.#writeSoon(GATHER_MS);
      this.#tellAtRest();
    }
  }

  #mustEmpty(): boolean {
    return this.#failure !== undefined || this.#settledWaiters.length > 0;
  }

  async #recover(): Promise<void> {
    await this.#port.tryWriting();
    this.#failure = undefined;
    if (this.#lostCount > 0) this.#port.onFault(`${String(this.#lostCount)} events were lost while the store could not write.`);
    this.#lostCount = 0;
    this.#port.onRecovered();
  }

  #tellAtRest(): void {
    if (!this.#isAtRest()) return;
    const waiters = this.#settledWaiters;
    this.#settledWaiters = [];
    for (const resolve of waiters) resolve();
  }
}

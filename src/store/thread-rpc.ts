import type { MessagePort } from 'node:worker_threads';
import { storageFailureOf, StoreUnavailableError, type StorageFailure } from './storage-failure.js';

/** The functions one store thread offers, by name; each is called from outside as if it were asynchronous. */
export type ThreadApi<Api> = { readonly [Name in keyof Api]: (...parameters: never[]) => unknown };

interface Call {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly unknown[];
}

type Reply =
  | { readonly id: number; readonly outcome: 'done'; readonly value: unknown }
  | { readonly id: number; readonly outcome: 'unavailable'; readonly failure: StorageFailure }
  | { readonly id: number; readonly outcome: 'thrown'; readonly error: unknown };

/** What both ends use of a `Worker` and its `parentPort`. */
interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** A thread's functions as its owner sees them. */
export interface ThreadClient<Api extends ThreadApi<Api>> {
  /**
   * Calls a function of the thread; calls are carried out in the order they were made.
   * @throws StoreUnavailableError when the store cannot write; nothing of the call was written then.
   */
  call<Name extends keyof Api & string>(name: Name, ...parameters: Parameters<Api[Name]>): Promise<Awaited<ReturnType<Api[Name]>>>;
  /** Rejects every call still open, and every later one. */
  fail(error: Error): void;
}

/** Runs in the thread: answers calls, one after the other. */
export function serveThread<Api extends ThreadApi<Api>>(port: MessagePort, api: Api): void {
  const functions = api as unknown as Readonly<Record<string, (...parameters: unknown[]) => unknown>>;
  const answer = async ({ id, name, parameters }: Call): Promise<Reply> => {
    try {
      const called = functions[name];
      if (called === undefined) throw new Error(`The store thread has no function ${name}.`);
      return { id, outcome: 'done', value: await called(...parameters) };
    } catch (error) {
      const failure = error instanceof StoreUnavailableError ? error.failure : storageFailureOf(error);
      return failure === undefined ? { id, outcome: 'thrown', error } : { id, outcome: 'unavailable', failure };
    }
  };
  port.on('message', (message: Call) => {
    void answer(message).then((reply) => {
      port.postMessage(reply);
    });
  });
}

/** Runs in the owner of the thread. */
export function threadClient<Api extends ThreadApi<Api>>(port: Port): ThreadClient<Api> {
  type Waiter = { resolve(value: never): void; reject(error: unknown): void };
  const waiting = new Map<number, Waiter>();
  let lastId = 0;
  let dead: Error | undefined;
  port.on('message', (message) => {
    const reply = message as Reply;
    const waiter = waiting.get(reply.id);
    if (waiter === undefined) return;
    waiting.delete(reply.id);
    if (reply.outcome === 'done') waiter.resolve(reply.value as never);
    else if (reply.outcome === 'unavailable') waiter.reject(new StoreUnavailableError(reply.failure));
    else waiter.reject(reply.error);
  });
  return {
    call: (name, ...parameters) =>
      new Promise((resolve, reject) => {
        if (dead !== undefined) {
          reject(dead);
          return;
        }
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        port.postMessage({ id: lastId, name, parameters } satisfies Call);
      }),
    fail: (error) => {
      dead ??= error;
      for (const waiter of waiting.values()) waiter.reject(dead);
      waiting.clear();
    },
  };
}

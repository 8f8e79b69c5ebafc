import type { Store } from '../store/store.js';
import type { RestoredState } from '../dialer/input.js';
import type { EpochMs } from '../units/time.js';
import type { LoopStore } from './loop-ports.js';

/** The store as the loop asks it, and whether what it asked for is done. */
export interface StoredLoop extends LoopStore {
  /** Resolves when no attempt is being written. */
  attemptsWritten(): Promise<void>;
}

/** What the loop's port on the store is made of. */
export interface StoredLoopOptions {
  readonly store: Pick<Store, 'writeAttempts' | 'fetchContacts' | 'returnContacts' | 'apply' | 'addDoNotCall' | 'checkPin'>;
  /** What the run before has left, read once. */
  readonly restored: RestoredState;
  readonly nowEpochMs: () => EpochMs;
  /** Told in one sentence of what could not be done. */
  readonly onFault: (detail: string) => void;
}

/** Gives the loop its port on the store. */
export function storedLoop({ store, restored, nowEpochMs, onFault }: StoredLoopOptions): StoredLoop {
  const writing = new Set<Promise<unknown>>();
  return {
    writeAttempts: (attempts) => {
      const written = store.writeAttempts(attempts);
      writing.add(written);
      const forget = (): void => void writing.delete(written);
      // Both ways: who asked for the writing hears of its failure, not this bookkeeping.
      written.then(forget, forget);
      return written;
    },
    attemptsWritten: async () => {
      while (writing.size > 0) await Promise.allSettled(writing);
    },
    fetchContacts: (request) => store.fetchContacts(request),
    returnContacts: (contactIds) => {
      store.returnContacts(contactIds);
    },
    apply: (events) => {
      store.apply(events);
    },
    addDoNotCall: (contactId, source) => {
      store.addDoNotCall({ who: { contactId }, source, atMs: nowEpochMs() }).catch((error: unknown) => {
        onFault(`A do-not-call request was not kept: ${String(error)}`);
      });
    },
    checkPin: (agentId, digits) => store.checkPin(agentId, digits),
    restore: () => Promise.resolve(restored),
  };
}

import type { Worker } from 'node:worker_threads';
import { spawnWorker } from '../loop/spawn-worker.js';
import type { DialerEvent } from '../dialer/event.js';
import type { AttemptToWrite, AttemptWritten } from './attempt-to-write.js';
import type { ContactImport } from './contact-import.js';
import { runContactImport } from './contact-import.js';
import { DurableQueue } from './durable-queue.js';
import type { DoNotCallRequest } from './durable-write.js';
import { isKept } from './kept-event.js';
import { UnusableStoreError } from './migration.js';
import { hashPin, isPin } from './pin-hash.js';
import type { ReaderApi } from './reader-api.js';
import type { ReaderThreadData } from './reader-thread.js';
import { StoreUnavailableError } from './storage-failure.js';
import type { AdministeredStore, DialingStore, OpenStoreOptions, ReportingStore, Store } from './store.js';
import { threadClient, type ThreadApi, type ThreadClient } from './thread-rpc.js';
import type { WriterApi } from './writer-api.js';
import type { WriterThreadData } from './writer-thread.js';

/**
 * Opens one tenant's store: a thread that writes, and one that reads.
 * @throws UnusableStoreError with a sentence and a cure when the file cannot be used.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { file, tenantId } = options;
  const writer = await startThread<WriterApi>('./writer-thread.js', 'store-writer', {
    file,
    tenantId,
    nowMs: options.nowEpochMs(),
    pageCountMax: options.pageCountMax,
  } satisfies WriterThreadData);
  const reader = await startThread<ReaderApi>('./reader-thread.js', 'store-reader', { file } satisfies ReaderThreadData).catch(
    async (error: unknown) => {
      await stopThread(writer);
      throw error;
    },
  );
  const { client } = writer;
  const queue = new DurableQueue({
    write: (writes) => client.call('writeDurably', tenantId, writes),
    tryWriting: () => client.call('tryWriting', tenantId),
    onFailed: options.onFailed,
    onRecovered: options.onRecovered,
    onFault: options.onFault,
  });
  // A thread that dies takes its calls with it; the service must be started again.
  for (const thread of [writer, reader]) thread.onDeath = options.onFailed;
  return {
    tenantId,
    ...dialingStore(options, client, reader.client, queue),
    ...administeredStore(options, client, queue),
    ...reportingStore(options, reader.client),
    flush: async () => {
      await queue.flush();
      return queue.waitingCount;
    },
    close: async () => {
      await queue.flush();
      queue.close();
      await stopThread(reader);
      await stopThread(writer);
    },
  };
}

function dialingStore(
  { tenantId, onFault, nowEpochMs }: OpenStoreOptions,
  writer: ThreadClient<WriterApi>,
  reader: ThreadClient<ReaderApi>,
  queue: DurableQueue,
): DialingStore {
  const writeAttempts = async (attempts: readonly AttemptToWrite[]): Promise<AttemptWritten[]> => {
    const refusal = attempts.map((): AttemptWritten => 'store-failed');
    if (attempts.length === 0 || queue.failure !== undefined) return refusal;
    try {
      const results = await writer.call('writeAttempts', tenantId, attempts);
      for (const { fault } of results) if (fault !== undefined) onFault(fault);
      return results.map(({ written }) => written);
    } catch (error) {
      if (error instanceof StoreUnavailableError) queue.failed(error.failure);
      else onFault(`Attempts could not be written: ${String(error)}`);
      return refusal;
    }
  };
  const addDoNotCall = async (request: DoNotCallRequest): Promise<boolean> => {
    try {
      return await writer.call('addDoNotCall', tenantId, request);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      queue.addFirst({ type: 'do-not-call', request });
      queue.failed(error.failure);
      return true;
    }
  };
  return {
    writeAttempts,
    fetchContacts: async (request) => {
      // A contact that was settled a moment ago may be due at once.
      await queue.flush();
      return writer.call('fetchContacts', tenantId, request);
    },
    returnContacts: (contactIds) => {
      writer.call('releaseContacts', contactIds).catch((error: unknown) => {
        onFault(`Contacts could not be returned: ${String(error)}`);
      });
    },
    apply: (events: readonly DialerEvent[]) => {
      const kept = events.filter(isKept);
      if (kept.length > 0) queue.add(kept.map((event) => ({ type: 'event', event })));
    },
    addDoNotCall,
    restore: () => writer.call('restore', { tenantId, nowMs: nowEpochMs() }),
    checkPin: async (agentId, digits) => {
      const kept = await reader.call('getPinHash', tenantId, agentId);
      return kept !== undefined && (await isPin(digits, kept));
    },
  };
}

function administeredStore(
  { tenantId, nowEpochMs, file }: OpenStoreOptions,
  writer: ThreadClient<WriterApi>,
  queue: DurableQueue,
): AdministeredStore {
  /** A write that fails stops dialling as any other does; its asker is told. */
  const asked = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof StoreUnavailableError) queue.failed(error.failure);
      throw error;
    }
  };
  return {
    putCampaign: (campaign) => asked(writer.call('putCampaign', tenantId, campaign, nowEpochMs())),
    putAgent: async ({ pin, ...agent }) => {
      const hash = pin === undefined ? undefined : await hashPin(pin);
      return asked(writer.call('putAgent', tenantId, agent, hash, nowEpochMs()));
    },
    removeAgent: (agentId) => asked(writer.call('removeAgent', tenantId, agentId)),
    addContact: (contact) => asked(writer.call('addContact', tenantId, contact)),
    closeContact: (campaignId, contactId, why) => asked(writer.call('closeContact', tenantId, campaignId, contactId, why)),
    removeDoNotCall: (number) => asked(writer.call('removeDoNotCall', tenantId, number)),
    importContacts: (request: ContactImport) =>
      asked(runContactImport({ storeFile: file, tenantId, nowMs: nowEpochMs(), request })),
  };
}

function reportingStore({ tenantId }: OpenStoreOptions, reader: ThreadClient<ReaderApi>): ReportingStore {
  return {
    listCampaigns: () => reader.call('listCampaigns', tenantId),
    getCampaign: (campaignId) => reader.call('getCampaign', tenantId, campaignId),
    listAgents: () => reader.call('listAgents', tenantId),
    getAgent: (agentId) => reader.call('getAgent', tenantId, agentId),
    listAgentStates: (agentId, span) => reader.call('listAgentStates', tenantId, agentId, span),
    listAgentSessions: (agentId, span) => reader.call('listAgentSessions', tenantId, agentId, span),
    listContacts: (filter) => reader.call('listContacts', tenantId, filter),
    getContact: (contactId) => reader.call('getContact', tenantId, contactId),
    countContacts: (campaignId) => reader.call('countContacts', tenantId, campaignId),
    listAttempts: (filter) => reader.call('listAttempts', tenantId, filter),
    getAttempt: (callId) => reader.call('getAttempt', tenantId, callId),
    countAttempts: (span) => reader.call('countAttempts', tenantId, span),
    countTrunks: (span) => reader.call('countTrunks', tenantId, span),
    reportAnswers: (filter) => reader.call('reportAnswers', tenantId, filter),
    listImports: (campaignId) => reader.call('listImports', tenantId, campaignId),
    listDoNotCall: (request) => reader.call('listDoNotCall', tenantId, request),
    listAlarms: (request) => reader.call('listAlarms', tenantId, request),
  };
}

interface Thread<Api extends ThreadApi<Api>> {
  readonly worker: Worker;
  readonly client: ThreadClient<Api>;
  /** Told once, when the thread ends unasked. */
  onDeath: ((detail: string) => void) | undefined;
}

async function startThread<Api extends ThreadApi<Api> & { ready(): void }>(
  module: string,
  name: string,
  workerData: unknown,
): Promise<Thread<Api>> {
  const worker = spawnWorker(new URL(module, import.meta.url), { name, workerData });
  const client = threadClient<Api>(worker);
  const thread: Thread<Api> = { worker, client, onDeath: undefined };
  const died = (error: Error): void => {
    client.fail(error);
    thread.onDeath?.(`The ${name} thread ended: ${error.message} Start the service again.`);
    thread.onDeath = undefined;
  };
  worker.on('error', (error) => {
    died(asUnusable(error));
  });
  worker.on('exit', (code) => {
    died(new Error(`It exited with code ${String(code)}.`));
  });
  await (client as ThreadClient<{ ready(): void }>).call('ready');
  return thread;
}

/** An error that came out of a thread has lost its class. */
function asUnusable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.name === 'UnusableStoreError' ? new UnusableStoreError(error.message, { cause: error }) : error;
}

async function stopThread<Api extends ThreadApi<Api> & { close(): void }>(thread: Thread<Api>): Promise<void> {
  thread.onDeath = undefined;
  await (thread.client as ThreadClient<{ close(): void }>).call('close');
  await thread.worker.terminate();
}

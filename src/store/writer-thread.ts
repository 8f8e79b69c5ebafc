import { parentPort, workerData } from 'node:worker_threads';
import type { ContactId, TenantId } from '../units/ids.js';
import { putAgent, removeAgent } from './agent-records.js';
import { createAttemptWriter } from './attempt-writer.js';
import { putCampaign } from './campaign-records.js';
import { createContactAdder } from './contact-adder.js';
import { createContactQueue } from './contact-queue.js';
import { createDoNotCallList, type DoNotCallList } from './do-not-call-list.js';
import type { DoNotCallRequest, DurableWrite } from './durable-write.js';
import { createEventWriter } from './event-writer.js';
import { createQueryRunner, queries, type QueryRunner } from './query.js';
import { readRestoredState } from './restored-state.js';
import { rowIdOf } from './row-id.js';
import { inTransaction, type SqliteDatabase } from './sqlite-database.js';
import { storageFailureOf, StoreUnavailableError, type StorageFailure } from './storage-failure.js';
import { openWritableStoreFile } from './store-file.js';
import { serveThread } from './thread-rpc.js';
import type { WriterApi } from './writer-api.js';

/** What the thread is started with. */
export interface WriterThreadData {
  readonly file: string;
  readonly tenantId: TenantId;
  readonly nowMs: number;
  readonly pageCountMax: number | undefined;
}

/** Chosen: room for thousands of events, so that dialling does not start on the last free page. */
const TRIAL_BYTES = 256 * 1024;

/** The only thread that writes; every call is one transaction, in the order of arrival. */
function createWriter(data: WriterThreadData): WriterApi {
  const sqlite = openWritableStoreFile(data);
  const runner = createQueryRunner(sqlite);
  const contactQueue = createContactQueue(sqlite);
  const attemptWriter = createAttemptWriter(sqlite);
  const doNotCall = createDoNotCallList(sqlite);
  const writeDurably = createDurableWriter(sqlite, doNotCall);
  const addContact = createContactAdder(sqlite);
  addTenant(runner, data);

  // After a failure nothing may be dialled until all that waits is on disk: a
  // do-not-call request among it, say. The owner ends that with `tryWriting`.
  let failure: StorageFailure | undefined;
  const write = <T>(work: () => T): T => {
    try {
      return inTransaction(sqlite, work);
    } catch (error) {
      failure = storageFailureOf(error) ?? failure;
      throw error;
    }
  };
  const writeUnlessFailed = <T>(work: () => T): T => {
    if (failure !== undefined) throw new StoreUnavailableError(failure);
    return write(work);
  };

  return {
    ready: () => undefined,
    writeAttempts: (tenantId, attempts) => {
      const results = writeUnlessFailed(() => attempts.map((attempt) => attemptWriter.write(tenantId, attempt)));
      contactQueue.release(
        attempts.flatMap((attempt, index) => (results[index]?.written === 'store-failed' ? [] : [attempt.contactId])),
      );
      return results;
    },
    fetchContacts: (tenantId, request) => contactQueue.fetch(tenantId, request),
    releaseContacts: (contactIds) => {
      contactQueue.release(contactIds);
    },
    writeDurably: (tenantId, writes) => {
      const faults = writeDurably(tenantId, writes, write);
      contactQueue.release(settledContacts(writes));
      return faults;
    },
    addDoNotCall: (tenantId, request) => write(() => addDoNotCall(doNotCall, tenantId, request)),
    removeDoNotCall: (tenantId, number) => writeUnlessFailed(() => doNotCall.remove(tenantId, number)),
    putCampaign: (tenantId, campaign, nowMs) => {
      writeUnlessFailed(() => {
        putCampaign(runner, tenantId, campaign, nowMs);
      });
    },
    putAgent: (tenantId, agent, pin, nowMs) => writeUnlessFailed(() => putAgent(runner, tenantId, agent, pin, nowMs)),
    removeAgent: (tenantId, agentId) => writeUnlessFailed(() => removeAgent(runner, tenantId, agentId)),
    addContact: (tenantId, contact) => writeUnlessFailed(() => addContact(tenantId, contact)),
    closeContact: (tenantId, campaignId, contactId, why) =>
      writeUnlessFailed(() => closeContact(runner, tenantId, campaignId, contactId, why)),
    restore: ({ tenantId, nowMs }) => readRestoredState(runner, tenantId, nowMs),
    tryWriting: (tenantId) => {
      write(() => {
        runner.run(queries.insertInto('write_trials').values({ tenant_id: tenantId, filler: new Uint8Array(TRIAL_BYTES) }));
      });
      write(() => runner.run(queries.deleteFrom('write_trials').where('tenant_id', '=', tenantId)));
      failure = undefined;
    },
    close: () => {
      sqlite.close();
    },
  };
}

/** Applies writes together; when one is at fault, again one by one, so that it is left out alone. */
function createDurableWriter(sqlite: SqliteDatabase, doNotCall: DoNotCallList) {
  const events = createEventWriter(sqlite);
  const apply = (tenantId: TenantId, write: DurableWrite): void => {
    if (write.type === 'event') events.write(tenantId, write.event);
    else addDoNotCall(doNotCall, tenantId, write.request);
  };
  const applyGuarded = (tenantId: TenantId, write: DurableWrite): string[] => {
    sqlite.exec('savepoint one_write');
    try {
      apply(tenantId, write);
      sqlite.exec('release one_write');
      return [];
    } catch (error) {
      if (storageFailureOf(error) !== undefined) throw error;
      sqlite.exec('rollback to one_write; release one_write');
      const what = write.type === 'event' ? write.event.type : write.type;
      return [`A ${what} could not be written and was left out: ${error instanceof Error ? error.message : String(error)}`];
    }
  };
  return (tenantId: TenantId, writes: readonly DurableWrite[], transact: <T>(work: () => T) => T): string[] => {
    try {
      transact(() => {
        for (const write of writes) apply(tenantId, write);
      });
      return [];
    } catch (error) {
      if (storageFailureOf(error) !== undefined) throw error;
      return transact(() => writes.flatMap((write) => applyGuarded(tenantId, write)));
    }
  };
}

function addDoNotCall(list: DoNotCallList, tenantId: TenantId, { who, source, atMs }: DoNotCallRequest): boolean {
  const roundedAtMs = Math.round(atMs);
  if ('contactId' in who) return list.addContact(tenantId, who.contactId, source, roundedAtMs);
  list.add(tenantId, { number: who.number, source, atMs: roundedAtMs, campaignId: undefined });
  return true;
}

function closeContact(runner: QueryRunner, tenantId: TenantId, campaignId: string, contactId: ContactId, why: string): boolean {
  return (
    runner.run(
      queries
        .updateTable('contacts')
        .set({ status: 'closed', status_why: why })
        .where('id', '=', rowIdOf(contactId))
        .where('tenant_id', '=', tenantId)
        .where('campaign_id', '=', campaignId)
        .where('status', '=', 'open'),
    ) > 0
  );
}

const settledContacts = (writes: readonly DurableWrite[]): ContactId[] =>
  writes.flatMap((write) =>
    write.type === 'event' && write.event.type === 'contact-settled' ? [write.event.contactId] : [],
  );

function addTenant(runner: QueryRunner, { tenantId, nowMs }: WriterThreadData): void {
  runner.run(
    queries
      .insertInto('tenants')
      .values({ tenant_id: tenantId, created_at_ms: Math.round(nowMs) })
      .onConflict((conflict) => conflict.doNothing()),
  );
}

if (parentPort === null) throw new Error('writer-thread.js runs as a worker thread of the store only.');
serveThread<WriterApi>(parentPort, createWriter(workerData as WriterThreadData));

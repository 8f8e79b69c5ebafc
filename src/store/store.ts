import type { AgentId, CallId, CampaignId, ContactId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { DialerEvent } from '../dialer/event.js';
import type { RestoredState } from '../dialer/input.js';
import type { AgentSessionRecord, AgentStateRecord } from './agent-log-records.js';
import type { AgentRecord, AgentToPut } from './agent-records.js';
import type { AlarmRecord } from './alarm-records.js';
import type { AnswerReportFilter, AnswerReportGroup } from './answer-report.js';
import type { AttemptFilter, AttemptRecord } from './attempt-records.js';
import type { AttemptToWrite, AttemptWritten } from './attempt-to-write.js';
import type { CampaignCounts, CountSpan } from './campaign-counts.js';
import type { CampaignRecord, CampaignToPut } from './campaign-records.js';
import type { ContactAdded, ContactToAdd } from './contact-adder.js';
import type { ContactImport, ContactImportResult } from './contact-import.js';
import type { ContactCounts, ContactFilter, ContactRecord } from './contact-records.js';
import type { ContactsToFetch, FetchedContacts } from './contact-to-dial.js';
import type { DoNotCallEntry } from './do-not-call-list.js';
import type { DoNotCallRequest } from './durable-write.js';
import type { ImportRecord } from './import-records.js';
import type { Page, PageRequest } from './page.js';
import type { TrunkCounts } from './trunk-counts.js';

/**
 * One tenant's store, as the rest of the process sees it. SQL runs in threads
 * of the store's own, so nothing here blocks. Promises of things a person
 * asked for reject with `StoreUnavailableError` while the store cannot write;
 * what the dialer hands over is kept and written later instead.
 */
export interface Store extends DialingStore, AdministeredStore, ReportingStore {
  readonly tenantId: TenantId;
  /** Resolves when all that was handed over is on disk, or cannot be written for now: with the number left over. */
  flush(): Promise<number>;
  /** Flushes, then closes the file. */
  close(): Promise<void>;
}

/** What `loop` asks for. */
export interface DialingStore {
  /**
   * One transaction, on disk when the promise resolves; one answer for each
   * attempt, in their order. A contact with a live attempt, or on the
   * do-not-call list at that moment, is refused. Never rejects.
   */
  writeAttempts(attempts: readonly AttemptToWrite[]): Promise<AttemptWritten[]>;
  /**
   * Contacts whose turn it is, not offered to this process yet; they stay
   * offered until their attempt is written or refused as do-not-call, until
   * they are settled, or until they are returned. Sees every event applied before.
   */
  fetchContacts(request: ContactsToFetch): Promise<FetchedContacts>;
  returnContacts(contactIds: readonly ContactId[]): void;
  /** Keeps these events, in this order, within some 50 ms; while the store cannot write, in memory. */
  apply(events: readonly DialerEvent[]): void;
  /**
   * Holds for every attempt written after this call, in all campaigns of the
   * tenant, and survives a store that cannot write for now.
   * @returns false when there is no such contact.
   */
  addDoNotCall(request: DoNotCallRequest): Promise<boolean>;
  /** What the run before has left; asked for once, before anything is dialled. */
  restore(): Promise<RestoredState>;
  /** False for a wrong PIN and for an unknown agent alike. */
  checkPin(agentId: AgentId, digits: string): Promise<boolean>;
}

/** What an administrator changes. */
export interface AdministeredStore {
  /** Makes or replaces a campaign; its run state stays, and a new one is stopped. */
  putCampaign(campaign: CampaignToPut): Promise<void>;
  /**
   * Makes or replaces an agent. Without `pin` the agent keeps the one he has.
   * @returns false, and nothing is written, when he is new and no PIN is given.
   */
  putAgent(agent: AgentToPut & { readonly pin?: string | undefined }): Promise<boolean>;
  removeAgent(agentId: AgentId): Promise<boolean>;
  addContact(contact: ContactToAdd): Promise<ContactAdded>;
  /** Takes a contact out of its turn; false unless it was open. */
  closeContact(campaignId: CampaignId, contactId: ContactId, why: string): Promise<boolean>;
  /** Takes a number off the list; contacts that it barred stay barred. */
  removeDoNotCall(number: string): Promise<boolean>;
  /** All of a file's good rows, or none. @throws ContactFileError when the file itself cannot be right. */
  importContacts(request: ContactImport): Promise<ContactImportResult>;
}

/** What is read for the API; a part of a second behind what was applied. */
export interface ReportingStore {
  listCampaigns(): Promise<CampaignRecord[]>;
  getCampaign(campaignId: CampaignId): Promise<CampaignRecord | undefined>;
  listAgents(): Promise<AgentRecord[]>;
  getAgent(agentId: AgentId): Promise<AgentRecord | undefined>;
  listAgentStates(agentId: AgentId, span: CountSpan): Promise<AgentStateRecord[]>;
  listAgentSessions(agentId: AgentId, span: CountSpan): Promise<AgentSessionRecord[]>;
  listContacts(filter: ContactFilter): Promise<Page<ContactRecord>>;
  getContact(contactId: ContactId): Promise<ContactRecord | undefined>;
  countContacts(campaignId: CampaignId): Promise<ContactCounts>;
  listAttempts(filter: AttemptFilter): Promise<Page<AttemptRecord>>;
  getAttempt(callId: CallId): Promise<AttemptRecord | undefined>;
  countAttempts(span: CountSpan): Promise<CampaignCounts[]>;
  countTrunks(span: CountSpan): Promise<TrunkCounts[]>;
  reportAnswers(filter: AnswerReportFilter): Promise<AnswerReportGroup[]>;
  listImports(campaignId?: CampaignId): Promise<ImportRecord[]>;
  listDoNotCall(request: PageRequest): Promise<Page<DoNotCallEntry>>;
  listAlarms(request: PageRequest): Promise<Page<AlarmRecord>>;
}

/** What a tenant's store is opened with, and who is told when it fails. */
export interface OpenStoreOptions {
  /** Made when absent, with its folder. */
  readonly file: string;
  readonly tenantId: TenantId;
  /** The wall clock. */
  readonly nowEpochMs: () => EpochMs;
  /** The store cannot write: dialling must stop. Said once until `onRecovered`. */
  readonly onFailed: (detail: string) => void;
  readonly onRecovered: () => void;
  /** A bug or broken rule, for the log: one thing was not written although the store can write. */
  readonly onFault: (detail: string) => void;
  /** The file never grows beyond so many pages of 4 KiB; undefined for no bound. */
  readonly pageCountMax?: number | undefined;
}

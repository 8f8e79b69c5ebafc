import type { AgentId, CampaignId, ContactId, TenantId } from '../units/ids.js';
import type { EpochMs } from '../units/time.js';
import type { RestoredState } from '../dialer/input.js';
import type { AttemptToWrite } from './attempt-to-write.js';
import type { AttemptResult } from './attempt-writer.js';
import type { ContactsToFetch, FetchedContacts } from './contact-to-dial.js';
import type { DoNotCallRequest, DurableWrite } from './durable-write.js';
import type { CampaignToPut } from './campaign-records.js';
import type { AgentToPut } from './agent-records.js';
import type { ContactToAdd, ContactAdded } from './contact-adder.js';
import type { PinHash } from './pin-hash.js';

/** The functions of the one thread that writes. */
export interface WriterApi {
  /** Answers once the file is open and has this version's shape. */
  ready(): void;
  writeAttempts(tenantId: TenantId, attempts: readonly AttemptToWrite[]): AttemptResult[];
  fetchContacts(tenantId: TenantId, request: ContactsToFetch): FetchedContacts;
  releaseContacts(contactIds: readonly ContactId[]): void;
  /** One transaction; a write that is itself at fault is left out and named in the answer. */
  writeDurably(tenantId: TenantId, writes: readonly DurableWrite[]): string[];
  /** False when there is no such contact. */
  addDoNotCall(tenantId: TenantId, request: DoNotCallRequest): boolean;
  removeDoNotCall(tenantId: TenantId, number: string): boolean;
  /** Makes or replaces. */
  putCampaign(tenantId: TenantId, campaign: CampaignToPut, nowMs: EpochMs): void;
  /** Undefined `pin` keeps the one there is. False when the agent is new and has none. */
  putAgent(tenantId: TenantId, agent: AgentToPut, pin: PinHash | undefined, nowMs: EpochMs): boolean;
  removeAgent(tenantId: TenantId, agentId: AgentId): boolean;
  addContact(tenantId: TenantId, contact: ContactToAdd): ContactAdded;
  /** Takes a contact out of its turn; false unless it was open. */
  closeContact(tenantId: TenantId, campaignId: CampaignId, contactId: ContactId, why: string): boolean;
  restore(request: { readonly tenantId: TenantId; readonly nowMs: EpochMs }): RestoredState;
  /** Writes and takes back some pages; after it, attempts are written again. */
  tryWriting(tenantId: TenantId): void;
  /** Brings the write-ahead log into the file. */
  close(): void;
}

import type { AgentId, CallId, CampaignId, ContactId, TenantId } from '../units/ids.js';
import type { AgentSessionRecord, AgentStateRecord } from './agent-log-records.js';
import type { AgentRecord } from './agent-records.js';
import type { AlarmRecord } from './alarm-records.js';
import type { AnswerReportFilter, AnswerReportGroup } from './answer-report.js';
import type { AttemptFilter, AttemptRecord } from './attempt-records.js';
import type { CampaignCounts, CountSpan } from './campaign-counts.js';
import type { CampaignRecord } from './campaign-records.js';
import type { ContactCounts, ContactFilter, ContactRecord } from './contact-records.js';
import type { DoNotCallEntry } from './do-not-call-list.js';
import type { ImportRecord } from './import-records.js';
import type { Page, PageRequest } from './page.js';
import type { PinHash } from './pin-hash.js';
import type { TrunkCounts } from './trunk-counts.js';

/** The functions of the thread that only reads: a long report there delays no write. */
export interface ReaderApi {
  ready(): void;
  listCampaigns(tenantId: TenantId): CampaignRecord[];
  getCampaign(tenantId: TenantId, campaignId: CampaignId): CampaignRecord | undefined;
  listAgents(tenantId: TenantId): AgentRecord[];
  getAgent(tenantId: TenantId, agentId: AgentId): AgentRecord | undefined;
  getPinHash(tenantId: TenantId, agentId: AgentId): PinHash | undefined;
  listAgentStates(tenantId: TenantId, agentId: AgentId, span: CountSpan): AgentStateRecord[];
  listAgentSessions(tenantId: TenantId, agentId: AgentId, span: CountSpan): AgentSessionRecord[];
  listContacts(tenantId: TenantId, filter: ContactFilter): Page<ContactRecord>;
  getContact(tenantId: TenantId, contactId: ContactId): ContactRecord | undefined;
  countContacts(tenantId: TenantId, campaignId: CampaignId): ContactCounts;
  listAttempts(tenantId: TenantId, filter: AttemptFilter): Page<AttemptRecord>;
  getAttempt(tenantId: TenantId, callId: CallId): AttemptRecord | undefined;
  countAttempts(tenantId: TenantId, span: CountSpan): CampaignCounts[];
  countTrunks(tenantId: TenantId, span: CountSpan): TrunkCounts[];
  reportAnswers(tenantId: TenantId, filter: AnswerReportFilter): AnswerReportGroup[];
  listImports(tenantId: TenantId, campaignId: CampaignId | undefined): ImportRecord[];
  listDoNotCall(tenantId: TenantId, request: PageRequest): Page<DoNotCallEntry>;
  listAlarms(tenantId: TenantId, request: PageRequest): Page<AlarmRecord>;
  close(): void;
}

import { parentPort, workerData } from 'node:worker_threads';
import { listAgentSessions, listAgentStates } from './agent-log-records.js';
import { getAgent, getPinHash, listAgents } from './agent-records.js';
import { listAlarms } from './alarm-records.js';
import { reportAnswers } from './answer-report.js';
import { getAttempt, listAttempts } from './attempt-records.js';
import { countAttempts } from './campaign-counts.js';
import { getCampaign, listCampaigns } from './campaign-records.js';
import { countContacts, getContact, listContacts } from './contact-records.js';
import { listDoNotCall } from './do-not-call-records.js';
import { listImports } from './import-records.js';
import { createQueryRunner } from './query.js';
import type { ReaderApi } from './reader-api.js';
import { openReadableStoreFile } from './store-file.js';
import { serveThread } from './thread-rpc.js';
import { countTrunks } from './trunk-counts.js';

/** What the thread is started with, once the writer has brought the file into shape. */
export interface ReaderThreadData {
  readonly file: string;
}

function createReader({ file }: ReaderThreadData): ReaderApi {
  const sqlite = openReadableStoreFile(file);
  const runner = createQueryRunner(sqlite);
  return {
    ready: () => undefined,
    listCampaigns: (tenantId) => listCampaigns(runner, tenantId),
    getCampaign: (tenantId, campaignId) => getCampaign(runner, tenantId, campaignId),
    listAgents: (tenantId) => listAgents(runner, tenantId),
    getAgent: (tenantId, agentId) => getAgent(runner, tenantId, agentId),
    getPinHash: (tenantId, agentId) => getPinHash(runner, tenantId, agentId),
    listAgentStates: (tenantId, agentId, span) => listAgentStates(runner, tenantId, agentId, span),
    listAgentSessions: (tenantId, agentId, span) => listAgentSessions(runner, tenantId, agentId, span),
    listContacts: (tenantId, filter) => listContacts(runner, tenantId, filter),
    getContact: (tenantId, contactId) => getContact(runner, tenantId, contactId),
    countContacts: (tenantId, campaignId) => countContacts(runner, tenantId, campaignId),
    listAttempts: (tenantId, filter) => listAttempts(runner, tenantId, filter),
    getAttempt: (tenantId, callId) => getAttempt(runner, tenantId, callId),
    countAttempts: (tenantId, span) => countAttempts(runner, tenantId, span),
    countTrunks: (tenantId, span) => countTrunks(runner, tenantId, span),
    reportAnswers: (tenantId, filter) => reportAnswers(runner, tenantId, filter),
    listImports: (tenantId, campaignId) => listImports(runner, tenantId, campaignId),
    listDoNotCall: (tenantId, request) => listDoNotCall(runner, tenantId, request),
    listAlarms: (tenantId, request) => listAlarms(runner, tenantId, request),
    close: () => {
      sqlite.close();
    },
  };
}

if (parentPort === null) throw new Error('reader-thread.js runs as a worker thread of the store only.');
serveThread<ReaderApi>(parentPort, createReader(workerData as ReaderThreadData));

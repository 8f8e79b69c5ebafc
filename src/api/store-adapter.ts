import { FALSE_ANSWER_CAUSES, type EndCauseName } from '../call/end-cause.js';
import type { AttemptRecord } from '../store/attempt-records.js';
import type { CampaignCounts as CountsRecord } from '../store/campaign-counts.js';
import type { CampaignRecord } from '../store/campaign-records.js';
import type { Page } from '../store/page.js';
import type { Store } from '../store/store.js';
import { agentId, callId, campaignId, contactId, phoneName, trunkName } from '../units/ids.js';
import { epochMs, type EpochMs } from '../units/time.js';
import { campaignConfig, campaignSettings } from './campaign-input.js';
import type { CallResource, RecordingResource } from './contract/call.js';
import type { CampaignCounts, PageRequest, StoreQueries, StoredCampaign, StoredPage } from './store-queries.js';

/** What of the store the API uses. */
export type QueriedStore = Pick<
  Store,
  | 'listCampaigns'
  | 'getCampaign'
  | 'putCampaign'
  | 'listAgents'
  | 'getAgent'
  | 'putAgent'
  | 'listContacts'
  | 'listAttempts'
  | 'getAttempt'
  | 'listImports'
  | 'listDoNotCall'
  | 'addDoNotCall'
  | 'removeDoNotCall'
  | 'countAttempts'
  | 'countTrunks'
  | 'reportAnswers'
>;

/** The store as the API asks it. */
export function storeQueries(store: QueriedStore, clock: () => EpochMs): StoreQueries {
  return {
    listCampaigns: async () => (await store.listCampaigns()).map(storedCampaignOf),
    findCampaign: async (id) => mapped(await store.getCampaign(campaignId(id)), storedCampaignOf),
    saveCampaign: (id, settings) => {
      const { name, callerNumber, defaultCountry } = settings;
      return store.putCampaign({ config: campaignConfig(id, settings), name, callerNumber, defaultCountry });
    },
    listAgents: () => store.listAgents(),
    findAgent: (id) => store.getAgent(agentId(id)),
    saveAgent: async (agent, pin) => {
      const ids = { agentId: agentId(agent.agentId), phone: phoneName(agent.phone), campaignId: campaignId(agent.campaignId) };
      const isWritten = await store.putAgent({ ...ids, name: agent.name, pin });
      if (!isWritten) throw new TypeError(`Agent ${agent.agentId} was to be made without a PIN.`);
    },
    findRefusedRows: async (importId) => {
      const found = (await store.listImports()).find((record) => String(record.importId) === importId);
      return found?.refusedFile === undefined ? undefined : { path: found.refusedFile };
    },
    listDoNotCall: async (page) =>
      paged(await store.listDoNotCall(pageOf(page)), (entry) => ({ ...entry, campaignId: entry.campaignId ?? null })),
    addDoNotCall: async (number, source) => {
      await store.addDoNotCall({ who: { number }, source, atMs: clock() });
    },
    removeDoNotCall: (number) => store.removeDoNotCall(number),
    countAttempts: async (fromMs, toMs) =>
      (await store.countAttempts({ fromMs: epochMs(fromMs), toMs: epochMs(toMs) })).map(campaignCountsOf),
    countTrunks: (fromMs, toMs) => store.countTrunks({ fromMs: epochMs(fromMs), toMs: epochMs(toMs) }),
    reportAnswers: ({ fromMs, toMs, campaignId: campaign, trunk, by }) =>
      store.reportAnswers({
        fromMs: epochMs(fromMs),
        toMs: epochMs(toMs),
        campaignId: mapped(campaign, campaignId),
        trunk: mapped(trunk, trunkName),
        by,
      }),
    ping: async () => {
      await store.listCampaigns();
    },
    ...callQueries(store),
  };
}

type CallQueries = Pick<StoreQueries, 'listContacts' | 'listCalls' | 'findCall' | 'listRecordings' | 'findRecording'>;

function callQueries(store: QueriedStore): CallQueries {
  return {
    listContacts: async ({ campaignId: id, status }, page) =>
      paged(await store.listContacts({ campaignId: campaignId(id), status, ...pageOf(page) }), (contact) => ({
        contactId: contact.contactId,
        campaignId: contact.campaignId,
        number: contact.number,
        name: contact.name,
        fields: { ...contact.fields },
        status: contact.status,
        statusWhy: contact.statusWhy ?? null,
        attemptCount: contact.attemptCount,
        dueAtMs: contact.dueAtMs,
      })),
    listCalls: async ({ campaignId: campaign, agentId: agent, contactId: contact, cause, verdict }, page) =>
      paged(
        await store.listAttempts({
          campaignId: mapped(campaign, campaignId),
          agentId: mapped(agent, agentId),
          contactId: mapped(contact, contactId),
          cause: mapped(cause, (name) => name as EndCauseName),
          verdict,
          ...pageOf(page),
        }),
        callOf,
      ),
    findCall: async (id) => mapped(await store.getAttempt(callId(id)), callOf),
    listRecordings: async ({ campaignId: campaign, agentId: agent }, page) =>
      paged(
        await store.listAttempts({
          campaignId: mapped(campaign, campaignId),
          agentId: mapped(agent, agentId),
          hasRecording: true,
          ...pageOf(page),
        }),
        recordingOf,
      ),
    findRecording: async (id) => {
      const path = (await store.getAttempt(callId(id)))?.recordingPath;
      return path === undefined ? undefined : { path };
    },
  };
}

const mapped = <From, To>(value: From | undefined, map: (value: From) => To): To | undefined =>
  value === undefined ? undefined : map(value);

const pageOf = ({ limit, after }: PageRequest): { readonly limit: number; readonly cursor: string | undefined } => ({
  limit,
  cursor: after,
});

const paged = <From, To>(page: Page<From>, map: (item: From) => To): StoredPage<To> => ({
  items: page.items.map(map),
  next: page.nextCursor,
});

function storedCampaignOf(record: CampaignRecord): StoredCampaign {
  const { name, callerNumber, defaultCountry } = record;
  return {
    campaignId: record.campaignId,
    settings: campaignSettings(record.config, { name, callerNumber, defaultCountry }),
    runState: record.runState,
    hint: record.hint,
    changedAtMs: record.changedAtMs,
  };
}

/** Counts of the store as a day's tally takes them. */
export function campaignCountsOf(record: CountsRecord): CampaignCounts {
  return {
    campaignId: record.campaignId,
    dialledCount: record.originatedCount,
    answeredCount: record.answeredCount,
    connectedCount: record.connectedCount,
    takenBackCount: record.takenBackCount,
    falseAnswerCount: FALSE_ANSWER_CAUSES.reduce((sum, cause) => sum + (record.countByCause[cause] ?? 0), 0),
    abandonedCount: record.abandonedCount,
    countByVerdict: record.countByVerdict,
    unansweredCountByCause: record.unansweredCountByCause,
    answerToAgentMs: [],
  };
}

function callOf(attempt: AttemptRecord): CallResource {
  return {
    callId: attempt.callId,
    campaignId: attempt.campaignId,
    contactId: attempt.contactId,
    number: attempt.number,
    trunk: attempt.trunk,
    agentId: attempt.agentId ?? null,
    state: attempt.state,
    writtenAtMs: attempt.writtenAtMs,
    originatedAtMs: attempt.originatedAtMs ?? null,
    ringingAtMs: attempt.ringingAtMs ?? null,
    answeredAtMs: attempt.answeredAtMs ?? null,
    connectedAtMs: attempt.connectedAtMs ?? null,
    endedAtMs: attempt.endedAtMs ?? null,
    verdict: attempt.verdict ?? null,
    verdictStage: attempt.verdictStage ?? null,
    verdictProbabilityRatio: attempt.verdictProbabilityRatio ?? null,
    verdictReason: attempt.verdictReason ?? null,
    verdictDetail: attempt.verdictDetail ?? null,
    decidedAfterMs: attempt.decidedAfterMs ?? null,
    verdicts: [...attempt.verdicts],
    earlyMedia: attempt.earlyMedia ?? null,
    earlyMediaDetail: attempt.earlyMediaDetail ?? null,
    earlyMediaReason: attempt.earlyMediaReason ?? null,
    takenBackAtMs: attempt.takenBackAtMs ?? null,
    takenBackAgentId: attempt.takenBackAgentId ?? null,
    takenBackWhy: attempt.takenBackWhy ?? null,
    answeredBy: attempt.answeredBy ?? null,
    hasSnippet: attempt.snippetPath !== undefined,
    cause: attempt.cause ?? null,
    q850: attempt.q850 ?? null,
    sipCode: attempt.sipCode ?? null,
    talkMs: attempt.talkMs,
    isAbandoned: attempt.isAbandoned,
    disposition: attempt.disposition ?? null,
    hasRecording: attempt.recordingPath !== undefined,
  };
}

function recordingOf(attempt: AttemptRecord): Omit<RecordingResource, 'audioUrl'> {
  return {
    callId: attempt.callId,
    campaignId: attempt.campaignId,
    agentId: attempt.agentId ?? null,
    startedAtMs: attempt.connectedAtMs ?? attempt.answeredAtMs ?? attempt.writtenAtMs,
    audioMs: attempt.recordingAudioMs ?? null,
    isWhole: attempt.isRecordingWhole ?? null,
  };
}

import type { AgentState } from '../agent/agent-state.js';
import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { CallResource, RecordingResource } from './contract/call.js';
import type { CampaignSettings } from './contract/campaign.js';
import type { ContactResource, DoNotCallResource } from './contract/contact.js';
import type { AnswerReportGroup } from '../store/answer-report.js';
import type { DaySoFar } from './day-tally.js';

/**
 * What the API needs of the store, already bound to one tenant. Everything is
 * asynchronous: the store may sit in a thread of its own. Where something
 * cannot be written, a method rejects with the store's `StoreUnavailableError`.
 */
export interface StoreQueries {
  listCampaigns(): Promise<readonly StoredCampaign[]>;
  findCampaign(campaignId: string): Promise<StoredCampaign | undefined>;
  /** Creates it (stopped) or replaces its settings. */
  saveCampaign(campaignId: string, settings: CampaignSettings): Promise<void>;

  listAgents(): Promise<readonly StoredAgent[]>;
  findAgent(agentId: string): Promise<StoredAgent | undefined>;
  /** Creates or replaces; without a PIN the present one stays. */
  saveAgent(agent: StoredAgentSettings, pin: string | undefined): Promise<void>;

  listContacts(filter: ContactFilter, page: PageRequest): Promise<StoredPage<ContactResource>>;
  /** The file of refused rows of an import; undefined when there is none. */
  findRefusedRows(importId: string): Promise<{ readonly path: string } | undefined>;

  /** Newest first. */
  listCalls(filter: CallFilter, page: PageRequest): Promise<StoredPage<CallResource>>;
  findCall(callId: string): Promise<CallResource | undefined>;
  /** Newest first; calls with a recording only. */
  listRecordings(filter: RecordingFilter, page: PageRequest): Promise<StoredPage<Omit<RecordingResource, 'audioUrl'>>>;
  /** The recording's file, absolute or relative to the folder of recordings. */
  findRecording(callId: string): Promise<{ readonly path: string } | undefined>;

  listDoNotCall(page: PageRequest): Promise<StoredPage<DoNotCallResource>>;
  /** A number that stands there already stays as it is. */
  addDoNotCall(number: string, source: 'api'): Promise<void>;
  /** False when the number was not there. */
  removeDoNotCall(number: string): Promise<boolean>;

  /** Attempts written in this span, for each campaign that has any. */
  countAttempts(fromMs: number, toMs: number): Promise<readonly CampaignCounts[]>;
  /** Answers in this span, for each trunk that has any. */
  countTrunks(fromMs: number, toMs: number): Promise<readonly TrunkCounts[]>;
  /** What the analysis made of the answers of attempts written in this span. */
  reportAnswers(filter: AnswerReportFilter): Promise<readonly AnswerReportGroup[]>;
  /** Resolves when a read went through. */
  ping(): Promise<void>;
}

/** A campaign as a person set it up, and how it stood when last heard of. */
export interface StoredCampaign {
  readonly campaignId: string;
  readonly settings: CampaignSettings;
  readonly runState: 'running' | 'paused' | 'stopped';
  readonly hint: string;
  readonly changedAtMs: number;
}

/** An agent as a person set him up. */
export interface StoredAgentSettings {
  readonly agentId: string;
  readonly name: string;
  readonly phone: string;
  readonly campaignId: string;
}

/** An agent with how he stood when last heard of. */
export interface StoredAgent extends StoredAgentSettings {
  readonly state: AgentState;
  readonly stateSinceMs: number;
  /** Pause reason, or why the agent went offline. */
  readonly stateReason: string | undefined;
}

/** A page is asked for by where the one before ended. */
export interface PageRequest {
  readonly limit: number;
  /** `next` of the page before, the store's own words; undefined for the first. */
  readonly after: string | undefined;
}

/** A part of a list. */
export interface StoredPage<Item> {
  readonly items: readonly Item[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/** Which contacts; what is left out does not matter. */
export interface ContactFilter {
  readonly campaignId: string;
  readonly status?: ContactResource['status'] | undefined;
}

/** Which calls; what is left out does not matter. */
export interface CallFilter {
  readonly campaignId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly cause?: string | undefined;
  readonly verdict?: AnswerVerdict | undefined;
}

/** Which recordings; what is left out does not matter. */
export interface RecordingFilter {
  readonly campaignId?: string | undefined;
  readonly agentId?: string | undefined;
}

/** One trunk's answers. */
export interface TrunkCounts {
  readonly trunk: string;
  readonly answeredCount: number;
  /** Answers with nobody there. */
  readonly falseAnswerCount: number;
}

/** Which answers, and what they are put together by. */
export interface AnswerReportFilter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly campaignId?: string | undefined;
  readonly trunk?: string | undefined;
  readonly by: 'campaign' | 'trunk' | 'hour';
}

/** What became of one campaign's attempts. */
export interface CampaignCounts extends DaySoFar {
  readonly campaignId: string;
}


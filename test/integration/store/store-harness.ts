import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignConfig } from '../../../src/dialer/config.js';
import type { DialerEventBody, DialerEvent } from '../../../src/dialer/event.js';
import { openSqlite } from '../../../src/store/open-sqlite.js';
import { openStore } from '../../../src/store/open-store.js';
import type { OpenStoreOptions, Store } from '../../../src/store/store.js';
import type { AttemptToWrite } from '../../../src/store/attempt-to-write.js';
import {
  agentId,
  callId,
  campaignId,
  phoneName,
  soundName,
  tenantId,
  trunkName,
  type CampaignId,
  type ContactId,
} from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';

/** Noon of a made-up day; every test counts from it. */
export const NOON_MS = epochMs(Date.UTC(2030, 0, 15, 12));

/** A folder of the test's own, and how to remove it. */
export function makeFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'outdial-store-'));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Empties all tables but the tenants', through a connection of its own: cheaper than a new store a test. */
export function emptyStoreFile(file: string): void {
  const sqlite = openSqlite({ file, isReadOnly: false });
  try {
    const tables = sqlite
      .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'tenants'")
      .all() as { readonly name: string }[];
    sqlite.pragma('foreign_keys = off');
    for (const { name } of tables) sqlite.exec(`delete from ${name}`);
  } finally {
    sqlite.close();
  }
}

/** What a store has told its owner. */
export interface Told {
  readonly failed: string[];
  recoveredCount: number;
  readonly faults: string[];
}

/** A store on a real file, with a memory of what it told. */
export async function openTestStore(
  file: string,
  options: Partial<OpenStoreOptions> = {},
): Promise<{ readonly store: Store; readonly told: Told }> {
  const told: Told = { failed: [], recoveredCount: 0, faults: [] };
  const store = await openStore({
    file,
    tenantId: tenantId('acme'),
    nowEpochMs: () => NOON_MS,
    onFailed: (detail) => told.failed.push(detail),
    onRecovered: () => {
      told.recoveredCount += 1;
    },
    onFault: (detail) => told.faults.push(detail),
    ...options,
  });
  return { store, told };
}

export const SPRING = campaignId('spring');

export function campaignConfig(id: CampaignId = SPRING): CampaignConfig {
  return {
    campaignId: id,
    trunk: trunkName('carrier'),
    pacing: { mode: 'progressive' },
    callsPerSecondMax: 10,
    linesMax: 50,
    ringTimeoutMs: 20_000,
    callingHours: { timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1200 },
    isAnalysed: true,
    onMachine: 'hang-up',
    machineMessage: undefined,
    answerHandling: 'hold',
    takeBackLimitMs: 10_000,
    onScreening: 'hang-up',
    onMenu: 'hang-up',
    onSilence: 'hang-up',
    lostPersonCost: 199,
    listensBeforeAnswer: true,
    keepsDisputedSnippets: false,
    agentWaitMaxMs: 2_000,
    safeHarbourMessage: soundName('safe-harbour'),
    whisper: undefined,
    isRecorded: true,
    wrapUpMaxMs: 30_000,
    dispositionByDigit: { '1': { name: 'sale', effect: 'complete' } },
    defaultDisposition: { name: 'none', effect: 'redial' },
    attemptsMax: 3,
    recycle: {},
  };
}

export async function putTestCampaign(store: Store, id: CampaignId = SPRING): Promise<void> {
  await store.putCampaign({
    config: campaignConfig(id),
    name: `Campaign ${id}`,
    callerNumber: '+12025550100',
    defaultCountry: 'US',
  });
}

export async function putTestAgent(store: Store, id = 'ada', pin = '1234'): Promise<void> {
  await store.putAgent({ agentId: agentId(id), name: `Agent ${id}`, phone: phoneName('1001'), campaignId: SPRING, pin });
}

/** The n-th made-up number, n from 0 to 99. */
export const fictionNumber = (n: number): string => `+120255501${String(n).padStart(2, '0')}`;

/** Adds contacts with made-up numbers and gives their ids. */
export async function addTestContacts(store: Store, count: number, id: CampaignId = SPRING): Promise<ContactId[]> {
  const ids: ContactId[] = [];
  for (let n = 0; n < count; n += 1) {
    const added = await store.addContact({
      campaignId: id,
      number: fictionNumber(n),
      name: `Person ${String(n)}`,
      fields: { city: 'Springfield' },
      priority: 0,
      dueAtMs: NOON_MS,
    });
    if (added.outcome !== 'added') throw new Error(`Contact ${String(n)} was not added: ${added.outcome}`);
    ids.push(added.contactId);
  }
  return ids;
}

export const attemptAt = (contactId: ContactId, call: string, id: CampaignId = SPRING): AttemptToWrite => ({
  callId: callId(call),
  campaignId: id,
  contactId,
  trunk: trunkName('carrier'),
  writtenAtMs: NOON_MS,
});

/** An event so many ms after noon. */
export const happened = (afterMs: number, body: DialerEventBody): DialerEvent => ({
  atMs: epochMs(NOON_MS + afterMs),
  ...body,
});

/** The two events that close an attempt. */
export function endedAs(
  contactId: ContactId,
  call: string,
  outcome: { readonly cause: 'busy' | 'no-answer' | 'congestion'; readonly redialAfterMs: number | undefined; readonly isCounted: boolean },
): DialerEvent[] {
  return [
    happened(1_000, {
      type: 'attempt-ended',
      callId: callId(call),
      campaignId: SPRING,
      contactId,
      cause: outcome.cause,
      q850: 17,
      sipCode: 486,
      verdict: undefined,
      agentId: undefined,
      talkMs: 0,
    }),
    happened(1_000, {
      type: 'contact-settled',
      contactId,
      campaignId: SPRING,
      callId: callId(call),
      outcome: outcome.redialAfterMs === undefined ? 'closed' : 'redial',
      redialAtMs: outcome.redialAfterMs === undefined ? undefined : epochMs(NOON_MS + outcome.redialAfterMs),
      isCounted: outcome.isCounted,
      why: `ended as ${outcome.cause}`,
    }),
  ];
}

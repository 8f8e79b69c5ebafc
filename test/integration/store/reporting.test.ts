import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.js';
import { agentId, callId, campaignId, phoneName, trunkName, type ContactId } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';
import {
  addTestContacts,
  attemptAt,
  emptyStoreFile,
  endedAs,
  fictionNumber,
  happened,
  makeFolder,
  NOON_MS,
  openTestStore,
  putTestAgent,
  putTestCampaign,
  SPRING,
} from './store-harness.js';

let folder: ReturnType<typeof makeFolder>;
let store: Store;
let ids: ContactId[];

beforeAll(async () => {
  folder = makeFolder();
  ({ store } = await openTestStore(join(folder.folder, 'outdial.sqlite')));
});

beforeEach(async () => {
  emptyStoreFile(join(folder.folder, 'outdial.sqlite'));
  await putTestCampaign(store);
  ids = await addTestContacts(store, 5);
});

afterAll(async () => {
  await store.close();
  folder.remove();
});

const today = { fromMs: NOON_MS, toMs: epochMs(NOON_MS + 86_400_000) };

/** All pages of a list, following the cursors. */
async function everyPage<Item>(
  list: (cursor: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly nextCursor: string | undefined }>,
): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    pages.push([...page.items]);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}

test('pages of contacts, attempts and numbers hold everything once, also at one instant', async () => {
  await store.writeAttempts(ids.map((id, n) => attemptAt(id, `call-${String(n)}`)));
  for (let n = 0; n < 5; n += 1) {
    await store.addDoNotCall({ who: { number: fictionNumber(50 + n) }, source: 'api', atMs: NOON_MS });
  }
  const contacts = await everyPage((cursor) => store.listContacts({ campaignId: SPRING, limit: 2, cursor }));
  expect(contacts.map((page) => page.map((contact) => contact.contactId))).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  const attempts = await everyPage((cursor) => store.listAttempts({ campaignId: SPRING, limit: 2, cursor }));
  expect(attempts.map((page) => page.map((attempt) => attempt.callId))).toEqual([['call-4', 'call-3'], ['call-2', 'call-1'], ['call-0']]);
  const numbers = await everyPage((cursor) => store.listDoNotCall({ limit: 5, cursor }));
  expect(numbers.map((page) => page.length)).toEqual([5]);
});

test('today’s counts by campaign, with the abandon ratio of the people and the answer ratio', async () => {
  await store.writeAttempts(ids.map((id, n) => attemptAt(id, `call-${String(n)}`)));
  const call = (n: number) => callId(`call-${String(n)}`);
  const answered = (n: number, verdict: 'person' | 'machine') => [
    happened(2_000, { type: 'call-answered', callId: call(n) }),
    happened(3_000, { type: 'call-analysed', callId: call(n), stage: 'decided', machineProbabilityRatio: 0.1, detail: undefined, modelName: 'lengths', features: {}, verdict, probabilityRatio: 0.9, reason: '', decidedAfterMs: 900 }),
  ];
  store.apply([
    ...ids.slice(0, 4).map((_, n) => happened(10, { type: 'call-originated', callId: call(n), trunk: trunkName('carrier') })),
    ...answered(0, 'person'),
    happened(3_050, { type: 'call-connected', callId: call(0), agentId: agentId('ada'), sinceAnswerMs: 1_050, sinceVerdictMs: 50 }),
    ...answered(1, 'person'),
    happened(5_000, { type: 'call-abandoned', callId: call(1), waitedMs: 2_000 }),
    ...answered(2, 'machine'),
    ...endedAs(ids[3]!, 'call-3', { cause: 'busy', redialAfterMs: 1_000, isCounted: true }),
  ]);
  await store.addDoNotCall({ who: { contactId: ids[1]! }, source: 'contact-keyed-9', atMs: NOON_MS });
  await store.flush();
  expect(await store.countAttempts(today)).toEqual([
    {
      campaignId: SPRING,
      attemptCount: 5,
      originatedCount: 4,
      answeredCount: 3,
      countByVerdict: { person: 2, machine: 1, screening: 0, menu: 0, fax: 0, intercept: 0, busy: 0, ringing: 0, silence: 0, unsure: 0 },
      connectedCount: 1,
      takenBackCount: 0,
      abandonedCount: 1,
      endedCount: 1,
      countByCause: { busy: 1 },
      unansweredCountByCause: { busy: 1 },
      doNotCallCount: 1,
      abandonRatio: 0.5,
      answerRatio: 0.75,
    },
  ]);
  expect(await store.countAttempts({ fromMs: epochMs(0), toMs: NOON_MS })).toEqual([]);
  expect(await store.countContacts(SPRING)).toEqual({ open: 1, 'in-progress': 3, closed: 0, 'do-not-call': 1 });
});

test('attempts are filtered by what happened to them', async () => {
  await store.writeAttempts(ids.map((id, n) => attemptAt(id, `call-${String(n)}`)));
  store.apply([
    ...endedAs(ids[0]!, 'call-0', { cause: 'busy', redialAfterMs: 1_000, isCounted: true }),
    happened(4_000, { type: 'recording-finished', callId: callId('call-1'), path: 'spring/call-1.wav', audioMs: 900, isWhole: true }),
    happened(4_000, { type: 'disposition-set', callId: callId('call-2'), agentId: agentId('ada'), disposition: 'sale', isByAgent: false, answeredBy: undefined }),
  ]);
  await store.flush();
  const found = async (filter: Omit<Parameters<Store['listAttempts']>[0], 'limit'>) =>
    (await store.listAttempts({ limit: 10, ...filter })).items.map((attempt) => attempt.callId);
  expect(await found({ cause: 'busy' })).toEqual(['call-0']);
  expect(await found({ hasRecording: true })).toEqual(['call-1']);
  expect(await found({ disposition: 'sale' })).toEqual(['call-2']);
  expect(await found({ contactId: ids[3]! })).toEqual(['call-3']);
  expect(await found({ isOpen: true })).toEqual(['call-4', 'call-3', 'call-2', 'call-1']);
  expect(await found({ fromMs: epochMs(NOON_MS + 1) })).toEqual([]);
  expect(await found({ campaignId: campaignId('autumn') })).toEqual([]);
});

test('an agent’s states and sessions are a log with reasons', async () => {
  await putTestAgent(store);
  const change = (atMs: number, from: 'offline' | 'available' | 'paused', state: 'offline' | 'available' | 'paused', reason?: string) =>
    happened(atMs, {
      type: 'agent-changed', agentId: agentId('ada'), campaignId: SPRING, phone: phoneName('1001'), state, from, reason,
      callId: undefined, lineCallId: state === 'offline' ? undefined : callId('line-1'),
    });
  store.apply([
    change(0, 'offline', 'available'),
    change(1_000, 'available', 'paused', 'lunch'),
    change(2_000, 'paused', 'offline', 'phone unregistered'),
    change(3_000, 'offline', 'available'),
  ]);
  await store.flush();
  const states = await store.listAgentStates(agentId('ada'), today);
  expect(states.map(({ state, reason }) => [state, reason])).toEqual([
    ['available', undefined],
    ['paused', 'lunch'],
    ['offline', 'phone unregistered'],
    ['available', undefined],
  ]);
  expect(await store.listAgentSessions(agentId('ada'), today)).toMatchObject([
    { startedAtMs: NOON_MS, endedAtMs: NOON_MS + 2_000, endedWhy: 'phone unregistered' },
    { startedAtMs: NOON_MS + 3_000, endedAtMs: undefined },
  ]);
  expect(await store.getAgent(agentId('ada'))).toMatchObject({ state: 'available', stateSinceMs: NOON_MS + 3_000, lineCallId: 'line-1' });
});

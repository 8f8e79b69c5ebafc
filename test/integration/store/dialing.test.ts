import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.js';
import { agentId, callId, contactId, phoneName, tenantId, trunkName } from '../../../src/units/ids.js';
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
  type Told,
} from './store-harness.js';

let folder: ReturnType<typeof makeFolder>;
let file: string;
let store: Store;
let told: Told;

beforeAll(async () => {
  folder = makeFolder();
  file = join(folder.folder, 'outdial.sqlite');
  ({ store, told } = await openTestStore(file));
});

beforeEach(async () => {
  emptyStoreFile(file);
  told.faults.length = 0;
  told.failed.length = 0;
  await putTestCampaign(store);
});

afterEach(async () => {
  await store.flush();
});

afterAll(async () => {
  await store.close();
  folder.remove();
});

async function reopen(): Promise<void> {
  await store.close();
  ({ store, told } = await openTestStore(file));
}

const fetch = (count: number, afterMs = 0) =>
  store.fetchContacts({ campaignId: SPRING, count, nowMs: epochMs(NOON_MS + afterMs) });

test('contacts are offered once, by priority and then by who has been due longest', async () => {
  const add = (n: number, priority: number, dueAfterMs: number) =>
    store.addContact({
      campaignId: SPRING,
      number: fictionNumber(n),
      name: '',
      fields: {},
      priority,
      dueAtMs: NOON_MS + dueAfterMs,
    });
  await add(1, 0, -1_000);
  await add(2, 0, -5_000);
  await add(3, 5, -1);
  await add(4, 9, 60_000);
  await add(5, 0, 30_000);

  const first = await fetch(2);
  expect(first.contacts.map(({ number }) => number)).toEqual([fictionNumber(3), fictionNumber(2)]);
  expect(first.nextDueAtMs).toBe(NOON_MS);
  const second = await fetch(10);
  expect(second.contacts.map(({ number }) => number)).toEqual([fictionNumber(1)]);
  expect(second.nextDueAtMs).toBe(NOON_MS + 30_000);
  const third = await fetch(10, 100_000);
  expect(third.contacts.map(({ number }) => number)).toEqual([fictionNumber(4), fictionNumber(5)]);
  expect(third.nextDueAtMs).toBeUndefined();
});

test('a returned contact is offered again, and so is everyone after a restart', async () => {
  const [a, b] = await addTestContacts(store, 2);
  expect((await fetch(5)).contacts).toHaveLength(2);
  expect((await fetch(5)).contacts).toHaveLength(0);
  store.returnContacts([b!]);
  expect((await fetch(5)).contacts.map((contact) => contact.contactId)).toEqual([b]);
  await reopen();
  expect((await fetch(5)).contacts.map((contact) => contact.contactId)).toEqual([a, b]);
});

test('an offered contact carries number, name and the other columns', async () => {
  const [id] = await addTestContacts(store, 1);
  expect((await fetch(1)).contacts).toEqual([
    { contactId: id, number: fictionNumber(0), name: 'Person 0', fields: { city: 'Springfield' }, attemptCount: 0, countByCause: {} },
  ]);
});

test('a contact has never two live attempts, and an attempt id serves once', async () => {
  const [a, b] = await addTestContacts(store, 2);
  expect(await store.writeAttempts([attemptAt(a!, 'call-1'), attemptAt(a!, 'call-2')])).toEqual(['written', 'store-failed']);
  expect(await store.writeAttempts([attemptAt(a!, 'call-3'), attemptAt(b!, 'call-1')])).toEqual(['store-failed', 'store-failed']);
  expect(told.faults).toHaveLength(3);
  expect(told.faults[0]).toContain('call-1 is not settled');
  expect(told.failed).toEqual([]);
  expect((await store.listAttempts({ limit: 10 })).items.map((attempt) => attempt.callId)).toEqual(['call-1']);
});

test('an attempt at a contact of another campaign, or at nobody, is refused', async () => {
  await addTestContacts(store, 1);
  expect(await store.writeAttempts([attemptAt(contactId('77'), 'call-1'), attemptAt(contactId('x'), 'call-2')])).toEqual([
    'store-failed',
    'store-failed',
  ]);
});

test('a number on the do-not-call list is refused at the writing of the attempt, in every campaign', async () => {
  const [a] = await addTestContacts(store, 1);
  const autumn = 'autumn' as typeof SPRING;
  await putTestCampaign(store, autumn);
  const [twin] = await addTestContacts(store, 1, autumn);
  await fetch(1);
  // Not awaited: what is asked first must hold for what is asked next.
  const added = store.addDoNotCall({ who: { contactId: a! }, source: 'contact-keyed-9', atMs: NOON_MS });
  const written = store.writeAttempts([attemptAt(a!, 'call-1'), attemptAt(twin!, 'call-2', autumn)]);
  expect(await added).toBe(true);
  expect(await written).toEqual(['do-not-call', 'do-not-call']);
  expect((await store.getContact(twin!))?.status).toBe('do-not-call');
  expect((await fetch(5)).contacts).toEqual([]);
});

test('a contact who asks during a call is barred although the call is settled as redial', async () => {
  const [a] = await addTestContacts(store, 1);
  await store.writeAttempts([attemptAt(a!, 'call-1')]);
  await store.addDoNotCall({ who: { number: fictionNumber(0) }, source: 'api', atMs: NOON_MS });
  store.apply(endedAs(a!, 'call-1', { cause: 'busy', redialAfterMs: 0, isCounted: true }));
  expect(await store.flush()).toBe(0);
  expect((await store.getContact(a!))?.status).toBe('do-not-call');
  expect((await fetch(5, 10_000)).contacts).toEqual([]);
});

test('a settled contact comes back when it is due, with its counts', async () => {
  const [a] = await addTestContacts(store, 1);
  await fetch(1);
  await store.writeAttempts([attemptAt(a!, 'call-1')]);
  store.apply(endedAs(a!, 'call-1', { cause: 'busy', redialAfterMs: 60_000, isCounted: true }));
  const early = await fetch(1, 59_999);
  expect(early).toEqual({ contacts: [], nextDueAtMs: NOON_MS + 60_000 });
  const due = await fetch(1, 60_000);
  expect(due.contacts[0]).toMatchObject({ contactId: a, attemptCount: 1, countByCause: { busy: 1 } });

  await store.writeAttempts([attemptAt(a!, 'call-2')]);
  store.apply(endedAs(a!, 'call-2', { cause: 'congestion', redialAfterMs: 60_000, isCounted: false }));
  expect((await fetch(1, 60_000)).contacts[0]).toMatchObject({ attemptCount: 1, countByCause: { busy: 1, congestion: 1 } });
});

test('a refused attempt pushes its contact back, and cannot reopen a closed one', async () => {
  const [a, b] = await addTestContacts(store, 2);
  await store.closeContact(SPRING, b!, 'moved away');
  expect(await store.writeAttempts([attemptAt(b!, 'call-2')])).toEqual(['store-failed']);
  store.apply([
    ...endedAs(a!, 'call-1', { cause: 'congestion', redialAfterMs: 90_000, isCounted: false }),
    ...endedAs(b!, 'call-2', { cause: 'congestion', redialAfterMs: 90_000, isCounted: false }),
  ]);
  await store.flush();
  expect(await store.getContact(a!)).toMatchObject({ status: 'open', dueAtMs: NOON_MS + 90_000, attemptCount: 0, countByCause: {} });
  expect(await store.getContact(b!)).toMatchObject({ status: 'closed', statusWhy: 'moved away' });
});

test('an attempt is settled once: the second word is late', async () => {
  const [a] = await addTestContacts(store, 1);
  await store.writeAttempts([attemptAt(a!, 'call-1')]);
  const closed = endedAs(a!, 'call-1', { cause: 'busy', redialAfterMs: undefined, isCounted: true });
  store.apply(closed);
  store.apply(endedAs(a!, 'call-1', { cause: 'busy', redialAfterMs: 0, isCounted: true }));
  await store.flush();
  expect(await store.getContact(a!)).toMatchObject({ status: 'closed', attemptCount: 1 });
});

test('every instant and word of a call is kept with its attempt', async () => {
  const [a] = await addTestContacts(store, 1);
  await putTestAgent(store);
  await store.writeAttempts([attemptAt(a!, 'call-1')]);
  const call = callId('call-1');
  const ada = agentId('ada');
  store.apply([
    happened(10.4, { type: 'call-originated', callId: call, trunk: trunkName('carrier') }),
    happened(20, { type: 'call-changed', callId: call, campaignId: SPRING, contactId: a!, state: 'ringing', from: 'dialling' }),
    happened(3_000, { type: 'call-answered', callId: call }),
    happened(4_000, { type: 'call-analysed', callId: call, stage: 'decided', machineProbabilityRatio: 0.1, detail: undefined, modelName: 'lengths', features: {}, verdict: 'person', probabilityRatio: 0.93, reason: 'short greeting', decidedAfterMs: 812.5 }),
    happened(4_050, { type: 'call-connected', callId: call, agentId: ada, sinceAnswerMs: 1_050, sinceVerdictMs: 50 }),
    happened(9_000, { type: 'recording-finished', callId: call, path: 'spring/call-1.wav', audioMs: 5_000, isWhole: true }),
    happened(9_000, {
      type: 'attempt-ended', callId: call, campaignId: SPRING, contactId: a!, cause: 'contact-hung-up', q850: 16,
      sipCode: undefined, verdict: 'person', agentId: ada, talkMs: 4_950,
    }),
    happened(12_000, { type: 'disposition-set', callId: call, agentId: ada, disposition: 'sale', isByAgent: true, answeredBy: 'person' }),
    happened(12_000, {
      type: 'contact-settled', contactId: a!, campaignId: SPRING, callId: call, outcome: 'closed', redialAtMs: undefined,
      isCounted: true, why: 'sale',
    }),
  ]);
  await store.flush();
  expect(await store.getAttempt(call)).toMatchObject({
    number: fictionNumber(0),
    agentId: ada,
    state: 'ended',
    writtenAtMs: NOON_MS,
    originatedAtMs: NOON_MS + 10,
    ringingAtMs: NOON_MS + 20,
    answeredAtMs: NOON_MS + 3_000,
    verdictAtMs: NOON_MS + 4_000,
    connectedAtMs: NOON_MS + 4_050,
    endedAtMs: NOON_MS + 9_000,
    settledAtMs: NOON_MS + 12_000,
    verdict: 'person',
    verdictProbabilityRatio: 0.93,
    decidedAfterMs: 812.5,
    cause: 'contact-hung-up',
    blame: 'contact',
    q850: 16,
    talkMs: 4_950,
    disposition: 'sale',
    isDisposedByAgent: true,
    recordingPath: 'spring/call-1.wav',
    isRecordingWhole: true,
    outcome: 'closed',
  });
  expect(told.faults).toEqual([]);
});

test('after a restart, open attempts, agents with a line and running campaigns are known', async () => {
  const [a, b, c] = await addTestContacts(store, 3);
  await putTestAgent(store, 'ada');
  await putTestAgent(store, 'bob');
  await putTestAgent(store, 'cem');
  await store.writeAttempts([attemptAt(a!, 'call-1'), attemptAt(b!, 'call-2'), attemptAt(c!, 'call-3')]);
  const agent = (id: string, state: 'on-call' | 'paused' | 'offline', line: string | undefined, reason: string | undefined, call?: string) =>
    happened(5_000, {
      type: 'agent-changed', agentId: agentId(id), campaignId: SPRING, phone: phoneName('1001'), state, from: 'available',
      reason, callId: call === undefined ? undefined : callId(call), lineCallId: line === undefined ? undefined : callId(line),
    });
  store.apply([
    happened(0, { type: 'campaign-changed', campaignId: SPRING, state: 'idle', hint: 'outside the calling hours' }),
    ...endedAs(a!, 'call-1', { cause: 'busy', redialAfterMs: 1, isCounted: true }),
    happened(2_000, { type: 'call-answered', callId: callId('call-2') }),
    happened(3_000, { type: 'call-connected', callId: callId('call-2'), agentId: agentId('ada'), sinceAnswerMs: 1_000, sinceVerdictMs: 20 }),
    agent('ada', 'on-call', 'line-ada', undefined, 'call-2'),
    agent('bob', 'paused', 'line-bob', 'lunch'),
    agent('cem', 'offline', undefined, 'hung up'),
    endedAs(c!, 'call-3', { cause: 'busy', redialAfterMs: 1, isCounted: true })[0]!,
  ]);
  await reopen();
  const state = await store.restore();
  expect(state.peopleReached).toEqual([{ campaignId: SPRING, atMs: NOON_MS, connectedCount: 1, abandonedCount: 0 }]);
  expect(state.campaigns).toEqual([{ campaignId: SPRING, isRunning: true }]);
  expect(state.openAttempts).toEqual([
    {
      callId: 'call-2', campaignId: SPRING, contact: { contactId: b, attemptCount: 0, countByCause: {} },
      answeredAtMs: NOON_MS + 2_000, connectedAtMs: NOON_MS + 3_000, agentId: 'ada', isInWrapUp: false,
    },
    {
      callId: 'call-3', campaignId: SPRING, contact: { contactId: c, attemptCount: 0, countByCause: {} },
      answeredAtMs: undefined, connectedAtMs: undefined, agentId: undefined, isInWrapUp: true,
    },
  ]);
  expect(state.agentLines).toEqual([
    { agentId: 'ada', phone: '1001', lineCallId: 'line-ada', pauseReason: undefined },
    { agentId: 'bob', phone: '1001', lineCallId: 'line-bob', pauseReason: 'lunch' },
  ]);
  // Those contacts are not offered while their attempts are open.
  expect((await fetch(9, 5_000)).contacts.map((contact) => contact.contactId)).toEqual([a]);
});

test('a PIN is checked, and another one, an unknown agent or a former PIN is wrong', async () => {
  await putTestAgent(store, 'ada', '4711');
  expect(await store.checkPin(agentId('ada'), '4711')).toBe(true);
  expect(await store.checkPin(agentId('ada'), '4712')).toBe(false);
  expect(await store.checkPin(agentId('eve'), '4711')).toBe(false);
  await putTestAgent(store, 'ada', '0815');
  expect(await store.checkPin(agentId('ada'), '4711')).toBe(false);
  expect(await store.checkPin(agentId('ada'), '0815')).toBe(true);
  expect(await store.putAgent({ agentId: agentId('new'), name: 'New', phone: phoneName('1002'), campaignId: SPRING })).toBe(false);
});

test('an event that is itself at fault is left out alone, and said', async () => {
  const [a] = await addTestContacts(store, 1);
  await store.writeAttempts([attemptAt(a!, 'call-1')]);
  store.apply([
    happened(Number.NaN, { type: 'alarm-raised', alarm: 'impossible-event', detail: 'an instant that is none' }),
    ...endedAs(a!, 'call-1', { cause: 'busy', redialAfterMs: undefined, isCounted: true }),
  ]);
  await store.flush();
  expect((await store.getContact(a!))?.status).toBe('closed');
  expect(told.faults).toHaveLength(1);
  expect(told.faults[0]).toContain('alarm-raised');
  expect(told.failed).toEqual([]);
});

test('one tenant sees and changes nothing of another', async () => {
  const [a] = await addTestContacts(store, 1);
  await putTestAgent(store, 'ada', '4711');
  await store.writeAttempts([attemptAt(a!, 'call-1')]);
  await store.addDoNotCall({ who: { number: fictionNumber(50) }, source: 'api', atMs: NOON_MS });
  store.apply([
    happened(0, { type: 'campaign-changed', campaignId: SPRING, state: 'running', hint: '' }),
    happened(0, { type: 'alarm-raised', alarm: 'trunk-down', detail: 'carrier' }),
    happened(0, {
      type: 'agent-changed', agentId: agentId('ada'), campaignId: SPRING, phone: phoneName('1001'), state: 'available',
      from: 'logging-in', reason: undefined, callId: undefined, lineCallId: callId('line-ada'),
    }),
  ]);
  await store.flush();

  const { store: other } = await openTestStore(file, { tenantId: tenantId('globex') });
  try {
    const span = { fromMs: epochMs(0), toMs: epochMs(NOON_MS * 2) };
    expect(await other.listCampaigns()).toEqual([]);
    expect(await other.getCampaign(SPRING)).toBeUndefined();
    expect(await other.listAgents()).toEqual([]);
    expect(await other.getAgent(agentId('ada'))).toBeUndefined();
    expect(await other.checkPin(agentId('ada'), '4711')).toBe(false);
    expect(await other.listAgentStates(agentId('ada'), span)).toEqual([]);
    expect(await other.listAgentSessions(agentId('ada'), span)).toEqual([]);
    expect((await other.listContacts({ campaignId: SPRING, limit: 10 })).items).toEqual([]);
    expect(await other.getContact(a!)).toBeUndefined();
    expect(await other.countContacts(SPRING)).toMatchObject({ open: 0, 'in-progress': 0 });
    expect((await other.listAttempts({ limit: 10 })).items).toEqual([]);
    expect(await other.getAttempt(callId('call-1'))).toBeUndefined();
    expect(await other.countAttempts(span)).toEqual([]);
    expect((await other.listDoNotCall({ limit: 10 })).items).toEqual([]);
    expect((await other.listAlarms({ limit: 10 })).items).toEqual([]);
    expect(await other.listImports()).toEqual([]);
    expect(await other.restore()).toEqual({ campaigns: [], openAttempts: [], agentLines: [], peopleReached: [] });
    expect((await other.fetchContacts({ campaignId: SPRING, count: 5, nowMs: NOON_MS })).contacts).toEqual([]);

    await putTestCampaign(other);
    expect(await other.writeAttempts([attemptAt(a!, 'call-9')])).toEqual(['store-failed']);
    expect(await other.addDoNotCall({ who: { contactId: a! }, source: 'agent', atMs: NOON_MS })).toBe(false);
    await other.addDoNotCall({ who: { number: fictionNumber(0) }, source: 'api', atMs: NOON_MS });
    expect(await other.removeDoNotCall(fictionNumber(50))).toBe(false);
    expect(await other.removeAgent(agentId('ada'))).toBe(false);
    expect(await other.closeContact(SPRING, a!, 'not ours')).toBe(false);
    other.apply([
      ...endedAs(a!, 'call-1', { cause: 'busy', redialAfterMs: undefined, isCounted: true }),
      happened(9, { type: 'campaign-changed', campaignId: SPRING, state: 'stopped', hint: 'theirs' }),
      happened(9, { type: 'alarm-cleared', alarm: 'trunk-down' }),
    ]);
    await other.flush();
  } finally {
    await other.close();
  }
  expect(await store.getContact(a!)).toMatchObject({ status: 'in-progress', openCallId: 'call-1' });
  expect((await store.getAttempt(callId('call-1')))?.endedAtMs).toBeUndefined();
  expect((await store.getCampaign(SPRING))?.runState).toBe('running');
  expect((await store.listAlarms({ limit: 10 })).items[0]?.clearedAtMs).toBeUndefined();
  expect((await store.listDoNotCall({ limit: 10 })).items.map(({ number }) => number)).toEqual([fictionNumber(50)]);
});

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSqlite } from '../../../src/store/open-sqlite.js';
import { StoreUnavailableError } from '../../../src/store/storage-failure.js';
import type { Store } from '../../../src/store/store.js';
import { callId, type ContactId } from '../../../src/units/ids.js';
import {
  addTestContacts,
  attemptAt,
  endedAs,
  happened,
  makeFolder,
  NOON_MS,
  openTestStore,
  putTestCampaign,
  SPRING,
  type Told,
} from './store-harness.js';
import { childArguments } from './typescript-child.js';

let folder: ReturnType<typeof makeFolder>;

beforeEach(() => {
  folder = makeFolder();
});

afterEach(() => {
  folder.remove();
});

/** Events that take room, until the store has said that it cannot write. */
async function fillWithEvents(store: Store, told: Told): Promise<number> {
  let count = 0;
  while (told.failed.length === 0) {
    store.apply(
      Array.from({ length: 200 }, (_, n) =>
        happened(n, { type: 'alarm-raised', alarm: 'impossible-event', detail: `alarm ${String(count + n)} ${'x'.repeat(500)}` }),
      ),
    );
    count += 200;
    await store.flush();
  }
  return count;
}

async function checkFailureAndRecovery(store: Store, told: Told, makeRoom: () => void, ids: readonly ContactId[]): Promise<void> {
  const [live, waiting] = ids;
  expect(await store.writeAttempts([attemptAt(live!, 'call-live')])).toEqual(['written']);
  const eventCount = await fillWithEvents(store, told);
  expect(told.failed).toHaveLength(1);
  expect(told.failed[0]).toContain('SQLITE_FULL');

  // Dialling stops; what a person asks for is refused in words; reading goes on.
  expect(await store.writeAttempts([attemptAt(waiting!, 'call-2')])).toEqual(['store-failed']);
  await expect(putTestCampaign(store)).rejects.toBeInstanceOf(StoreUnavailableError);
  expect((await store.getContact(live!))?.status).toBe('in-progress');

  // The call in progress goes on, ends, and its contact asks not to be called again: all that is kept.
  store.apply(endedAs(live!, 'call-live', { cause: 'busy', redialAfterMs: 0, isCounted: true }));
  expect(await store.addDoNotCall({ who: { contactId: waiting! }, source: 'agent', atMs: NOON_MS })).toBe(true);
  expect(await store.flush()).toBeGreaterThan(0);
  expect(told.recoveredCount).toBe(0);

  makeRoom();
  await vi.waitFor(() => { expect(told.recoveredCount).toBe(1); }, { timeout: 10_000, interval: 20 });
  expect(await store.writeAttempts([attemptAt(waiting!, 'call-3')])).toEqual(['do-not-call']);
  expect(await store.flush()).toBe(0);
  expect(await store.getAttempt(callId('call-live'))).toMatchObject({ cause: 'busy', outcome: 'redial' });
  expect((await store.getContact(live!))?.attemptCount).toBe(1);
  expect(await countAlarms(store)).toEqual({ count: eventCount, isInOrder: true });
  expect(told.failed).toHaveLength(1);
  expect(told.faults).toEqual([]);
}

async function countAlarms(store: Store): Promise<{ readonly count: number; readonly isInOrder: boolean }> {
  const numbers: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.listAlarms({ limit: 1000, cursor });
    for (const { detail } of page.items) numbers.push(Number(detail.split(' ')[1]));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return { count: numbers.length, isInOrder: numbers.reverse().every((number, index) => number === index) };
}

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)('a full disk stops dialling, loses nothing, and once there is room all goes on', async ({ skip }) => {
  const disk = join(folder.folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    skip(`This machine does not let us mount a small disk: ${String(error)}`);
  }
  try {
    const { store, told } = await openTestStore(join(disk, 'outdial.sqlite'));
    try {
      await putTestCampaign(store);
      const ids = await addTestContacts(store, 2);
      writeFileSync(join(disk, 'ballast'), new Uint8Array(6 * 1024 * 1024));
      await checkFailureAndRecovery(store, told, () => { rmSync(join(disk, 'ballast')); }, ids);
      expect(statfsSync(disk).bavail).toBeGreaterThan(0);
    } finally {
      await store.close();
    }
    const check = openSqlite({ file: join(disk, 'outdial.sqlite'), isReadOnly: false });
    expect(check.pragma('integrity_check')).toBe('ok');
    check.close();
  } finally {
    execFileSync('umount', ['--lazy', disk]);
  }
});

test('a file at its largest allowed size fails attempts and keeps events, without an end of the process', async () => {
  const file = join(folder.folder, 'outdial.sqlite');
  const { store, told } = await openTestStore(file, { pageCountMax: 150 });
  await putTestCampaign(store);
  const [live, waiting] = await addTestContacts(store, 2);
  expect(await store.writeAttempts([attemptAt(live!, 'call-live')])).toEqual(['written']);
  await fillWithEvents(store, told);
  expect(told.failed[0]).toContain('the disk is full');
  expect(await store.writeAttempts([attemptAt(waiting!, 'call-2')])).toEqual(['store-failed']);
  store.apply(endedAs(live!, 'call-live', { cause: 'busy', redialAfterMs: 0, isCounted: true }));
  const leftCount = await store.flush();
  expect(leftCount).toBeGreaterThanOrEqual(2);
  await store.close();
  expect(told.recoveredCount).toBe(0);

  const { store: again, told: toldAgain } = await openTestStore(file);
  expect((await again.restore()).openAttempts.map((attempt) => attempt.callId)).toEqual(['call-live']);
  expect(toldAgain.failed).toEqual([]);
  await again.close();
});

test('another program that holds the write lock delays writing, and loses nothing', async () => {
  const file = join(folder.folder, 'outdial.sqlite');
  const { store, told } = await openTestStore(file);
  await putTestCampaign(store);
  const [a] = await addTestContacts(store, 1);
  const other = openSqlite({ file, isReadOnly: false });
  other.exec('begin immediate');
  const written = store.writeAttempts([attemptAt(a!, 'call-1')]);
  // Reading, in the other thread, is not held up.
  expect((await store.getContact(a!))?.status).toBe('open');
  other.exec('commit');
  other.close();
  expect(await written).toEqual(['written']);
  expect(told.failed).toEqual([]);
  await store.close();
});

test('kill -9 in the midst of writing: every attempt that was said to be written is there, and nothing is torn', async () => {
  const file = join(folder.folder, 'outdial.sqlite');
  const { store } = await openTestStore(file);
  await putTestCampaign(store);
  await addTestContacts(store, 100);
  await store.close();

  const child = spawn(process.execPath, childArguments(new URL('./dial-child.ts', import.meta.url), [file]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === 300) child.kill('SIGKILL');
  }
  expect((await ended)[1]).toBe('SIGKILL');
  const said = (word: string) => lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));

  const check = openSqlite({ file, isReadOnly: false });
  expect(check.pragma('integrity_check')).toBe('ok');
  const found = check.prepare('select call_id from attempts').all() as { readonly call_id: string }[];
  const kept = new Set(found.map((row) => row.call_id));
  expect(said('attempt').length).toBeGreaterThan(100);
  expect(said('attempt').filter((id) => !kept.has(id))).toEqual([]);
  // Contacts in progress and open attempts are the same set: nobody is dialled twice, nobody is forgotten.
  const inProgress = check.prepare('select open_call_id as id from contacts where open_call_id is not null order by 1').all();
  const open = check.prepare('select call_id as id from attempts where settled_at_ms is null order by 1').all();
  expect(inProgress).toEqual(open);
  check.close();

  const { store: again } = await openTestStore(file);
  expect((await again.restore()).openAttempts).toHaveLength(open.length);
  for (const id of said('barred')) expect((await again.getContact(id as ContactId))?.status).toBe('do-not-call');
  const { contacts } = await again.fetchContacts({ campaignId: SPRING, count: 200, nowMs: NOON_MS });
  const openContacts = new Set((await again.restore()).openAttempts.map((attempt) => attempt.contact.contactId));
  expect(contacts.filter(({ contactId }) => openContacts.has(contactId))).toEqual([]);
  await again.close();
});

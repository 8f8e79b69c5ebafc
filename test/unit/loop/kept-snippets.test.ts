import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeptSnippets } from '../../../src/loop/kept-snippets.js';
import { callId } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';

const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2026, 2, 3, 12);
let folder: string;
let nowMs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-snippets-'));
  nowMs = NOON_MS;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const snippets = (samples: Int16Array | undefined): KeptSnippets =>
  new KeptSnippets({
    snippet: () => Promise.resolve(samples),
    wavOf: (heard) => Uint8Array.from(heard),
    recordingsFolder: folder,
    days: 30,
    nowEpochMs: () => epochMs(nowMs),
  });

it('keeps what was heard below the recordings folder, and nothing where nothing is to be had', async () => {
  expect(await snippets(undefined).keep(callId('od-1'))).toBeUndefined();
  expect(existsSync(join(folder, 'snippets'))).toBe(false);
  expect(await snippets(Int16Array.of(1, 2, 3)).keep(callId('od-1'))).toBe('snippets/od-1.wav');
  expect([...(await readFile(join(folder, 'snippets/od-1.wav')))]).toEqual([1, 2, 3]);
});

it('deletes what is older than its days, and only that', async () => {
  const kept = snippets(Int16Array.of(1));
  expect(await kept.deleteOld()).toBe(0);
  for (const id of ['old', 'young']) await kept.keep(callId(id));
  const setAge = (id: string, days: number): void => utimesSync(join(folder, 'snippets', `${id}.wav`), new Date(), new Date(NOON_MS - days * DAY_MS));
  setAge('old', 31);
  setAge('young', 29);
  expect(await kept.deleteOld()).toBe(1);
  expect(existsSync(join(folder, 'snippets/old.wav'))).toBe(false);
  expect(existsSync(join(folder, 'snippets/young.wav'))).toBe(true);
});

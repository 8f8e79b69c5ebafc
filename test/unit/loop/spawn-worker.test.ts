import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { spawnWorker } from '../../../src/loop/spawn-worker.js';

const folder = mkdtempSync(join(tmpdir(), 'outdial-spawn-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first message of a worker, or its error. */
async function firstMessage(file: URL, workerData: unknown): Promise<unknown> {
  const worker = spawnWorker(file, { name: 'under-test', workerData });
  try {
    const [message] = (await once(worker, 'message')) as [unknown];
    return message;
  } finally {
    await worker.terminate();
  }
}

test('runs a built .js module as it is', async () => {
  const path = join(folder, 'built.mjs');
  writeFileSync(path, `import { parentPort, workerData } from 'node:worker_threads'; parentPort.postMessage(workerData * 2);`);
  expect(await firstMessage(pathToFileURL(path), 21)).toBe(42);
});

test('runs from TypeScript sources where there is no build, imports included', async () => {
  writeFileSync(join(folder, 'part.ts'), `export const double = (value: number): number => value * 2;\n`);
  writeFileSync(
    join(folder, 'source.ts'),
    `import { parentPort, workerData } from 'node:worker_threads';
     import { double } from './part.js';
     parentPort?.postMessage(double(workerData as number));`,
  );
  expect(await firstMessage(pathToFileURL(join(folder, 'source.js')), 21)).toBe(42);
});

test('says so when there is no such module', () => {
  const file = pathToFileURL(join(folder, 'absent.js'));
  expect(() => spawnWorker(file, { name: 'absent', workerData: undefined })).toThrow(/no worker module/);
});

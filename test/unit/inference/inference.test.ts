import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort, Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { spawnInferenceThread, SPEECH_MODEL_FILE, startInference, type Inference } from '../../../src/inference/inference.js';
import { blankScoreBatch, bufferOf, SAMPLES_PER_ROW, type ScoreBatch } from '../../../src/inference/score-batch.js';
import { tinyModel } from '../../support/tiny-model.js';

const folder = mkdtempSync(join(tmpdir(), 'outdial-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const started: Inference[] = [];
afterEach(async () => {
  for (const inference of started.splice(0)) await inference.close();
});

interface Started {
  readonly inference: Inference;
  readonly threads: Worker[];
  /** What was told, in order; `ready` or the trouble, `well` for its end. */
  readonly told: string[];
}

function start(modelFile: string | URL = SPEECH_MODEL_FILE): Started {
  const threads: Worker[] = [];
  const told: string[] = [];
  const inference = startInference(modelFile, (data) => {
    const thread = spawnInferenceThread(data);
    threads.push(thread);
    return thread;
  });
  inference.watch({ ready: () => told.push('ready'), troubled: (detail) => told.push(detail ?? 'well') });
  started.push(inference);
  return { inference, threads, told };
}

async function scoreOn(line: MessagePort | undefined, level = 1000): Promise<number> {
  if (line === undefined) throw new Error('There is no line.');
  const batch = { ...blankScoreBatch(1), rowCount: 1 };
  batch.isFirst[0] = 1;
  batch.samples.fill(level, 0, SAMPLES_PER_ROW);
  line.postMessage(batch, [bufferOf(batch)]);
  const [answer] = (await once(line, 'message')) as [ScoreBatch];
  return answer.speech[0]!;
}

describe('the thread of scores', () => {
  test('scores by several lines, until they are closed with it', async () => {
    const { inference, told } = start();
    await inference.settled;
    const lines = [inference.openLine(), inference.openLine()];
    for (const line of lines) expect(await scoreOn(line)).toBeGreaterThanOrEqual(0);
    const closed = Promise.all(lines.map((line) => once(line!, 'close')));
    await inference.close();
    await closed;
    expect(inference.openLine()).toBeUndefined();
    expect(told).toEqual(['ready']);
  });

  test('that dies is started anew, which is told; its lines close and new ones can be had', async () => {
    const { inference, threads, told } = start();
    await inference.settled;
    const line = inference.openLine()!;
    expect(await scoreOn(line)).toBeGreaterThanOrEqual(0);
    const closed = once(line, 'close');
    await threads[0]?.terminate();
    await closed;
    await expect.poll(() => told.at(-1), { timeout: 10_000 }).toBe('well');
    expect(told).toEqual(['ready', expect.stringMatching(/failed.*is started anew/), 'ready', 'well']);
    expect(await scoreOn(inference.openLine())).toBeGreaterThanOrEqual(0);
  });

  test('that dies again and again is given up, with the cure', async () => {
    const { inference, threads, told } = start();
    for (let count = 1; count <= 6; count++) {
      await expect.poll(() => threads.length, { timeout: 10_000 }).toBe(count);
      await threads[count - 1]?.terminate();
    }
    await inference.settled;
    expect(told.at(-1)).toMatch(/failed too often, start the service anew/);
    expect(inference.openLine()).toBeUndefined();
    expect(threads.length).toBe(6);
  });

  test('without a model ends, tells why, and is not started anew', async () => {
    const { inference, threads, told } = start(join(folder, 'none.onnx'));
    await inference.settled;
    expect(told).toEqual([expect.stringMatching(/There is no speech model at .*; restore the file/)]);
    expect(inference.openLine()).toBeUndefined();
    expect(threads.length).toBe(1);
    const late: unknown[] = [];
    inference.watch({ ready: () => late.push('ready'), troubled: (detail) => late.push(detail) });
    expect(late).toEqual(told);
  });

  test('whose model gives what is no number goes on, and says so', async () => {
    const file = join(folder, 'fails-when-loud.onnx');
    writeFileSync(file, tinyModel({ failsOnLoudAudio: true }));
    const { inference, told } = start(file);
    await inference.settled;
    const line = inference.openLine();
    expect(await scoreOn(line, 32_000)).toBeNaN();
    await expect.poll(() => told.at(-1)).toMatch(/numbers that are no probabilities; restore the file/);
    expect(await scoreOn(line, 1_000)).toBeGreaterThan(0);
  });

  test('may be closed before it is ready, and twice', async () => {
    const { inference, told } = start();
    await inference.close();
    await inference.close();
    await inference.settled;
    expect(told).toEqual([]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { SPEECH_MODEL_FILE } from '../../../src/inference/inference.js';
import { blankScoreBatch, SAMPLES_PER_ROW, STREAM_COUNT_MAX, type ScoreBatch } from '../../../src/inference/score-batch.js';
import { SpeechModel } from '../../../src/inference/speech-model.js';
import { ScoringTable, StreamScorer } from '../../../src/inference/stream-scorer.js';
import { tinyModel } from '../../support/tiny-model.js';
import { voiceLike } from '../../support/voice-like.js';

const folder = mkdtempSync(join(tmpdir(), 'outdial-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scorer(bytes?: Uint8Array): Promise<StreamScorer> {
  const file = bytes === undefined ? fileURLToPath(SPEECH_MODEL_FILE) : join(folder, 'tiny.onnx');
  if (bytes !== undefined) writeFileSync(file, bytes);
  return new StreamScorer(new ScoringTable(await SpeechModel.load(file)));
}

interface Row {
  readonly stream: number;
  readonly isFirst?: boolean;
  readonly samples: Int16Array;
}

function batchOf(rows: readonly Row[]): ScoreBatch {
  const batch = blankScoreBatch(rows.length);
  rows.forEach(({ stream, isFirst = false, samples }, row) => {
    batch.streams[row] = stream;
    batch.isFirst[row] = isFirst ? 1 : 0;
    batch.samples.set(samples, row * SAMPLES_PER_ROW);
  });
  return { ...batch, rowCount: rows.length };
}

async function scored(by: StreamScorer, rows: readonly Row[]): Promise<readonly number[]> {
  const batch = batchOf(rows);
  await by.score(batch);
  return [...batch.speech];
}

const VOICES = [1, 2, 3, 4].map((seed) => {
  const samples = voiceLike(12 * 40, seed);
  return Array.from({ length: 12 }, (_, index) => samples.subarray(index * SAMPLES_PER_ROW, (index + 1) * SAMPLES_PER_ROW));
});
/** Rows of one of four streams. @param seed 1..4. */
const voice = (seed: number): readonly Int16Array[] => VOICES[seed - 1] ?? [];

describe('streams scored side by side', () => {
  test('each gets what it gets alone, wherever it stands in the batch', async () => {
    const alone = await scorer();
    const wanted: number[] = [];
    for (const [index, samples] of voice(1).entries()) wanted.push(...(await scored(alone, [{ stream: 0, isFirst: index === 0, samples }])));
    const together = await scorer();
    const found: number[] = [];
    for (const [index, samples] of voice(1).entries()) {
      const others = [1, 2, 3].map((stream) => ({ stream, isFirst: index === 0, samples: voice(1 + stream)[index]! }));
      const place = index % 4;
      const rows = [...others.slice(0, place), { stream: 100, isFirst: index === 0, samples }, ...others.slice(place)];
      found.push(...(await scored(together, rows)).slice(2 * place, 2 * place + 2));
    }
    found.forEach((ratio, index) => expect(ratio).toBeCloseTo(wanted[index]!, 4));
  });

  test('a number used again for another stream begins from nothing', async () => {
    const by = await scorer();
    const [first = new Int16Array(0)] = voice(1);
    const fresh = await scored(by, [{ stream: 7, isFirst: true, samples: first }]);
    for (const samples of voice(2)) await scored(by, [{ stream: 7, samples }]);
    expect(await scored(by, [{ stream: 7, isFirst: true, samples: first }])).toEqual(fresh);
  });

  test('a stream beyond the last number goes without a score, and its neighbours do not suffer', async () => {
    const by = await scorer();
    const [samples = new Int16Array(0)] = voice(1);
    const alone = await scored(by, [{ stream: 0, isFirst: true, samples }]);
    const both = await scored(by, [{ stream: STREAM_COUNT_MAX, isFirst: true, samples }, { stream: 0, isFirst: true, samples }]);
    expect(both.slice(0, 2)).toEqual([NaN, NaN]);
    both.slice(2).forEach((ratio, index) => expect(ratio).toBeCloseTo(alone[index]!, 5));
    expect(by.faultyCount).toBe(0);
  });

  test('a row for which the model gives no number goes without a score, and is counted', async () => {
    const by = await scorer(tinyModel({ failsOnLoudAudio: true }));
    const loud = new Int16Array(SAMPLES_PER_ROW).fill(32_000);
    const soft = new Int16Array(SAMPLES_PER_ROW).fill(1_000);
    const [first, , third] = await scored(by, [{ stream: 0, isFirst: true, samples: loud }, { stream: 1, isFirst: true, samples: soft }]);
    expect(first).toBeNaN();
    expect(third).toBeGreaterThan(0);
    expect(by.faultyCount).toBe(1);
    expect((await scored(by, [{ stream: 0, samples: soft }]))[0]).toBeGreaterThan(0);
  });
});

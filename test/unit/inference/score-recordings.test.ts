import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRecordingScorer, type RecordingScorer } from '../../../src/inference/score-recordings.js';
import { speak } from '../../fixtures/synthetic-speech.js';
import { tinyModel } from '../../support/tiny-model.js';
import { voiceLike } from '../../support/voice-like.js';

const folder = mkdtempSync(join(tmpdir(), 'outdial-models-'));
const opened: RecordingScorer[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

let scorer: RecordingScorer;
beforeAll(async () => {
  scorer = await openRecordingScorer();
  opened.push(scorer);
});

const VOICE = voiceLike(2000, 1);

const mean = (ratios: Float32Array): number => ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;

describe('recordings', () => {
  test('get one probability for each whole frame, whatever their lengths', async () => {
    const lengths = [0, 159, 160, 161, 320, 480, 8000, 8159];
    const scores = await scorer.score(lengths.map((length) => VOICE.slice(0, length)));
    expect(scores.map((ratios) => ratios.length)).toEqual([0, 0, 1, 1, 2, 3, 50, 50]);
    for (const ratio of scores.flatMap((ratios) => [...ratios])) expect(ratio >= 0 && ratio <= 1).toBe(true);
  });

  test('get the same side by side, more than one batch holds, as each alone', async () => {
    const recordings = Array.from({ length: 150 }, (_, index) => VOICE.subarray(80 * index, 80 * index + 3200 + 160 * (index % 9)));
    const together = await scorer.score(recordings);
    for (const index of [0, 77, 149]) {
      const [alone = new Float32Array(0)] = await scorer.score([recordings[index]!]);
      alone.forEach((ratio, frame) => expect(together[index]![frame]).toBeCloseTo(ratio, 4));
    }
  });

  test('may be given while others are scored', async () => {
    const [first, second] = await Promise.all([scorer.score([VOICE.subarray(0, 3200)]), scorer.score([VOICE.subarray(0, 3200)])]);
    expect(first).toEqual(second);
  });

  test('of speech are told from silence and from noise', async () => {
    const speech = await speak({ text: 'Hello, this is John speaking, who is calling please?', voice: 'en-us', wordsPerMinute: 170, pitch: 50 });
    const hiss = Int16Array.from({ length: 16_000 }, (_, index) => 200 * Math.sin(index * index));
    const [ofSpeech, ofSilence, ofHiss] = await scorer.score([speech, new Int16Array(16_000), hiss]);
    expect(mean(ofSpeech!)).toBeGreaterThan(0.6);
    expect(mean(ofSilence!)).toBeLessThan(0.2);
    expect(mean(ofHiss!)).toBeLessThan(0.4);
  });

  test('cannot be scored by a model that is missing', async () => {
    await expect(openRecordingScorer(join(folder, 'none.onnx'))).rejects.toThrow(/There is no speech model at .*none\.onnx; restore the file/);
  });

  test('are not scored by what is no number', async () => {
    const file = join(folder, 'tiny.onnx');
    writeFileSync(file, tinyModel({ failsOnLoudAudio: true }));
    const faulty = await openRecordingScorer(file);
    opened.push(faulty);
    await expect(faulty.score([new Int16Array(800).fill(32_000)])).rejects.toThrow(/no probabilities; restore/);
    expect((await faulty.score([new Int16Array(800)]))[0]?.length).toBe(5);
  });

  test('are not waited for when the scorer is closed', async () => {
    const closed = await openRecordingScorer();
    await closed.close();
    await closed.close();
    await expect(closed.score([VOICE.subarray(0, 3200)])).rejects.toThrow(/has ended/);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { playSegments } from '../../../src/audio/tone-synthesis.js';
import { spawnInferenceThread, SPEECH_MODEL_FILE, startInference, type Inference } from '../../../src/inference/inference.js';
import type { Analysis } from '../../../src/media/media-message.js';
import { MediaPlane, spawnMediaThread } from '../../../src/media/media-plane.js';
import { callId, type CallId } from '../../../src/units/ids.js';
import { speak } from '../../fixtures/synthetic-speech.js';
import { RtpSender } from '../../support/rtp-sender.js';
import { tinyModel } from '../../support/tiny-model.js';

/** The media plane and the thread of scores as the service joins them, on live packets. */

const folder = mkdtempSync(join(tmpdir(), 'outdial-models-'));
const toClose: (() => unknown)[] = [];
let person: Int16Array;
beforeAll(async () => {
  const hello = await speak({ text: 'Hello?', voice: 'en-us', wordsPerMinute: 170, pitch: 45 });
  person = Int16Array.from([...new Int16Array(2400), ...hello, ...new Int16Array(12_000)]);
});
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Joined {
  readonly plane: MediaPlane;
  readonly inference: Inference;
  readonly told: Analysis[];
  /** Every word of it; `well` for its end. */
  readonly degraded: string[];
  readonly failures: string[];
  readonly mediaThreads: Worker[];
  readonly inferenceThreads: Worker[];
}

async function joinedBy(modelFile: string | URL = SPEECH_MODEL_FILE, answerModelFile?: string): Promise<Joined> {
  const inferenceThreads: Worker[] = [];
  const mediaThreads: Worker[] = [];
  const told: Analysis[] = [];
  const degraded: string[] = [];
  const failures: string[] = [];
  const inference = startInference(modelFile, (data) => kept(inferenceThreads, spawnInferenceThread(data)));
  toClose.push(() => inference.close());
  await inference.settled;
  const plane = await MediaPlane.start(
    {
      host: '127.0.0.1',
      port: 0,
      scores: inference,
      ...(answerModelFile !== undefined && { answerModelFile }),
      onAnalysis: (analysis) => told.push(analysis),
      onFailure: (detail) => failures.push(detail),
      onDegraded: (detail) => degraded.push(detail ?? 'well'),
    },
    (data) => kept(mediaThreads, spawnMediaThread(data)),
  );
  toClose.push(() => plane.close());
  return { plane, inference, told, degraded, failures, mediaThreads, inferenceThreads };
}

function kept(threads: Worker[], thread: Worker): Worker {
  threads.push(thread);
  return thread;
}

async function call({ plane }: Joined, of: CallId, ssrc = 1): Promise<RtpSender> {
  const sender = await RtpSender.open(plane.address, ssrc);
  toClose.push(() => sender.close());
  plane.attach(sender.port, of, 'rtp');
  return sender;
}

function verdictOf({ told }: Joined, of: CallId): string | undefined {
  return told.flatMap((analysis) => (analysis.type === 'answer-analysed' && analysis.stage === 'decided' && analysis.callId === of ? [analysis.verdict] : []))[0];
}

/** A person calls, and is heard. */
async function hearPerson(joined: Joined, of: CallId, ssrc: number): Promise<void> {
  const sender = await call(joined, of, ssrc);
  joined.plane.analyse(of);
  await sender.play(person);
  await expect.poll(() => verdictOf(joined, of), { timeout: 5_000 }).toBe('person');
}

describe('the media plane with the thread of scores', () => {
  test('judges live calls by their scores', async () => {
    const joined = await joinedBy();
    await hearPerson(joined, callId('live'), 1);
    const counts = await joined.plane.counts();
    expect(counts.scoredFrameCount).toBeGreaterThan(50);
    expect(counts.unscoredFrameCount).toBeLessThan(counts.scoredFrameCount / 10);
    expect(joined.degraded).toEqual([]);
  });

  test('without a model file judges by the rules, and says so with the cure', async () => {
    const joined = await joinedBy(join(folder, 'none.onnx'));
    expect(joined.degraded).toEqual([expect.stringMatching(/^There is no speech model at .*none\.onnx; restore the file/)]);
    await hearPerson(joined, callId('by-rules'), 1);
    expect(await joined.plane.counts()).toMatchObject({ scoredFrameCount: 0 });
  });

  test('with a model file cut short judges by the rules, and says so with the cure', async () => {
    const file = join(folder, 'cut.onnx');
    writeFileSync(file, readFileSync(SPEECH_MODEL_FILE).subarray(0, 10_000));
    const joined = await joinedBy(file);
    expect(joined.degraded).toEqual([expect.stringMatching(/is no ONNX model or is cut short .*restore the file/)]);
    await hearPerson(joined, callId('by-rules'), 1);
  });

  test('with a model that gives no numbers in the middle of a call judges by the rules, and says so', async () => {
    const file = join(folder, 'fails-when-loud.onnx');
    writeFileSync(file, tinyModel({ failsOnLoudAudio: true }));
    const joined = await joinedBy(file);
    const of = callId('loud');
    const sender = await call(joined, of);
    joined.plane.analyse(of);
    await sender.play(Int16Array.from({ length: 8000 }, (_, index) => (index % 8 < 4 ? 30_000 : -30_000)));
    await expect.poll(() => joined.degraded, { timeout: 5_000 }).toEqual([expect.stringMatching(/numbers that are no probabilities; restore/)]);
    await expect.poll(() => verdictOf(joined, of), { timeout: 9_000 }).toBeDefined();
    expect((await joined.plane.counts()).unscoredFrameCount).toBeGreaterThan(30);
  });

  test('lets the learned judgement judge what was scored', async () => {
    const file = join(folder, 'answerer.json');
    const leaf = { feature: [-1], threshold: [0], left: [0], right: [0], value: [-3] };
    const unlikely = { trees: [leaf], baseLogOdds: 0, calibration: { slope: 1, offset: 0 } };
    const kind = { ...unlikely, probabilityMin: 0.9 };
    const figures = { name: 'always-a-person', machineProbabilityMin: 0.9, features: ['talkMs'], machine: unlikely, kinds: { menu: kind, screening: kind } };
    writeFileSync(file, JSON.stringify(figures));
    const joined = await joinedBy(SPEECH_MODEL_FILE, file);
    await hearPerson(joined, callId('judged'), 1);
    expect(joined.told[0]).toMatchObject({ modelName: 'greeting-length-1+always-a-person' });
    expect(joined.degraded).toEqual([]);
  });

  test('without the learned judgement judges by the rules, and says so with the cure', async () => {
    const joined = await joinedBy(SPEECH_MODEL_FILE, join(folder, 'none.json'));
    await hearPerson(joined, callId('by-rules'), 1);
    expect(joined.degraded).toEqual([expect.stringMatching(/^The answer model .*none\.json cannot be used .*restore it/)]);
  });

  test('goes on when the thread of scores dies in the middle of a call, and has scores again from the next one', async () => {
    const joined = await joinedBy();
    const of = callId('cut-off');
    const sender = await call(joined, of);
    joined.plane.analyse(of);
    const playing = sender.play(person);
    await expect.poll(async () => (await joined.plane.counts()).scoredFrameCount).toBeGreaterThan(10);
    await joined.inferenceThreads[0]?.terminate();
    await playing;
    await expect.poll(() => verdictOf(joined, of), { timeout: 5_000 }).toBe('person');
    await expect.poll(() => joined.degraded.at(-1), { timeout: 9_000 }).toBe('well');
    expect(joined.degraded).toEqual([expect.stringMatching(/failed.*is started anew/), 'well']);
    const before = await joined.plane.counts();
    expect(before.unscoredFrameCount).toBeGreaterThan(0);
    await hearPerson(joined, callId('next'), 2);
    expect((await joined.plane.counts()).scoredFrameCount).toBeGreaterThan(before.scoredFrameCount + 50);
    expect(joined.failures).toEqual([]);
  });

  test('has scores again when its own thread has died', async () => {
    const joined = await joinedBy();
    await joined.mediaThreads[0]?.terminate();
    await expect.poll(() => joined.failures.length).toBe(1);
    // Answered by the new thread: from now on it hears.
    await joined.plane.counts();
    await hearPerson(joined, callId('after'), 1);
    expect((await joined.plane.counts()).scoredFrameCount).toBeGreaterThan(50);
    expect(joined.degraded).toEqual([]);
  });

  test('tells no more of a call that was hung up in the middle of its analysis', async () => {
    const joined = await joinedBy();
    const of = callId('hung-up');
    const sender = await call(joined, of);
    joined.plane.analyse(of);
    const playing = sender.play(person);
    await expect.poll(async () => (await joined.plane.counts()).scoredFrameCount).toBeGreaterThan(10);
    joined.plane.stop(of);
    await playing;
    await hearPerson(joined, callId('other'), 2);
    expect(joined.told.filter((analysis) => analysis.callId === of)).toEqual([]);
  });

  test('hears a call before its answer and from its answer on, and keeps its beginning on demand', async () => {
    const joined = await joinedBy();
    const of = callId('ringing');
    const sender = await call(joined, of);
    joined.plane.analyse(of, { phase: 'early-media' });
    const tone = { frequenciesHz: [440, 480], durationMs: 2000 };
    await sender.play(playSegments([tone, { frequenciesHz: [], durationMs: 2000 }, tone]));
    await expect.poll(() => joined.told).toMatchObject([{ type: 'early-media-analysed', callId: of, heard: 'ringing' }]);
    joined.plane.analyse(of, { phase: 'answered', keepsSnippet: true });
    await sender.play(person);
    await expect.poll(() => verdictOf(joined, of), { timeout: 5_000 }).toBe('person');
    joined.plane.stop(of);
    const snippet = await joined.plane.snippet(of);
    // What is kept begins with the answer: by then the ringing is over.
    expect(snippet!.length / 8).toBeGreaterThan(1500);
    expect(snippet!.subarray(0, 1600).every((sample) => Math.abs(sample) < 100)).toBe(true);
    expect(await joined.plane.snippet(callId('unknown'))).toBeUndefined();
  });
});

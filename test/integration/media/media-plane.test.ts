import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { createCallAnalyser } from '../../../src/amd/call-analysis.js';
import { framesOf } from '../../../src/audio/frame.js';
import { decodeG711 } from '../../../src/audio/g711.js';
import { toneLevelDbfs } from '../../../src/audio/goertzel.js';
import { playSegments } from '../../../src/audio/tone-synthesis.js';
import { readWav, writeWav } from '../../../src/audio/wav.js';
import type { Analysis, SpeechEnd } from '../../../src/media/media-message.js';
import { MediaPlane, spawnMediaThread, type MediaPlaneOptions } from '../../../src/media/media-plane.js';
import { callId, type CallId } from '../../../src/units/ids.js';
import { Random } from '../../../src/units/random.js';
import { RtpSender, type NetworkFaults } from '../../support/rtp-sender.js';
import { voiceLike } from '../../support/voice-like.js';

type Answer = Extract<Analysis, { type: 'answer-analysed' }>;

const silence = (spanMs: number): Int16Array => new Int16Array(8 * spanMs);

/** Parts one after another, by way of a WAV file's bytes, as a recording would come. */
function recording(...parts: readonly Int16Array[]): Int16Array {
  const samples = Int16Array.from(parts.flatMap((part) => [...part]));
  const reading = readWav(writeWav({ samples, channelCount: 1, sampleRateHz: 8000 }));
  if (!reading.ok) throw new Error(reading.fault);
  return reading.audio.samples;
}

const PERSON = recording(silence(500), voiceLike(500, 1), silence(1500));
const MACHINE = recording(
  silence(300),
  ...[voiceLike(1500, 2), silence(260), voiceLike(1400, 4), silence(260), voiceLike(1500, 5), silence(400)],
  playSegments([{ frequenciesHz: [1000], durationMs: 600 }]),
  silence(600),
);
const TONE = recording(
  silence(200),
  playSegments([950, 1400, 1800].map((hz) => ({ frequenciesHz: [hz], durationMs: 330 }))),
  silence(500),
);

/** What the analyser says when it hears the recording itself. */
function verdictOfFile(samples: Int16Array): { verdict: string; decidedAtMs: number } {
  const analyser = createCallAnalyser();
  for (const frame of framesOf(samples)) {
    for (const event of analyser.step(frame)) if (event.type === 'verdict' && event.decision.stage === 'decided') return event.decision;
  }
  throw new Error('The recording ends before a verdict.');
}

/** Keeps findings, and waits for one with a deadline. */
class Findings {
  readonly all: Analysis[] = [];
  #onNext: (() => void) | undefined;

  readonly add = (analysis: Analysis): void => {
    this.all.push(analysis);
    this.#onNext?.();
  };

  /** The one verdict of a call that is decided. */
  decided(of: CallId): Promise<Answer> {
    return this.first(`decided verdict on ${of}`, (analysis): analysis is Answer => analysis.type === 'answer-analysed' && analysis.stage === 'decided' && analysis.callId === of);
  }

  next<T extends Analysis['type']>(type: T, of: CallId): Promise<Extract<Analysis, { type: T }>> {
    return this.first(`${type} for ${of}`, (analysis): analysis is Extract<Analysis, { type: T }> => analysis.type === type && analysis.callId === of);
  }

  async first<T extends Analysis>(what: string, isWanted: (analysis: Analysis) => analysis is T, withinMs = 9000): Promise<T> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const found = this.all.find(isWanted);
      if (found !== undefined) return found;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`No ${what} within ${withinMs} ms.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#onNext = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function startPlane(given: Partial<MediaPlaneOptions> = {}): Promise<{ plane: MediaPlane; findings: Findings }> {
  const findings = new Findings();
  const plane = await MediaPlane.start({
    host: '127.0.0.1',
    port: 0,
    onAnalysis: findings.add,
    onFailure: (detail) => {
      throw new Error(`The media thread failed: ${detail}`);
    },
    ...given,
  });
  toClose.push(() => plane.close());
  return { plane, findings };
}

async function playCall(plane: MediaPlane, of: CallId, ssrc: number, samples: Int16Array, faults: NetworkFaults = {}): Promise<void> {
  const sender = await RtpSender.open(plane.address, ssrc);
  toClose.push(() => sender.close());
  plane.attach(sender.port, of, 'rtp');
  plane.analyse(of);
  await sender.play(samples, faults);
}

describe('MediaPlane', () => {
  test('hears who answers on calls at the same time, as if it heard the recordings themselves', async () => {
    const { plane, findings } = await startPlane();
    const random = new Random(6);
    const cases: { of: CallId; samples: Int16Array; faults: NetworkFaults; toleranceMs: number }[] = [
      { of: callId('person'), samples: PERSON, faults: {}, toleranceMs: 80 },
      { of: callId('machine'), samples: MACHINE, faults: {}, toleranceMs: 80 },
      { of: callId('tone'), samples: TONE, faults: {}, toleranceMs: 80 },
      { of: callId('person-with-loss'), samples: PERSON, faults: { isLost: () => random.chance(0.04) }, toleranceMs: 200 },
      { of: callId('person-saving-pauses'), samples: PERSON, faults: { leavesOutSilence: true }, toleranceMs: 120 },
      { of: callId('machine-saving-pauses'), samples: MACHINE, faults: { leavesOutSilence: true }, toleranceMs: 200 },
    ];
    plane.analyse(callId('mute'));
    await Promise.all(cases.map(({ of, samples, faults }, index) => playCall(plane, of, 100 + index, samples, faults)));
    for (const { of, samples, toleranceMs } of cases) {
      const truth = verdictOfFile(samples);
      const heard = await findings.decided(of);
      expect(heard.verdict, of).toBe(truth.verdict);
      expect(Math.abs(heard.decidedAfterMs - truth.decidedAtMs), `${of} decided after ${heard.decidedAfterMs}`).toBeLessThanOrEqual(toleranceMs);
    }
    for (const of of ['machine', 'machine-saving-pauses']) {
      expect((await findings.next('greeting-ended', callId(of))).by, of).toBe('beep');
    }
    expect(await findings.decided(callId('tone'))).toMatchObject({ verdict: 'intercept' });
    const person = await findings.decided(callId('person-saving-pauses'));
    expect(person.silentForMs).toBeGreaterThanOrEqual(600);
    expect(person.silentForMs).toBeLessThan(900);
    const mute = await findings.decided(callId('mute'));
    expect(mute.verdict).toBe('silence');
    expect(findings.all.filter((analysis) => analysis.type === 'answer-analysed' && analysis.stage === 'decided').length).toBe(cases.length + 1);
    const counts = await plane.counts();
    expect(counts.malformedCount + counts.strangerCount + counts.staleCount).toBe(0);
    expect(counts.attachedCount).toBe(cases.length);
  });

  test('a call that is stopped is told of no more', async () => {
    const { plane, findings } = await startPlane();
    plane.analyse(callId('stopped'));
    expect((await plane.counts()).analysingCount).toBe(1);
    plane.stop(callId('stopped'));
    await playCall(plane, callId('other'), 6, PERSON);
    await findings.decided(callId('other'));
    const counts = await plane.counts();
    // The other one, should a machine show itself after all.
    expect(counts.analysingCount).toBe(1);
    expect(new Set(findings.all.map((analysis) => analysis.callId))).toEqual(new Set(['other']));
  });

  test('packets from anywhere but the switch are not heard', async () => {
    const { plane } = await startPlane({ switchAddress: '127.0.0.9' });
    await playCall(plane, callId('injected'), 5, voiceLike(200, 1));
    const counts = await plane.counts();
    expect(counts.strangerCount).toBeGreaterThan(0);
    expect(counts.strangerCount).toBe(counts.packetCount);
  });

  test('an address that is taken is named, with the cure', async () => {
    const { plane } = await startPlane();
    const port = Number(plane.address.split(':')[1]);
    await expect(startPlane({ port })).rejects.toThrow(/127\.0\.0\.1:\d+: .*EADDRINUSE.* Choose another media address or port/);
  });

  test('when its thread dies, calls being heard are left unsure, and the next ones are heard again', async () => {
    const failures: string[] = [];
    const threads: ReturnType<typeof spawnMediaThread>[] = [];
    const findings = new Findings();
    const plane = await MediaPlane.start(
      { host: '127.0.0.1', port: 0, onAnalysis: findings.add, onFailure: (detail) => failures.push(detail) },
      (data) => {
        const thread = spawnMediaThread(data);
        threads.push(thread);
        return thread;
      },
    );
    toClose.push(() => plane.close());
    const { address } = plane;
    const sender = await RtpSender.open(address, 5);
    toClose.push(() => sender.close());
    plane.attach(sender.port, callId('kept'), 'rtp');
    plane.analyse(callId('cut'));
    const unanswered = expect(plane.counts()).rejects.toThrow(/ended/);
    await threads[0]?.terminate();
    await unanswered;
    const cut: Answer = await findings.decided(callId('cut'));
    expect(cut).toMatchObject({ verdict: 'unsure', probabilityRatio: 0 });
    expect(failures.length).toBe(1);
    expect(plane.address).toBe(address);
    plane.analyse(callId('kept'));
    await plane.counts();
    await sender.play(PERSON);
    expect((await findings.decided(callId('kept'))).verdict).toBe('person');
  });

  test.each(['rtp', 'raw-l16'] as const)('what is said to a call by %s arrives paced, until it is hushed', async (format) => {
    const ends: SpeechEnd[] = [];
    const { plane } = await startPlane({ onSpeechEnded: (end) => ends.push(end) });
    const [host = '', port = ''] = plane.address.split(':');
    const far = createSocket('udp4');
    toClose.push(() => far.close());
    far.bind(0, '127.0.0.1');
    await once(far, 'listening');
    const arrivals: { readonly atMs: number; readonly datagram: Buffer }[] = [];
    far.on('message', (datagram) => arrivals.push({ atMs: performance.now(), datagram }));
    const call = callId('spoken-to');
    plane.attach(far.address().port, call, format);
    await plane.counts();
    const first = format === 'rtp' ? Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]), Buffer.alloc(160, 0xff)]) : Buffer.alloc(320);
    far.send(first, Number(port), host);
    plane.speak(call, playSegments([{ frequenciesHz: [440], durationMs: 600 }]), 'told');
    await expect.poll(() => ends, { timeout: 5000 }).toEqual([{ callId: call, markId: 'told', outcome: 'spoken' }]);
    expect(arrivals.length).toBe(30);
    const spanMs = arrivals.at(-1)!.atMs - arrivals[0]!.atMs;
    expect(spanMs).toBeGreaterThan(500);
    const payload = Buffer.concat(arrivals.map(({ datagram }) => (format === 'rtp' ? datagram.subarray(12) : datagram)));
    const samples = format === 'rtp' ? decodeG711('mu-law', payload) : Int16Array.from({ length: 4800 }, (_, index) => payload.readInt16LE(2 * index));
    expect(toneLevelDbfs(samples, 440)).toBeGreaterThan(-30);

    plane.speak(call, new Int16Array(80_000), 'cut');
    await expect.poll(() => arrivals.length, { timeout: 5000 }).toBeGreaterThan(32);
    plane.hush(call);
    await expect.poll(() => ends.at(-1)).toEqual({ callId: call, markId: 'cut', outcome: 'hushed' });
    plane.speak(callId('nobody'), new Int16Array(160), 'lost');
    await expect.poll(() => ends.at(-1)).toEqual({ callId: 'nobody', markId: 'lost', outcome: 'refused' });
    expect(arrivals.length).toBeLessThan(60);
  });

  test('options out of their ranges are refused before they reach the thread', async () => {
    const { plane } = await startPlane();
    expect(() => plane.analyse(callId('x'), { silenceLimitMs: 5 })).toThrow(/silenceLimitMs/);
  });
});

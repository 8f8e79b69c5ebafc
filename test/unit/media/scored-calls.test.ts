import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCallAnalyser } from '../../../src/amd/call-analysis.js';
import { framesOf, FRAME_SAMPLES } from '../../../src/audio/frame.js';
import { playSegments } from '../../../src/audio/tone-synthesis.js';
import { startInference, type Inference } from '../../../src/inference/inference.js';
import { openRecordingScorer, type RecordingScorer } from '../../../src/inference/score-recordings.js';
import { callId } from '../../../src/units/ids.js';
import { monotonicMs } from '../../../src/units/time.js';
import { speak } from '../../fixtures/synthetic-speech.js';
import { A_LAW, LINEAR, MU_LAW, overMuLaw, packets, PORT, ScoredExchange } from '../../support/scored-exchange.js';

/**
 * Calls whose audio comes badly, analysed with real scores: packet by packet
 * on the test's own clock, scored by the real thread.
 */

const A = callId('a');
const B = callId('b');
const at = monotonicMs;

const silence = (spanMs: number): Int16Array => new Int16Array(8 * spanMs);
const joined = (...parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));

let inference: Inference;
let scorer: RecordingScorer;
let person: Int16Array;
let machine: Int16Array;
beforeAll(async () => {
  inference = startInference();
  scorer = await openRecordingScorer();
  const said = (text: string) => speak({ text, voice: 'en-us', wordsPerMinute: 170, pitch: 45 });
  person = joined(silence(420), await said('Hello?'), silence(2000));
  machine = joined(
    silence(300),
    await said('You have reached the voice mail of John and Mary. We are not at home right now, so please leave a message after the tone.'),
    silence(400),
    playSegments([{ frequenciesHz: [1000], durationMs: 600 }]),
    silence(600),
  );
});
afterAll(async () => {
  await inference.close();
  await scorer.close();
});

/** What the analyser says of the recording itself, scored. */
async function truth(samples: Int16Array): Promise<readonly string[]> {
  const [scores = new Float32Array(0)] = await scorer.score([samples]);
  const analyser = createCallAnalyser();
  const found: string[] = [];
  let index = 0;
  for (const frame of framesOf(samples)) {
    for (const event of analyser.step(frame, scores[index])) {
      if (event.type === 'verdict') found.push(`${event.decision.stage} ${event.decision.verdict} ${event.decision.decidedAtMs}`);
    }
    index++;
  }
  return found;
}

let exchange: ScoredExchange;
beforeEach(async () => {
  exchange = new ScoredExchange();
  await exchange.connect(inference);
  return () => exchange.courier.close();
});

describe('calls with scores', () => {
  test('are judged as their recordings are, to the millisecond', async () => {
    for (const [of, samples] of [[A, person], [B, machine]] as const) {
      exchange.begin(of);
      await exchange.play(packets(samples));
      expect(exchange.inWords(of)).toEqual(await truth(overMuLaw(samples)));
    }
    expect(exchange.decided(A).verdict).toBe('person');
    expect(exchange.verdicts(B).at(-1)?.verdict).toBe('machine');
    expect(exchange.told.filter(({ type }) => type === 'greeting-ended')).toMatchObject([{ callId: B, by: 'beep' }]);
    expect(exchange.line.counts).toMatchObject({ unscoredFrameCount: 0, lateScoreCount: 0 });
  });

  test('have the same features, and how long the person has been silent', async () => {
    exchange.begin(A);
    await exchange.play(packets(person));
    const { features, silentForMs, modelName } = exchange.decided(A);
    expect(features['talkMs']).toBeGreaterThan(100);
    expect(features['speechProbabilityRatio']).toBeGreaterThan(0.4);
    // The pause that decides, and the frame that waited for its pair.
    expect(silentForMs - features['trailingSilenceMs']!).toBeGreaterThanOrEqual(0);
    expect(silentForMs - features['trailingSilenceMs']!).toBeLessThanOrEqual(200);
    expect(modelName).not.toBe('none');
  });

  test('many at a time do not hear each other', async () => {
    const count = 40;
    for (let index = 0; index < count; index++) exchange.begin(callId(`call-${index}`), PORT + index);
    const kinds = [person, machine];
    const datagrams = kinds.map((samples) => packets(samples));
    for (let turn = 0; turn < 200; turn++) {
      exchange.nowMs += 20;
      for (let index = 0; index < count; index++) {
        const datagram = datagrams[index % 2]![turn];
        if (datagram !== undefined) exchange.calls.receive({ address: '127.0.0.1', port: PORT + index }, datagram, at(exchange.nowMs));
      }
      exchange.calls.tick(at(exchange.nowMs));
      await exchange.courier.deliver(at(exchange.nowMs));
    }
    const wanted = [await truth(overMuLaw(person)), await truth(overMuLaw(machine))];
    const first = (words: readonly string[]) => words.filter((word) => word.startsWith('decided'));
    for (let index = 0; index < count; index++) expect(first(exchange.inWords(callId(`call-${index}`)))).toEqual(first(wanted[index % 2]!));
  });
});

describe('calls whose audio comes badly', () => {
  test('frames that come late, and out of order, are heard in order', async () => {
    exchange.begin(A);
    const datagrams = packets(person);
    for (let index = 0; index < datagrams.length; index += 2) {
      await exchange.turn();
      await exchange.turn(...[datagrams[index + 1], datagrams[index]].filter((datagram) => datagram !== undefined));
    }
    expect(exchange.inWords(A)).toEqual(await truth(overMuLaw(person)));
    expect(exchange.line.counts.unscoredFrameCount).toBe(0);
  });

  test('frames that are lost are silence, and audio time goes on', async () => {
    exchange.begin(A);
    await exchange.play(packets(person).map((datagram, index) => (index % 11 === 5 ? undefined : datagram)));
    const { verdict, decidedAfterMs } = exchange.decided(A);
    expect(verdict).toBe('person');
    const [wanted = ''] = (await truth(overMuLaw(person))).filter((word) => word.startsWith('decided'));
    expect(Math.abs(decidedAfterMs - Number(wanted.split(' ')[2]))).toBeLessThanOrEqual(200);
  });

  test('frames that come doubled are heard once', async () => {
    exchange.begin(A);
    for (const datagram of packets(person)) await exchange.turn(datagram, datagram);
    expect(exchange.inWords(A)).toEqual(await truth(overMuLaw(person)));
    exchange.calls.stop(A, at(exchange.nowMs));
    expect(exchange.calls.counts.lateCount).toBe(packets(person).length);
  });

  test.each([40, 80, 240, 400])('frames of %d samples are cut anew', async (samplesEach) => {
    exchange.begin(A);
    let sentSamples = 0;
    for (const datagram of packets(person, () => MU_LAW, samplesEach)) {
      sentSamples += samplesEach;
      while (exchange.nowMs + 20 < sentSamples / 8) await exchange.turn();
      exchange.calls.receive({ address: '127.0.0.1', port: PORT }, datagram, at(sentSamples / 8));
    }
    await exchange.turn();
    expect(exchange.inWords(A)).toEqual(await truth(overMuLaw(person)));
  });

  test('frames of no sample, and of more than a packet may hold, carry nothing', async () => {
    exchange.begin(A);
    const [first = new Uint8Array(0), ...rest] = packets(person);
    const tooLong = Buffer.concat([first.subarray(0, 12), Buffer.alloc(2000)]);
    await exchange.turn(first);
    await exchange.turn(first.subarray(0, 12));
    await exchange.turn(tooLong);
    await exchange.turn(Buffer.alloc(5));
    await exchange.play(rest);
    expect(exchange.decided(A).verdict).toBe('person');
    expect(exchange.calls.counts.malformedCount).toBe(1);
  });

  test('silence from the first sample is told as such when the wait is over', async () => {
    exchange.begin(A);
    await exchange.play(packets(silence(4000)));
    const { verdict, decidedAfterMs } = exchange.decided(A);
    expect(verdict).toBe('silence');
    expect(decidedAfterMs).toBeGreaterThanOrEqual(3000);
    expect(decidedAfterMs).toBeLessThanOrEqual(3100);
  });

  test('no audio at all is silence too', async () => {
    exchange.begin(A);
    await exchange.turns(200);
    expect(exchange.decided(A).verdict).toBe('silence');
    expect(exchange.line.counts.unscoredFrameCount).toBe(0);
  });

  test('a change of coding in the middle of a word is heard through', async () => {
    exchange.begin(A);
    await exchange.play(packets(person, (index) => [MU_LAW, A_LAW, LINEAR][Math.floor(index / 9) % 3]!));
    expect(exchange.inWords(A).filter((word) => word.startsWith('decided'))).toEqual(
      (await truth(overMuLaw(person))).filter((word) => word.startsWith('decided')),
    );
  });

  test('a hang-up in the middle of an analysis drops what is on its way, and the next call hears nothing of it', async () => {
    exchange.begin(A);
    const datagrams = packets(machine);
    await exchange.play(datagrams.slice(0, 60));
    exchange.isPrompt = false;
    await exchange.play(datagrams.slice(60, 65));
    expect(exchange.courier.onWayCount).toBeGreaterThan(0);
    exchange.calls.stop(A, at(exchange.nowMs));
    exchange.calls.detach(PORT);
    const toldCount = exchange.told.length;
    exchange.begin(B);
    exchange.isPrompt = true;
    await exchange.play(packets(person));
    expect(exchange.told.slice(toldCount).every((analysis) => analysis.callId === B)).toBe(true);
    expect(exchange.inWords(B)).toEqual(await truth(overMuLaw(person)));
    expect(exchange.line.counts.lateScoreCount).toBeGreaterThan(0);
    expect(exchange.calls.counts.analysingCount).toBe(1);
  });
});

describe('before the answer', () => {
  const ringing = playSegments([
    { frequenciesHz: [440, 480], durationMs: 2000 },
    { frequenciesHz: [], durationMs: 2000 },
    { frequenciesHz: [440, 480], durationMs: 2000 },
  ]);

  test('ringing is told, and the answer is judged from its own first frame on', async () => {
    exchange.begin(A, PORT, { phase: 'early-media' });
    const datagrams = packets(joined(ringing, person));
    const answeredAt = ringing.length / FRAME_SAMPLES;
    await exchange.play(datagrams.slice(0, answeredAt));
    expect(exchange.told).toMatchObject([{ type: 'early-media-analysed', callId: A, heard: 'ringing' }]);
    exchange.calls.analyse(A, { phase: 'answered' }, at(exchange.nowMs));
    await exchange.play(datagrams.slice(answeredAt));
    expect(exchange.inWords(A)).toEqual(await truth(overMuLaw(person)));
  });
});

import { describe, expect, test } from 'vitest';
import { encodeG711 } from '../../../src/audio/g711.js';
import { framesOf } from '../../../src/audio/frame.js';
import type { Analysis, SpeechEnd } from '../../../src/media/media-message.js';
import { TappedCalls, type AudioSource } from '../../../src/media/tapped-calls.js';
import { callId, type CallId } from '../../../src/units/ids.js';
import { monotonicMs } from '../../../src/units/time.js';
import { voiceLike } from '../../support/voice-like.js';

const PORT = 31_000;
const FROM = { address: '127.0.0.1', port: PORT };
const A = callId('a');
const B = callId('b');
const PERSON = Int16Array.from([...new Int16Array(2400), ...voiceLike(500, 1), ...new Int16Array(12_000)]);

const at = monotonicMs;

/** Datagrams of one stream, one frame each. */
function* stream(samples: Int16Array, ssrc: number, firstSequence = 0): Generator<Uint8Array> {
  let index = firstSequence;
  for (const frame of framesOf(samples)) {
    const datagram = new Uint8Array(172);
    const view = new DataView(datagram.buffer);
    datagram[0] = 0x80;
    view.setUint16(2, index & 0xffff);
    view.setUint32(4, index * 160);
    view.setUint32(8, ssrc);
    encodeG711('mu-law', frame, datagram.subarray(12));
    index++;
    yield datagram;
  }
}

interface Sent {
  readonly datagram: Uint8Array;
  readonly to: AudioSource;
}

function underTest(): { calls: TappedCalls; told: Analysis[]; finished: CallId[]; sent: Sent[]; ends: SpeechEnd[] } {
  const told: Analysis[] = [];
  const finished: CallId[] = [];
  const sent: Sent[] = [];
  const ends: SpeechEnd[] = [];
  const calls = new TappedCalls(
    (analysis) => told.push(analysis),
    (of) => finished.push(of),
    { send: (datagram, to) => sent.push({ datagram: datagram.slice(), to }), ended: (end) => ends.push(end), newSsrc: () => 0x80000007 },
  );
  return { calls, told, finished, sent, ends };
}

/** Calls with their decided verdicts, in the order they were told. */
const decided = (told: readonly Analysis[]): readonly string[] =>
  told.flatMap((analysis) => (analysis.type === 'answer-analysed' && analysis.stage === 'decided' ? [`${analysis.callId} ${analysis.verdict}`] : []));

/** Samples as bare datagrams. */
function* rawStream(samples: Int16Array, samplesEach = 160): Generator<Uint8Array> {
  for (let start = 0; start < samples.length; start += samplesEach) {
    const piece = samples.subarray(start, start + samplesEach);
    const datagram = Buffer.alloc(2 * piece.length);
    piece.forEach((sample, index) => datagram.writeInt16LE(sample, 2 * index));
    yield datagram;
  }
}

describe('TappedCalls', () => {
  test('tells calls apart by port, and each only of its own audio', () => {
    const { calls, told, finished } = underTest();
    calls.attach(PORT, A, 'rtp', at(0));
    calls.attach(PORT + 1, B, 'rtp', at(0));
    calls.analyse(A, {}, at(0));
    calls.analyse(B, {}, at(0));
    let nowMs = 0;
    for (const datagram of stream(PERSON, 1)) {
      nowMs += 20;
      calls.receive(FROM, datagram, at(nowMs));
      calls.tick(at(nowMs));
    }
    for (; nowMs < 8000; nowMs += 20) calls.tick(at(nowMs));
    expect(decided(told)).toEqual(['a person', 'b silence']);
    // Both are listened to for a while, should a machine show itself after all.
    for (; nowMs < 20_000; nowMs += 20) calls.tick(at(nowMs));
    expect(calls.counts.analysingCount).toBe(0);
    expect(finished).toEqual([A, B]);
  });

  test('what is left of the former call on a tap is not heard by the next', () => {
    const { calls } = underTest();
    const former = [...stream(voiceLike(400, 1), 77)];
    calls.attach(PORT, A, 'rtp', at(0));
    former.slice(0, 10).forEach((datagram, index) => calls.receive(FROM, datagram, at(20 * index)));
    calls.detach(PORT);
    calls.attach(PORT, B, 'rtp', at(200));
    calls.analyse(B, {}, at(200));
    former.slice(10, 13).forEach((datagram, index) => calls.receive(FROM, datagram, at(205 + 20 * index)));
    expect(calls.counts.staleCount).toBe(3);
    const [next] = [...stream(voiceLike(40, 1), 78)];
    calls.receive(FROM, next!, at(250));
    calls.receive(FROM, former[14]!, at(310));
    calls.stop(B, at(330));
    expect(calls.counts).toMatchObject({ staleCount: 3, playedCount: 2 });
  });

  test('nothing is heard of what is not attached, not RTP, or not analysed', () => {
    const { calls, told } = underTest();
    const [datagram] = [...stream(voiceLike(40, 1), 1)];
    calls.receive(FROM, datagram!, at(0));
    calls.attach(PORT, A, 'rtp', at(0));
    calls.receive(FROM, new Uint8Array(3), at(0));
    calls.receive(FROM, datagram!, at(0));
    calls.detach(PORT);
    calls.receive(FROM, datagram!, at(0));
    expect(told).toEqual([]);
    expect(calls.counts).toMatchObject({ packetCount: 4, strangerCount: 2, malformedCount: 1, attachedCount: 0, playedCount: 0 });
  });

  test('an analysis begun again starts from nothing', () => {
    const { calls, told } = underTest();
    calls.analyse(A, {}, at(0));
    for (let nowMs = 0; nowMs < 2500; nowMs += 20) calls.tick(at(nowMs));
    calls.analyse(A, {}, at(2500));
    for (let nowMs = 2500; nowMs < 5400; nowMs += 20) calls.tick(at(nowMs));
    expect(told).toEqual([]);
    for (let nowMs = 5400; nowMs < 6000; nowMs += 20) calls.tick(at(nowMs));
    expect(decided(told)).toEqual(['a silence']);
  });
});

describe('bare samples', () => {
  test.each([80, 160, 1600])('a person is heard in datagrams of %d samples', (samplesEach) => {
    const { calls, told } = underTest();
    calls.attach(PORT, A, 'raw-l16', at(0));
    calls.analyse(A, {}, at(0));
    let nowMs = 0;
    for (const datagram of rawStream(PERSON, samplesEach)) {
      nowMs += datagram.length / 16;
      calls.receive(FROM, datagram, at(nowMs));
      calls.tick(at(nowMs));
    }
    expect(decided(told)).toEqual(['a person']);
    calls.stop(A, at(nowMs));
    expect(calls.counts).toMatchObject({ malformedCount: 0, lateCount: 0, filledMs: 0 });
  });

  test('pauses in which nothing is sent take their time', () => {
    const { calls } = underTest();
    calls.attach(PORT, A, 'raw-l16', at(0));
    calls.analyse(A, {}, at(0));
    const datagrams = [...rawStream(voiceLike(400, 1))];
    datagrams.slice(0, 10).forEach((datagram, index) => calls.receive(FROM, datagram, at(20 * (index + 1))));
    for (let nowMs = 220; nowMs < 500; nowMs += 20) calls.tick(at(nowMs));
    datagrams.slice(10).forEach((datagram, index) => calls.receive(FROM, datagram, at(500 + 20 * (index + 1))));
    calls.stop(A, at(700));
    expect(calls.counts).toMatchObject({ playedCount: 20, lateCount: 0, filledMs: 300 });
  });

  test('half a sample, or none, is malformed', () => {
    const { calls } = underTest();
    calls.attach(PORT, A, 'raw-l16', at(0));
    calls.receive(FROM, new Uint8Array(321), at(0));
    calls.receive(FROM, new Uint8Array(0), at(0));
    calls.receive(FROM, new Uint8Array(2), at(0));
    expect(calls.counts).toMatchObject({ packetCount: 3, malformedCount: 2 });
  });
});

describe('what is said to calls', () => {
  const heard = (calls: TappedCalls, format: 'rtp' | 'raw-l16'): void => {
    calls.attach(PORT, A, format, at(0));
    calls.receive(FROM, format === 'rtp' ? [...stream(voiceLike(20, 1), 1)][0]! : new Uint8Array(320), at(0));
  };
  const piece = (samples: Int16Array, markId?: string) => ({ samples, markId });

  test('leaves a frame each 20 ms to where the audio comes from, numbered and timed', () => {
    const { calls, sent, ends } = underTest();
    heard(calls, 'rtp');
    calls.speak(A, piece(voiceLike(50, 1), 'm'));
    for (let nowMs = 20; nowMs <= 200; nowMs += 20) calls.tick(at(nowMs));
    expect(sent.map(({ to }) => to)).toEqual([FROM, FROM, FROM]);
    const views = sent.map(({ datagram }) => new DataView(datagram.buffer));
    expect(views.map((view) => [view.getUint8(0), view.getUint8(1), view.byteLength])).toEqual([[0x80, 0x80, 172], [0x80, 0, 172], [0x80, 0, 172]]);
    expect(views.map((view) => [view.getUint16(2), view.getUint32(4), view.getUint32(8)])).toEqual([[0, 0, 0x80000007], [1, 160, 0x80000007], [2, 320, 0x80000007]]);
    expect(ends).toEqual([{ callId: A, markId: 'm', outcome: 'spoken' }]);
  });

  test('what is said later goes on in the same stream, its time as far on as the clock', () => {
    const { calls, sent } = underTest();
    heard(calls, 'rtp');
    for (const beginMs of [20, 1020]) {
      calls.speak(A, piece(voiceLike(20, 1)));
      for (let nowMs = beginMs; nowMs < beginMs + 100; nowMs += 20) calls.tick(at(nowMs));
    }
    const views = sent.map(({ datagram }) => new DataView(datagram.buffer));
    expect(views.map((view) => [view.getUint16(2), view.getUint32(4)])).toEqual([[0, 0], [1, 8000]]);
  });

  test('bare samples leave as they are, pieces joined without a gap, the last frame filled with silence', () => {
    const { calls, sent, ends } = underTest();
    heard(calls, 'raw-l16');
    const said = voiceLike(50, 3);
    calls.speak(A, piece(said.slice(0, 100), 'first'));
    calls.speak(A, piece(said.slice(100), 'second'));
    for (let nowMs = 20; nowMs <= 100; nowMs += 20) calls.tick(at(nowMs));
    const arrived = Buffer.concat(sent.map(({ datagram }) => datagram));
    const samples = Int16Array.from({ length: arrived.length / 2 }, (_, index) => arrived.readInt16LE(2 * index));
    expect(samples).toEqual(Int16Array.from([...said, ...new Int16Array(80)]));
    expect(ends.map(({ markId, outcome }) => `${markId} ${outcome}`)).toEqual(['first spoken', 'second spoken']);
  });

  test('waits for the first packet, which tells where to', () => {
    const { calls, sent } = underTest();
    calls.attach(PORT, A, 'raw-l16', at(0));
    calls.speak(A, piece(voiceLike(20, 1)));
    for (let nowMs = 0; nowMs < 500; nowMs += 20) calls.tick(at(nowMs));
    expect(sent).toEqual([]);
    calls.receive(FROM, new Uint8Array(320), at(500));
    calls.tick(at(520));
    expect(sent.length).toBe(1);
  });

  test('is dropped when it is hushed and when the tap goes, each mark told once', () => {
    const { calls, sent, ends } = underTest();
    heard(calls, 'rtp');
    calls.speak(A, piece(voiceLike(1000, 1), 'cut'));
    calls.speak(A, piece(voiceLike(1000, 1), 'never'));
    calls.tick(at(20));
    calls.hush(A);
    calls.speak(A, piece(voiceLike(1000, 1), 'gone'));
    calls.detach(PORT);
    for (let nowMs = 40; nowMs < 200; nowMs += 20) calls.tick(at(nowMs));
    expect(sent.length).toBe(1);
    expect(ends.map(({ markId, outcome }) => `${markId} ${outcome}`)).toEqual(['cut hushed', 'never hushed', 'gone hushed']);
  });

  test('is refused without a tap, and beyond a minute that waits', () => {
    const { calls, ends } = underTest();
    calls.speak(A, piece(voiceLike(20, 1), 'nobody'));
    heard(calls, 'rtp');
    calls.speak(A, piece(new Int16Array(60 * 8000 - 160), 'fits'));
    calls.speak(A, piece(new Int16Array(161), 'too much'));
    calls.speak(A, piece(new Int16Array(160), 'fits too'));
    expect(ends.map(({ markId, outcome }) => `${markId} ${outcome}`)).toEqual(['nobody refused', 'too much refused']);
  });

  test('after the thread stood still it goes on from now instead of all at once', () => {
    const { calls, sent } = underTest();
    heard(calls, 'rtp');
    calls.speak(A, piece(voiceLike(1000, 1)));
    calls.tick(at(20));
    calls.tick(at(620));
    expect(sent.length).toBe(2);
    calls.tick(at(680));
    expect(sent.length).toBe(5);
  });
});

import { describe, expect, test } from 'vitest';
import { encodeG711 } from '../../../src/audio/g711.js';
import { framesOf } from '../../../src/audio/frame.js';
import type { Analysis } from '../../../src/media/media-message.js';
import { TappedCalls } from '../../../src/media/tapped-calls.js';
import { callId, type CallId } from '../../../src/units/ids.js';
import { monotonicMs } from '../../../src/units/time.js';
import { voiceLike } from '../../support/voice-like.js';

const PORT = 31_000;
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

function underTest(): { calls: TappedCalls; told: Analysis[]; finished: CallId[] } {
  const told: Analysis[] = [];
  const finished: CallId[] = [];
  const calls = new TappedCalls(
    (analysis) => told.push(analysis),
    (of) => finished.push(of),
  );
  return { calls, told, finished };
}

describe('TappedCalls', () => {
  test('tells calls apart by port, and each only of its own audio', () => {
    const { calls, told, finished } = underTest();
    calls.attach(PORT, A, at(0));
    calls.attach(PORT + 1, B, at(0));
    calls.analyse(A, {}, at(0));
    calls.analyse(B, {}, at(0));
    let nowMs = 0;
    for (const datagram of stream(PERSON, 1)) {
      nowMs += 20;
      calls.receive(PORT, datagram, at(nowMs));
      calls.tick(at(nowMs));
    }
    expect(told).toMatchObject([{ type: 'answer-analysed', callId: A, verdict: 'person' }]);
    for (; nowMs < 8000; nowMs += 20) calls.tick(at(nowMs));
    expect(told.slice(1)).toMatchObject([{ callId: B, verdict: 'no-speech' }]);
    expect(calls.counts.analysingCount).toBe(0);
    expect(finished).toEqual([A, B]);
  });

  test('what is left of the former call on a tap is not heard by the next', () => {
    const { calls } = underTest();
    const former = [...stream(voiceLike(400, 1), 77)];
    calls.attach(PORT, A, at(0));
    former.slice(0, 10).forEach((datagram, index) => calls.receive(PORT, datagram, at(20 * index)));
    calls.detach(PORT);
    calls.attach(PORT, B, at(200));
    calls.analyse(B, {}, at(200));
    former.slice(10, 13).forEach((datagram, index) => calls.receive(PORT, datagram, at(205 + 20 * index)));
    expect(calls.counts.staleCount).toBe(3);
    const [next] = [...stream(voiceLike(40, 1), 78)];
    calls.receive(PORT, next!, at(250));
    calls.receive(PORT, former[14]!, at(310));
    calls.stop(B);
    expect(calls.counts).toMatchObject({ staleCount: 3, playedCount: 2 });
  });

  test('nothing is heard of what is not attached, not RTP, or not analysed', () => {
    const { calls, told } = underTest();
    const [datagram] = [...stream(voiceLike(40, 1), 1)];
    calls.receive(PORT, datagram!, at(0));
    calls.attach(PORT, A, at(0));
    calls.receive(PORT, new Uint8Array(3), at(0));
    calls.receive(PORT, datagram!, at(0));
    calls.detach(PORT);
    calls.receive(PORT, datagram!, at(0));
    expect(told).toEqual([]);
    expect(calls.counts).toMatchObject({ packetCount: 4, strangerCount: 2, malformedCount: 1, attachedCount: 0, playedCount: 0 });
  });

  test('an analysis begun again starts from nothing', () => {
    const { calls, told } = underTest();
    calls.analyse(A, {}, at(0));
    for (let nowMs = 0; nowMs < 4000; nowMs += 20) calls.tick(at(nowMs));
    calls.analyse(A, {}, at(4000));
    for (let nowMs = 4000; nowMs < 8400; nowMs += 20) calls.tick(at(nowMs));
    expect(told).toEqual([]);
    for (let nowMs = 8400; nowMs < 9000; nowMs += 20) calls.tick(at(nowMs));
    expect(told.length).toBe(1);
  });
});

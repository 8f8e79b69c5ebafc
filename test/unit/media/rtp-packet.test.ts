import { describe, expect, test } from 'vitest';
import { blankRtpPacket, readRtpPacket, sequenceAhead, timestampAhead } from '../../../src/media/rtp-packet.js';
import { Random } from '../../../src/units/random.js';

/** RFC 3550 section 5.1, figure by figure. */
function packetBytes(parts: {
  version?: number;
  contributors?: number;
  extensionWords?: number;
  paddingBytes?: number;
  payload?: readonly number[];
}): Uint8Array {
  const { version = 2, contributors = 0, extensionWords, paddingBytes = 0, payload = [1, 2, 3] } = parts;
  const first = (version << 6) | (paddingBytes > 0 ? 0x20 : 0) | (extensionWords !== undefined ? 0x10 : 0) | contributors;
  const header = [first, 0x80 | 8, 0x12, 0x34, 0xff, 0xee, 0xdd, 0xcc, 0x80, 0x00, 0x00, 0x01];
  const sources = Array.from({ length: 4 * contributors }, () => 0xaa);
  const extension =
    extensionWords === undefined ? [] : [0xbe, 0xde, extensionWords >> 8, extensionWords & 0xff, ...Array<number>(4 * extensionWords).fill(0xbb)];
  const padding = paddingBytes === 0 ? [] : [...Array<number>(paddingBytes - 1).fill(0), paddingBytes];
  return Uint8Array.from([...header, ...sources, ...extension, ...payload, ...padding]);
}

function payloadOf(bytes: Uint8Array): number[] | undefined {
  const packet = blankRtpPacket();
  return readRtpPacket(bytes, packet) ? [...bytes.subarray(packet.payloadStart, packet.payloadEnd)] : undefined;
}

describe('readRtpPacket', () => {
  test('reads every field of the fixed header', () => {
    const packet = blankRtpPacket();
    expect(readRtpPacket(packetBytes({}), packet)).toBe(true);
    expect(packet).toEqual({
      payloadType: 8,
      hasMarker: true,
      sequence: 0x1234,
      timestamp: 0xffeeddcc,
      ssrc: 0x80000001,
      payloadStart: 12,
      payloadEnd: 15,
    });
  });

  test('finds the payload behind sources, extension and before padding', () => {
    expect(payloadOf(packetBytes({ contributors: 3 }))).toEqual([1, 2, 3]);
    expect(payloadOf(packetBytes({ extensionWords: 2 }))).toEqual([1, 2, 3]);
    expect(payloadOf(packetBytes({ extensionWords: 0 }))).toEqual([1, 2, 3]);
    expect(payloadOf(packetBytes({ paddingBytes: 4 }))).toEqual([1, 2, 3]);
    expect(payloadOf(packetBytes({ contributors: 15, extensionWords: 1, paddingBytes: 1 }))).toEqual([1, 2, 3]);
    expect(payloadOf(packetBytes({ payload: [] }))).toEqual([]);
  });

  test('refuses what is no RTP or cut off', () => {
    expect(payloadOf(packetBytes({ version: 1 }))).toBeUndefined();
    expect(payloadOf(new Uint8Array(11))).toBeUndefined();
    expect(payloadOf(packetBytes({ contributors: 3, payload: [] }).subarray(0, 20))).toBeUndefined();
    expect(payloadOf(packetBytes({ extensionWords: 9, payload: [] }).subarray(0, 20))).toBeUndefined();
    const overPadded = packetBytes({ paddingBytes: 2 });
    overPadded[overPadded.length - 1] = 200;
    expect(payloadOf(overPadded)).toBeUndefined();
    overPadded[overPadded.length - 1] = 0;
    expect(payloadOf(overPadded)).toBeUndefined();
  });

  test('never reads outside of random bytes', () => {
    const random = new Random(13);
    const packet = blankRtpPacket();
    let readCount = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random.between(0, 80)) }, () => random.uint32() & 0xff);
      if (bytes.length > 0) bytes[0] = 0x80 | (bytes[0]! & 0x3f);
      if (!readRtpPacket(bytes, packet)) continue;
      readCount++;
      expect(packet.payloadStart).toBeGreaterThanOrEqual(12);
      expect(packet.payloadEnd).toBeGreaterThanOrEqual(packet.payloadStart);
      expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length);
    }
    expect(readCount).toBeGreaterThan(1000);
  });
});

test('differences hold over the wrap', () => {
  expect(sequenceAhead(2, 65534)).toBe(4);
  expect(sequenceAhead(65534, 2)).toBe(-4);
  expect(timestampAhead(100, 0xffffffff)).toBe(101);
  expect(timestampAhead(0xffffffff, 100)).toBe(-101);
});

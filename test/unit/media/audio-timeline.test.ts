import { describe, expect, test } from 'vitest';
import { FRAME_SAMPLES } from '../../../src/audio/frame.js';
import { AudioTimeline, PACKET_WAIT_MS } from '../../../src/media/audio-timeline.js';
import { blankRtpPacket, type RtpPacket } from '../../../src/media/rtp-packet.js';
import { Random } from '../../../src/units/random.js';
import { monotonicMs } from '../../../src/units/time.js';

/** 8 kHz linear samples in network order: what goes in is exactly what comes out. */
const LINEAR = 11;

/** A sender whose packet number n holds only the value n + 1, so that a frame tells where it came from. */
class Sender {
  ssrc = 7;
  sequence = 65_530;
  timestamp = 0xffff_ff00;
  #number = 0;

  next(frames = 1): { packet: RtpPacket; bytes: Uint8Array } {
    this.#number++;
    const bytes = new Uint8Array(2 * FRAME_SAMPLES * frames);
    for (let at = 0; at < bytes.length; at += 2) {
      bytes[at] = this.#number >> 8;
      bytes[at + 1] = this.#number & 0xff;
    }
    const packet: RtpPacket = {
      ...blankRtpPacket(),
      payloadType: LINEAR,
      sequence: this.sequence,
      timestamp: this.timestamp,
      ssrc: this.ssrc,
      payloadEnd: bytes.length,
    };
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + FRAME_SAMPLES * frames) >>> 0;
    return { packet, bytes };
  }

  /** Says nothing for a while; its clock runs on. */
  pause(frames: number): void {
    this.timestamp = (this.timestamp + FRAME_SAMPLES * frames) >>> 0;
  }
}

/** A timeline that notes the first sample of each frame: 0 is silence. */
function listener(): { timeline: AudioTimeline; heard: number[] } {
  const heard: number[] = [];
  const timeline = new AudioTimeline(monotonicMs(0), (frame) => {
    heard.push(frame[FRAME_SAMPLES / 2]!);
  });
  return { timeline, heard };
}

const accept = (timeline: AudioTimeline, sent: { packet: RtpPacket; bytes: Uint8Array }, atMs: number): void =>
  timeline.accept(sent.packet, sent.bytes, monotonicMs(atMs));

describe('AudioTimeline', () => {
  test('packets in order pass at once, over the wrap of sequence and timestamp', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    for (let index = 1; index <= 20; index++) {
      accept(timeline, sender.next(), 20 * index);
      expect(heard.length).toBe(index);
    }
    expect(heard).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(timeline.counts).toEqual({ playedCount: 20, lateCount: 0, filledMs: 0 });
  });

  test('packets of any length become frames of 20 ms', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    for (let index = 1; index <= 5; index++) accept(timeline, sender.next(3), 60 * index);
    expect(heard).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]);
  });

  test('two packets that changed places are put right; a doubled one is dropped', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    const sent = Array.from({ length: 6 }, () => sender.next());
    for (const [index, position] of [0, 2, 1, 1, 3, 5, 5, 4].entries()) accept(timeline, sent[position]!, 20 * (index + 1));
    expect(heard).toEqual([1, 2, 3, 4, 5, 6]);
    expect(timeline.counts.lateCount).toBe(2);
  });

  test('a lost packet leaves its length of silence, once three after it have come', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    const sent = Array.from({ length: 6 }, () => sender.next());
    [0, 1, 3, 4].forEach((position) => accept(timeline, sent[position]!, 20 * (position + 1)));
    expect(heard).toEqual([1, 2]);
    accept(timeline, sent[5]!, 120);
    expect(heard).toEqual([1, 2, 0, 4, 5, 6]);
    expect(timeline.counts.filledMs).toBe(20);
  });

  test('a lost packet before a pause is given up by the clock', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    accept(timeline, sender.next(), 20);
    sender.next();
    accept(timeline, sender.next(), 60);
    timeline.tick(monotonicMs(40 + PACKET_WAIT_MS - 1));
    expect(heard).toEqual([1]);
    timeline.tick(monotonicMs(40 + PACKET_WAIT_MS));
    expect(heard).toEqual([1, 0, 3]);
  });

  test('audio time runs on while nothing comes, 60 ms behind the clock, and the pause comes out as long as it was', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    accept(timeline, sender.next(), 20);
    for (let atMs = 40; atMs <= 1020; atMs += 20) timeline.tick(monotonicMs(atMs));
    expect(heard.length).toBe(1 + (1020 - 40 - PACKET_WAIT_MS) / 20 + 1);
    sender.pause(49);
    accept(timeline, sender.next(), 1020);
    expect(heard).toEqual([1, ...Array<number>(49).fill(0), 2]);
  });

  test('from the very start, too: a call without any audio is silence', () => {
    const { timeline, heard } = listener();
    for (let atMs = 0; atMs <= 2000; atMs += 20) timeline.tick(monotonicMs(atMs));
    expect(heard.length).toBe((2000 - PACKET_WAIT_MS) / 20);
    expect(heard.every((value) => value === 0)).toBe(true);
    accept(timeline, new Sender().next(), 2020);
    expect(heard.at(-1)).toBe(1);
    expect(heard.length).toBe(2020 / 20);
  });

  test('a sender whose timestamps do not count its pauses is heard whole', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    accept(timeline, sender.next(), 20);
    for (let atMs = 40; atMs <= 500; atMs += 20) timeline.tick(monotonicMs(atMs));
    for (let index = 0; index < 5; index++) accept(timeline, sender.next(), 520 + 20 * index);
    expect(heard.slice(-5)).toEqual([2, 3, 4, 5, 6]);
  });

  test('a timestamp that leaps without a pause adds no silence', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    accept(timeline, sender.next(), 20);
    sender.timestamp = (sender.timestamp + 8000 * 3600) >>> 0;
    accept(timeline, sender.next(), 40);
    sender.timestamp = 5;
    accept(timeline, sender.next(), 60);
    expect(heard).toEqual([1, 2, 3]);
  });

  test('packets that all come 100 ms later from some moment on are heard, not dropped', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    accept(timeline, sender.next(), 20);
    for (let atMs = 40; atMs <= 120; atMs += 20) timeline.tick(monotonicMs(atMs));
    for (let index = 0; index < 10; index++) {
      accept(timeline, sender.next(), 140 + 20 * index);
      timeline.tick(monotonicMs(141 + 20 * index));
    }
    expect(heard.filter((value) => value > 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(heard.filter((value) => value === 0).length).toBeLessThanOrEqual(5);
  });

  test('a new stream, or one that begins again far off, is followed', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    accept(timeline, sender.next(), 20);
    Object.assign(sender, { ssrc: 8, sequence: 3, timestamp: 99 });
    accept(timeline, sender.next(), 40);
    sender.sequence = 20_000;
    accept(timeline, sender.next(), 60);
    Object.assign(sender, { sequence: 19_000 });
    for (let index = 0; index < 4; index++) accept(timeline, sender.next(), 80 + 20 * index);
    expect(heard.filter((value) => value > 0)).toEqual([1, 2, 3, 6, 7]);
  });

  test('keys and comfort noise carry no audio and break nothing', () => {
    const { timeline, heard } = listener();
    const sender = new Sender();
    accept(timeline, sender.next(), 20);
    const key = sender.next();
    key.packet.payloadType = 101;
    accept(timeline, key, 40);
    accept(timeline, sender.next(), 60);
    expect(heard).toEqual([1, 0, 3]);
  });

  test('16 kHz samples come out at 8 kHz, in time', () => {
    const { timeline, heard } = listener();
    const bytes = new Uint8Array(640);
    for (let at = 0; at < 640; at += 2) bytes[at] = 4;
    for (let index = 0; index < 10; index++) {
      const packet = { ...blankRtpPacket(), payloadType: 118, sequence: index, timestamp: 320 * index, ssrc: 1, payloadEnd: 640 };
      timeline.accept(packet, bytes, monotonicMs(20 + 20 * index));
    }
    expect(heard.length).toBeGreaterThanOrEqual(9);
    expect(heard.slice(1).every((value) => Math.abs(value - 1024) <= 6)).toBe(true);
    expect(timeline.counts.filledMs).toBe(0);
  });

  test('whatever the network does, audio time stays by the clock and the order is kept', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed);
      const { timeline, heard } = listener();
      const sender = new Sender();
      const arrivals: { atMs: number; sent: ReturnType<Sender['next']> }[] = [];
      for (let index = 1; index <= 500; index++) {
        if (random.chance(0.02)) {
          const frames = Math.floor(random.between(1, 60));
          sender.pause(frames);
          index += frames;
        }
        const sent = sender.next();
        if (random.chance(0.05)) continue;
        arrivals.push({ atMs: 20 * index + random.between(0, 35), sent });
      }
      arrivals.sort((one, other) => one.atMs - other.atMs);
      let atMs = 0;
      for (const arrival of arrivals) {
        for (; atMs < arrival.atMs; atMs += 20) timeline.tick(monotonicMs(atMs));
        accept(timeline, arrival.sent, arrival.atMs);
      }
      const order = heard.filter((value) => value > 0);
      expect(order, `seed ${seed}`).toEqual([...order].sort((one, other) => one - other));
      const lastMs = arrivals.at(-1)!.atMs;
      expect(Math.abs(heard.length * 20 - lastMs) / lastMs, `seed ${seed}`).toBeLessThan(0.05);
      expect(order.length / arrivals.length, `seed ${seed}`).toBeGreaterThan(0.95);
    }
  });
});

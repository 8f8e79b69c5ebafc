import { SAMPLE_RATE_HZ } from '../audio/frame.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { PACKET_WAIT_MS } from './audio-timeline.js';
import { PACKET_SAMPLES_MAX } from './payload-decoder.js';
import { blankRtpPacket, type RtpPacket } from './rtp-packet.js';

const BYTES_PER_SAMPLE = 2;
const PIECE_BYTES_MAX = PACKET_SAMPLES_MAX * BYTES_PER_SAMPLE;
const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;

/**
 * Datagrams of bare samples, numbered and timed as RTP packets are, so that
 * they take the same way on: one more each, and after a pause by the clock,
 * since nothing in them says how long it was.
 */
export class RawStream {
  readonly #packet = blankRtpPacket();
  /** When the audio so far was at its end; undefined before the first. */
  #heardUntilMs: MonotonicMs | undefined;

  /**
   * Takes one datagram in pieces of a packet's length at most.
   * @param onPacket gets a packet that the next one overwrites, its payload linear, little-endian, and when it was spoken to its end.
   * @returns false when the datagram holds no whole number of samples, or none.
   */
  receive(datagram: Uint8Array, now: MonotonicMs, onPacket: (packet: RtpPacket, arrivedAt: MonotonicMs) => void): boolean {
    if (datagram.length === 0 || datagram.length % BYTES_PER_SAMPLE !== 0) return false;
    const packet = this.#packet;
    this.#skipPause(datagram.length / BYTES_PER_SAMPLE / SAMPLES_PER_MS, now);
    for (let start = 0; start < datagram.length; start += PIECE_BYTES_MAX) {
      packet.payloadStart = start;
      packet.payloadEnd = Math.min(start + PIECE_BYTES_MAX, datagram.length);
      const leftMs = (datagram.length - packet.payloadEnd) / BYTES_PER_SAMPLE / SAMPLES_PER_MS;
      onPacket(packet, (now - leftMs) as MonotonicMs);
      packet.sequence = (packet.sequence + 1) & 0xffff;
      packet.timestamp = (packet.timestamp + (packet.payloadEnd - start) / BYTES_PER_SAMPLE) >>> 0;
    }
    return true;
  }

  /** Less than a lost packet is waited for is jitter, not a pause. */
  #skipPause(audioMs: Ms, now: MonotonicMs): void {
    const pauseMs = this.#heardUntilMs === undefined ? 0 : now - audioMs - this.#heardUntilMs;
    if (pauseMs >= PACKET_WAIT_MS) this.#packet.timestamp = (this.#packet.timestamp + Math.round(pauseMs * SAMPLES_PER_MS)) >>> 0;
    this.#heardUntilMs = now;
  }
}

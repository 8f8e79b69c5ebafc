import { createSocket, type Socket } from 'node:dgram';
import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../../src/audio/frame.js';
import { decodeG711, encodeG711 } from '../../src/audio/g711.js';
import type { AudioFormat, CallAudio } from '../../src/telephony/call-audio.js';
import type { CallId } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';

const RTP_HEADER_BYTES = 12;
/** -12 dBFS, as loud as the numbers of the network. */
const AMPLITUDE = 8_000;

interface Tap {
  readonly callId: CallId;
  readonly format: AudioFormat;
  onFirstAudio: (() => void) | undefined;
}

interface Arrival {
  readonly atMs: Ms;
  readonly samples: Int16Array;
}

/** A bare place for call audio that keeps what comes, with its time, and sends a tone back. */
export class EarTaps implements CallAudio {
  readonly address: string;
  readonly #socket: Socket;
  readonly #toneHz: number;
  readonly #taps = new Map<number, Tap>();
  readonly #arrivals = new Map<CallId, Arrival[]>();
  readonly #speaking = new Map<CallId, NodeJS.Timeout>();

  private constructor(socket: Socket, toneHz: number) {
    this.#socket = socket;
    this.#toneHz = toneHz;
    this.address = `127.0.0.1:${String(socket.address().port)}`;
    socket.on('message', (datagram, from) => this.#receive(datagram, from.port));
  }

  /** @param toneHz what is said to the calls. */
  static async open(toneHz: number): Promise<EarTaps> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new EarTaps(socket, toneHz);
  }

  attach(sourcePort: number, callId: CallId, format: AudioFormat, onFirstAudio?: () => void): void {
    this.#taps.set(sourcePort, { callId, format, onFirstAudio });
  }

  detach(sourcePort: number): void {
    const tap = this.#taps.get(sourcePort);
    this.#taps.delete(sourcePort);
    if (tap !== undefined) this.hush(tap.callId);
  }

  /** What came of a call between two instants by `performance.now()`. */
  heard(callId: CallId, fromMs: Ms, untilMs: Ms): Int16Array {
    const within = (this.#arrivals.get(callId) ?? []).filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
    return Int16Array.from(within.flatMap(({ samples }) => [...samples]));
  }

  speak(callId: CallId): void {
    this.hush(callId);
    let frameIndex = 0;
    const startMs = performance.now();
    const timer = setInterval(() => {
      for (const dueCount = Math.floor((performance.now() - startMs) / FRAME_MS); frameIndex < dueCount; frameIndex++) this.#send(callId, frameIndex);
    }, FRAME_MS);
    this.#speaking.set(callId, timer);
  }

  hush(callId: CallId): void {
    clearInterval(this.#speaking.get(callId));
    this.#speaking.delete(callId);
  }

  close(): void {
    for (const callId of [...this.#speaking.keys()]) this.hush(callId);
    this.#socket.close();
  }

  #receive(datagram: Buffer, port: number): void {
    const tap = this.#taps.get(port);
    if (tap === undefined) return;
    const { onFirstAudio } = tap;
    tap.onFirstAudio = undefined;
    onFirstAudio?.();
    const samples = tap.format === 'rtp' ? decodeG711('mu-law', datagram.subarray(RTP_HEADER_BYTES)) : littleEndian(datagram);
    const arrivals = this.#arrivals.get(tap.callId) ?? [];
    arrivals.push({ atMs: performance.now(), samples });
    this.#arrivals.set(tap.callId, arrivals);
  }

  #send(callId: CallId, frameIndex: number): void {
    for (const [port, tap] of this.#taps) {
      if (tap.callId !== callId) continue;
      const frame = Int16Array.from({ length: FRAME_SAMPLES }, (_, index) =>
        Math.round(AMPLITUDE * Math.sin((2 * Math.PI * this.#toneHz * (frameIndex * FRAME_SAMPLES + index)) / SAMPLE_RATE_HZ)),
      );
      this.#socket.send(tap.format === 'rtp' ? rtpOf(frame, frameIndex) : new Uint8Array(frame.buffer), port, '127.0.0.1');
    }
  }
}

function littleEndian(datagram: Buffer): Int16Array {
  return Int16Array.from({ length: datagram.length >> 1 }, (_, index) => datagram.readInt16LE(2 * index));
}

function rtpOf(frame: Int16Array, frameIndex: number): Uint8Array {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + frame.length);
  packet[0] = 0x80;
  packet.writeUInt16BE(frameIndex & 0xffff, 2);
  packet.writeUInt32BE((frameIndex * FRAME_SAMPLES) >>> 0, 4);
  packet.writeUInt32BE(1, 8);
  encodeG711('mu-law', frame, packet.subarray(RTP_HEADER_BYTES));
  return packet;
}

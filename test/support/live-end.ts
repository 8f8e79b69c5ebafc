import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { FRAME_MS, FRAME_SAMPLES } from '../../src/audio/frame.js';
import { decodeG711, encodeG711 } from '../../src/audio/g711.js';
import { toneLevelDbfs } from '../../src/audio/goertzel.js';
import { playSegments } from '../../src/audio/tone-synthesis.js';
import { blankRtpPacket, readRtpPacket } from '../../src/media/rtp-packet.js';

/** Half a packet: fine enough for spans of tens of ms, long enough to tell tones 100 Hz apart. */
const HOP_SAMPLES = 80;
const HOP_MS = 10;
const TONE_LEVEL_DBFS = -15;
/** A hop that holds a third of the tone still counts; speech and beeps of other frequencies do not come near. */
const HEARD_DBFS = TONE_LEVEL_DBFS - 9;
const RTP_HEADER_BYTES = 12;
const PAYLOAD_TYPE_ULAW = 0;

/** One tone, heard in one hop. */
export interface HeardHop {
  readonly frequencyHz: number;
  /** When the hop began to come out of the earpiece, by `performance.now()`: a packet is heard from its arrival on. */
  readonly atMs: number;
}

/** What a live end is. */
export interface LiveEndOptions {
  /** Its own tone: a multiple of 50 Hz, so that every frame holds whole periods. */
  readonly toneHz: number;
  /** Tones it listens for. */
  readonly listensForHz: readonly number[];
  readonly ssrc: number;
}

/**
 * Mouth and ear of one telephone in this process: sends a frame of µ-law every
 * 20 ms, its own tone or silence, and looks for tones in whatever it receives.
 */
export class LiveEnd {
  readonly toneHz: number;
  /** Whether the frames that leave now hold the tone. */
  isSounding = false;
  readonly #socket: Socket;
  readonly #listensForHz: readonly number[];
  readonly #listeners = new Set<(hop: HeardHop) => void>();
  readonly #tone: Uint8Array;
  readonly #silence: Uint8Array;
  readonly #packet: Uint8Array;
  readonly #heard = new Int16Array(FRAME_SAMPLES);
  readonly #rtp = blankRtpPacket();
  #target: { readonly host: string; readonly port: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #frameIndex = 0;
  #startedAtMs = 0;
  #sentCount = 0;

  private constructor(socket: Socket, { toneHz, listensForHz, ssrc }: LiveEndOptions) {
    this.toneHz = toneHz;
    this.#socket = socket;
    this.#listensForHz = listensForHz;
    const samples = playSegments([{ frequenciesHz: [toneHz], durationMs: FRAME_MS }], { levelDbfs: TONE_LEVEL_DBFS, rampMs: 0 });
    this.#tone = encodeG711('mu-law', samples);
    this.#silence = encodeG711('mu-law', new Int16Array(FRAME_SAMPLES));
    this.#packet = new Uint8Array(RTP_HEADER_BYTES + FRAME_SAMPLES);
    this.#packet[0] = 0x80;
    new DataView(this.#packet.buffer).setUint32(8, ssrc);
    socket.on('message', (datagram) => this.#hear(datagram, performance.now()));
  }

  /** Bound to a free port of the loopback address. */
  static async open(options: LiveEndOptions): Promise<LiveEnd> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new LiveEnd(socket, options);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Whether frames leave: between `sendTo` and `fallSilent`. */
  get isSending(): boolean {
    return this.#timer !== undefined;
  }

  /** Sends there from now on. */
  sendTo(target: { readonly host: string; readonly port: number }): void {
    this.#target = target;
    if (this.#timer !== undefined) return;
    this.#startedAtMs = performance.now();
    this.#sentCount = 0;
    this.#send();
  }

  /** Sends no more. */
  fallSilent(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.isSounding = false;
  }

  /** Told each hop in which one of the tones is heard. The result takes the listener away again. */
  onHeard(listener: (hop: HeardHop) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first hop from now on that holds one of these tones; undefined when there is none within the time. */
  nextHop(frequenciesHz: readonly number[], waitMsMax: number): Promise<HeardHop | undefined> {
    return new Promise((resolve) => {
      const finish = (hop: HeardHop | undefined): void => {
        clearTimeout(timer);
        stopListening();
        resolve(hop);
      };
      const timer = setTimeout(() => finish(undefined), waitMsMax);
      const stopListening = this.onHeard((hop) => {
        if (frequenciesHz.includes(hop.frequencyHz)) finish(hop);
      });
    });
  }

  close(): void {
    this.fallSilent();
    this.#socket.close();
  }

  /** The frames that are due; frame n is due n * 20 ms after the first, however late a timer fires. */
  #send(): void {
    const dueCount = Math.floor((performance.now() - this.#startedAtMs) / FRAME_MS) + 1;
    for (; this.#sentCount < dueCount; this.#sentCount++) this.#sendFrame();
    const nextAtMs = this.#startedAtMs + this.#sentCount * FRAME_MS;
    this.#timer = setTimeout(() => this.#send(), Math.max(1, nextAtMs - performance.now()));
  }

  #sendFrame(): void {
    if (this.#target === undefined) return;
    const view = new DataView(this.#packet.buffer);
    view.setUint8(1, PAYLOAD_TYPE_ULAW);
    view.setUint16(2, this.#frameIndex & 0xffff);
    view.setUint32(4, (this.#frameIndex * FRAME_SAMPLES) >>> 0);
    this.#frameIndex += 1;
    this.#packet.set(this.isSounding ? this.#tone : this.#silence, RTP_HEADER_BYTES);
    this.#socket.send(this.#packet.slice(), this.#target.port, this.#target.host);
  }

  #hear(datagram: Uint8Array, arrivedAtMs: number): void {
    if (!readRtpPacket(datagram, this.#rtp) || this.#rtp.payloadType !== PAYLOAD_TYPE_ULAW) return;
    const { payloadStart, payloadEnd } = this.#rtp;
    const samples = decodeG711('mu-law', datagram.subarray(payloadStart, Math.min(payloadEnd, payloadStart + FRAME_SAMPLES)), this.#heard);
    for (let start = 0; start + HOP_SAMPLES <= samples.length; start += HOP_SAMPLES) {
      const hop = samples.subarray(start, start + HOP_SAMPLES);
      const atMs = arrivedAtMs + (start / HOP_SAMPLES) * HOP_MS;
      for (const frequencyHz of this.#listensForHz) {
        if (toneLevelDbfs(hop, frequencyHz) < HEARD_DBFS) continue;
        for (const listener of [...this.#listeners]) listener({ frequencyHz, atMs });
      }
    }
  }
}

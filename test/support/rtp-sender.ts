import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeG711 } from '../../src/audio/g711.js';
import { FRAME_MS, FRAME_SAMPLES } from '../../src/audio/frame.js';

/** What the network does to the packets of one call. */
export interface NetworkFaults {
  /** Packets not sent at all. */
  readonly isLost?: (packetIndex: number) => boolean;
  /** Frames that hold nothing but zeros are not sent, as by a far end that saves its pauses. */
  readonly leavesOutSilence?: boolean;
}

/** One call as a switch sends it: µ-law, 20 ms a packet, from a port of its own. */
export class RtpSender {
  readonly #socket: Socket;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #packet = new Uint8Array(12 + FRAME_SAMPLES);
  #sequence = 65_500;
  #timestamp = 4_294_960_000;
  sentCount = 0;

  private constructor(socket: Socket, target: { host: string; port: number }, ssrc: number) {
    this.#socket = socket;
    this.#target = target;
    this.#packet[0] = 0x80;
    new DataView(this.#packet.buffer).setUint32(8, ssrc);
  }

  /** @param address `host:port` of the receiver. @param port own port; 0 takes any free one. */
  static async open(address: string, ssrc: number, port = 0): Promise<RtpSender> {
    const socket = createSocket('udp4');
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    const [host = '', targetPort = ''] = address.split(':');
    return new RtpSender(socket, { host, port: Number(targetPort) }, ssrc);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Plays audio in real time; frame n leaves n * 20 ms after the start, however late a timer fires. */
  async play(samples: Int16Array, { isLost, leavesOutSilence = false }: NetworkFaults = {}): Promise<void> {
    const startMs = performance.now();
    const frameCount = Math.floor(samples.length / FRAME_SAMPLES);
    for (let index = 0; index < frameCount; ) {
      const dueCount = Math.min(frameCount, Math.floor((performance.now() - startMs) / FRAME_MS));
      for (; index < dueCount; index++) {
        const frame = samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES);
        this.#send(frame, isLost?.(index) ?? false, leavesOutSilence);
      }
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS / 2));
    }
  }

  /** One frame at once. */
  sendFrame(frame: Int16Array): void {
    this.#send(frame, false, false);
  }

  close(): void {
    this.#socket.close();
  }

  #send(frame: Int16Array, isLost: boolean, leavesOutSilence: boolean): void {
    const view = new DataView(this.#packet.buffer);
    view.setUint32(4, this.#timestamp);
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES) >>> 0;
    if (leavesOutSilence && frame.every((sample) => sample === 0)) return;
    view.setUint16(2, this.#sequence);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (isLost) return;
    encodeG711('mu-law', frame, this.#packet.subarray(12));
    this.#socket.send(this.#packet.slice(), this.#target.port, this.#target.host);
    this.sentCount++;
  }
}

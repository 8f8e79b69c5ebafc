import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { callTone } from './call-tone.js';
import type { Leg } from './leg.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;

/** Both ways of a leg's audio over UDP, 320 bytes of 16-bit samples each 20 ms. */
class UnicastAudio {
  readonly #socket: Socket;
  #isOver = false;
  #sentSamples = 0;

  constructor(leg: Leg, local: { readonly host: string; readonly port: number }, remote: { readonly host: string; readonly port: number }) {
    this.#socket = createSocket('udp4');
    this.#socket.on('message', (datagram) => {
      leg.heardBytes += datagram.length;
    });
    // A port in use, or a reader that went away, ends nothing on the switch: it logs.
    this.#socket.on('error', () => {
      this.stop();
    });
    const send = (): void => {
      if (this.#isOver) return;
      const samples = callTone(leg, FRAME_SAMPLES, this.#sentSamples);
      this.#sentSamples += FRAME_SAMPLES;
      this.#socket.send(Buffer.from(samples.buffer), remote.port, remote.host);
      leg.core.after(FRAME_MS, send);
    };
    this.#socket.bind({ port: local.port, address: local.host, exclusive: true }, send);
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.close();
  }
}

const running = new WeakMap<Leg, UnicastAudio>();

/**
 * What `sendmsg … unicast` does to a leg that is parked. Without audio to read
 * the whole server aborts (flow 23); on a leg that is not parked it is nothing.
 */
export function beginUnicast(leg: Leg, headers: ReadonlyMap<string, string>): void {
  if (!leg.isParked) return;
  if (!leg.hasMedia) {
    leg.core.crash();
    return;
  }
  endUnicast(leg);
  const end = (side: 'local' | 'remote'): { readonly host: string; readonly port: number } => ({
    host: headers.get(`${side}-ip`) ?? '127.0.0.1',
    port: Number(headers.get(`${side}-port`) ?? (side === 'local' ? 8025 : 8026)),
  });
  running.set(leg, new UnicastAudio(leg, end('local'), end('remote')));
}

/** The leg leaves its park. */
export function endUnicast(leg: Leg): void {
  running.get(leg)?.stop();
  running.delete(leg);
}

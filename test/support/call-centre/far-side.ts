import { once } from 'node:events';
import WebSocket from 'ws';
import type { PublicNetwork } from '../../../src/cli/lab/public-network.js';

/** One call as the public network has seen it; instants by the network's own clock. */
export interface FarCall {
  readonly number: string;
  readonly arrivedAtMs: number;
  endedAtMs: number | undefined;
}

interface NetworkEvent {
  readonly type: string;
  readonly timestamp?: string;
  readonly channel?: { readonly id: string; readonly dialplan?: { readonly exten: string } };
}

/** Watches the calls that arrive at the public network: the proof of what has really been dialled. */
export class FarSide {
  readonly #calls = new Map<string, FarCall>();
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString('utf8')) as NetworkEvent));
    // A network that is stopped resets the connection; what was seen stands.
    socket.on('error', () => socket.terminate());
  }

  static async watch(network: PublicNetwork): Promise<FarSide> {
    const authorization = `Basic ${Buffer.from(`${network.ariUser}:${network.ariPassword}`).toString('base64')}`;
    const url = `${network.ariUrl.replace(/^http/, 'ws')}/ari/events?app=far-side&subscribeAll=true`;
    const socket = new WebSocket(url, { headers: { authorization } });
    const farSide = new FarSide(socket);
    await once(socket, 'open');
    return farSide;
  }

  /** Calls to these numbers, or all, in the order of their arrival. */
  calls(isMeant: (number: string) => boolean = () => true): readonly FarCall[] {
    return [...this.#calls.values()].filter(({ number }) => isMeant(number)).sort((a, b) => a.arrivedAtMs - b.arrivedAtMs);
  }

  close(): void {
    this.#socket.close();
  }

  #take({ type, timestamp, channel }: NetworkEvent): void {
    if (channel === undefined || timestamp === undefined) return;
    const atMs = Date.parse(timestamp);
    if (type === 'ChannelCreated') {
      this.#calls.set(channel.id, { number: channel.dialplan?.exten ?? '', arrivedAtMs: atMs, endedAtMs: undefined });
    }
    const call = this.#calls.get(channel.id);
    if (type === 'ChannelDestroyed' && call !== undefined) call.endedAtMs = atMs;
  }
}

/** The most of these calls that held a line at one time. */
export function linesMost(calls: readonly FarCall[]): number {
  return Math.max(0, ...calls.map(({ arrivedAtMs }) =>
    calls.filter((other) => other.arrivedAtMs <= arrivedAtMs && (other.endedAtMs ?? Infinity) > arrivedAtMs).length));
}

/** The most of these calls that arrived within any span so long. */
export function arrivalsMost(calls: readonly FarCall[], spanMs: number): number {
  return Math.max(0, ...calls.map(({ arrivedAtMs }) =>
    calls.filter((other) => other.arrivedAtMs >= arrivedAtMs && other.arrivedAtMs < arrivedAtMs + spanMs).length));
}

import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** An event that baresip reports, e.g. `CALL_ESTABLISHED`. */
export interface BaresipEvent {
  readonly type: string;
  readonly param: string;
  /** Of the call, with events of calls. */
  readonly callId: string | undefined;
}

interface Message {
  readonly event?: boolean;
  readonly response?: boolean;
  readonly type?: string;
  readonly param?: string;
  readonly ok?: boolean;
  readonly data?: string;
  readonly token?: string;
  readonly id?: string;
}

const CONNECT_AGAIN_AFTER_MS = 20;

/** baresip's control port (module ctrl_tcp): JSON in netstrings, commands answered by their token. */
export class BaresipControl {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (message: Message) => void>();
  readonly #onEvent: (event: BaresipEvent) => void;
  #received = Buffer.alloc(0);
  #commandCount = 0;

  private constructor(socket: Socket, onEvent: (event: BaresipEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('data', (chunk) => this.#read(chunk));
    // A phone that was killed resets the connection; its process says so too.
    socket.on('error', () => this.#release());
    socket.on('close', () => this.#release());
  }

  /** Connects as soon as the port is open. @throws when it is not within `waitMsMax`, or `isAlive` says no. */
  static async open(
    port: number,
    waitMsMax: number,
    isAlive: () => boolean,
    onEvent: (event: BaresipEvent) => void,
  ): Promise<BaresipControl> {
    const giveUpAtMs = performance.now() + waitMsMax;
    while (performance.now() < giveUpAtMs && isAlive()) {
      const socket = await tryConnect(port);
      if (socket !== undefined) return new BaresipControl(socket, onEvent);
      await wait(CONNECT_AGAIN_AFTER_MS);
    }
    throw new Error(`baresip opened no control port ${port}.`);
  }

  /** Runs a command of baresip's menu. @throws when baresip refuses it or is gone. */
  async command(command: string, params = ''): Promise<string> {
    this.#commandCount += 1;
    const token = String(this.#commandCount);
    const text = JSON.stringify({ command, params, token });
    const reply = await new Promise<Message>((resolve) => {
      if (this.#socket.destroyed) {
        resolve({ ok: false, data: 'the phone is gone' });
        return;
      }
      this.#waiting.set(token, resolve);
      this.#socket.write(`${Buffer.byteLength(text)}:${text},`);
    });
    if (reply.ok !== true) throw new Error(`baresip refused ${command} ${params}: ${reply.data ?? ''}`);
    return reply.data ?? '';
  }

  close(): void {
    this.#socket.destroy();
  }

  #release(): void {
    for (const resolve of this.#waiting.values()) resolve({ ok: false, data: 'the phone is gone' });
    this.#waiting.clear();
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      if (colon < 0) return;
      const length = Number.parseInt(this.#received.subarray(0, colon).toString(), 10);
      const end = colon + 1 + length;
      if (Number.isNaN(length)) throw new Error('baresip sent no netstring.');
      if (this.#received.length <= end) return;
      const message = JSON.parse(this.#received.subarray(colon + 1, end).toString()) as Message;
      this.#received = this.#received.subarray(end + 1);
      this.#take(message);
    }
  }

  #take(message: Message): void {
    if (message.event === true) {
      this.#onEvent({ type: message.type ?? '', param: message.param ?? '', callId: message.id });
      return;
    }
    const resolve = this.#waiting.get(message.token ?? '');
    this.#waiting.delete(message.token ?? '');
    resolve?.(message);
  }
}

function tryConnect(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

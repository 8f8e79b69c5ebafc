import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A message of the server, split. */
export interface ProbeMessage {
  readonly type: string;
  readonly head: string;
  readonly body: string;
  /** Of an event: its headers. */
  readonly event?: Readonly<Record<string, string | readonly string[]>>;
}

/** Real time within which the double must have said something that needs none of its own. */
const WITHIN_MS = 5_000;

/** A client of the event socket that keeps everything it is told. */
export class EslProbe {
  readonly messages: ProbeMessage[] = [];
  /** Bodies of events as they came. */
  readonly rawBodies: Buffer[] = [];
  isClosed = false;
  /** Told the size of each read. */
  onPiece: (byteCount: number) => void = () => undefined;
  readonly #socket: Socket;
  #waiting: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => {
      this.onPiece(piece.length);
      this.#read(piece);
    });
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('error', () => {
      this.isClosed = true;
    });
  }

  static async open(port: number): Promise<EslProbe> {
    const socket = connect(port, '127.0.0.1');
    const probe = new EslProbe(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return probe;
  }

  /** Answers so far, in order: replies to commands and bodies of `api`. */
  get replies(): readonly ProbeMessage[] {
    return this.messages.filter(({ type }) => type === 'command/reply' || type === 'api/response');
  }

  get events(): readonly NonNullable<ProbeMessage['event']>[] {
    return this.messages.flatMap(({ event }) => (event === undefined ? [] : [event]));
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  /** Sends a command and waits for its answer, the double's clock aside. */
  async ask(command: string): Promise<ProbeMessage> {
    const count = this.replies.length;
    this.write(`${command}\n\n`);
    await this.until(`an answer to ${command}`, () => this.replies.length > count);
    const reply = this.replies[count];
    if (reply === undefined) throw new Error('There is no answer.');
    return reply;
  }

  /** Logs in and subscribes. */
  async logIn(subscription: string, password = 'ClueCon'): Promise<void> {
    await this.ask(`auth ${password}`);
    await this.ask(subscription);
  }

  /** Waits in real time for what needs no time of the double's. @throws Error naming it. */
  async until(what: string, isSo: () => boolean, withinMs = WITHIN_MS): Promise<void> {
    const giveUpAtMs = performance.now() + withinMs;
    while (!isSo()) {
      if (performance.now() > giveUpAtMs) throw new Error(`${what} did not come within ${String(withinMs)} ms.`);
      await turn();
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(piece: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, piece]);
    for (;;) {
      const end = this.#waiting.indexOf('\n\n');
      if (end < 0) return;
      const head = this.#waiting.toString('utf8', 0, end);
      const length = Number(/^Content-Length: (\d+)/m.exec(head)?.[1] ?? 0);
      if (this.#waiting.length < end + 2 + length) return;
      const raw = this.#waiting.subarray(end + 2, end + 2 + length);
      const body = raw.toString('utf8');
      this.#waiting = this.#waiting.subarray(end + 2 + length);
      const type = /^Content-Type: (\S+)/m.exec(head)?.[1] ?? '';
      const isJson = type === 'text/event-json';
      if (isJson) this.rawBodies.push(raw);
      this.messages.push({ type, head, body, ...(isJson ? { event: JSON.parse(body) as NonNullable<ProbeMessage['event']> } : {}) });
    }
  }
}

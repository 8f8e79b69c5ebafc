import { connect, type Socket } from 'node:net';

/** An event of the switch, its headers by name; a header that came more than once is a list. */
export type FreeswitchEvent = Readonly<Record<string, string | readonly string[]>>;

/** Where an event socket is and how to be let in. */
export interface FreeswitchLogin {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

interface Message {
  readonly type: string;
  readonly replyText: string;
  readonly body: string;
}

/**
 * The event socket as an operator at a terminal would use it, for the lab and
 * its tests: one command after another, events as they come. The service has a
 * client of its own (telephony/freeswitch), which this one is to check.
 */
export class FreeswitchSocket {
  readonly #socket: Socket;
  readonly #onEvent: (event: FreeswitchEvent) => void;
  readonly #waiting: ((message: Message | undefined) => void)[] = [];
  #unread = Buffer.alloc(0);

  private constructor(socket: Socket, onEvent: (event: FreeswitchEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.once('close', () => {
      for (const tell of this.#waiting.splice(0)) tell(undefined);
    });
  }

  /** Connects and logs in. @throws Error when nobody listens or the password is refused. */
  static async open(login: FreeswitchLogin, onEvent: (event: FreeswitchEvent) => void = () => undefined): Promise<FreeswitchSocket> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      const opening = connect({ host: login.host, port: login.port }, () => resolve(opening));
      opening.once('error', reject);
    });
    // What is wrong later shows as a closed connection.
    socket.removeAllListeners('error').on('error', () => socket.destroy());
    const opened = new FreeswitchSocket(socket, onEvent);
    const { replyText } = await opened.#ask(`auth ${login.password}`);
    if (replyText.startsWith('+OK')) return opened;
    opened.close();
    throw new Error(`The event socket refused the log-in: ${replyText}`);
  }

  /** Performs a command of the switch's own console; resolves to what it says. */
  async api(command: string): Promise<string> {
    return (await this.#ask(`api ${command}`)).body.trim();
  }

  /** Asks for events, e.g. `CHANNEL_PARK CUSTOM sofia::register`. */
  async subscribe(events: string): Promise<void> {
    const { replyText } = await this.#ask(`event json ${events}`);
    if (!replyText.startsWith('+OK')) throw new Error(`event json ${events}: ${replyText}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Replies come in the order of the commands. @throws Error when the connection closes before. */
  async #ask(command: string): Promise<Message> {
    const answer = await new Promise<Message | undefined>((resolve) => {
      if (this.#socket.destroyed) {
        resolve(undefined);
        return;
      }
      this.#waiting.push(resolve);
      this.#socket.write(`${command}\n\n`);
    });
    if (answer === undefined) throw new Error('The event socket was closed.');
    return answer;
  }

  #take(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      if (message.type === 'command/reply' || message.type === 'api/response') this.#waiting.shift()?.(message);
      else if (message.type === 'text/event-json') this.#onEvent(JSON.parse(message.body) as FreeswitchEvent);
    }
  }

  /** The next whole message; undefined until the rest of it has come. */
  #next(): Message | undefined {
    const headEnd = this.#unread.indexOf('\n\n');
    if (headEnd < 0) return undefined;
    const headers = new Map(
      this.#unread.toString('utf8', 0, headEnd).split('\n').map((line): [string, string] => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
    const bodyStart = headEnd + 2;
    const bodyEnd = bodyStart + Number(headers.get('Content-Length') ?? 0);
    if (this.#unread.length < bodyEnd) return undefined;
    const body = this.#unread.toString('utf8', bodyStart, bodyEnd);
    this.#unread = this.#unread.subarray(bodyEnd);
    return { type: headers.get('Content-Type') ?? '', replyText: headers.get('Reply-Text') ?? '', body };
  }
}

import { connect, type Socket } from 'node:net';

/** An AMI message: its headers by name. */
export type AmiMessage = Readonly<Record<string, string>>;

/** A bare connection to AMI, for the parts of the lab that play the world around the PBX. */
export class AmiConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (message: AmiMessage) => void>();
  readonly #onEvent: (event: AmiMessage) => void;
  #received = '';
  #actionCount = 0;

  private constructor(socket: Socket, onEvent: (event: AmiMessage) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    // Asterisk that is killed resets the connection; its process says so too.
    socket.on('error', () => this.#release());
    socket.on('close', () => this.#release());
  }

  /** Connects and logs in. */
  static async open(
    port: number,
    login: { readonly user: string; readonly password: string },
    onEvent: (event: AmiMessage) => void,
  ): Promise<AmiConnection> {
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const ami = new AmiConnection(socket, onEvent);
    await ami.action('Login', { Username: login.user, Secret: login.password });
    return ami;
  }

  /** Sends an action and waits for its response. @throws when Asterisk refuses it or is gone. */
  async action(action: string, headers: AmiMessage = {}): Promise<AmiMessage> {
    this.#actionCount += 1;
    const id = String(this.#actionCount);
    const lines = Object.entries({ Action: action, ActionID: id, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    const response = await new Promise<AmiMessage>((resolve) => {
      if (this.#socket.destroyed) {
        resolve({ Message: 'Asterisk is gone' });
        return;
      }
      this.#waiting.set(id, resolve);
      this.#socket.write(`${lines.join('')}\r\n`);
    });
    if (response['Response'] !== 'Success') throw new Error(`AMI refused ${action}: ${response['Message'] ?? ''}`);
    return response;
  }

  close(): void {
    this.#socket.destroy();
  }

  #release(): void {
    for (const resolve of this.#waiting.values()) resolve({ Message: 'Asterisk is gone' });
    this.#waiting.clear();
  }

  #read(chunk: string): void {
    this.#received += chunk;
    for (let end = this.#received.indexOf('\r\n\r\n'); end >= 0; end = this.#received.indexOf('\r\n\r\n')) {
      const message = parse(this.#received.slice(0, end));
      this.#received = this.#received.slice(end + 4);
      if (message['Event'] !== undefined) this.#onEvent(message);
      else this.#answer(message);
    }
  }

  #answer(message: AmiMessage): void {
    const id = message['ActionID'] ?? '';
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(message);
  }
}

function parse(text: string): AmiMessage {
  return Object.fromEntries(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(': ');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 2)]];
    }),
  );
}

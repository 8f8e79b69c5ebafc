import { connect, type Socket } from 'node:net';
import type { AsteriskSite } from '../site.js';

const ANSWER_WAIT_MS_MAX = 5_000;

/** One message of the manager interface: names in lower case. */
export type AmiAnswer = Readonly<Record<string, string>>;

/** Why no manager connection came about. */
export class AmiProbeError extends Error {
  readonly kind: 'unreachable' | 'refused' | 'silent';

  constructor(kind: AmiProbeError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A manager connection for a few questions in turn. */
export class AmiProbe {
  readonly #socket: Socket;
  #heard = '';
  #onMessage: ((message: AmiAnswer) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    // An end that comes later is seen as the silence it is.
    socket.on('error', () => socket.destroy());
  }

  /** Connects and logs in. @throws AmiProbeError */
  static async open({ host, port, user, password }: AsteriskSite['switch']['ami']): Promise<AmiProbe> {
    const probe = new AmiProbe(await connected(host, port));
    const [answer] = await probe.ask({ Action: 'Login', Username: user, Secret: password, Events: 'off' });
    if (answer?.['response'] === 'Success') return probe;
    probe.close();
    throw new AmiProbeError('refused', answer?.['message'] ?? 'no reason given');
  }

  /** All messages that answer, the reply first; with a list, its items up to the end. @throws AmiProbeError when silent. */
  ask(action: Readonly<Record<string, string>>): Promise<readonly AmiAnswer[]> {
    const id = String(Math.round(performance.now() * 1000));
    const messages: AmiAnswer[] = [];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new AmiProbeError('silent', 'no answer')), ANSWER_WAIT_MS_MAX);
      this.#onMessage = (message) => {
        if (message['actionid'] !== id) return;
        messages.push(message);
        const isListOpen = messages[0]?.['eventlist'] === 'start' && message['eventlist'] !== 'Complete';
        if (isListOpen) return;
        clearTimeout(timer);
        resolve(messages);
      };
      const lines = Object.entries({ ...action, ActionID: id }).map(([name, value]) => `${name}: ${value}`);
      this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    this.#heard += text;
    for (let end = this.#heard.indexOf('\r\n\r\n'); end >= 0; end = this.#heard.indexOf('\r\n\r\n')) {
      const block = this.#heard.slice(0, end);
      this.#heard = this.#heard.slice(end + 4);
      this.#onMessage?.(messageOf(block));
    }
  }
}

function messageOf(block: string): AmiAnswer {
  const message: Record<string, string> = {};
  for (const line of block.split('\r\n')) {
    const [, name, value] = /^([A-Za-z]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    // The output of a command comes as many lines of one name.
    message[key] = message[key] === undefined ? (value ?? '') : `${message[key]}\n${value ?? ''}`;
  }
  return message;
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new AmiProbeError('unreachable', reason));
    };
    const timer = setTimeout(() => fail('no answer'), ANSWER_WAIT_MS_MAX);
    socket.once('error', (error) => {
      clearTimeout(timer);
      fail(error.message);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

import { createRequire } from 'node:module';
import type { Ms } from '../../units/time.js';
import type { AmiLogin } from './asterisk-config.js';

/** One event or reply of the manager interface: names in lower case, values as text. */
export type AmiMessage = Readonly<Record<string, string | undefined>>;

/** What came of an action. */
export type AmiReply =
  | { readonly kind: 'done'; readonly message: AmiMessage }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'lost' };

/** Whoever wants to know. */
export interface AmiListener {
  onUp(): void;
  onEvent(event: AmiMessage): void;
  /** In one sentence; it is connected again by itself. */
  onDown(reason: string): void;
}

/** What is used of the package `asterisk-manager`. */
interface ManagerHandle {
  connect(port: number, host: string, onConnect: () => void): void;
  login(onLogin: (error?: unknown) => void): void;
  action(fields: Record<string, string>, onReply: (error: unknown, reply?: Record<string, string>) => void): void;
  disconnect(): void;
  on(event: 'managerevent' | 'close' | 'error', listener: (subject: never) => void): void;
}

type ManagerPackage = (port: number, host: string, user: string, password: string, hasEvents: boolean) => ManagerHandle;

/** Chosen: as for ARI; the manager answers in a millisecond. */
const REPLY_WAIT_MS_MAX: Ms = 5_000;
const PING_EVERY_MS: Ms = 5_000;
const RECONNECT_WAIT_MS_MIN: Ms = 100;
const RECONNECT_WAIT_MS_MAX: Ms = 2_000;

/** The only events that are read; the switch sends no others to us. */
const WANTED_EVENTS = ['PeerStatus', 'RTCPSent', 'RTCPReceived'] as const;

const loadPackage = createRequire(import.meta.url);

/**
 * The manager interface, for what ARI lacks. The package's own reconnecting
 * is not used (it waits 10 s and writes to the console): each connection gets
 * a fresh handle.
 */
export class AmiClient {
  readonly #login: AmiLogin;
  readonly #listener: AmiListener;
  readonly #createManager: ManagerPackage;
  readonly #waiting = new Set<(reply: AmiReply) => void>();
  #handle: ManagerHandle | undefined;
  #isUp = false;
  #isClosed = false;
  #reconnectWaitMs = RECONNECT_WAIT_MS_MIN;
  #timer: NodeJS.Timeout | undefined;
  #actionCount = 0;

  constructor(login: AmiLogin, listener: AmiListener) {
    this.#login = login;
    this.#listener = listener;
    this.#createManager = loadPackage('asterisk-manager') as ManagerPackage;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Connects, and again whenever the connection goes, until `close`. */
  start(): void {
    const { host, port, user, password } = this.#login;
    const handle = this.#createManager(0, host, user, password, true);
    this.#handle = handle;
    handle.on('managerevent', (event: AmiMessage) => {
      if (handle === this.#handle && this.#isUp) this.#listener.onEvent(event);
    });
    handle.on('error', (error: Error) => this.#lose(handle, `AMI at ${host}:${port}: ${error.message}.`));
    handle.on('close', () => this.#lose(handle, `AMI at ${host}:${port} closed the connection.`));
    handle.connect(port, host, () => {
      handle.login((error) => {
        if (handle !== this.#handle) return;
        if (error === undefined) this.#becomeUp(handle);
        else this.#lose(handle, `AMI at ${host}:${port} refuses user ${user}: compare user and password with manager.conf.`);
      });
    });
    this.#timer = setTimeout(() => this.#lose(handle, `AMI at ${host}:${port} does not answer.`), REPLY_WAIT_MS_MAX);
  }

  close(): void {
    this.#isClosed = true;
    const handle = this.#handle;
    if (handle !== undefined) this.#lose(handle, 'The service is closing.');
    clearTimeout(this.#timer);
  }

  /**
   * Asks for something; exactly one reply follows.
   * @throws RangeError when a value holds a line break, which would begin a field of its own.
   */
  send(action: string, fields: Readonly<Record<string, string>>, onReply: (reply: AmiReply) => void): void {
    for (const [name, value] of Object.entries(fields)) {
      if (/[\r\n\0]/.test(value)) throw new RangeError(`The field ${name} of AMI action ${action} holds a line break.`);
    }
    if (this.#isUp && this.#handle !== undefined) this.#act(this.#handle, action, fields, onReply);
    else onReply({ kind: 'lost' });
  }

  /** Reads a module's configuration anew, e.g. `res_pjsip.so`; without a name everything. */
  reload(moduleName: string | undefined, onReply: (reply: AmiReply) => void): void {
    this.send('Reload', moduleName === undefined ? {} : { module: moduleName }, onReply);
  }

  #act(handle: ManagerHandle, action: string, fields: Readonly<Record<string, string>>, onReply: (reply: AmiReply) => void): void {
    const finish = (reply: AmiReply): void => {
      clearTimeout(deadline);
      if (this.#waiting.delete(finish)) onReply(reply);
    };
    const deadline = setTimeout(() => {
      finish({ kind: 'lost' });
      this.#lose(handle, `AMI did not answer ${action}.`);
    }, REPLY_WAIT_MS_MAX);
    this.#waiting.add(finish);
    handle.action({ ...fields, action, actionid: `outdial-${++this.#actionCount}` }, (error, message) => {
      if (error === undefined || error === null) finish({ kind: 'done', message: message ?? {} });
      else finish({ kind: 'refused', words: message?.['message'] ?? 'no words' });
    });
  }

  #becomeUp(handle: ManagerHandle): void {
    clearTimeout(this.#timer);
    const fail = (reply: AmiReply): void => {
      if (reply.kind === 'refused') this.#lose(handle, `AMI refuses to filter events (${reply.words}): give user ${this.#login.user} write=system in manager.conf.`);
    };
    // Everything else a switch tells of each call would be read only to be thrown away.
    this.#act(handle, 'Events', { eventmask: 'system,reporting' }, fail);
    this.#act(handle, 'Filter', { operation: 'Add', filter: `Event: (${WANTED_EVENTS.join('|')})` }, (reply) => {
      fail(reply);
      if (reply.kind !== 'done' || handle !== this.#handle) return;
      this.#isUp = true;
      this.#reconnectWaitMs = RECONNECT_WAIT_MS_MIN;
      this.#timer = setInterval(() => this.#act(handle, 'Ping', {}, () => undefined), PING_EVERY_MS);
      this.#listener.onUp();
    });
  }

  #lose(handle: ManagerHandle, reason: string): void {
    if (handle !== this.#handle) return;
    this.#handle = undefined;
    this.#isUp = false;
    clearTimeout(this.#timer);
    handle.disconnect();
    for (const finish of [...this.#waiting]) finish({ kind: 'lost' });
    if (this.#isClosed) return;
    this.#listener.onDown(reason);
    this.#timer = setTimeout(() => this.start(), this.#reconnectWaitMs);
    this.#reconnectWaitMs = Math.min(this.#reconnectWaitMs * 2, RECONNECT_WAIT_MS_MAX);
  }
}

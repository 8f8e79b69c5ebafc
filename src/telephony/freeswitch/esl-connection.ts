import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Ms } from '../../units/time.js';
import { EslParser, EslProtocolError } from './esl-parser.js';
import type { EslMessage } from './esl-parser.js';
import type { EslLogin } from './freeswitch-config.js';

/** Headers of an event: one value each, several where the header came more than once. */
export type EslEvent = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What came of a command. */
export type EslReply =
  /** The switch's own words: `Reply-Text` of a command, the body of an `api` or a job. */
  | { readonly kind: 'said'; readonly words: string }
  /** The connection went before a reply came. */
  | { readonly kind: 'lost' };

/** Whoever owns the connection. */
export interface EslListener {
  onEvent(event: EslEvent): void;
  /** Once, after the commands without a reply got `lost`. */
  onLost(reason: string): void;
}

/** The switch will not have us, and trying again will not help. */
export class EslRefusal extends Error {}

/** Timing of a connection. */
export interface EslTiming {
  readonly heartbeatMs: Ms;
}

/** Chosen: a switch of the same site answers in a millisecond. */
const CONNECT_WAIT_MS_MAX: Ms = 5_000;
/** Silences of so many heartbeats are a lost switch; one question has gone unanswered by then. */
const SILENT_HEARTBEATS_MAX = 2.5;

/**
 * One connection to the event socket: commands, replies and events on one
 * ordered stream. Replies carry no id and come in the order of the commands, so
 * whatever comes out of that order ends the connection.
 */
export class EslConnection {
  readonly #socket: Socket;
  readonly #parser = new EslParser();
  readonly #waiting: ((reply: EslReply) => void)[] = [];
  readonly #jobs = new Map<string, (reply: EslReply) => void>();
  readonly #timing: EslTiming;
  #listener: EslListener | undefined;
  /** What came before anybody listened. */
  #early: EslMessage[] = [];
  #onGreeting: ((message: EslMessage | undefined) => void) | undefined;
  #heardAtMs = performance.now();
  #watch: NodeJS.Timeout | undefined;
  #isOver = false;

  private constructor(socket: Socket, timing: EslTiming) {
    this.#socket = socket;
    this.#timing = timing;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.drop(`The event socket failed: ${error.message}.`));
    socket.on('close', () => this.drop('The switch closed the event socket.'));
  }

  /**
   * Connects and logs in.
   * @throws EslRefusal when the switch refuses us for good; Error when it cannot be reached.
   */
  static async connect(login: EslLogin, timing: EslTiming, signal: AbortSignal): Promise<EslConnection> {
    const where = `${login.host}:${String(login.port)}`;
    const socket = await openSocket(login, signal);
    const connection = new EslConnection(socket, timing);
    try {
      await connection.#logIn(login.password, where);
    } catch (error) {
      connection.close();
      throw error;
    }
    connection.#watch = setInterval(() => connection.#beat(), timing.heartbeatMs);
    return connection;
  }

  /** How many commands wait for their reply. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Events go to this listener from now on, those that came before first. */
  listen(listener: EslListener): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) this.#take(message);
  }

  /** Has the switch carry out one command before it does or tells anything else; only for commands that are quick. */
  api(command: string, onReply: (reply: EslReply) => void): void {
    this.#send(`api ${plain(command)}`, onReply);
  }

  /** As `api`, in a thread of its own; the reply is the job's result. */
  background(jobId: string, command: string, onReply: (reply: EslReply) => void): void {
    this.#jobs.set(jobId, onReply);
    this.#send(`bgapi ${plain(command)}\nJob-UUID: ${plain(jobId)}`, (reply) => {
      // Taken up; how it went comes as an event.
      if (reply.kind === 'said' && reply.words.startsWith('+OK')) return;
      if (this.#jobs.delete(jobId)) onReply(reply);
    });
  }

  /** Hands a call a message, which it acts on by itself: `execute` an application, `unicast` its audio. */
  message(callId: string, fields: Readonly<Record<string, string>>, onReply: (reply: EslReply) => void): void {
    const lines = Object.entries(fields).map(([name, value]) => `${plain(name)}: ${plain(value)}`);
    this.#send([`sendmsg ${plain(callId)}`, ...lines].join('\n'), onReply);
  }

  /** Any other command, e.g. `event json …`. */
  command(line: string, onReply: (reply: EslReply) => void): void {
    this.#send(plain(line), onReply);
  }

  /** Commands without a reply get `lost`; the listener hears nothing more. */
  close(): void {
    this.#listener = undefined;
    this.drop('We closed the connection.');
  }

  /** As if the switch had cut it: commands without a reply get `lost`, then the listener hears why. */
  drop(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#watch);
    this.#socket.destroy();
    const unanswered = [...this.#waiting.splice(0), ...this.#jobs.values()];
    this.#jobs.clear();
    for (const onReply of unanswered) onReply({ kind: 'lost' });
    this.#onGreeting?.(undefined);
    this.#listener?.onLost(reason);
  }

  #send(text: string, onReply: (reply: EslReply) => void): void {
    if (this.#isOver) {
      onReply({ kind: 'lost' });
      return;
    }
    this.#waiting.push(onReply);
    this.#socket.write(`${text}\n\n`);
  }

  async #logIn(password: string, where: string): Promise<void> {
    const greeting = await this.#greeting();
    if (greeting?.type === 'text/rude-rejection') {
      throw new EslRefusal(
        `The event socket at ${where} turns this machine away: name its address in the list of acl.conf that apply-inbound-acl of event_socket.conf names.`,
      );
    }
    if (greeting?.type !== 'auth/request') throw new Error(`There is no event socket at ${where}.`);
    const reply = await new Promise<EslReply>((resolve) => this.#send(`auth ${plain(password)}`, resolve));
    if (reply.kind === 'lost') throw new Error(`The event socket at ${where} closed during the log-in.`);
    if (!reply.words.startsWith('+OK')) {
      throw new EslRefusal(`The event socket at ${where} refuses the password: compare it with event_socket.conf.`);
    }
  }

  #greeting(): Promise<EslMessage | undefined> {
    return new Promise((resolve) => {
      const finish = (message: EslMessage | undefined): void => {
        clearTimeout(timer);
        this.#onGreeting = undefined;
        resolve(message);
      };
      const timer = setTimeout(() => finish(undefined), CONNECT_WAIT_MS_MAX);
      this.#onGreeting = finish;
    });
  }

  #read(chunk: Buffer): void {
    this.#heardAtMs = performance.now();
    try {
      for (const message of this.#parser.push(chunk)) {
        if (this.#isOver) return;
        this.#take(message);
      }
    } catch (error) {
      if (!(error instanceof EslProtocolError)) throw error;
      this.drop(error.message);
    }
  }

  #take(message: EslMessage): void {
    // Its first word says what it is.
    if (this.#onGreeting !== undefined) return this.#onGreeting(message);
    switch (message.type) {
      case 'command/reply':
        return this.#answer(message.headers.get('Reply-Text') ?? '');
      case 'api/response':
        return this.#answer(message.body);
      case 'text/event-json':
        return this.#event(message);
      default:
        // A notice of the end is followed by the end; anything else was not asked for.
        return;
    }
  }

  #answer(words: string): void {
    const onReply = this.#waiting.shift();
    if (onReply === undefined) this.drop('A reply came to a command that was not given.');
    else onReply({ kind: 'said', words: words.trimEnd() });
  }

  #event(message: EslMessage): void {
    if (this.#listener === undefined) {
      this.#early.push(message);
      return;
    }
    const event = parsed(message.body);
    if (event === undefined) return this.drop('An event came that is no JSON.');
    if (event['Event-Name'] === 'BACKGROUND_JOB') return this.#jobDone(event);
    this.#listener.onEvent(event);
  }

  /** Every connection hears of every job: those of others are passed over. */
  #jobDone(event: EslEvent): void {
    const jobId = textOf(event, 'Job-UUID') ?? '';
    const onReply = this.#jobs.get(jobId);
    if (onReply === undefined) return;
    this.#jobs.delete(jobId);
    onReply({ kind: 'said', words: (textOf(event, '_body') ?? '').trimEnd() });
  }

  #beat(): void {
    const silentMs = performance.now() - this.#heardAtMs;
    if (silentMs > this.#timing.heartbeatMs * SILENT_HEARTBEATS_MAX) this.drop(`The switch has said nothing for ${String(Math.round(silentMs))} ms.`);
    else if (silentMs > this.#timing.heartbeatMs / 2) this.api('echo outdial', () => undefined);
  }
}

/** One value of an event; the first where it has several. */
export function textOf(event: EslEvent, name: string): string | undefined {
  const value = event[name];
  return typeof value === 'string' || value === undefined ? value : value[0];
}

function parsed(body: string): EslEvent | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as EslEvent) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws RangeError on a line break, which would begin a command of its own. */
function plain(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new RangeError('A command for the switch holds a line break.');
  return text;
}

function openSocket({ host, port }: EslLogin, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host, port });
    const finish = (error: Error | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('connect', connected).off('error', failed);
      if (error === undefined) return resolve(socket);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => finish(new Error('The connecting was given up.'));
    const connected = (): void => finish(undefined);
    const failed = (error: Error): void => finish(new Error(`No answer from ${host}:${String(port)}: ${error.message}.`));
    const timer = setTimeout(() => finish(new Error(`No answer from ${host}:${String(port)}.`)), CONNECT_WAIT_MS_MAX);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', connected).once('error', failed);
  });
}

import type { Socket } from 'node:net';
import type { Random } from '../../../../src/units/random.js';
import { runApiCommand } from '../api/api-commands.js';
import type { SwitchEventData } from '../recorded/switch-event-data.js';
import { sendToLeg } from '../legs/leg-messages.js';
import type { SwitchCore } from '../server/switch-core.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import type { EslCommand } from './command-reader.js';
import { CommandReader } from './command-reader.js';
import { PiecewiseWriter } from './piecewise-writer.js';
import { Subscriptions } from './subscriptions.js';
import { apiResponse, authRequest, commandReply, eventMessage, GOODBYE, notice } from './wire-message.js';

/** What a connection is told at its making. */
export interface ConnectionSettings {
  readonly password: string;
  readonly pieceBytesMax: number;
  readonly authTimeoutMs: number;
  readonly random: Random;
}

/** How long an event waits at most for the socket's thread to come round (measured: median 20 ms). */
const POLL_MS = 20;

/** One client of the event socket. */
export class EslConnection {
  readonly #socket: Socket;
  readonly #core: () => SwitchCore;
  readonly #settings: ConnectionSettings;
  readonly #reader = new CommandReader();
  readonly #writer: PiecewiseWriter;
  readonly #subscriptions = new Subscriptions();
  #isAuthorised = false;
  #isOver = false;
  /** Commands that came while `api` blocks the connection. */
  #waiting: EslCommand[] = [];
  #isBlocked = false;
  /** Events that the socket's thread has not sent yet. */
  #events: SwitchEventData[] = [];
  #isDeliveryDue = false;

  /** @param core the switch as it lives now. */
  constructor(socket: Socket, core: () => SwitchCore, settings: ConnectionSettings) {
    this.#socket = socket;
    this.#core = core;
    this.#settings = settings;
    this.#writer = new PiecewiseWriter(socket, settings.random, settings.pieceBytesMax);
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => {
      core().clock.catchUp();
      for (const command of this.#reader.read(piece)) this.#take(command);
    });
    socket.on('close', () => {
      this.#end();
    });
    // A client that resets the connection is as gone as one that closes it.
    socket.on('error', () => {
      this.#end();
    });
    this.#writer.write(authRequest());
    core().after(settings.authTimeoutMs, () => {
      if (!this.#isAuthorised) this.goodbye(GOODBYE);
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** An event that just happened. */
  offer(event: SwitchEventData): void {
    if (this.#isOver || !this.#isAuthorised || !this.#subscriptions.wants(event)) return;
    this.#events.push(event);
    this.#deliverSoon();
  }

  /** Closes in good order, behind what was written before. */
  goodbye(words: string): void {
    if (this.#isOver) return;
    this.#flushEvents();
    this.#isOver = true;
    this.#writer.write(notice('text/disconnect-notice', words));
    this.#writer.afterwards(() => {
      this.#socket.end();
    });
  }

  /** Gone without a word. */
  cut(): void {
    this.#end();
    this.#socket.destroy();
  }

  #end(): void {
    this.#isOver = true;
    this.#events = [];
    this.#waiting = [];
    this.#writer.stop();
  }

  #take(command: EslCommand): void {
    if (this.#isOver) return;
    if (this.#isBlocked) this.#waiting.push(command);
    else this.#perform(command);
  }

  #perform(command: EslCommand): void {
    const [word = '', ...words] = command.line.split(/\s+/);
    const name = word.toLowerCase();
    if (!this.#isAuthorised) {
      this.#authorise(name, words.join(' '));
      return;
    }
    const args = command.line.slice(word.length).trim();
    switch (name) {
      case 'api':
        this.#api(args);
        return;
      case 'bgapi':
        this.#background(args, command.headers.get('job-uuid'));
        return;
      case 'sendmsg':
        this.#reply(sendToLeg(this.#core(), words[0] ?? '', command.headers));
        return;
      case 'exit':
        this.#reply('+OK bye');
        this.goodbye(GOODBYE);
        return;
      default:
        this.#reply(this.#answerTo(name, words));
    }
  }

  #authorise(name: string, password: string): void {
    if (name === 'auth' || name === 'userauth') {
      // No directory user of the double has an esl-password, as none of the recorded ones had.
      this.#isAuthorised = name === 'auth' && password === this.#settings.password;
      this.#reply(this.#isAuthorised ? '+OK accepted' : '-ERR invalid');
      if (!this.#isAuthorised) this.goodbye(GOODBYE);
    } else if (name === 'exit') {
      this.#reply('+OK bye');
      this.goodbye(GOODBYE);
    } else {
      this.#reply('-ERR command not found');
    }
  }

  /** Commands that are answered at once, in the words of flows 01 and 18. */
  #answerTo(name: string, words: readonly string[]): string {
    switch (name) {
      case 'event':
        return this.#subscribe(words);
      case 'noevents':
        this.#subscriptions.clear();
        return '+OK no longer listening for events';
      case 'nixevent':
        this.#subscriptions.remove(words);
        return '+OK events nixed';
      case 'filter':
        return this.#filter(words);
      case 'log':
        return /^\d$/.test(words[0] ?? '') ? `+OK log level ${words[0] ?? ''} [${words[0] ?? ''}]` : '-ERR invalid log level';
      case 'nolog':
        return '+OK no longer logging';
      case 'linger':
      case 'nolinger':
        return '-ERR not controlling a session';
      case 'divert_events':
        return '-ERR not controlling a session.';
      case 'sendevent':
        return `+OK ${this.#core().newUuid()}`;
      default:
        return '-ERR command not found';
    }
  }

  #subscribe(words: readonly string[]): string {
    const format = words[0]?.toLowerCase();
    const hasFormat = format === 'json' || format === 'plain';
    if (hasFormat) this.#subscriptions.format = format;
    // What is no format that it knows leaves the switch with JSON (flow 01: `event nosuch ALL`, after a JSON one).
    if (!this.#subscriptions.add(hasFormat ? words.slice(1) : words)) return '-ERR no keywords supplied';
    return `+OK event listener enabled ${this.#subscriptions.format}`;
  }

  #filter(words: readonly string[]): string {
    const [first = '', second, ...rest] = words;
    if (first === '') return '-ERR command not found';
    if (first === 'delete') {
      const value = rest.join(' ');
      this.#subscriptions.deleteFilter(second ?? '', value === '' ? undefined : value);
      return `+OK filter deleted. [${second ?? ''}][${value}]`;
    }
    if (second === undefined) return '-ERR invalid syntax';
    const value = [second, ...rest].join(' ');
    this.#subscriptions.addFilter(first, value);
    return `+OK filter added. [${first}]=[${value}]`;
  }

  /** Nothing else happens on the connection until it has its answer. */
  #api(text: string): void {
    if (text === '') {
      this.#reply('-ERR command not found');
      return;
    }
    this.#isBlocked = true;
    runApiCommand(this.#core(), text, (answer) => {
      if (this.#isOver) return;
      this.#writer.write(apiResponse(answer));
      this.#isBlocked = false;
      if (this.#events.length > 0) this.#deliverSoon();
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#isBlocked ? undefined : this.#waiting.shift()) {
        this.#perform(next);
      }
    });
  }

  #background(text: string, askedId: string | undefined): void {
    if (text === '') {
      this.#reply('-ERR command not found');
      return;
    }
    const core = this.#core();
    const jobId = askedId ?? core.newUuid();
    this.#reply(`+OK Job-UUID: ${jobId}`, `Job-UUID: ${jobId}`);
    // Jobs run in threads of their own: who is first is anybody's guess.
    core.after(core.random.between(0.5, 2), () => {
      runApiCommand(core, text, (answer) => {
        const space = text.indexOf(' ');
        core.emitRecorded(
          EVENTS.backgroundJob,
          { 'Job-UUID': jobId, 'Job-Command': space < 0 ? text : text.slice(0, space), 'Job-Command-Arg': space < 0 ? '' : text.slice(space + 1) },
          answer,
        );
      });
    });
  }

  #reply(text: string, ...more: readonly string[]): void {
    this.#writer.write(commandReply(text, ...more));
  }

  #deliverSoon(): void {
    if (this.#isDeliveryDue || this.#isBlocked) return;
    this.#isDeliveryDue = true;
    this.#core().clock.after(this.#settings.random.between(0, POLL_MS), () => {
      this.#isDeliveryDue = false;
      if (!this.#isBlocked) this.#flushEvents();
    });
  }

  #flushEvents(): void {
    const due = this.#events;
    this.#events = [];
    for (const event of due) this.#writer.write(eventMessage(event, this.#subscriptions.format));
  }
}

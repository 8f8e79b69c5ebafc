import { randomUUID } from 'node:crypto';
import { EslConnection, EslRefusal, textOf, type EslEvent, type EslReply } from '../../../telephony/freeswitch/esl-connection.js';
import type { FreeswitchSite } from '../site.js';

/** How long one answer or event of the switch is waited for. Chosen: a hundred times what a healthy one takes. */
const ANSWER_WAIT_MS_MAX = 5_000;
/** Chosen: longer than the slowest answer, so that a question that is being worked on is not taken for silence. */
const HEARTBEAT_MS = 5_000;

/** A connection to the event socket for questions in turn, and for the events of one leg of the doctor's own. */
export class EslProbe {
  readonly #connection: EslConnection;
  readonly #kept: EslEvent[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(connection: EslConnection) {
    this.#connection = connection;
    connection.listen({ onEvent: (event) => this.#hear(event), onLost: () => this.#look() });
  }

  /** Connects and logs in; `refused` when the switch does not take the password, else the reason why it did not come about. */
  static async open({ esl }: Pick<FreeswitchSite['switch'], 'esl'>): Promise<EslProbe | { readonly refused: boolean; readonly reason: string }> {
    try {
      return new EslProbe(await EslConnection.connect(esl, { heartbeatMs: HEARTBEAT_MS }, AbortSignal.timeout(ANSWER_WAIT_MS_MAX)));
    } catch (error) {
      if (error instanceof Error) return { refused: error instanceof EslRefusal, reason: error.message };
      throw error;
    }
  }

  /** The switch's words to one `api` command that is quick; undefined when none came. */
  ask(command: string): Promise<string | undefined> {
    return this.#said((onReply) => this.#connection.api(command, onReply));
  }

  /** As `ask`, for what may take a while: it does not hold up the connection. */
  askInBackground(command: string): Promise<string | undefined> {
    return this.#said((onReply) => this.#connection.background(randomUUID(), command, onReply));
  }

  /** Any other command of the socket, e.g. `event json …`. */
  command(line: string): Promise<string | undefined> {
    return this.#said((onReply) => this.#connection.command(line, onReply));
  }

  /** Hands a leg a message. */
  message(callId: string, fields: Readonly<Record<string, string>>): Promise<string | undefined> {
    return this.#said((onReply) => this.#connection.message(callId, fields, onReply));
  }

  /** The first event that is so, of those that have come already too; undefined when none comes in time. */
  event(isIt: (event: EslEvent) => boolean): Promise<EslEvent | undefined> {
    return new Promise((resolve) => {
      const finish = (event: EslEvent | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(event);
      };
      const look = (): void => {
        const found = this.#kept.find(isIt);
        if (found !== undefined) finish(found);
      };
      const timer = setTimeout(() => finish(undefined), ANSWER_WAIT_MS_MAX);
      this.#waiting.add(look);
      look();
    });
  }

  close(): void {
    this.#connection.close();
  }

  #hear(event: EslEvent): void {
    this.#kept.push(event);
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }

  #said(send: (onReply: (reply: EslReply) => void) => void): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), ANSWER_WAIT_MS_MAX);
      send((reply) => {
        clearTimeout(timer);
        resolve(reply.kind === 'said' ? reply.words : undefined);
      });
    });
  }
}

/** Whether an event is of this name and this leg. */
export const isOf = (event: EslEvent, name: string, callId: string): boolean => event['Event-Name'] === name && textOf(event, 'Unique-ID') === callId;

import { createRequire } from 'node:module';
import type { AriConnection, AriConnectionListener, AriReply } from './ari-connection.js';
import { refusalWords, responseOf } from './ari-connection.js';
import type { AriOperationName, AriOperations } from './ari-types.js';
import { ARI_OPERATIONS } from './ari-types.js';
import { AriWebSocketClient } from './ari-websocket-client.js';
import type { AriLogin, AsteriskTuning } from './asterisk-config.js';
import { HTTP_ANSWER_WAIT_MS_MAX, RequestWindow } from './request-window.js';

/** An answer as the package's HTTP layer gives it. */
interface SwaggerAnswer {
  readonly status: number;
  readonly data?: { toString(): string };
}

type SwaggerCall = (
  parameters: Readonly<Record<string, unknown>>,
  onAnswer: (answer: SwaggerAnswer) => void,
  onRefusal: (answer: SwaggerAnswer) => void,
) => void;

/**
 * What is used of the package `ari-client`: the operations that it builds from
 * the switch's own description. Its wrapping of them loses the HTTP status,
 * which tells a call that is gone from one that is refused, so they are called
 * beneath it.
 */
interface AriClientPackage {
  connect(url: string, user: string, password: string): Promise<AriClientHandle>;
}

interface AriClientHandle {
  readonly _swagger: { readonly apis: Readonly<Record<string, Readonly<Record<string, SwaggerCall>>>> };
}

const loadPackage = createRequire(import.meta.url);

/**
 * ARI for switches without REST over the WebSocket: commands over HTTP by
 * `ari-client`, events over the event socket of our own client. (The package's
 * event socket reconnects without a word and would take the application from
 * the connection that replaced it.) Replies and events may pass each other.
 */
export class AriHttpClient implements AriConnection {
  readonly isOrderedStream = false;
  readonly #handle: AriClientHandle;
  readonly #window: RequestWindow;
  readonly #waiting = new Set<(reply: AriReply<AriOperationName>) => void>();
  #events: AriWebSocketClient | undefined;
  #isOver = false;

  private constructor(handle: AriClientHandle, tuning: AsteriskTuning) {
    this.#handle = handle;
    this.#window = new RequestWindow(HTTP_SOCKETS_MAX, tuning.requestsWaitingMax);
  }

  /** Reads the description of the switch, then opens the event socket. @throws when either fails. */
  static async connect(
    login: AriLogin,
    listener: AriConnectionListener,
    tuning: AsteriskTuning,
    signal: AbortSignal,
  ): Promise<AriHttpClient> {
    const ariClient = loadPackage('ari-client') as AriClientPackage;
    // What it pulls in makes a global `log`, which writes to standard output, where our log is, and keeps every line for ever.
    Reflect.set(globalThis, 'log', () => undefined);
    const handle = await ariClient.connect(login.url.replace(/\/$/, ''), login.user, login.password);
    const client = new AriHttpClient(handle, tuning);
    client.#events = await AriWebSocketClient.connect(
      login,
      {
        onEvent: (event) => listener.onEvent(event),
        onLost: (reason) => {
          client.#end();
          listener.onLost(reason);
        },
      },
      tuning,
      signal,
    );
    return client;
  }

  send<Name extends AriOperationName>(
    operation: Name,
    parameters: AriOperations[Name]['parameters'],
    onReply: (reply: AriReply<Name>) => void,
  ): void {
    if (this.#isOver) {
      onReply({ kind: 'lost' });
      return;
    }
    const settle = (reply: AriReply<AriOperationName>): void => onReply(reply);
    this.#waiting.add(settle);
    const isTaken = this.#window.admit({ depart: () => this.#depart(operation, parameters, settle) });
    if (isTaken) return;
    this.#waiting.delete(settle);
    onReply({ kind: 'overflow' });
  }

  close(): void {
    if (this.#isOver) return;
    this.#end();
    this.#events?.close();
  }

  drop(reason: string): void {
    this.#events?.drop(reason);
  }

  #depart(
    operation: AriOperationName,
    parameters: Readonly<Record<string, unknown>>,
    settle: (reply: AriReply<AriOperationName>) => void,
  ): void {
    const finish = (reply: AriReply<AriOperationName>): void => {
      clearTimeout(deadline);
      if (!this.#waiting.delete(settle)) return;
      this.#window.release();
      settle(reply);
    };
    const deadline = setTimeout(() => finish({ kind: 'lost' }), HTTP_ANSWER_WAIT_MS_MAX);
    const [resource, nickname] = operation.split('.');
    const call = this.#handle._swagger.apis[resource ?? '']?.[nickname ?? ''];
    if (call === undefined) {
      finish({ kind: 'refused', status: 501, words: `This Asterisk does not offer ${operation}.` });
      return;
    }
    call(
      swaggerParameters(operation, parameters),
      (answer) => finish(replyOf(answer)),
      (answer) => finish(replyOf(answer)),
    );
  }

  #end(): void {
    this.#isOver = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const settle of waiting) settle({ kind: 'lost' });
  }
}

/** Chosen: as measured, eight sockets carry 200 calls/s; more only queue up in the switch. */
const HTTP_SOCKETS_MAX = 8;

/** The package wants the JSON body under `body`, as text. */
function swaggerParameters(
  operation: AriOperationName,
  parameters: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const bodyName = ARI_OPERATIONS[operation].body;
  if (bodyName === undefined || parameters[bodyName] === undefined) return { ...parameters };
  const { [bodyName]: body, ...rest } = parameters;
  return { ...rest, body: JSON.stringify(body) };
}

function replyOf(answer: SwaggerAnswer): AriReply<AriOperationName> {
  const text = answer.data?.toString() ?? '';
  if (answer.status >= 400) return { kind: 'refused', status: answer.status, words: refusalWords(text) };
  return { kind: 'done', response: responseOf(text) };
}

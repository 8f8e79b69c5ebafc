import { WebSocket } from 'ws';
import type { AriConnection, AriConnectionListener, AriReply } from './ari-connection.js';
import { refusalWords, responseOf, wireRequest } from './ari-connection.js';
import type { AriEvent, AriOperationName, AriOperations } from './ari-types.js';
import { ARI_EVENT_TYPES } from './ari-types.js';
import type { AriLogin, AsteriskTuning } from './asterisk-config.js';
import { RequestWindow } from './request-window.js';

/** A message of the switch, as far as it is looked at before its kind is known. */
interface WireMessage {
  readonly type: string;
}

/** The reply to one request. */
interface RestResponse extends WireMessage {
  readonly request_id: string;
  readonly status_code: number;
  readonly message_body?: string;
}

interface Waiting {
  readonly settle: (reply: AriReply<AriOperationName>) => void;
}

const KNOWN_EVENTS: ReadonlySet<string> = new Set(ARI_EVENT_TYPES);

/** Silence of so many heartbeats is a half-open connection. */
const SILENT_HEARTBEATS_MAX = 2.5;

const isEvent = (message: WireMessage): message is AriEvent => KNOWN_EVENTS.has(message.type);
const isResponse = (message: WireMessage): message is RestResponse => message.type === 'RESTResponse';

/**
 * ARI over one WebSocket: requests out, replies and events in, in the order in
 * which the switch made them. The switch carries out one request after the
 * other, so a request that blocks (a channel that is played to is moved) holds
 * up every one behind it; the commands are made so that none does.
 */
export class AriWebSocketClient implements AriConnection {
  readonly isOrderedStream = true;
  readonly #socket: WebSocket;
  readonly #listener: AriConnectionListener;
  readonly #window: RequestWindow;
  readonly #waiting = new Map<string, Waiting>();
  readonly #heartbeat: NodeJS.Timeout;
  #requestCount = 0;
  #heardAtMs = performance.now();
  #isOver = false;

  private constructor(socket: WebSocket, listener: AriConnectionListener, tuning: AsteriskTuning) {
    this.#socket = socket;
    this.#listener = listener;
    this.#window = new RequestWindow(tuning.requestsInFlightMax, tuning.requestsWaitingMax);
    socket.on('message', (data: Buffer) => this.#onMessage(data));
    socket.on('pong', () => (this.#heardAtMs = performance.now()));
    socket.on('close', (code, reason) => this.#lose(`The switch closed the connection (${code} ${reason.toString()}).`));
    socket.on('error', (error) => this.#lose(`The connection broke: ${error.message}.`));
    this.#heartbeat = setInterval(() => this.#beat(tuning.heartbeatMs), tuning.heartbeatMs);
  }

  /** Opens the event socket of the application. @throws when the switch cannot be reached or refuses. */
  static async connect(
    login: AriLogin,
    listener: AriConnectionListener,
    tuning: AsteriskTuning,
    signal: AbortSignal,
  ): Promise<AriWebSocketClient> {
    signal.throwIfAborted();
    const address = new URL(`${login.url.replace(/\/$/, '')}/ari/events`);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    address.searchParams.set('app', login.app);
    const socket = new WebSocket(address, {
      auth: `${login.user}:${login.password}`,
      handshakeTimeout: tuning.heartbeatMs * SILENT_HEARTBEATS_MAX,
      perMessageDeflate: false,
    });
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => socket.terminate();
      signal.addEventListener('abort', abort, { once: true });
      socket.once('open', () => {
        signal.removeEventListener('abort', abort);
        socket.removeAllListeners('error');
        resolve();
      });
      socket.once('error', (error) => {
        signal.removeEventListener('abort', abort);
        // A socket that is torn down while it opens tells a second error.
        socket.on('error', () => undefined);
        reject(error);
      });
    });
    return new AriWebSocketClient(socket, listener, tuning);
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
    const id = String(++this.#requestCount);
    const request = wireRequest(operation, parameters);
    const settle = (reply: AriReply<AriOperationName>): void => onReply(reply);
    const message = JSON.stringify({
      type: 'RESTRequest',
      transaction_id: id,
      request_id: id,
      method: request.method,
      uri: request.uri,
      ...(request.body === '' ? {} : { content_type: 'application/json', message_body: request.body }),
    });
    this.#waiting.set(id, { settle });
    const isTaken = this.#window.admit({ depart: () => this.#socket.send(message) });
    if (isTaken) return;
    this.#waiting.delete(id);
    onReply({ kind: 'overflow' });
  }

  close(): void {
    if (this.#isOver) return;
    this.#end();
    this.#socket.close(1000);
  }

  drop(reason: string): void {
    this.#lose(reason);
  }

  #onMessage(data: Buffer): void {
    if (this.#isOver) return;
    this.#heardAtMs = performance.now();
    const message = JSON.parse(data.toString()) as WireMessage;
    if (isResponse(message)) this.#onResponse(message);
    else if (isEvent(message)) this.#listener.onEvent(message);
  }

  #onResponse(response: RestResponse): void {
    const waiting = this.#waiting.get(response.request_id);
    if (waiting === undefined) return;
    this.#waiting.delete(response.request_id);
    this.#window.release();
    const body = response.message_body ?? '';
    if (response.status_code >= 400) {
      waiting.settle({ kind: 'refused', status: response.status_code, words: refusalWords(body) });
    } else {
      waiting.settle({ kind: 'done', response: responseOf(body) });
    }
  }

  #beat(heartbeatMs: number): void {
    if (performance.now() - this.#heardAtMs > heartbeatMs * SILENT_HEARTBEATS_MAX) {
      this.#lose('The switch has been silent for too long.');
    } else {
      this.#socket.ping();
    }
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    this.#end();
    this.#socket.terminate();
    this.#listener.onLost(reason);
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { settle } of waiting) settle({ kind: 'lost' });
  }
}

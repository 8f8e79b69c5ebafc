import { WebSocket } from 'ws';

/** How a connection is made, and who hears of it. */
export interface TextSocketOptions {
  /** `ws://…` or `wss://…`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onOpen?: () => void;
  readonly onText: (text: string) => void;
  /** Said once, also of a connection that never opened; with what went wrong, where something did. */
  readonly onClosed?: (failure: Error | undefined) => void;
}

/** A WebSocket to a server that speaks in texts. */
export class TextSocket {
  readonly #socket: WebSocket;

  /** Begins to connect. */
  constructor({ url, headers = {}, onOpen, onText, onClosed }: TextSocketOptions) {
    this.#socket = new WebSocket(url, { headers });
    let failure: Error | undefined;
    this.#socket.on('open', () => onOpen?.());
    this.#socket.on('message', (data: Buffer) => onText(data.toString('utf8')));
    this.#socket.on('error', (error) => {
      failure = error;
      this.#socket.terminate();
    });
    this.#socket.on('close', () => onClosed?.(failure));
  }

  /** Ends it in good order: what the server has sent already is still heard. */
  close(): void {
    this.#socket.close();
  }

  /** Ends it at once. */
  drop(): void {
    this.#socket.terminate();
  }
}

import { updatedBoard, type FeedMessage, type Wallboard } from '../../api/contract.js';
import { TextSocket } from '../text-socket.js';

/** Chosen: a restarting service is back in seconds. */
const RECONNECT_AFTER_MS = 300;

/** Keeps a copy of the wallboard current from the feed, across restarts of the service. */
export class BoardFollower {
  readonly #url: string;
  readonly #onChange: (board: Wallboard) => void;
  #socket: TextSocket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #board: Wallboard | undefined;
  #isClosed = false;

  /** @param serviceUrl `http://host:port` */
  constructor(serviceUrl: string, onChange: (board: Wallboard) => void) {
    this.#url = `${serviceUrl.replace(/^http/, 'ws')}/api/v1/feed`;
    this.#onChange = onChange;
    this.#connect();
  }

  /** The board as last heard; undefined before the first snapshot. */
  get board(): Wallboard | undefined {
    return this.#board;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#socket?.drop();
  }

  #connect(): void {
    this.#socket = new TextSocket({
      url: this.#url,
      onText: (text) => this.#heard(JSON.parse(text) as FeedMessage),
      onClosed: () => {
        if (!this.#isClosed) this.#retry = setTimeout(() => this.#connect(), RECONNECT_AFTER_MS);
      },
    });
  }

  #heard(message: FeedMessage): void {
    if (message.type === 'snapshot') this.#board = message.board;
    else if (message.type === 'change' && this.#board !== undefined) {
      this.#board = updatedBoard(this.#board, message.updates);
    } else return;
    this.#onChange(this.#board);
  }
}

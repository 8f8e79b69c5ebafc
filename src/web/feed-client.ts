import { FEED_BEAT_INTERVAL_MS, FEED_VERSION, updatedBoard, type FeedMessage, type Wallboard } from '../api/contract.js';

/** What a screen knows at this moment. */
export interface FeedView {
  /** The newest board received; undefined before the first. Kept through a lost connection, and old then. */
  readonly board: Wallboard | undefined;
  /** `live`: the board is the service's own, to a fraction of a second. `lost`: it is as old as `lostAtMs` says. */
  readonly link: 'connecting' | 'live' | 'lost';
  /** When the connection was lost, by the service's clock; undefined unless `lost`. */
  readonly lostAtMs: number | undefined;
  /** Service's clock minus this machine's. */
  readonly clockOffsetMs: number;
}

/** Where the feed is, and who is told. */
export interface FeedClientOptions {
  /** Address of the feed, `ws:` or `wss:`. */
  readonly url: string;
  /** Told of every change of the view, at once. */
  readonly onView: (view: FeedView) => void;
  /** The service speaks a newer language than this page: the page must be loaded anew. */
  readonly onOutdated: () => void;
}

/** The service is taken for gone after so much silence. Chosen: two beats and a half. */
const SILENCE_MS_MAX = FEED_BEAT_INTERVAL_MS * 2.5;

/** First and longest wait before the next try to connect. Chosen: a restart of the service goes unnoticed; 100 screens do not storm it. */
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

/** Weight of a new reading of the clock offset against the old ones: network jitter is smoothed, a clock that was set is followed. */
const OFFSET_WEIGHT_RATIO = 0.2;

/**
 * Keeps a copy of the wallboard current. It connects, follows the numbered
 * changes, and on any doubt (silence, a gap, a cut) connects anew from the
 * number where it stands, for ever.
 */
export class FeedClient {
  readonly #options: FeedClientOptions;
  #socket: WebSocket | undefined;
  #view: FeedView = { board: undefined, link: 'connecting', lostAtMs: undefined, clockOffsetMs: 0 };
  #epoch: string | undefined;
  #n = -1;
  #isOffsetKnown = false;
  #retryMs = RETRY_MS_MIN;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: FeedClientOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Tries again at once, e.g. because the machine woke up. Does nothing while connected. */
  retryNow(): void {
    if (this.#isClosed || this.#socket !== undefined) return;
    clearTimeout(this.#retryTimer);
    this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
    this.#drop();
  }

  #connect(): void {
    const url = new URL(this.#options.url);
    if (this.#epoch !== undefined && this.#n >= 0) {
      url.searchParams.set('epoch', this.#epoch);
      url.searchParams.set('after', String(this.#n));
    }
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#awaitWord();
    socket.addEventListener('message', (message: MessageEvent<string>) => {
      if (socket === this.#socket) this.#receive(JSON.parse(message.data) as FeedMessage);
    });
    // An error is always followed by a close.
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#lose();
    });
  }

  #receive(message: FeedMessage): void {
    this.#awaitWord();
    this.#readClock(message.nowMs);
    switch (message.type) {
      case 'hello':
        if (message.version !== FEED_VERSION) this.#options.onOutdated();
        if (message.epoch !== this.#epoch) this.#n = -1;
        this.#epoch = message.epoch;
        return;
      case 'snapshot':
        this.#stand(message.n, message.board);
        return;
      case 'change':
        if (message.after !== this.#n || this.#view.board === undefined) this.#lose();
        else this.#stand(message.n, updatedBoard(this.#view.board, message.updates));
        return;
      case 'beat':
        if (message.n !== this.#n) this.#lose();
        else this.#stand(message.n, this.#view.board);
        return;
      // No more cases: a message that a newer service sends and this page does not know is passed over.
    }
  }

  #stand(n: number, board: Wallboard | undefined): void {
    this.#n = n;
    this.#retryMs = RETRY_MS_MIN;
    this.#show({ board, link: 'live', lostAtMs: undefined });
  }

  #lose(): void {
    this.#drop();
    if (this.#isClosed) return;
    if (this.#view.link !== 'lost') {
      this.#show({ link: 'lost', lostAtMs: Date.now() + this.#view.clockOffsetMs });
    }
    this.#retryTimer = setTimeout(() => {
      this.#connect();
    }, this.#retryMs * (0.5 + Math.random()));
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }

  #drop(): void {
    clearTimeout(this.#silenceTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #awaitWord(): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => {
      this.#lose();
    }, SILENCE_MS_MAX);
  }

  #readClock(serviceNowMs: number): void {
    const offsetMs = serviceNowMs - Date.now();
    const before = this.#view.clockOffsetMs;
    const clockOffsetMs = this.#isOffsetKnown ? before + (offsetMs - before) * OFFSET_WEIGHT_RATIO : offsetMs;
    this.#isOffsetKnown = true;
    this.#view = { ...this.#view, clockOffsetMs };
  }

  #show(change: Partial<FeedView>): void {
    this.#view = { ...this.#view, ...change };
    this.#options.onView(this.#view);
  }
}

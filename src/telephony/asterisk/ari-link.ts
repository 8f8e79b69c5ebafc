import { setTimeout as wait } from 'node:timers/promises';
import type { Ms } from '../../units/time.js';
import type { AriConnection, AriConnectionListener } from './ari-connection.js';
import { AriHttpClient } from './ari-http-client.js';
import type { AriEvent } from './ari-types.js';
import { ARI_EVENT_TYPES } from './ari-types.js';
import { AriWebSocketClient } from './ari-websocket-client.js';
import type { AsteriskConfig, AsteriskTuning } from './asterisk-config.js';
import { readOffer } from './switch-offer.js';
import type { SwitchOffer } from './switch-offer.js';

/** Whoever owns the link. */
export interface AriLinkListener {
  onUp(connection: AriConnection, offer: SwitchOffer): void;
  onEvent(event: AriEvent): void;
  /** Once for each `onUp`. */
  onLost(reason: string): void;
  /** Trying did not succeed; it is tried again. */
  onWaiting(reason: string): void;
}

/**
 * A switch that is starting has its HTTP server before its ARI. Chosen: the
 * slowest start seen took 6 s.
 */
const NOT_FOUND_FOR_GOOD_AFTER_MS: Ms = 15_000;

/** Keeps one connection to the switch: asks what it offers, connects, and after a loss again, with growing waits. */
export class AriLink {
  readonly #config: AsteriskConfig;
  readonly #tuning: AsteriskTuning;
  readonly #listener: AriLinkListener;
  #connection: AriConnection | undefined;
  #hasBeenUp = false;

  constructor(config: AsteriskConfig, tuning: AsteriskTuning, listener: AriLinkListener) {
    this.#config = config;
    this.#tuning = tuning;
    this.#listener = listener;
  }

  /**
   * Runs until the signal aborts; then the connection is closed without a word.
   * @throws Error with its cure when, before the first connection, the switch refuses for good.
   */
  async run(signal: AbortSignal): Promise<void> {
    const startedAtMs = performance.now();
    let waitMs = this.#tuning.reconnectWaitMsMin;
    while (!signal.aborted) {
      const wasUp = await this.#connectOnce(signal, performance.now() - startedAtMs);
      waitMs = wasUp ? this.#tuning.reconnectWaitMsMin : Math.min(waitMs * 2, this.#tuning.reconnectWaitMsMax);
      if (!signal.aborted) await wait(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Closes the connection; `run` ends when its signal aborts. */
  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Resolves after the connection was lost (true), or when there was none (false). */
  async #connectOnce(signal: AbortSignal, sinceStartMs: Ms): Promise<boolean> {
    try {
      const reading = await readOffer(this.#config.ari, this.#config.transport, signal);
      if (reading.kind === 'wrong' && !this.#hasBeenUp && !(reading.mayPass && sinceStartMs < NOT_FOUND_FOR_GOOD_AFTER_MS)) {
        throw new RefusedForGood(reading.reason);
      }
      if (reading.kind !== 'offer') {
        this.#listener.onWaiting(reading.reason);
        return false;
      }
      await this.#serve(reading.offer, signal);
      return true;
    } catch (error) {
      if (error instanceof RefusedForGood) throw error;
      if (signal.aborted) return false;
      this.#listener.onWaiting(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  async #serve(offer: SwitchOffer, signal: AbortSignal): Promise<void> {
    const early: AriEvent[] = [];
    let isUp = false;
    let endServing: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (endServing = resolve));
    const listener: AriConnectionListener = {
      onEvent: (event) => (isUp ? this.#listener.onEvent(event) : void early.push(event)),
      onLost: (reason) => {
        if (isUp) this.#listener.onLost(reason);
        endServing(reason);
      },
    };
    const overWebSocket = offer.hasRestOverWebSocket && this.#config.transport !== 'http';
    const client = overWebSocket ? AriWebSocketClient : AriHttpClient;
    const connection = await client.connect(this.#config.ari, listener, this.#tuning, signal);
    const abort = (): void => {
      connection.close();
      endServing('The service is closing.');
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      await this.#subscribe(connection);
      signal.throwIfAborted();
      this.#connection = connection;
      this.#hasBeenUp = true;
      isUp = true;
      this.#listener.onUp(connection, offer);
      for (const event of early) this.#listener.onEvent(event);
      await ended;
    } finally {
      signal.removeEventListener('abort', abort);
      connection.close();
      this.#connection = undefined;
    }
  }

  /**
   * Asks for the events that are understood and no others: a switch sends a
   * dozen more for each call. The filter holds back replies too, so they are
   * named in it; without that no request is ever answered again.
   */
  #subscribe(connection: AriConnection): Promise<void> {
    const allowed = [...ARI_EVENT_TYPES, 'RESTResponse'].map((type) => ({ type }));
    return new Promise((resolve, reject) => {
      connection.send('applications.filter', { applicationName: this.#config.ari.app, filter: { allowed } }, (reply) => {
        if (reply.kind === 'done') resolve();
        else reject(new Error(`The event filter was not taken: ${reply.kind === 'refused' ? reply.words : reply.kind}.`));
      });
    });
  }
}

/** The first connection failed for a reason that waiting does not cure. */
class RefusedForGood extends Error {}

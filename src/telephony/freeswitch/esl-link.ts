import { setTimeout as wait } from 'node:timers/promises';
import { EslConnection, EslRefusal } from './esl-connection.js';
import type { EslEvent } from './esl-connection.js';
import type { EslLogin, FreeswitchTuning } from './freeswitch-config.js';
import { WANTED_EVENTS } from './freeswitch-commands.js';

/** What a switch turned out to be. */
export interface FreeswitchOffer {
  /** e.g. `1.10.12`; `unknown` where it does not say. */
  readonly version: string;
  readonly hasBeepDetection: boolean;
}

/** Whoever owns the link. */
export interface EslLinkListener {
  onUp(connection: EslConnection, offer: FreeswitchOffer): void;
  onEvent(event: EslEvent): void;
  /** Once for each `onUp`. */
  onLost(reason: string): void;
  /** Trying did not succeed; it is tried again. */
  onWaiting(reason: string): void;
}

/** Keeps one connection to the switch, and after a loss makes another, with growing waits. */
export class EslLink {
  readonly #login: EslLogin;
  readonly #tuning: FreeswitchTuning;
  readonly #listener: EslLinkListener;
  #connection: EslConnection | undefined;
  #hasBeenUp = false;

  constructor(login: EslLogin, tuning: FreeswitchTuning, listener: EslLinkListener) {
    this.#login = login;
    this.#tuning = tuning;
    this.#listener = listener;
  }

  /**
   * Runs until the signal aborts; then the connection is closed without a word.
   * @throws Error with its cure when, before the first connection, the switch refuses us for good.
   */
  async run(signal: AbortSignal): Promise<void> {
    let waitMs = this.#tuning.reconnectWaitMsMin;
    while (!signal.aborted) {
      const wasUp = await this.#connectOnce(signal);
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
  async #connectOnce(signal: AbortSignal): Promise<boolean> {
    try {
      const connection = await EslConnection.connect(this.#login, this.#tuning, signal);
      await this.#serve(connection, signal);
      return true;
    } catch (error) {
      if (error instanceof EslRefusal && !this.#hasBeenUp) throw error;
      if (!signal.aborted) this.#listener.onWaiting(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  async #serve(connection: EslConnection, signal: AbortSignal): Promise<void> {
    const abort = (): void => connection.close();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const offer = await readOffer(connection);
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        this.#connection = connection;
        this.#hasBeenUp = true;
        this.#listener.onUp(connection, offer);
        connection.listen({
          onEvent: (event) => this.#listener.onEvent(event),
          onLost: (reason) => {
            this.#listener.onLost(reason);
            resolve();
          },
        });
      });
    } finally {
      signal.removeEventListener('abort', abort);
      connection.close();
      this.#connection = undefined;
    }
  }
}

/** Asks for the news that is understood and no other, and what the switch is. @throws Error when it says no. */
async function readOffer(connection: EslConnection): Promise<FreeswitchOffer> {
  const [events, version, avmd] = await Promise.all([
    new Promise<string>((resolve) => connection.command(WANTED_EVENTS, (reply) => resolve(reply.kind === 'said' ? reply.words : ''))),
    ask(connection, 'version'),
    ask(connection, 'module_exists mod_avmd'),
  ]);
  if (!events.startsWith('+OK')) throw new Error(`The switch does not tell events: ${events === '' ? 'the connection went' : events}.`);
  return { version: /Version (\d[\w.]*)/.exec(version)?.[1] ?? 'unknown', hasBeepDetection: avmd === 'true' };
}

/** One quick question; empty when the connection went. */
function ask(connection: EslConnection, command: string): Promise<string> {
  return new Promise((resolve) => connection.api(command, (reply) => resolve(reply.kind === 'said' ? reply.words : '')));
}

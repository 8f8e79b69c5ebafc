import type { Switch, SwitchEvent } from './switch.js';

/** How long a start waits for the switch's first word before it goes on without. Chosen: a switch of the same site answers in a tenth of it. */
const FIRST_WORD_WAIT_MS = 3_000;

/** A switch from its start to its close: first connected when, and failed for good why. */
export class SwitchConnection {
  /** Resolves at the first snapshot. */
  readonly connected: Promise<void>;
  /** Rejects when the switch refuses us for good, after `open` has returned. Never resolves. */
  readonly failed: Promise<never>;
  readonly #switch: Pick<Switch, 'start' | 'close'>;
  readonly #abort = new AbortController();
  #isConnected: () => void = () => undefined;
  #hasFailed: (error: unknown) => void = () => undefined;

  constructor(theSwitch: Pick<Switch, 'start' | 'close'>) {
    this.#switch = theSwitch;
    this.connected = new Promise((resolve) => {
      this.#isConnected = resolve;
    });
    this.failed = new Promise((_, reject) => {
      this.#hasFailed = reject;
    });
    // Whoever wants to know asks for it; a failure nobody asked for is not an unhandled one.
    this.failed.catch(() => undefined);
  }

  /**
   * Starts the switch and waits for its first snapshot, or for a while: a
   * switch that cannot be reached goes on being tried.
   * @throws Error when it refuses us for good within that while.
   */
  async open(onEvent: (event: SwitchEvent) => void): Promise<void> {
    const started = this.#switch.start((event) => {
      onEvent(event);
      if (event.type === 'switch-snapshot') this.#isConnected();
    }, this.#abort.signal);
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FIRST_WORD_WAIT_MS);
    });
    const refused = started.then(() => this.connected);
    refused.catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#hasFailed(error);
    });
    try {
      await Promise.race([refused, waited]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stops trying and lets the connection go; live calls stay on the switch. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#switch.close();
  }
}

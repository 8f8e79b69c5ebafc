import type { FreeswitchEvent } from '../../../src/cli/lab/freeswitch-socket.js';

/** The events of one event socket, kept, so that none is missed by asking late. */
export class FreeswitchEvents {
  readonly #kept: FreeswitchEvent[] = [];
  readonly #waiting = new Set<() => void>();

  readonly take = (event: FreeswitchEvent): void => {
    this.#kept.push(event);
    for (const look of [...this.#waiting]) look();
  };

  /** A place in time: what is asked `from` here passes over all that came before. */
  get count(): number {
    return this.#kept.length;
  }

  /** The first event that has all these headers. @throws Error naming them when it does not come. */
  first(headers: Readonly<Record<string, string>>, from = 0, waitMsMax = 15_000): Promise<FreeswitchEvent> {
    const wanted = Object.entries(headers);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`No ${JSON.stringify(headers)} within ${waitMsMax / 1000} s; there were: ${this.#kept.slice(from).map(named).join(', ')}`));
      }, waitMsMax);
      const look = (): void => {
        const found = this.#kept.slice(from).find((event) => wanted.every(([name, value]) => event[name] === value));
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

const named = (event: FreeswitchEvent): string => String(event['Event-Subclass'] ?? event['Event-Name']);

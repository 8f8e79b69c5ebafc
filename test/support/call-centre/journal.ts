import type { DialerEvent } from '../../../src/dialer/event.js';
import type { Input } from '../../../src/dialer/input.js';
import type { LoopObserver } from '../../../src/loop/loop-ports.js';

type EventOf<Type extends DialerEvent['type']> = Extract<DialerEvent, { readonly type: Type }>;

/** Chosen: longer than any one step of a call takes, ringing apart. */
const WAIT_MS_MAX = 20_000;
const TOLD_IN_FAULT = 12;

/** Everything the dialer has said, kept, so that nothing is missed by asking late. */
export class Journal implements LoopObserver {
  readonly #events: DialerEvent[] = [];
  readonly #lookers = new Set<() => void>();
  readonly faults: string[] = [];

  handled(_input: Input, events: readonly DialerEvent[]): void {
    if (events.length === 0) return;
    this.#events.push(...events);
    for (const look of [...this.#lookers]) look();
  }

  failed(what: string, error: unknown): void {
    this.faults.push(`${what}: ${String(error)}`);
  }

  /** All of one type so far, oldest first. */
  all<Type extends DialerEvent['type']>(type: Type, matches: (event: EventOf<Type>) => boolean = () => true): EventOf<Type>[] {
    return this.#events.filter((event): event is EventOf<Type> => event.type === type).filter(matches);
  }

  /** The first that matches, now or later. @throws Error naming it after `waitMsMax`. */
  first<Type extends DialerEvent['type']>(
    type: Type,
    matches: (event: EventOf<Type>) => boolean,
    what: string = type,
    waitMsMax = WAIT_MS_MAX,
  ): Promise<EventOf<Type>> {
    return this.until(what, () => this.all(type, matches)[0], waitMsMax);
  }

  /** What `find` finds, looked for now and after each event. @throws Error naming it after `waitMsMax`. */
  until<T>(what: string, find: () => T | undefined, waitMsMax = WAIT_MS_MAX): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#lookers.delete(look);
      };
      const timer = setTimeout(() => {
        finish();
        const last = this.#events.slice(-TOLD_IN_FAULT).map((event) => JSON.stringify(event));
        reject(new Error(`Not within ${String(waitMsMax / 1000)} s: ${what}. The last events:\n${last.join('\n')}`));
      }, waitMsMax);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      this.#lookers.add(look);
      look();
    });
  }
}

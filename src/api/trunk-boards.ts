import type { TrunkBoard } from './contract.js';

/** One trunk's answers of the day. */
export interface TrunkDay {
  readonly trunk: string;
  readonly answeredCount: number;
  readonly falseAnswerCount: number;
}

/** Trunks as a wallboard shows them, and which of them have changed. */
export class TrunkBoards {
  readonly changed = new Set<string>();
  readonly #boards = new Map<string, TrunkBoard>();

  get(name: string): TrunkBoard | undefined {
    return this.#boards.get(name);
  }

  all(): Record<string, TrunkBoard> {
    return Object.fromEntries(this.#boards);
  }

  /** A trunk of which the switch has not spoken counts as reachable: calls leave by it. */
  put(name: string, atMs: number, change: Partial<TrunkBoard>): void {
    const present = this.#boards.get(name) ?? { name, isReachable: true, sinceMs: atMs, answeredCount: 0, falseAnswerCount: 0 };
    this.#boards.set(name, { ...present, ...change });
    this.changed.add(name);
  }

  /** One more; of a call whose trunk is not known, nothing. */
  count(name: string | undefined, counted: 'answeredCount' | 'falseAnswerCount', atMs: number): void {
    if (name !== undefined) this.put(name, atMs, { [counted]: (this.#boards.get(name)?.[counted] ?? 0) + 1 });
  }

  /** A new day: nothing was answered yet. */
  beginDay(atMs: number): void {
    for (const name of this.#boards.keys()) this.put(name, atMs, { answeredCount: 0, falseAnswerCount: 0 });
  }
}

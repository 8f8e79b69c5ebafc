import type { CallState } from '../call/call-state.js';
import type { CallId } from '../units/ids.js';
import type { LoopObserver } from './loop-ports.js';

/** States that a restart may leave on the switch: two people talk, and nothing is waited for. */
const CAN_BE_LEFT: readonly CallState[] = ['talking', 'ended'];

/**
 * Knows whether every call may be left to itself on the switch: those in which
 * somebody would hear silence until the next start may not.
 */
export class Quiet implements LoopObserver {
  readonly #restless = new Set<CallId>();
  #wake: (() => void) | undefined;

  readonly handled: NonNullable<LoopObserver['handled']> = (_, events) => {
    for (const event of events) {
      if (event.type !== 'call-changed') continue;
      if (CAN_BE_LEFT.includes(event.state)) this.#restless.delete(event.callId);
      else this.#restless.add(event.callId);
    }
    if (this.#restless.size === 0) this.#wake?.();
  };

  /** Calls that should not be left. */
  get restlessCount(): number {
    return this.#restless.size;
  }

  /** Resolves when all calls may be left, or after `waitMsMax`. */
  async wait(waitMsMax: number): Promise<void> {
    if (this.#restless.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMsMax);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

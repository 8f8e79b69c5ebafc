import type { DeskPhoneState } from './desk-phone.js';

/** The state of one phone and who wants to hear of it. */
export class PhoneState {
  #value: DeskPhoneState = 'unregistered';
  readonly #listeners = new Set<(state: DeskPhoneState) => void>();

  get value(): DeskPhoneState {
    return this.#value;
  }

  set(state: DeskPhoneState): void {
    if (state === this.#value) return;
    this.#value = state;
    for (const listener of [...this.#listeners]) listener(state);
  }

  /** The result takes the listener away again. */
  listen(listener: (state: DeskPhoneState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves when the state is one of `wanted`, at once when it already is.
   * @throws when it becomes one of `refused`, or after `waitMsMax`.
   */
  until(wanted: readonly DeskPhoneState[], refused: readonly DeskPhoneState[], waitMsMax: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const decide = (state: DeskPhoneState): boolean => {
        if (wanted.includes(state)) resolve();
        else if (refused.includes(state)) reject(new Error(`${what}: the phone became ${state}.`));
        else return false;
        return true;
      };
      if (decide(this.#value)) return;
      const finish = (): void => {
        clearTimeout(timer);
        stopListening();
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`${what}: the phone was still ${this.#value} after ${waitMsMax / 1000} s.`));
      }, waitMsMax);
      const stopListening = this.listen((state) => {
        if (decide(state)) finish();
      });
    });
  }
}

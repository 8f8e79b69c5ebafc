import type { Input } from '../dialer/input.js';

/** Takes Inputs before there is a loop and hands them on in order once there is. */
export class InputBox {
  #waiting: Input[] = [];
  #deliver: ((input: Input) => void) | undefined;

  readonly submit = (input: Input): void => {
    if (this.#deliver === undefined) this.#waiting.push(input);
    else this.#deliver(input);
  };

  /** From now on, beginning with what has waited. */
  deliverTo(deliver: (input: Input) => void): void {
    this.#deliver = deliver;
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach(deliver);
  }
}

import type { Ms } from '../../units/time.js';

/** One request on its way through the window. */
export interface WindowedRequest {
  /** Puts it on the wire; called once, when there is room. */
  readonly depart: () => void;
}

/** Limits how many requests are under way; the rest waits in order, up to a limit. */
export class RequestWindow {
  readonly #inFlightMax: number;
  readonly #waitingMax: number;
  #inFlightCount = 0;
  #waiting: WindowedRequest[] = [];
  #head = 0;

  constructor(inFlightMax: number, waitingMax: number) {
    this.#inFlightMax = inFlightMax;
    this.#waitingMax = waitingMax;
  }

  /** Departs at once, or waits; false when the queue is full and it was not taken. */
  admit(request: WindowedRequest): boolean {
    if (this.#inFlightCount < this.#inFlightMax) {
      this.#inFlightCount++;
      request.depart();
      return true;
    }
    if (this.#waiting.length - this.#head >= this.#waitingMax) return false;
    this.#waiting.push(request);
    return true;
  }

  /** A reply came: the next one departs. */
  release(): void {
    const next = this.#waiting[this.#head];
    if (next === undefined) {
      this.#inFlightCount--;
      return;
    }
    this.#head++;
    if (this.#head === this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
    }
    next.depart();
  }
}

/** Chosen: an answer of a healthy switch takes milliseconds; this is a switch that is not. */
export const HTTP_ANSWER_WAIT_MS_MAX: Ms = 5_000;

import type { Ms } from '../../../../src/units/time.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import type { Leg } from './leg.js';

/** Why an application ends before its time. */
export type StopReason = 'transfer' | 'hangup' | 'far-end-hangup' | 'break' | 'bridge';

/**
 * What an application does between its CHANNEL_EXECUTE and its
 * CHANNEL_EXECUTE_COMPLETE. It calls `finish` at its own end and gives back
 * how it is stopped; a stopped one never finishes.
 */
export type ApplicationBody = (leg: Leg, data: string, finish: () => void, self: Suspendable) => (why: StopReason) => void;

/** An application over which another one may run; it stands still meanwhile. */
interface Suspendable {
  readonly isSuspended: boolean;
  /** How long it has stood still in all. */
  readonly suspendedMs: Ms;
}

/** One application that a leg runs. */
export class Execution implements Suspendable {
  readonly name: string;
  readonly data: string;
  readonly uuid: string;
  readonly #leg: Leg;
  readonly #body: ApplicationBody;
  readonly #onOver: () => void;
  #stop: ((why: StopReason) => void) | undefined;
  #isOver = false;
  #suspendedFromMs: Ms | undefined;
  #suspendedMs: Ms = 0;

  constructor(leg: Leg, what: { readonly name: string; readonly data: string; readonly uuid?: string | undefined }, body: ApplicationBody, onOver: () => void) {
    this.#leg = leg;
    this.name = what.name;
    this.data = what.data;
    this.uuid = what.uuid ?? leg.core.newUuid();
    this.#body = body;
    this.#onOver = onOver;
  }

  get isSuspended(): boolean {
    return this.#suspendedFromMs !== undefined;
  }

  get suspendedMs(): Ms {
    return this.#suspendedMs;
  }

  /** Another one begins on top of it. */
  suspend(): void {
    this.#suspendedFromMs ??= this.#leg.core.clock.nowMs;
  }

  /** It is on top again. */
  resume(): void {
    if (this.#suspendedFromMs === undefined) return;
    this.#suspendedMs += this.#leg.core.clock.nowMs - this.#suspendedFromMs;
    this.#suspendedFromMs = undefined;
  }

  begin(): void {
    const leg = this.#leg;
    leg.application = this.name;
    leg.applicationData = this.data;
    leg.applicationResponse = undefined;
    leg.emit(EVENTS.execute, this.#headers());
    const stop = this.#body(leg, this.data, () => {
      if (!this.#isOver) {
        this.#complete();
        this.#onOver();
      }
    }, this);
    this.#stop = stop;
  }

  /** Ends it before its time; nothing is heard of it afterwards, `onOver` neither. */
  stop(why: StopReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stop?.(why);
    this.#tellComplete();
  }

  #complete(): void {
    this.#isOver = true;
    this.#tellComplete();
  }

  #tellComplete(): void {
    this.#leg.emit(EVENTS.executeComplete, { ...this.#headers(), 'Application-Response': this.#leg.applicationResponse ?? '_none_' });
  }

  #headers(): Readonly<Record<string, string | undefined>> {
    return {
      Application: this.name,
      'Application-Data': this.data === '' ? undefined : this.data,
      'Application-UUID': this.uuid,
    };
  }
}

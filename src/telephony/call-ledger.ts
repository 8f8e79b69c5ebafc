import type { CallId } from '../units/ids.js';

/** What a call-related event is, measured against what is known of its call. */
export type CallStanding = 'live' | 'ended' | 'unknown';

/**
 * Ended calls remembered, to tell a second end from the end of a call never seen.
 * Chosen: 20,000 ends are more than three minutes at 100 calls a second; nothing telephony
 * sends twice is that late.
 */
const ENDED_CALLS_MAX = 20_000;

/** Which calls of a switch are alive, and which have had their one `call-ended`. */
export class CallLedger {
  readonly #live = new Set<CallId>();
  readonly #ended = new Set<CallId>();

  get liveCount(): number {
    return this.#live.size;
  }

  standing(callId: CallId): CallStanding {
    if (this.#live.has(callId)) return 'live';
    return this.#ended.has(callId) ? 'ended' : 'unknown';
  }

  /** The call has come to be: originated, offered or found in a snapshot. */
  open(callId: CallId): void {
    this.#live.add(callId);
  }

  /** An originate that was refused: the call never was. */
  forget(callId: CallId): void {
    this.#live.delete(callId);
  }

  /** The call's one end. */
  end(callId: CallId): void {
    this.#live.delete(callId);
    this.#ended.add(callId);
    if (this.#ended.size > ENDED_CALLS_MAX) {
      const oldest = this.#ended.values().next();
      if (oldest.done !== true) this.#ended.delete(oldest.value);
    }
  }

  /** After a gap exactly these are alive; the others ended unseen. */
  replace(callIds: readonly CallId[]): void {
    const alive = new Set(callIds);
    for (const callId of [...this.#live]) if (!alive.has(callId)) this.end(callId);
    for (const callId of callIds) this.#live.add(callId);
  }
}

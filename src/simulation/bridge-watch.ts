import type { BridgeId, CallId } from '../units/ids.js';

/** Which calls are in which bridge, by the switch's word. */
export class BridgeWatch {
  readonly #bridges = new Map<BridgeId, Set<CallId>>();

  /** Gives everyone who is in it now. */
  enter(bridgeId: BridgeId, callId: CallId): readonly CallId[] {
    const members = this.#bridges.get(bridgeId) ?? new Set<CallId>();
    this.#bridges.set(bridgeId, members);
    members.add(callId);
    return [...members];
  }

  leave(bridgeId: BridgeId, callId: CallId): void {
    this.#bridges.get(bridgeId)?.delete(callId);
  }

  /** The call is out of whatever bridge it was in. */
  ended(callId: CallId): void {
    for (const members of this.#bridges.values()) members.delete(callId);
  }

  /** Nothing is known of any bridge. */
  clear(): void {
    this.#bridges.clear();
  }
}

import type { CallId, AgentId, CampaignId } from '../units/ids.js';
import { TimeHeap, type Coming } from '../units/time-heap.js';
import type { MonotonicMs } from '../units/time.js';
import type { WakeAt } from './output.js';

/** What can be waited for with a call. */
export type CallWait = (typeof CALL_WAITS)[number];

const CALL_WAITS = [
  /** A written attempt may be dialled once the caps on calls a second allow it. */
  'rate-wait',
  /** The switch owes us the end of a call's setting up. */
  'setup-limit',
  /** The analysis owes us a verdict. */
  'verdict-limit',
  /** An answered call that rings on is let ring no longer. */
  'ringing-limit',
  /** Longest wait of a person for an agent. */
  'agent-wait',
  /** The switch owes us the joined bridge. */
  'join-limit',
  /** An agent has had a call so long that it is not taken back any more. */
  'take-back-limit',
  /** A machine's greeting must end at last. */
  'greeting-limit',
  /** A recorded message must end at last. */
  'message-limit',
  /** The switch owes us the end of a call we hung up. */
  'end-limit',
] as const;

/** Something the dialer waits for until a limit; data, never a timer. */
export type Wait =
  | { readonly kind: CallWait; readonly callId: CallId }
  /** The caller of the log-in code must have keyed the PIN. */
  | { readonly kind: 'log-in-limit'; readonly agentId: AgentId }
  /** Longest wrap-up of an agent. */
  | { readonly kind: 'wrap-up'; readonly agentId: AgentId }
  /** A campaign can place its next call, by rate, by hours or because a contact falls due. */
  | { readonly kind: 'pace'; readonly campaignId: CampaignId };

const keyOf = (wait: Wait): string => {
  switch (wait.kind) {
    case 'log-in-limit':
    case 'wrap-up':
      return `${wait.kind} ${wait.agentId}`;
    case 'pace':
      return `${wait.kind} ${wait.campaignId}`;
    default:
      return `${wait.kind} ${wait.callId}`;
  }
};

/** Cancelled and replaced entries kept beyond the number of live ones. Chosen: some 100 kB, and a clearing is rare. */
const DEAD_ENTRIES_MAX = 1_000;

/** All waits of one dialer: a heap by time, with at most one of a kind for one thing. */
export class Waits {
  readonly #live = new Map<string, Coming<Wait>>();
  readonly #heap = new TimeHeap<Wait>();

  /** Waits until `at`; replaces an earlier wait of the same kind for the same thing. */
  set(wait: Wait, at: MonotonicMs): void {
    this.#live.set(keyOf(wait), this.#heap.push(at, wait));
    if (this.#heap.size > 2 * this.#live.size + DEAD_ENTRIES_MAX) this.#dropDead();
  }

  /** Waits no longer; harmless when nothing waited. */
  cancel(wait: Wait): void {
    this.#live.delete(keyOf(wait));
  }

  /** Waits for nothing more with this call. */
  cancelCall(callId: CallId): void {
    for (const kind of CALL_WAITS) this.cancel({ kind, callId });
  }

  /** Takes out one wait that is due, earliest first; undefined when none is. */
  takeDue(now: MonotonicMs): Wait | undefined {
    const first = this.#first();
    if (first === undefined || first.at > now) return undefined;
    this.#heap.dropFirst();
    this.#live.delete(keyOf(first.item));
    return first.item;
  }

  /** The soonest wait, with its reason. */
  get wakeAt(): WakeAt | undefined {
    const first = this.#first();
    return first && { monotonicMs: first.at, reason: keyOf(first.item) };
  }

  /** The soonest that was neither cancelled nor replaced. */
  #first(): Coming<Wait> | undefined {
    for (;;) {
      const { first } = this.#heap;
      if (first === undefined || this.#live.get(keyOf(first.item)) === first) return first;
      this.#heap.dropFirst();
    }
  }

  /** Waits for hours (calling hours, a redial) are replaced many times a second on a busy day. */
  #dropDead(): void {
    this.#heap.keepOnly((coming) => this.#live.get(keyOf(coming.item)) === coming);
  }
}

import type { MonotonicMs, Now } from '../units/time.js';
import type { Command } from './command.js';
import type { DialerEvent } from './event.js';
import type { Input } from './input.js';

/** What `handle` gives for one Input. */
export interface Output {
  /** To be performed in this order. */
  readonly commands: readonly Command[];
  readonly events: readonly DialerEvent[];
  /** When the dialer must be given `woke`, and for what; undefined when it waits for nothing. */
  readonly wakeAt: WakeAt | undefined;
}

/** The soonest thing the dialer waits for. */
export interface WakeAt {
  readonly monotonicMs: MonotonicMs;
  readonly reason: string;
}

/** The machine as `loop` sees it: synchronous and total. */
export interface DialerMachine {
  handle(input: Input, now: Now): Output;
}

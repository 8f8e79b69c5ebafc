import type { Ms } from '../../../../src/units/time.js';

/** Whoever is at the other end of a leg. */
export interface FarEnd {
  /** It sends sound; false is a silent line. */
  readonly isTalking: boolean;
  /** Time until its beep, for a detector that starts now; undefined: none comes. */
  readonly beepInMs: Ms | undefined;
  /** It hears keys that we send. */
  heardKeys(keys: string): void;
  /** The leg is over, by its own doing or ours. */
  ended(wasItself: boolean): void;
}

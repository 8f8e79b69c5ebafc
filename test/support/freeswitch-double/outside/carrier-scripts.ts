import { KEYS_TO_READ } from '../../../../src/cli/lab/fixed-numbers.js';
import type { Ms } from '../../../../src/units/time.js';

/** What a far end does, in order of time since the INVITE; left out: it does not. */
export interface CarrierScript {
  /** 180 Ringing. */
  readonly ringsAfterMs?: Ms;
  /** 183 with audio. */
  readonly earlyMediaAfterMs?: Ms;
  readonly answersAfterMs?: Ms;
  /** The final refusal. */
  readonly refusal?: { readonly afterMs: Ms; readonly sipCode: number; /** By a Reason header; it wins over the code. */ readonly reasonQ850?: number };
  /** BYE, since the answer. */
  readonly hangsUpAfterMs?: Ms;
  /** Keys, the first one so long after the answer. */
  readonly keys?: { readonly digits: string; readonly afterMs: Ms; readonly everyMs: Ms };
  /** Hangs up when these keys arrived, in this order. */
  readonly hangsUpOnKeys?: string;
  /** A voicemail's beep, since the answer. */
  readonly beepsAfterMs?: Ms;
  /** Sends sound from the answer (or early media) on; false is a silent line. Default true. */
  readonly isTalking?: boolean;
}

/** The numbers of the small carrier, by what they do. */
export type NumberBehaviour =
  | 'answers-at-once'
  | 'answers-after-ring'
  | 'busy'
  | 'no-answer'
  | 'unallocated'
  | 'congestion'
  | 'hangs-up-early'
  | 'presses-digits'
  | 'reads-keys'
  | 'early-media'
  | 'early-then-answers'
  | 'says-nothing';

/** Within one step of the switch's clock, as the recorded carrier did. */
const AT_ONCE_MS: Ms = 4;

const SCRIPTS: Readonly<Record<NumberBehaviour, CarrierScript>> = {
  'answers-at-once': { answersAfterMs: AT_ONCE_MS },
  // Flow 02: 180 at once, 200 a second later.
  'answers-after-ring': { ringsAfterMs: AT_ONCE_MS, answersAfterMs: 1_010 },
  busy: { refusal: { afterMs: AT_ONCE_MS, sipCode: 486 } },
  'no-answer': { ringsAfterMs: AT_ONCE_MS },
  unallocated: { refusal: { afterMs: AT_ONCE_MS, sipCode: 404 } },
  congestion: { refusal: { afterMs: AT_ONCE_MS, sipCode: 503, reasonQ850: 34 } },
  'hangs-up-early': { answersAfterMs: AT_ONCE_MS, hangsUpAfterMs: 1_500 },
  'presses-digits': { answersAfterMs: AT_ONCE_MS, keys: { digits: '123#', afterMs: 1_000, everyMs: 200 } },
  'reads-keys': { answersAfterMs: AT_ONCE_MS, hangsUpOnKeys: KEYS_TO_READ },
  'early-media': { earlyMediaAfterMs: AT_ONCE_MS, refusal: { afterMs: 3_000, sipCode: 404 } },
  'early-then-answers': { earlyMediaAfterMs: AT_ONCE_MS, answersAfterMs: 1_500 },
  'says-nothing': {},
};

/** The script of a behaviour; a script is its own. */
export const scriptOf = (behaviour: NumberBehaviour | CarrierScript): CarrierScript =>
  typeof behaviour === 'string' ? SCRIPTS[behaviour] : behaviour;

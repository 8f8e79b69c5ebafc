import type { Ms } from '../../units/time.js';
import type { ClipLabel } from './clip-label.js';

/** A recording and the truth about it: one row of a manifest. */
export interface LabelledClip {
  /** As the manifest names it. */
  readonly file: string;
  readonly path: string;
  /** Line of the manifest, from 1. */
  readonly line: number;
  readonly label: ClipLabel;
  /** The beep's place as `beep_time_s` gives it, which may be its beginning or its end; undefined without a beep. */
  readonly beepMs: Ms | undefined;
  /** End of the first speech, where a column gives it. */
  readonly speechEndMs: Ms | undefined;
  /** By what the results are broken down: the columns `mode`, `source` and `split`, those that are filled in. */
  readonly groups: Readonly<Record<string, string>>;
}

/** A labelled clip with its sound, at 8 kHz from the answer on. */
export interface LoadedClip extends LabelledClip {
  readonly samples: Int16Array;
}

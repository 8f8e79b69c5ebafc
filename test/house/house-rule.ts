import type { HouseFile } from './house-file.js';

/** One rule of the house. */
export interface HouseRule {
  /** What must hold, in one sentence. */
  readonly name: string;
  /** What to do about a breach. */
  readonly cure: string;
  /** Where it is broken, one line each; empty when it holds. */
  readonly breaches: (files: readonly HouseFile[]) => readonly string[];
  /** Small files that break it, each by itself or together with the others: the rule must find each of these paths. */
  readonly badSample: Readonly<Record<string, string>>;
  /** A small file that is near to breaking it and does not. */
  readonly goodSample: Readonly<Record<string, string>>;
}

import { assertNever } from '../units/assert-never.js';
import type { Pacing } from './pacing.js';
import { PowerPacing } from './power.js';
import { ProgressivePacing } from './progressive.js';

/** Which rule a campaign is paced by. */
export type PacingChoice =
  | { readonly mode: 'progressive' }
  | { readonly mode: 'power'; /** Lines for each free agent, 1 to 10. */ readonly linesPerAgentRatio: number };

/** A fresh rule of the campaign's kind; it has learnt nothing yet. @throws RangeError on a ratio outside 1..10. */
export function createPacing(choice: PacingChoice): Pacing {
  switch (choice.mode) {
    case 'progressive':
      return new ProgressivePacing();
    case 'power':
      return new PowerPacing(choice.linesPerAgentRatio);
    default:
      return assertNever(choice);
  }
}

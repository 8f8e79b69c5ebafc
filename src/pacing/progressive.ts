import { linesForAgents } from './lines-for-agents.js';
import type { Pacing, PacingDecision, PacingFacts } from './pacing.js';

/**
 * One line for each free agent: whoever answers finds an agent, so nobody is
 * abandoned for want of one, unless the agent leaves while it rings.
 * place = available - waiting - analysing - ringing, never below 0.
 */
export class ProgressivePacing implements Pacing {
  decide(facts: PacingFacts): PacingDecision {
    return linesForAgents(facts, 1);
  }

  /** The rule is fixed: outcomes change nothing. */
  learn(): void {}
}

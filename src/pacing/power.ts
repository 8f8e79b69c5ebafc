import { linesForAgents } from './lines-for-agents.js';
import type { Pacing, PacingDecision, PacingFacts } from './pacing.js';

/** Least lines for a free agent; below it agents would sit idle by design. */
const LINES_PER_AGENT_RATIO_MIN = 1;
/** Most lines for a free agent. Chosen: above it even a list that answers one call in ten is abandoned. */
const LINES_PER_AGENT_RATIO_MAX = 10;

/**
 * A fixed number of lines for each free agent, because most calls reach nobody.
 * More lines mean less waiting for agents and more people abandoned; the right
 * ratio depends on how many answer, so whoever uses this must watch the
 * abandon ratio and fall back to one line an agent near its cap.
 */
export class PowerPacing implements Pacing {
  readonly #linesPerAgentRatio: number;

  /** @throws RangeError outside 1..10. */
  constructor(linesPerAgentRatio: number) {
    if (!(linesPerAgentRatio >= LINES_PER_AGENT_RATIO_MIN && linesPerAgentRatio <= LINES_PER_AGENT_RATIO_MAX)) {
      throw new RangeError(
        `Lines per free agent must be ${LINES_PER_AGENT_RATIO_MIN} to ${LINES_PER_AGENT_RATIO_MAX}, not ${linesPerAgentRatio}.`,
      );
    }
    this.#linesPerAgentRatio = linesPerAgentRatio;
  }

  decide(facts: PacingFacts): PacingDecision {
    return linesForAgents(facts, this.#linesPerAgentRatio);
  }

  /** The ratio is fixed: outcomes change nothing. */
  learn(): void {}
}

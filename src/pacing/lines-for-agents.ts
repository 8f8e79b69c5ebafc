import { countInWords } from './count-in-words.js';
import type { PacingDecision, PacingFacts } from './pacing.js';

/**
 * The sum both fixed rules share: lines wanted for the agents nobody is
 * waiting for, less the lines already out. A person who waits takes a whole
 * agent whatever the ratio; a call that rings or is being analysed takes one
 * line. A share of a line is not dialled, so the ratio is never exceeded.
 * @param linesPerAgentRatio 1 is one line a free agent.
 */
export function linesForAgents(facts: PacingFacts, linesPerAgentRatio: number): PacingDecision {
  const ringingCount = facts.ringingForMs.length;
  const freeAgentCount = Math.max(0, facts.availableAgentCount - facts.waitingCount);
  const linesWantedCount = Math.floor(freeAgentCount * linesPerAgentRatio);
  const linesOutCount = ringingCount + facts.analysingCount;
  const placeCount = Math.max(0, linesWantedCount - linesOutCount);
  return { placeCount, reason: inWords(facts, linesPerAgentRatio, linesOutCount, placeCount) };
}

function inWords(
  facts: PacingFacts,
  linesPerAgentRatio: number,
  linesOutCount: number,
  placeCount: number,
): string {
  if (facts.availableAgentCount === 0) return 'no agent is free: none';
  const parts = [`${countInWords(facts.availableAgentCount, 'agent')} free`];
  if (linesPerAgentRatio !== 1) parts.push(`${linesPerAgentRatio} lines each`);
  if (facts.waitingCount > 0) {
    parts.push(`${countInWords(facts.waitingCount, 'person', 'people')} waiting`);
  }
  parts.push(`${countInWords(linesOutCount, 'line')} out`);
  return `${parts.join(', ')}: ${placeCount === 0 ? 'none' : `${placeCount} more`}`;
}

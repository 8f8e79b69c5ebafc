import type { AgentBoard } from '../../api/contract.js';

/**
 * Agents as they stand on the wall: those who are logged in first, each group
 * by name. An agent keeps his place through every call, so that people find
 * him where they saw him last; only logging in and out moves anyone.
 */
export function agentsInOrder(agents: readonly AgentBoard[]): readonly AgentBoard[] {
  const isAway = (agent: AgentBoard): boolean => agent.state === 'offline';
  return [...agents].sort(
    (a, b) => Number(isAway(a)) - Number(isAway(b)) || a.name.localeCompare(b.name, 'en', { numeric: true }) || a.agentId.localeCompare(b.agentId),
  );
}

/** How a grid of equal tiles fills a box best: the number of columns that makes the tiles largest. */
export function tileColumns(count: number, widthPx: number, heightPx: number): { readonly columns: number; readonly scale: number } {
  let best = { columns: 1, scale: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const scale = Math.min(widthPx / columns / TILE_WIDTH, heightPx / rows / TILE_HEIGHT);
    if (scale > best.scale) best = { columns, scale };
  }
  return best;
}

/** Width of a tile and the gap beside it at scale 1, in CSS pixels, as wallboard.css lays it out. */
const TILE_WIDTH = 208;

/** Height of a tile and the gap below it at scale 1, in CSS pixels. */
const TILE_HEIGHT = 100;

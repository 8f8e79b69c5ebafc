import { useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import type { AgentBoard } from '../../api/contract.js';
import { AGENT_LABELS } from './agent-labels.js';
import { agentsInOrder, tileColumns } from './agent-order.js';
import { AgentTile } from './agent-tile.js';
import { AgentShape } from './shapes.js';

/** States in the order in which they are summed up. */
const SUMMED: readonly AgentBoard['state'][] = ['on-call', 'available', 'reserved', 'wrap-up', 'paused', 'logging-in', 'offline'];

/** Bounds of a tile's size. Chosen: at the smallest a name is still read from a desk; at the largest four agents do not fill the wall. */
const SCALE_MIN = 0.55;
const SCALE_MAX = 2.6;

/** Every agent in a place of his own, as large as the room allows. */
export function AgentGrid({ agents, nowMs }: { readonly agents: readonly AgentBoard[]; readonly nowMs: number }): ReactNode {
  const { ref, columns, scale } = useTiling(agents.length);
  const loggedInCount = agents.filter((agent) => agent.state !== 'offline').length;
  const style: CSSProperties & Record<`--${string}`, string> = { '--columns': String(columns), '--scale': scale.toFixed(3) };
  return (
    <section className="panel agents" aria-labelledby="agents">
      <div className="agents-head">
        <h2 id="agents">
          Agents <span className="total">{loggedInCount}</span> <span className="of">of {agents.length} logged in</span>
        </h2>
        <ul className="summary" aria-label="Agents by state">
          {SUMMED.map((state) => (
            <Sum key={state} state={state} count={agents.filter((agent) => agent.state === state).length} />
          ))}
        </ul>
      </div>
      <ul className="tiles" ref={ref} style={style}>
        {agentsInOrder(agents).map((agent) => (
          <AgentTile key={agent.agentId} agent={agent} nowMs={nowMs} />
        ))}
      </ul>
    </section>
  );
}

function Sum({ state, count }: { readonly state: AgentBoard['state']; readonly count: number }): ReactNode {
  return (
    <li className={`sum ${state}${count === 0 ? ' none' : ''}`} data-sum={state}>
      <AgentShape state={state} />
      <span className="sum-count">{count}</span> <span className="sum-label">{AGENT_LABELS[state]}</span>
    </li>
  );
}

interface Tiling {
  readonly ref: React.RefObject<HTMLUListElement | null>;
  readonly columns: number;
  readonly scale: number;
}

/** Fits the tiles to the box they have, and again whenever the box changes. */
function useTiling(count: number): Tiling {
  const ref = useRef<HTMLUListElement>(null);
  const [box, setBox] = useState({ width: 1200, height: 600 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setBox({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  const { columns, scale } = tileColumns(count, box.width, box.height);
  return { ref, columns, scale: Math.min(SCALE_MAX, Math.max(SCALE_MIN, scale)) };
}

import { memo, type ReactNode } from 'react';
import type { AgentBoard } from '../../api/contract.js';
import { AGENT_LABELS } from './agent-labels.js';
import { timerText } from './format.js';
import { AgentShape } from './shapes.js';

interface AgentTileProps {
  readonly agent: AgentBoard;
  readonly nowMs: number;
}

/** One agent: who, what he does, and for how long. */
export const AgentTile = memo(function AgentTile({ agent, nowMs }: AgentTileProps): ReactNode {
  const { state, name, phone, reason, sinceMs } = agent;
  const isPhoneGone = agent.isPhoneRegistered === false;
  const pausedFor = state === 'paused' ? reason : undefined;
  const details = [`${name}, phone ${phone}`, AGENT_LABELS[state], ...(reason === undefined ? [] : [reason])];
  return (
    <li className={`tile ${state}`} data-agent={agent.agentId} data-state={state} title={details.join('\n')}>
      <span className="tile-shape">
        <AgentShape state={state} />
      </span>
      <span className="tile-name">{name}</span>
      <span className="tile-state">
        {pausedFor === undefined ? AGENT_LABELS[state] : <PausedFor reason={pausedFor} />}
      </span>
      <span className="tile-timer timer">{state === 'offline' ? '' : timerText(sinceMs, nowMs)}</span>
      <span className="tile-note">{isPhoneGone ? `Phone ${phone} not registered` : ''}</span>
    </li>
  );
});

/** The shape says that the agent is paused; there is room for why. */
function PausedFor({ reason }: { readonly reason: string }): ReactNode {
  return (
    <>
      <span className="unseen">Paused: </span>
      {reason}
    </>
  );
}

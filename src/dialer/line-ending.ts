import { Q850_NORMAL_CLEARING } from '../call/end-cause.js';
import type { DialerContext } from './dialer-context.js';
import type { Agent } from './dialer-state.js';
import { bridgeOf } from './dialer-context.js';

/** Ends an agent's nailed-up line and logs him out; he has no contact any more. */
export function takeOffLine(ctx: DialerContext, agent: Agent, reason: string): void {
  const line = agent.line;
  if (line !== undefined) ctx.order({ type: 'hang-up', callId: line.callId, q850: Q850_NORMAL_CLEARING });
  goOffline(ctx, agent, reason);
}

/** The line is gone or going: forget it, and the agent is offline at once. */
export function goOffline(ctx: DialerContext, agent: Agent, reason: string): void {
  const line = agent.line;
  if (line !== undefined) {
    ctx.agentByLine.delete(line.callId);
    ctx.order({ type: 'close-bridge', bridgeId: bridgeOf(agent.config.agentId) });
  }
  agent.line = undefined;
  agent.keys = '';
  agent.pauseReason = undefined;
  agent.leavingBecause = undefined;
  agent.failedJoinCount = 0;
  ctx.waits.cancel({ kind: 'log-in-limit', agentId: agent.config.agentId });
  ctx.moveAgent(agent, 'line-lost', reason);
}

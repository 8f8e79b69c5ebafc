import { isUnanswered } from '../call/call-state.js';
import { Q850_NORMAL_CLEARING } from '../call/end-cause.js';
import type { LiveCall, SwitchSnapshot } from '../telephony/switch.js';
import { assertNever } from '../units/assert-never.js';
import type { CallId } from '../units/ids.js';
import { lineEnded } from './agent-flow.js';
import { answered, startAnalysis } from './answering.js';
import { endCall, gone, hangUp } from './call-ending.js';
import { joinFailed, joined } from './connecting.js';
import { bridgeOf, type DialerContext } from './dialer-context.js';
import type { Agent, Attempt } from './dialer-state.js';
import { seat } from './logging-in.js';
import { settle } from './settlement.js';
import { startWrapUp } from './wrap-up.js';

/**
 * After a gap (a restart of ours, a lost connection, a restarted switch) what
 * we believe is held against what the switch says is alive. Live calls are
 * adopted, what is gone is closed, and calls nobody knows are ended.
 */

/** The switch is back, or here for the first time. */
export function reconcile(ctx: DialerContext, snapshot: SwitchSnapshot): void {
  ctx.isSwitchConnected = true;
  ctx.clear('switch-lost');
  const live = new Map(snapshot.calls.map((call) => [call.callId, call]));
  const bridgeByCall = new Map<CallId, string>();
  for (const bridge of snapshot.bridges) {
    for (const id of bridge.callIds) bridgeByCall.set(id, bridge.bridgeId);
  }
  // Their prompts are not worth adopting: those still alive end as ghosts.
  ctx.featureCalls.clear();
  const lostCount = endLost(ctx, live);
  for (const agent of [...ctx.agents.values()]) reconcileAgent(ctx, agent, live, bridgeByCall);
  const adoptedCount = adoptLive(ctx, live, bridgeByCall);
  endGhosts(ctx, snapshot);
  ctx.say({ type: 'switch-changed', isConnected: true, adoptedCount, lostCount });
  for (const campaign of ctx.campaigns.values()) ctx.campaignsToPace.add(campaign);
}

/** Closes every attempt whose call the switch no longer has; returns how many. */
function endLost(ctx: DialerContext, live: ReadonlyMap<CallId, LiveCall>): number {
  let lostCount = 0;
  for (const attempt of [...ctx.attempts.values()]) {
    if (attempt.state === 'writing' || attempt.state === 'ended' || live.has(attempt.callId)) continue;
    lostCount += 1;
    attempt.endingBecause ??= 'switch-lost';
    gone(ctx, attempt, 0, undefined);
  }
  return lostCount;
}

/** Takes up every attempt whose call lives; returns how many. */
function adoptLive(
  ctx: DialerContext,
  live: ReadonlyMap<CallId, LiveCall>,
  bridgeByCall: ReadonlyMap<CallId, string>,
): number {
  let adoptedCount = 0;
  for (const attempt of [...ctx.attempts.values()]) {
    const call = live.get(attempt.callId);
    if (attempt.state === 'ended') reconcileWrapUp(ctx, attempt);
    else if (call !== undefined) {
      adoptedCount += 1;
      reconcileCall(ctx, attempt, call, bridgeByCall.get(attempt.callId));
    }
  }
  return adoptedCount;
}

/** An agent whose line lives keeps his seat; the others are out. */
function reconcileAgent(
  ctx: DialerContext,
  agent: Agent,
  live: ReadonlyMap<CallId, LiveCall>,
  bridgeByCall: ReadonlyMap<CallId, string>,
): void {
  const line = agent.line;
  if (line === undefined) return;
  if (!live.has(line.callId)) {
    if (agent.state === 'offline') forgetLine(ctx, agent, line.callId);
    else lineEnded(ctx, agent, false);
    return;
  }
  if (bridgeByCall.get(line.callId) !== bridgeOf(agent.config.agentId) && agent.state !== 'logging-in') {
    seat(ctx, agent, line.callId);
  }
  if (agent.state === 'offline') adoptAgent(ctx, agent);
}

function forgetLine(ctx: DialerContext, agent: Agent, lineCallId: CallId): void {
  ctx.agentByLine.delete(lineCallId);
  agent.line = undefined;
  agent.pauseReason = undefined;
  ctx.tellAgent(agent, 'offline', 'line lost');
}

/** Where the agent of a restarted service stands is told by the attempt that was open with him. */
function adoptAgent(ctx: DialerContext, agent: Agent): void {
  const open = [...ctx.attempts.values()].find((attempt) => attempt.agent === agent);
  if (open?.state === 'talking') {
    agent.attempt = open;
    ctx.moveAgent(agent, 'adopted-on-call');
  } else if (open?.state === 'ended') {
    agent.attempt = open;
    ctx.moveAgent(agent, 'adopted-wrap-up');
    startWrapUp(ctx, agent, open);
  } else {
    ctx.moveAgent(agent, agent.pauseReason === undefined ? 'adopted-available' : 'adopted-paused');
  }
}

/** A wrap-up whose agent did not come back is settled by default. */
function reconcileWrapUp(ctx: DialerContext, attempt: Attempt): void {
  if (attempt.agent?.attempt === attempt) return;
  settle(ctx, attempt, attempt.campaign.config.defaultDisposition);
}

/** A call that outlived the gap goes on from where the switch shows it. */
function reconcileCall(
  ctx: DialerContext,
  attempt: Attempt,
  call: LiveCall,
  bridge: string | undefined,
): void {
  const agent = attempt.agent;
  const isJoined = agent?.line !== undefined && bridge === bridgeOf(agent.config.agentId);
  switch (attempt.state) {
    case 'dialling':
    case 'ringing':
      if (call.state === 'answered') resumeAnswered(ctx, attempt, bridge);
      else if (call.state === 'ringing') ctx.adoptCall(attempt, 'ringing');
      rearmSetup(ctx, attempt);
      return;
    case 'analysing':
      resumeAnalysis(ctx, attempt, bridge);
      return;
    case 'connecting':
      if (isJoined) joined(ctx, attempt);
      else joinFailed(ctx, attempt);
      return;
    case 'talking':
      if (isJoined && agent.attempt === attempt) return;
      endCall(ctx, attempt, 'agent-line-lost');
      return;
    case 'greeting':
    case 'playing-message':
    case 'playing-safe-harbour':
      endCall(ctx, attempt, 'switch-lost');
      return;
    case 'ending':
      hangUp(ctx, attempt);
      return;
    case 'writing':
    case 'waiting':
    case 'ended':
      // The store, the wait for an agent and the wrap-up went on through the gap.
      return;
    default:
      assertNever(attempt.state);
  }
}

function rearmSetup(ctx: DialerContext, attempt: Attempt): void {
  if (!isUnanswered(attempt.state)) return;
  ctx.waitFor({ kind: 'setup-limit', callId: attempt.callId }, attempt.campaign.config.ringTimeoutMs);
}

/**
 * Who answered was not known, or not written down. With an agent's bridge
 * around the call the join was the last thing done; otherwise the audio was
 * not heard for a while, and the analysis begins anew.
 */
function resumeAnalysis(ctx: DialerContext, attempt: Attempt, bridge: string | undefined): void {
  if (!adoptJoin(ctx, attempt, bridge)) startAnalysis(ctx, attempt);
}

/** The answer itself was never written down, and perhaps not the join after it. */
function resumeAnswered(ctx: DialerContext, attempt: Attempt, bridge: string | undefined): void {
  if (agentOfBridge(ctx, bridge)?.state === 'available') {
    attempt.answeredAt = ctx.now;
    ctx.waits.cancel({ kind: 'setup-limit', callId: attempt.callId });
    ctx.say({ type: 'call-answered', callId: attempt.callId });
  }
  if (!adoptJoin(ctx, attempt, bridge)) answered(ctx, attempt);
}

/**
 * A contact found in the bridge of a free agent is talking to him. In the
 * bridge of anyone else he is out of place: the next contact would join them.
 */
function adoptJoin(ctx: DialerContext, attempt: Attempt, bridge: string | undefined): boolean {
  const agent = agentOfBridge(ctx, bridge);
  if (agent?.state !== 'available') {
    if (bridge !== undefined) ctx.order({ type: 'unbridge', callId: attempt.callId });
    return false;
  }
  attempt.agent = agent;
  agent.attempt = attempt;
  ctx.adoptCall(attempt, 'connecting');
  ctx.moveAgent(agent, 'reserved');
  joined(ctx, attempt);
  return true;
}

function agentOfBridge(ctx: DialerContext, bridge: string | undefined): Agent | undefined {
  if (bridge === undefined) return undefined;
  for (const agent of ctx.agents.values()) {
    if (bridgeOf(agent.config.agentId) === bridge) return agent;
  }
  return undefined;
}

/** Ends every call of ours that nobody here knows. */
function endGhosts(ctx: DialerContext, snapshot: SwitchSnapshot): void {
  for (const { callId } of snapshot.calls) {
    if (ctx.attempts.has(callId) || ctx.agentByLine.has(callId)) continue;
    ctx.order({ type: 'hang-up', callId, q850: Q850_NORMAL_CLEARING });
  }
}

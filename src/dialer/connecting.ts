import { monotonicAfter, type Ms } from '../units/time.js';
import { cutPrompts } from './agent-prompt.js';
import { stopAnalysis } from './call-ending.js';
import { bridgeOf, type DialerContext } from './dialer-context.js';
import type { Agent, Attempt, Campaign } from './dialer-state.js';
import { takeOffLine } from './line-ending.js';
import { freeAgain } from './wrap-up.js';

/** Brings contact and agent together: one bridge operation, the agent being nailed up. */

/** The switch joins in milliseconds; past this the join counts as failed. */
const JOIN_LIMIT_MS: Ms = 2_000;
/** Failed joins in a row after which the agent's line is no good. */
const FAILED_JOINS_MAX = 2;

/** Lets the contact wait, up to the campaign's limit from the end of the greeting; past it already, only an agent who is free now saves him from the message. */
export function waitForAgent(ctx: DialerContext, attempt: Attempt): void {
  const greetingEndedAt = attempt.greetingEndedAt ?? ctx.now.monotonicMs;
  const limitAt = monotonicAfter(greetingEndedAt, attempt.campaign.config.agentWaitMaxMs);
  ctx.waits.set({ kind: 'agent-wait', callId: attempt.callId }, limitAt);
  ctx.campaignsToPace.add(attempt.campaign);
}

/**
 * Gives waiting people, longest first, to available agents, longest first.
 * None while the switch is away: the join would fail, and be held against the agent's line.
 */
export function connectWaiting(ctx: DialerContext, campaign: Campaign): void {
  if (!ctx.isSwitchConnected) return;
  for (const attempt of campaign.attempts.values()) {
    if (attempt.state !== 'waiting') continue;
    const agent = longestAvailable(ctx, campaign);
    if (agent === undefined) return;
    connect(ctx, attempt, agent);
  }
}

/** The agent of this campaign who has waited longest; undefined when none is available. */
function longestAvailable(ctx: DialerContext, campaign: Campaign): Agent | undefined {
  let longest: Agent | undefined;
  for (const agent of ctx.agents.values()) {
    if (agent.state !== 'available' || agent.config.campaignId !== campaign.config.campaignId) continue;
    if (longest === undefined || agent.availableSince < longest.availableSince) longest = agent;
  }
  return longest;
}

function connect(ctx: DialerContext, attempt: Attempt, agent: Agent): void {
  const line = agent.line;
  if (line === undefined || !ctx.moveCall(attempt, 'agent-reserved')) return;
  const { config } = attempt.campaign;
  attempt.agent = agent;
  agent.attempt = attempt;
  ctx.moveAgent(agent, 'reserved');
  cutPrompts(ctx, agent);
  ctx.order({ type: 'bridge', bridgeId: bridgeOf(agent.config.agentId), callId: attempt.callId });
  const { connectBeep } = ctx.config.keypad.sounds;
  const sounds = config.whisper === undefined ? [connectBeep] : [connectBeep, config.whisper];
  ctx.play(line.callId, sounds, 'whisper');
  stopAnalysis(ctx, attempt);
  ctx.waitFor({ kind: 'join-limit', callId: attempt.callId }, JOIN_LIMIT_MS);
}

/** The contact is in the agent's bridge: they hear each other. */
export function joined(ctx: DialerContext, attempt: Attempt): void {
  const agent = attempt.agent;
  if (agent === undefined || !ctx.moveCall(attempt, 'joined')) return;
  const { campaign, callId } = attempt;
  ctx.waits.cancel({ kind: 'join-limit', callId });
  ctx.waits.cancel({ kind: 'agent-wait', callId });
  agent.failedJoinCount = 0;
  attempt.connectedAt = ctx.now;
  ctx.moveAgent(agent, 'joined');
  const now = ctx.now.monotonicMs;
  ctx.say({
    type: 'call-connected',
    callId,
    agentId: agent.config.agentId,
    sinceAnswerMs: now - (attempt.answeredAt?.monotonicMs ?? now),
    sinceVerdictMs: now - (attempt.verdictAt ?? now),
  });
  campaign.ledger.connected(ctx.now.epochMs);
  campaign.pacing.learn({ type: 'connected' }, ctx.now);
  if (campaign.config.isRecorded) startRecording(ctx, attempt);
}

function startRecording(ctx: DialerContext, attempt: Attempt): void {
  ctx.command({
    type: 'start-recording',
    commandId: ctx.nextCommandId(),
    callId: attempt.callId,
    campaignId: attempt.campaign.config.campaignId,
  });
  ctx.say({ type: 'recording-started', callId: attempt.callId });
}

/** The join did not come about: the contact waits again, the agent is free or, failing twice, off the line. */
export function joinFailed(ctx: DialerContext, attempt: Attempt): void {
  const agent = attempt.agent;
  if (!ctx.moveCall(attempt, 'join-failed')) return;
  ctx.waits.cancel({ kind: 'join-limit', callId: attempt.callId });
  attempt.agent = undefined;
  waitForAgent(ctx, attempt);
  if (agent === undefined) return;
  agent.attempt = undefined;
  agent.failedJoinCount += 1;
  freeAgain(ctx, agent);
  if (agent.failedJoinCount >= FAILED_JOINS_MAX) takeOffLine(ctx, agent, 'bridge-failed');
}

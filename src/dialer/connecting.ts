import { monotonicAfter, type Ms } from '../units/time.js';
import { cutPrompts } from './agent-prompt.js';
import { bridgeOf, type DialerContext } from './dialer-context.js';
import type { Agent, Attempt, Campaign } from './dialer-state.js';
import { takeOffLine } from './line-ending.js';
import { listen, stopAnalysis, tap } from './listening.js';
import { countReached, wouldBeOnTrial } from './taking-back.js';
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

/** Gives calls that are probably a person's to free agents, where the campaign wants that and the switch allows it; after those who wait. */
export function connectProbable(ctx: DialerContext, campaign: Campaign): void {
  if (campaign.config.answerHandling !== 'connect-probable') return;
  connectWaiting(ctx, campaign);
  if (!ctx.isSwitchConnected) return;
  for (const attempt of campaign.attempts.values()) {
    if (attempt.state !== 'analysing' || !attempt.isProbable || !wouldBeOnTrial(ctx, attempt)) continue;
    const agent = longestAvailable(ctx, campaign);
    if (agent === undefined) return;
    connect(ctx, attempt, agent);
  }
}

/** Gives a call that was answered this moment to a free agent, where the campaign wants that and the switch allows it; false: it is held. */
export function connectAtAnswer(ctx: DialerContext, attempt: Attempt): boolean {
  const { campaign } = attempt;
  if (campaign.config.answerHandling !== 'connect-at-answer' || !wouldBeOnTrial(ctx, attempt)) return false;
  connectWaiting(ctx, campaign);
  const agent = ctx.isSwitchConnected ? longestAvailable(ctx, campaign) : undefined;
  if (agent !== undefined) connect(ctx, attempt, agent);
  return attempt.state === 'connecting';
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
  attempt.isOnTrial = wouldBeOnTrial(ctx, attempt);
  const bridge = { type: 'bridge', bridgeId: bridgeOf(agent.config.agentId), callId: attempt.callId } as const;
  ctx.order(attempt.isOnTrial ? { ...bridge, isTapped: true } : bridge);
  const { connectBeep } = ctx.config.keypad.sounds;
  const sounds = config.whisper === undefined ? [connectBeep] : [connectBeep, config.whisper];
  ctx.play(line.callId, sounds, 'whisper');
  if (!attempt.isOnTrial) stopAnalysis(ctx, attempt);
  ctx.waitFor({ kind: 'join-limit', callId: attempt.callId }, JOIN_LIMIT_MS);
}

/** The contact is in the agent's bridge: they hear each other. */
export function joined(ctx: DialerContext, attempt: Attempt): void {
  const agent = attempt.agent;
  if (agent === undefined || !ctx.moveCall(attempt, 'joined')) return;
  const { callId, campaign } = attempt;
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
  if (attempt.isOnTrial) ctx.waitFor({ kind: 'take-back-limit', callId }, campaign.config.takeBackLimitMs);
  else countReached(ctx, attempt);
  if (campaign.config.isRecorded) startRecording(ctx, attempt);
}

function startRecording(ctx: DialerContext, attempt: Attempt): void {
  attempt.isRecording = true;
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
  if (!waitAgain(ctx, attempt, 'join-failed') || agent === undefined) return;
  agent.attempt = undefined;
  agent.failedJoinCount += 1;
  freeAgain(ctx, agent);
  if (agent.failedJoinCount >= FAILED_JOINS_MAX) takeOffLine(ctx, agent, 'bridge-failed');
}

/**
 * The agent whom a call was to be joined with is lost to it: it waits for
 * another, or is held until it is decided who answered. False when it was not
 * being joined.
 */
export function waitAgain(ctx: DialerContext, attempt: Attempt, why: 'join-failed' | 'agent-gone'): boolean {
  const isUndecided = attempt.state === 'connecting' && !attempt.isDecided;
  if (!ctx.moveCall(attempt, isUndecided ? 'undecided-again' : why)) return false;
  ctx.waits.cancel({ kind: 'join-limit', callId: attempt.callId });
  attempt.agent = undefined;
  attempt.isOnTrial = false;
  if (!isUndecided) waitForAgent(ctx, attempt);
  else {
    if (!attempt.isBeingAnalysed) listen(ctx, attempt);
    tap(ctx, attempt);
  }
  return true;
}

import { prompt } from './agent-prompt.js';
import { isPersonVerdict } from '../call/answer-verdict.js';
import type { AnsweredBy, DispositionConfig } from './config.js';
import type { DialerContext } from './dialer-context.js';
import type { Agent, Attempt } from './dialer-state.js';
import { takeOffLine } from './line-ending.js';
import { settle } from './settlement.js';

/** What the agent does after a conversation: say what came of it, within a limit. */

/**
 * The contact's call is over. Returns whether a wrap-up has begun, which then
 * settles the contact; otherwise the caller does.
 */
export function contactGone(ctx: DialerContext, agent: Agent, attempt: Attempt): boolean {
  if (agent.attempt !== attempt) return false;
  const hasTalked = attempt.connectedAt !== undefined && agent.state === 'on-call';
  if (!hasTalked) {
    agent.attempt = undefined;
    freeAgain(ctx, agent);
    return false;
  }
  ctx.moveAgent(agent, 'contact-gone');
  if (agent.leavingBecause !== undefined) {
    dispose(ctx, agent, attempt.campaign.config.defaultDisposition, false);
    return true;
  }
  startWrapUp(ctx, agent, attempt);
  return true;
}

/** Lets the limit of a wrap-up run and tells the agent by a tone. */
export function startWrapUp(ctx: DialerContext, agent: Agent, attempt: Attempt): void {
  const { wrapUpMaxMs, defaultDisposition } = attempt.campaign.config;
  if (wrapUpMaxMs === 0) {
    dispose(ctx, agent, defaultDisposition, false);
    return;
  }
  prompt(ctx, agent, ctx.config.keypad.sounds.wrapUpTone);
  ctx.waitFor({ kind: 'wrap-up', agentId: agent.config.agentId }, wrapUpMaxMs);
}

/** The agent, or the end of wrap-up, says what came of the call; the next one may come. */
export function dispose(
  ctx: DialerContext,
  agent: Agent,
  disposition: DispositionConfig,
  isByAgent: boolean,
): void {
  const attempt = agent.attempt;
  if (agent.state !== 'wrap-up' || attempt === undefined) return;
  const answeredBy = isByAgent ? (disposition.answeredBy ?? 'person') : undefined;
  ctx.say({
    type: 'disposition-set',
    callId: attempt.callId,
    agentId: agent.config.agentId,
    disposition: disposition.name,
    isByAgent,
    answeredBy,
  });
  if (isDisputed(attempt, answeredBy)) ctx.command({ type: 'keep-snippet', callId: attempt.callId });
  settle(ctx, attempt, disposition);
  agent.attempt = undefined;
  ctx.moveAgent(agent, agent.pauseReason === undefined ? 'disposed' : 'disposed-to-pause');
  leaveIfAsked(ctx, agent);
}

/** The agent says that it was another than the verdict has it, and the campaign keeps what was heard of such calls. */
function isDisputed({ campaign, verdict }: Attempt, answeredBy: AnsweredBy | undefined): boolean {
  if (!campaign.config.keepsDisputedSnippets || verdict === undefined || answeredBy === undefined) return false;
  return isPersonVerdict(verdict) !== (answeredBy === 'person');
}

/**
 * The agent has no contact any more and leaves no wrap-up: he is free, or has
 * the pause or the way out he asked for meanwhile.
 */
export function freeAgain(ctx: DialerContext, agent: Agent, news: 'contact-lost' | 'contact-taken-back' = 'contact-lost'): void {
  ctx.moveAgent(agent, news);
  if (agent.pauseReason !== undefined && agent.state === 'available') {
    ctx.moveAgent(agent, 'pause-ordered', agent.pauseReason);
  }
  leaveIfAsked(ctx, agent);
}

/** Takes the agent off the line if that was only waiting for the contact to go. */
function leaveIfAsked(ctx: DialerContext, agent: Agent): void {
  if (agent.leavingBecause === undefined || agent.line === undefined) return;
  takeOffLine(ctx, agent, agent.leavingBecause);
}

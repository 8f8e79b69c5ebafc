import { endCause } from '../call/end-cause.js';
import { epochAfter, epochMs, monotonicMs, type Now } from '../units/time.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt, Campaign, Trunk } from './dialer-state.js';
import type { OpenAttempt, PeopleReached, RestoredState } from './input.js';
import { newAttempt } from './placing.js';

/** Rebuilds what the store knew; nothing of it is believed alive before the switch's first snapshot. */
export function restore(ctx: DialerContext, state: RestoredState): void {
  for (const { campaignId, isRunning } of state.campaigns) {
    const campaign = ctx.campaigns.get(campaignId);
    if (campaign !== undefined && isRunning) campaign.order = 'running';
  }
  for (const reached of state.peopleReached) restoreReached(ctx, reached);
  for (const line of state.agentLines) {
    const agent = ctx.agents.get(line.agentId);
    if (agent === undefined) continue;
    agent.line = { callId: line.lineCallId, phone: line.phone, pinDigits: '', wrongPinCount: 0, promptIds: new Set() };
    agent.pauseReason = line.pauseReason;
    ctx.agentByLine.set(line.lineCallId, agent);
  }
  for (const open of state.openAttempts) {
    const campaign = ctx.campaigns.get(open.campaignId);
    const trunk = campaign && ctx.trunks.get(campaign.config.trunk);
    if (campaign === undefined || trunk === undefined) settleHomeless(ctx, open);
    else restoreAttempt(ctx, open, campaign, trunk);
  }
}

function restoreReached(ctx: DialerContext, { campaignId, atMs, connectedCount, abandonedCount }: PeopleReached): void {
  const ledger = ctx.campaigns.get(campaignId)?.ledger;
  if (connectedCount > 0) ledger?.connected(atMs, connectedCount);
  if (abandonedCount > 0) ledger?.abandoned(atMs, abandonedCount);
}

function restoreAttempt(ctx: DialerContext, open: OpenAttempt, campaign: Campaign, trunk: Trunk): void {
  const attempt = newAttempt(open.callId, campaign, trunk, open.contact, ctx.now.monotonicMs);
  attempt.state = stateOnDisk(open);
  attempt.answeredAt = open.answeredAtMs === undefined ? undefined : instant(ctx, open.answeredAtMs);
  attempt.connectedAt = open.connectedAtMs === undefined ? undefined : instant(ctx, open.connectedAtMs);
  // Who answered a call that an agent has is not asked any more, and in the ledger he stands already.
  attempt.isDecided = open.connectedAtMs !== undefined;
  attempt.isReachedCounted = open.connectedAtMs !== undefined;
  attempt.agent = open.agentId === undefined ? undefined : ctx.agents.get(open.agentId);
  // Which of the two hung up is told already; what is left to decide is the agent's.
  if (open.isInWrapUp) attempt.endingBecause = 'contact-hung-up';
  else trunk.lineCount += 1;
  ctx.attempts.set(attempt.callId, attempt);
  campaign.attempts.set(attempt.callId, attempt);
  campaign.pool.adopt(open.contact);
}

function stateOnDisk(open: OpenAttempt): Attempt['state'] {
  if (open.isInWrapUp) return 'ended';
  if (open.connectedAtMs !== undefined) return 'talking';
  return open.answeredAtMs === undefined ? 'dialling' : 'analysing';
}

/** A wall-clock instant of the run before, on this run's monotonic clock. */
function instant(ctx: DialerContext, atMs: number): Now {
  const agoMs = Math.max(0, ctx.now.epochMs - atMs);
  return { epochMs: epochMs(atMs), monotonicMs: monotonicMs(ctx.now.monotonicMs - agoMs) };
}

/**
 * The attempt's campaign or trunk is configured no more. Its contact would
 * stand as being called for ever; its call, should it live, ends as a ghost.
 */
function settleHomeless(ctx: DialerContext, { callId, campaignId, contact, agentId, isInWrapUp }: OpenAttempt): void {
  const { contactId } = contact;
  const cause = endCause('switch-lost');
  if (!isInWrapUp) {
    const said = { q850: 0, sipCode: undefined, verdict: undefined, talkMs: 0 };
    ctx.say({ type: 'attempt-ended', callId, campaignId, contactId, cause: cause.name, agentId, ...said });
  }
  ctx.say({
    type: 'contact-settled',
    contactId,
    campaignId,
    callId,
    outcome: 'redial',
    redialAtMs: epochAfter(ctx.now.epochMs, cause.redialAfterMs),
    isCounted: true,
    why: 'its campaign or trunk is configured no more',
  });
}

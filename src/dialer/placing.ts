import { isAtWork } from '../agent/agent-state.js';
import { holdsLine, isUnanswered } from '../call/call-state.js';
import { mayCallAt } from '../compliance/calling-hours.js';
import { ProgressivePacing } from '../pacing/progressive.js';
import type { PacingDecision, PacingFacts } from '../pacing/pacing.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { connectProbable, connectWaiting } from './connecting.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt, Campaign, Trunk } from './dialer-state.js';

/** Decides how many calls a campaign places now, within every cap, and writes their attempts. */

const MINUTE_MS: Ms = 60_000;
/** Longest sleep of a campaign that waits for its hours or a due contact. Chosen: keeps far-off waits honest when the wall clock is set. */
const LONG_WAIT_MS_MAX: Ms = 10 * MINUTE_MS;
/** One line an agent: what every campaign may dial, whatever its abandonment. */
const ONE_LINE_AN_AGENT = new ProgressivePacing();

/** Waiting people first, then new calls, then what to wait for. */
export function pace(ctx: DialerContext, campaign: Campaign): void {
  connectWaiting(ctx, campaign);
  connectProbable(ctx, campaign);
  const obstacle = obstacleOf(ctx, campaign);
  if (obstacle !== undefined) {
    tellState(ctx, campaign, obstacle.state, obstacle.hint);
    if (obstacle.retryAfterMs !== undefined) wakeToPace(ctx, campaign, obstacle.retryAfterMs);
    return;
  }
  fetchIfLow(ctx, campaign);
  const facts = factsOf(ctx, campaign);
  const decision = decide(ctx, campaign, facts);
  const placed = place(ctx, campaign, decision.placeCount);
  tellPacing(ctx, campaign, facts, decision, placed);
  const isDry = campaign.pool.size === 0 && campaign.pool.isDry(ctx.now.epochMs);
  if (isDry && campaign.attempts.size === 0) tellState(ctx, campaign, 'idle', dryHint(campaign));
  else tellState(ctx, campaign, 'running', '');
  // With contacts at hand it is a rate or a line that is waited for, and that wait stands already.
  if (isDry) wakeWhenDue(ctx, campaign);
}

interface Obstacle {
  readonly state: 'idle' | 'paused' | 'stopped';
  readonly hint: string;
  readonly retryAfterMs?: Ms;
}

/** What forbids dialling altogether, most general first. */
function obstacleOf(ctx: DialerContext, campaign: Campaign): Obstacle | undefined {
  const { config, order } = campaign;
  if (order !== 'running') return { state: order, hint: 'by order' };
  const idle = (hint: string, retryAfterMs?: Ms): Obstacle =>
    retryAfterMs === undefined ? { state: 'idle', hint } : { state: 'idle', hint, retryAfterMs };
  if (ctx.isDraining) return idle('the service is shutting down');
  if (!ctx.isSwitchConnected) return idle('the switch is not connected');
  if (!ctx.isStoreWriting) return idle('the store cannot write: see the alarm');
  const trunk = ctx.trunks.get(config.trunk);
  if (trunk === undefined) return idle(`trunk ${config.trunk} is not configured`);
  if (!trunk.isReachable) return idle(`trunk ${config.trunk} does not answer`);
  const hours = hoursOf(ctx, campaign);
  if (!hours.isOpen) {
    const nextOpenAtMs = hours.nextOpenAtMs;
    return idle(hours.why, nextOpenAtMs === undefined ? undefined : nextOpenAtMs - ctx.now.epochMs);
  }
  for (const agent of ctx.agents.values()) {
    if (agent.config.campaignId === config.campaignId && isAtWork(agent.state)) return undefined;
  }
  return idle('no agent is at work');
}

function hoursOf(ctx: DialerContext, campaign: Campaign): NonNullable<Campaign['hours']>['answer'] {
  const minuteIndex = Math.floor(ctx.now.epochMs / MINUTE_MS);
  if (campaign.hours?.minuteIndex !== minuteIndex) {
    const answer = mayCallAt(campaign.config.callingHours, ctx.now.epochMs);
    campaign.hours = { minuteIndex, answer };
  }
  return campaign.hours.answer;
}

function fetchIfLow(ctx: DialerContext, campaign: Campaign): void {
  const count = campaign.pool.wantedCount(ctx.now.epochMs);
  if (count === 0) return;
  campaign.pool.asked(count);
  ctx.command({ type: 'fetch-contacts', campaignId: campaign.config.campaignId, count });
}

/** What the pacing rule may know. */
function factsOf(ctx: DialerContext, campaign: Campaign): PacingFacts {
  const now = ctx.now.monotonicMs;
  const ringingForMs: Ms[] = [];
  let analysingCount = 0;
  let waitingCount = 0;
  for (const attempt of campaign.attempts.values()) {
    if (isUnanswered(attempt.state)) ringingForMs.push(now - attempt.begunAt);
    else if (attempt.state === 'analysing') analysingCount += 1;
    else if (attempt.state === 'waiting') waitingCount += 1;
  }
  let availableAgentCount = 0;
  const talkingForMs: Ms[] = [];
  const wrappingUpForMs: Ms[] = [];
  for (const agent of ctx.agents.values()) {
    if (agent.config.campaignId !== campaign.config.campaignId) continue;
    if (agent.state === 'available') availableAgentCount += 1;
    else if (agent.state === 'on-call') talkingForMs.push(now - agent.stateSince);
    else if (agent.state === 'wrap-up') wrappingUpForMs.push(now - agent.stateSince);
  }
  return { availableAgentCount, talkingForMs, wrappingUpForMs, ringingForMs, analysingCount, waitingCount };
}

/**
 * The campaign's rule, held by the abandonment cap: beyond the free agents no
 * more calls are in flight than could all be abandoned under the cap.
 */
function decide(ctx: DialerContext, campaign: Campaign, facts: PacingFacts): PacingDecision {
  const wanted = campaign.pacing.decide(facts, ctx.now);
  const oneLineAnAgent = ONE_LINE_AN_AGENT.decide(facts).placeCount;
  if (wanted.placeCount <= oneLineAnAgent) return wanted;
  const guard = campaign.ledger.guard(ctx.now.epochMs);
  const inFlightCount = facts.ringingForMs.length + facts.analysingCount + facts.waitingCount;
  const roomCount = facts.availableAgentCount + guard.affordableCount - inFlightCount;
  const placeCount = Math.max(oneLineAnAgent, Math.min(wanted.placeCount, roomCount));
  if (placeCount === wanted.placeCount) return wanted;
  return { placeCount, reason: `${wanted.reason}; held at ${placeCount}: ${guard.why}` };
}

interface Placed {
  readonly count: number;
  /** What bounded the number below the rule's, in words. */
  readonly bound: string;
}

/** Begins up to `wantedCount` attempts, within lines, rates and contacts. */
function place(ctx: DialerContext, campaign: Campaign, wantedCount: number): Placed {
  const trunk = ctx.trunks.get(campaign.config.trunk);
  if (trunk === undefined) return { count: 0, bound: 'no trunk' };
  let count = 0;
  while (count < wantedCount) {
    const bound = boundOf(ctx, campaign, trunk);
    if (bound !== undefined) return { count, bound };
    const contact = campaign.pool.take();
    if (contact === undefined) {
      fetchIfLow(ctx, campaign);
      return { count, bound: 'no contact at hand' };
    }
    begin(ctx, campaign, trunk, contact);
    count += 1;
  }
  return { count, bound: '' };
}

/** The cap that forbids one more call now; where it is a rate, the campaign wakes when that allows it again. */
function boundOf(ctx: DialerContext, campaign: Campaign, trunk: Trunk): string | undefined {
  if (trunk.lineCount >= trunk.config.linesMax) return `all ${trunk.config.linesMax} lines of the trunk are in use`;
  if (lineCountOf(campaign) >= campaign.config.linesMax) {
    return `all ${campaign.config.linesMax} lines of the campaign are in use`;
  }
  const now = ctx.now.monotonicMs;
  const freeAtMs = Math.max(campaign.beginRate.availableAtMs(now), trunk.beginRate.availableAtMs(now));
  if (freeAtMs <= now) return undefined;
  ctx.waits.set({ kind: 'pace', campaignId: campaign.config.campaignId }, freeAtMs as MonotonicMs);
  return 'the cap on calls a second';
}

/** Calls that hold a line: wrap-up does not. */
function lineCountOf(campaign: Campaign): number {
  let count = 0;
  for (const attempt of campaign.attempts.values()) if (holdsLine(attempt.state)) count += 1;
  return count;
}

function begin(ctx: DialerContext, campaign: Campaign, trunk: Trunk, contact: Attempt['contact']): void {
  const callId = ctx.mintCallId();
  const attempt = newAttempt(callId, campaign, trunk, contact, ctx.now.monotonicMs);
  ctx.attempts.set(callId, attempt);
  campaign.attempts.set(callId, attempt);
  campaign.beginRate.take(ctx.now.monotonicMs);
  trunk.beginRate.take(ctx.now.monotonicMs);
  trunk.lineCount += 1;
  ctx.command({
    type: 'write-attempt',
    callId,
    campaignId: campaign.config.campaignId,
    contactId: contact.contactId,
    trunk: trunk.config.name,
  });
}

/** An attempt as it begins. */
export function newAttempt(
  callId: Attempt['callId'],
  campaign: Campaign,
  trunk: Trunk,
  contact: Attempt['contact'],
  begunAt: MonotonicMs,
): Attempt {
  return {
    callId,
    campaign,
    trunk,
    contact,
    state: 'writing',
    begunAt,
    answeredAt: undefined,
    earlyMedia: undefined,
    verdict: undefined,
    verdictAt: undefined,
    isProbable: false,
    isDecided: false,
    greetingEndedAt: undefined,
    connectedAt: undefined,
    agent: undefined,
    isBeingAnalysed: false,
    isOnTrial: false,
    isReachedCounted: false,
    isRecording: false,
    playbackId: undefined,
    endingBecause: undefined,
    isDoNotCall: false,
  };
}

/** Whether a written attempt may still leave: its reason may have gone while it was being written. */
export function mayStillDial(ctx: DialerContext, campaign: Campaign): boolean {
  return obstacleOf(ctx, campaign) === undefined;
}

function wakeToPace(ctx: DialerContext, campaign: Campaign, spanMs: Ms): void {
  const waitMs = Math.min(Math.max(spanMs, 1), LONG_WAIT_MS_MAX);
  ctx.waitFor({ kind: 'pace', campaignId: campaign.config.campaignId }, waitMs);
}

function wakeWhenDue(ctx: DialerContext, campaign: Campaign): void {
  const dueAtMs = campaign.pool.nextDueAtMs;
  if (dueAtMs !== undefined) wakeToPace(ctx, campaign, dueAtMs - ctx.now.epochMs);
}

function dryHint(campaign: Campaign): string {
  const dueAtMs = campaign.pool.nextDueAtMs;
  if (dueAtMs === undefined) return 'no contact is left to call';
  return `the next contact is due at ${new Date(dueAtMs).toISOString()}`;
}

/** Tells a campaign's state when it has changed. */
function tellState(
  ctx: DialerContext,
  campaign: Campaign,
  state: 'running' | 'idle' | 'paused' | 'stopped',
  hint: string,
): void {
  const told = `${state} ${hint}`;
  if (campaign.told === told) return;
  campaign.told = told;
  ctx.say({ type: 'campaign-changed', campaignId: campaign.config.campaignId, state, hint });
}

/** Tells every decision that placed calls, and every change of reason. */
function tellPacing(
  ctx: DialerContext,
  campaign: Campaign,
  facts: PacingFacts,
  decision: PacingDecision,
  placed: Placed,
): void {
  const isBound = placed.bound !== '' && decision.placeCount > placed.count;
  const reason = isBound ? `${decision.reason}; held at ${placed.count} by ${placed.bound}` : decision.reason;
  if (placed.count === 0 && campaign.toldPacing === reason) return;
  campaign.toldPacing = reason;
  ctx.say({
    type: 'pacing-decided',
    campaignId: campaign.config.campaignId,
    placeCount: placed.count,
    availableAgentCount: facts.availableAgentCount,
    callsInFlightCount: facts.ringingForMs.length + facts.analysingCount,
    reason,
  });
}

import { endCauseByQ850, Q850_NO_ANSWER, Q850_NORMAL_CLEARING, type EndCauseName } from '../call/end-cause.js';
import type { CallState } from '../call/call-state.js';
import { assertNever } from '../units/assert-never.js';
import type { Ms } from '../units/time.js';
import type { DialerContext } from './dialer-context.js';
import type { DispositionConfig } from './config.js';
import type { Agent, Attempt } from './dialer-state.js';
import { stopAnalysis } from './listening.js';
import { settle } from './settlement.js';
import { countReached } from './taking-back.js';
import { contactGone } from './wrap-up.js';

/** How a call ends, by our hang-up or by the switch's word: every end comes through here, once. */

/** A hang-up that was not confirmed in this time counts as done. */
const END_LIMIT_MS: Ms = 10_000;

/** Hangs up for a reason of ours. */
export function endCall(ctx: DialerContext, attempt: Attempt, because: EndCauseName): void {
  if (!ctx.moveCall(attempt, 'end-ordered')) return;
  attempt.endingBecause ??= because;
  hangUp(ctx, attempt);
}

/** Sends the hang-up of a call that is `ending`. */
export function hangUp(ctx: DialerContext, attempt: Attempt): void {
  const q850 = attempt.endingBecause === 'no-answer' ? Q850_NO_ANSWER : Q850_NORMAL_CLEARING;
  ctx.order({ type: 'hang-up', callId: attempt.callId, q850 });
  ctx.waitFor({ kind: 'end-limit', callId: attempt.callId }, END_LIMIT_MS);
}

/** The switch says the call is no more. */
export function gone(ctx: DialerContext, attempt: Attempt, q850: number, sipCode: number | undefined): void {
  const endedIn = attempt.state;
  if (ctx.moveCall(attempt, 'gone')) finish(ctx, attempt, q850, sipCode, endedIn);
}

/**
 * Books the end once, frees the line and settles the contact, now or after wrap-up.
 * @param endedIn the state the call was in when the end came.
 */
export function finish(
  ctx: DialerContext,
  attempt: Attempt,
  q850: number,
  sipCode: number | undefined,
  endedIn: CallState,
): void {
  ctx.waits.cancelCall(attempt.callId);
  attempt.trunk.lineCount -= 1;
  stopAnalysis(ctx, attempt);
  if (attempt.answeredAt === undefined && endedIn !== 'writing') learnUnanswered(ctx, attempt);
  tellCutMessage(ctx, attempt, endedIn);
  const isLost = isLostWithTrunk(attempt, endedIn, sipCode);
  const cause = attempt.endingBecause ?? (isLost ? 'trunk-down' : causeOf(endedIn, q850));
  attempt.endingBecause = isExplainedByAnnouncement(attempt, cause) ? 'announcement' : cause;
  const { campaign, agent, connectedAt } = attempt;
  if (connectedAt !== undefined) countReached(ctx, attempt);
  ctx.say({
    type: 'attempt-ended',
    callId: attempt.callId,
    campaignId: campaign.config.campaignId,
    contactId: attempt.contact.contactId,
    cause: attempt.endingBecause,
    q850,
    sipCode,
    verdict: attempt.verdict,
    agentId: agent?.config.agentId,
    talkMs: connectedAt ? ctx.now.monotonicMs - connectedAt.monotonicMs : 0,
  });
  ctx.campaignsToPace.add(campaign);
  const isWrappedUp = agent !== undefined && contactGone(ctx, agent, attempt);
  if (isWrappedUp) return;
  const hasLeft = cause === 'agent-hung-up' && connectedAt !== undefined;
  settle(ctx, attempt, hasLeft && agent !== undefined ? dispositionOfLeaver(ctx, attempt, agent) : undefined);
}

/** An agent who puts his receiver down while he talks ends the call and his work at once: what came of it is the default, as after a wrap-up without a word. */
function dispositionOfLeaver(ctx: DialerContext, attempt: Attempt, agent: Agent): DispositionConfig {
  const { defaultDisposition } = attempt.campaign.config;
  ctx.say({
    type: 'disposition-set',
    callId: attempt.callId,
    agentId: agent.config.agentId,
    disposition: defaultDisposition.name,
    isByAgent: false,
    answeredBy: undefined,
  });
  return defaultDisposition;
}

/** Ends by which the carrier says nothing of the number. `cancelled` is normal clearing where it was not ours. */
const VAGUE_CAUSES: readonly EndCauseName[] = ['no-answer', 'unspecified', 'interworking', 'cancelled'];

/** Nobody answered, the carrier does not say why, and it had told the caller in words. */
function isExplainedByAnnouncement({ answeredAt, earlyMedia, endingBecause }: Attempt, cause: EndCauseName): boolean {
  if (answeredAt !== undefined || earlyMedia !== 'announcement') return false;
  return VAGUE_CAUSES.includes(cause) && (cause !== 'cancelled' || endingBecause === undefined);
}

function learnUnanswered(ctx: DialerContext, attempt: Attempt): void {
  const rangForMs = ctx.now.monotonicMs - attempt.begunAt;
  attempt.campaign.pacing.learn({ type: 'unanswered', rangForMs }, ctx.now);
}

/** Our recorded message was under way when the other side hung up. */
function tellCutMessage(ctx: DialerContext, attempt: Attempt, endedIn: CallState): void {
  if (endedIn !== 'playing-safe-harbour' && endedIn !== 'playing-message') return;
  const message = endedIn === 'playing-message' ? 'machine' : 'safe-harbour';
  ctx.say({ type: 'message-played', callId: attempt.callId, message, isWhole: false });
}

/** RFC 3261, 17.1.1.2: what our own switch makes of an INVITE that nobody answered. */
const SIP_REQUEST_TIMED_OUT = 408;

/**
 * Whether the trunk went away before the carrier gave any sign: the contact
 * had no part in that. What the carrier itself has said is believed.
 */
export function isLostWithTrunk(attempt: Attempt, state: CallState, sipCode: number | undefined): boolean {
  const isUnheard = sipCode === undefined || sipCode === SIP_REQUEST_TIMED_OUT;
  return state === 'dialling' && isUnheard && !attempt.trunk.isReachable;
}

/** The end cause where we did not end the call ourselves, from where it stood. */
function causeOf(state: CallState, q850: number): EndCauseName {
  switch (state) {
    case 'writing':
    case 'dialling':
    case 'ringing':
    case 'ended':
      return endCauseByQ850(q850).name;
    case 'analysing':
      return 'contact-hung-up-early';
    case 'waiting':
    case 'connecting':
      return 'contact-hung-up-waiting';
    case 'talking':
      return 'contact-hung-up';
    case 'greeting':
    case 'playing-message':
      return 'message-cut-off';
    case 'playing-safe-harbour':
      return 'abandoned';
    case 'ending':
      return 'ended-by-operator';
    default:
      return assertNever(state);
  }
}


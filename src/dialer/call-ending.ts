import { endCauseByQ850, Q850_NORMAL_CLEARING, type EndCauseName } from '../call/end-cause.js';
import { isUnanswered, type CallState } from '../call/call-state.js';
import { assertNever } from '../units/assert-never.js';
import type { Ms } from '../units/time.js';
import { contactGone } from './wrap-up.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';
import { settle } from './settlement.js';

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
  ctx.order({ type: 'hang-up', callId: attempt.callId, q850: Q850_NORMAL_CLEARING });
  ctx.waitFor({ kind: 'end-limit', callId: attempt.callId }, END_LIMIT_MS);
}

/** Ends the analysis where it may still run; asking in vain is harmless. */
export function stopAnalysis(ctx: DialerContext, attempt: Attempt): void {
  if (attempt.campaign.config.isAnalysed) ctx.command({ type: 'stop-analysis', callId: attempt.callId });
}

/** The switch says the call is no more. */
export function gone(ctx: DialerContext, attempt: Attempt, q850: number, sipCode: number | undefined): void {
  const state = attempt.state;
  if (ctx.moveCall(attempt, 'gone')) finish(ctx, attempt, q850, sipCode, state);
}

/** Books the end once, frees the line and settles the contact, now or after wrap-up. */
export function finish(
  ctx: DialerContext,
  attempt: Attempt,
  q850: number,
  sipCode: number | undefined,
  endedIn: CallState = 'writing',
): void {
  const campaign = attempt.campaign;
  const cause = attempt.endingBecause ?? causeOf(endedIn, q850);
  cancelWaits(ctx, attempt);
  attempt.trunk.lineCount -= 1;
  if (!isUnanswered(endedIn)) stopAnalysis(ctx, attempt);
  if (endedIn === 'playing-safe-harbour' || endedIn === 'playing-message') {
    const message = endedIn === 'playing-message' ? 'machine' : 'safe-harbour';
    ctx.say({ type: 'message-played', callId: attempt.callId, message, isWhole: false });
  }
  const rangForMs = ctx.now.monotonicMs - attempt.begunAt;
  if (isUnanswered(endedIn)) campaign.pacing.learn({ type: 'unanswered', rangForMs }, ctx.now);
  const agent = attempt.agent;
  ctx.say({
    type: 'attempt-ended',
    callId: attempt.callId,
    campaignId: campaign.config.campaignId,
    contactId: attempt.contact.contactId,
    cause,
    q850,
    sipCode,
    verdict: attempt.verdict,
    agentId: agent?.config.agentId,
    talkMs: attempt.connectedAt ? ctx.now.monotonicMs - attempt.connectedAt.monotonicMs : 0,
  });
  attempt.endingBecause = cause;
  ctx.campaignsToPace.add(campaign);
  const isWrappedUp = agent !== undefined && contactGone(ctx, agent, attempt);
  if (!isWrappedUp) settle(ctx, attempt, undefined);
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

function cancelWaits(ctx: DialerContext, attempt: Attempt): void {
  const { callId } = attempt;
  for (const kind of CALL_WAITS) ctx.waits.cancel({ kind, callId });
}

/** Every limit that can run for a call. */
export const CALL_WAITS = [
  'rate-wait',
  'setup-limit',
  'verdict-limit',
  'agent-wait',
  'join-limit',
  'greeting-limit',
  'message-limit',
  'end-limit',
] as const;


import type { AnswerVerdict } from '../call/answer-verdict.js';
import { prompt } from './agent-prompt.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';
import { stopAnalysis } from './listening.js';
import { freeAgain } from './wrap-up.js';

/**
 * An agent may have a call on trial: before it is decided who answered, or in
 * doubt. It is listened to meanwhile, and what is no person's is taken back,
 * unless the agent has acted on it or has had it for too long.
 */

/** Whether a call given to an agent now would be on trial. */
export function wouldBeOnTrial(ctx: DialerContext, attempt: Attempt): boolean {
  if (!ctx.abilities.hasTapWhileBridged || !attempt.isBeingAnalysed) return false;
  return !attempt.isDecided || attempt.verdict === 'unsure';
}

/** The call is the agent's for good; it is listened to until it is decided who answered, for the record. */
export function keep(ctx: DialerContext, attempt: Attempt): void {
  if (attempt.isOnTrial) {
    attempt.isOnTrial = false;
    ctx.waits.cancel({ kind: 'take-back-limit', callId: attempt.callId });
    if (attempt.connectedAt !== undefined) countReached(ctx, attempt);
  }
  if (attempt.isDecided) stopListeningWithAgent(ctx, attempt);
}

/** Nothing more is wanted of a call that an agent has. */
function stopListeningWithAgent(ctx: DialerContext, attempt: Attempt): void {
  if (!attempt.isBeingAnalysed) return;
  stopAnalysis(ctx, attempt);
  if (ctx.abilities.hasTapWhileBridged && ctx.isSwitchConnected) ctx.order({ type: 'untap', callId: attempt.callId });
}

/** A person was connected to an agent in time: that goes into the abandonment ledger, once. */
export function countReached(ctx: DialerContext, attempt: Attempt): void {
  if (attempt.isReachedCounted) return;
  attempt.isReachedCounted = true;
  attempt.campaign.ledger.connected(ctx.now.epochMs);
  attempt.campaign.pacing.learn({ type: 'connected' }, ctx.now);
}

/** Frees the agent at once, with a tone and without wrap-up; the call is in no bridge, still heard, and the caller says what becomes of it. */
export function takeBack(ctx: DialerContext, attempt: Attempt, verdict: AnswerVerdict, reason: string): void {
  const { agent, callId, connectedAt } = attempt;
  attempt.isOnTrial = false;
  for (const kind of ['take-back-limit', 'join-limit', 'agent-wait'] as const) ctx.waits.cancel({ kind, callId });
  if (attempt.isRecording) ctx.order({ type: 'stop-recording', callId });
  attempt.isRecording = false;
  ctx.order({ type: 'unbridge', callId });
  attempt.agent = undefined;
  attempt.connectedAt = undefined;
  if (agent === undefined) return;
  const heldMs = connectedAt === undefined ? 0 : ctx.now.monotonicMs - connectedAt.monotonicMs;
  ctx.say({ type: 'call-taken-back', callId, agentId: agent.config.agentId, verdict, reason, heldMs });
  agent.attempt = undefined;
  freeAgain(ctx, agent, 'contact-taken-back');
  prompt(ctx, agent, ctx.config.keypad.sounds.wrapUpTone);
}

import { assertNever } from '../units/assert-never.js';
import { abandon, greetingEnded, messageEnded, verdictMissing } from './answering.js';
import { endCall, gone, isLostWithTrunk } from './call-ending.js';
import { connectWaiting, joinFailed } from './connecting.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';
import { dial } from './dialling.js';
import { mayStillDial } from './placing.js';
import { keep } from './taking-back.js';
import type { CallWait } from './waits.js';

/** A limit of a call has passed: every state has a way out, whatever the switch or the analysis fail to say. */
export function callLimitPassed(ctx: DialerContext, attempt: Attempt, kind: CallWait): void {
  switch (kind) {
    case 'rate-wait':
      dial(ctx, attempt, mayStillDial(ctx, attempt.campaign));
      return;
    case 'setup-limit':
      endCall(ctx, attempt, isLostWithTrunk(attempt, attempt.state, undefined) ? 'trunk-down' : 'no-answer');
      return;
    case 'verdict-limit':
      verdictMissing(ctx, attempt);
      return;
    case 'ringing-limit':
      endCall(ctx, attempt, 'false-answer');
      return;
    case 'agent-wait':
      // A verdict that took long finds the limit past, and perhaps an agent who has been free all the time.
      connectWaiting(ctx, attempt.campaign);
      abandon(ctx, attempt);
      return;
    case 'join-limit':
      // As with `end-limit` below: whether they were joined the snapshot will tell.
      if (!ctx.isSwitchConnected) return;
      ctx.order({ type: 'unbridge', callId: attempt.callId });
      joinFailed(ctx, attempt);
      return;
    case 'take-back-limit':
      keep(ctx, attempt);
      return;
    case 'greeting-limit':
      greetingEnded(ctx, attempt);
      return;
    case 'message-limit':
      messageEnded(ctx, attempt, false);
      return;
    case 'end-limit':
      // While the switch is away nothing is confirmed and the line may live on: its snapshot will tell.
      if (ctx.isSwitchConnected) gone(ctx, attempt, 0, undefined);
      return;
    default:
      assertNever(kind);
  }
}

import { Q850_NORMAL_CLEARING } from '../call/end-cause.js';
import { endCall } from './call-ending.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';
import { withdraw } from './dialling.js';

/**
 * Ends a call that was given news it cannot have: the switch or we have lost
 * track of it, so nobody may be left waiting on what we believe of it. The
 * alarm stands already.
 */
export function endImpossible(ctx: DialerContext, attempt: Attempt): void {
  switch (attempt.state) {
    case 'ending':
    case 'ended':
      return;
    case 'writing':
      // Never dialled by us; whatever lives under this id on the switch must not go on.
      ctx.order({ type: 'hang-up', callId: attempt.callId, q850: Q850_NORMAL_CLEARING });
      withdraw(ctx, attempt, 'impossible-event');
      return;
    default:
      endCall(ctx, attempt, 'impossible-event');
  }
}

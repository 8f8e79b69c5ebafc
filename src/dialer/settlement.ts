import { settleContact } from '../campaign/recycle.js';
import type { DispositionConfig } from './config.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';

/** What becomes of a contact once an attempt at him is over. */

/** Puts the contact's number on the do-not-call list, before anything else can dial it. */
export function askDoNotCall(
  ctx: DialerContext,
  attempt: Attempt,
  source: 'contact-keyed-9' | 'agent',
): void {
  attempt.isDoNotCall = true;
  ctx.command({ type: 'add-do-not-call', contactId: attempt.contact.contactId, source });
  ctx.say({ type: 'do-not-call-asked', callId: attempt.callId, contactId: attempt.contact.contactId });
}

/** Decides what becomes of the contact and forgets the attempt. */
export function settle(
  ctx: DialerContext,
  attempt: Attempt,
  disposition: DispositionConfig | undefined,
): void {
  if (disposition?.effect === 'do-not-call' && !attempt.isDoNotCall) askDoNotCall(ctx, attempt, 'agent');
  const { config } = attempt.campaign;
  const settlement = settleContact({
    rules: config,
    attemptCount: attempt.contact.attemptCount,
    countByCause: attempt.contact.countByCause,
    cause: attempt.endingBecause ?? 'unspecified',
    dispositionEffect: disposition?.effect,
    hasAskedNotToBeCalled: attempt.isDoNotCall,
    nowMs: ctx.now.epochMs,
  });
  ctx.say({
    type: 'contact-settled',
    contactId: attempt.contact.contactId,
    campaignId: config.campaignId,
    callId: attempt.callId,
    outcome: settlement.outcome,
    redialAtMs: settlement.redialAtMs,
    isCounted: settlement.isCounted,
    why: settlement.why,
  });
  ctx.attempts.delete(attempt.callId);
  attempt.campaign.attempts.delete(attempt.callId);
  const { pool } = attempt.campaign;
  pool.forget(attempt.contact.contactId);
  if (settlement.redialAtMs !== undefined) pool.becomesDueAt(settlement.redialAtMs);
}

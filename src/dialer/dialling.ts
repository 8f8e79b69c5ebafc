import type { EndCauseName } from '../call/end-cause.js';
import { monotonicMs, type Ms } from '../units/time.js';
import { finish } from './call-ending.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';

/** From the written attempt to the switch. */

/** The switch's grace past the ring time, after which a call still ringing is ended by us. */
const SETUP_GRACE_MS: Ms = 10_000;

/**
 * The attempt is on disk: dial, unless nobody is there for it any more.
 * Attempts were begun at the pace of the caps, but a slow disk lets several
 * come back at once: each still leaves no sooner than the caps allow.
 */
export function dial(ctx: DialerContext, attempt: Attempt, mayStillDial: boolean): void {
  if (!mayStillDial) {
    withdraw(ctx, attempt, 'cancelled');
    return;
  }
  const { monotonicMs: now } = ctx.now;
  const rates = [attempt.campaign.originateRate, attempt.trunk.originateRate];
  const freeAtMs = Math.max(...rates.map((rate) => rate.availableAtMs(now)));
  if (attempt.state === 'writing' && freeAtMs > now) {
    ctx.waits.set({ kind: 'rate-wait', callId: attempt.callId }, monotonicMs(freeAtMs));
    return;
  }
  if (!ctx.moveCall(attempt, 'written')) return;
  for (const rate of rates) rate.take(now);
  const { config } = attempt.campaign;
  ctx.command({
    type: 'originate',
    commandId: ctx.nextCommandId(),
    callId: attempt.callId,
    campaignId: config.campaignId,
    contactId: attempt.contact.contactId,
    trunk: attempt.trunk.config.name,
    ringTimeoutMs: config.ringTimeoutMs,
  });
  ctx.say({ type: 'call-originated', callId: attempt.callId, trunk: attempt.trunk.config.name });
  ctx.waitFor({ kind: 'setup-limit', callId: attempt.callId }, config.ringTimeoutMs + SETUP_GRACE_MS);
}

/** Ends an attempt that was never dialled. */
export function withdraw(ctx: DialerContext, attempt: Attempt, because: EndCauseName): void {
  attempt.endingBecause = because;
  if (ctx.moveCall(attempt, 'withdrawn')) finish(ctx, attempt, 0, undefined, 'writing');
}

/** The switch did not take our originate: the call never was. */
export function originateFailed(ctx: DialerContext, attempt: Attempt, because: EndCauseName): void {
  const endedIn = attempt.state;
  if (!ctx.moveCall(attempt, 'originate-failed')) return;
  attempt.endingBecause ??= because;
  finish(ctx, attempt, 0, undefined, endedIn);
}


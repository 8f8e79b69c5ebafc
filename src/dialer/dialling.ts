import type { EndCauseName } from '../call/end-cause.js';
import { monotonicMs, type Ms } from '../units/time.js';
import { finish } from './call-ending.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';

/** From the written attempt to the switch. */

/**
 * Longest setting up before it rings. Chosen: slow routes take up to 12 s; much more would let a trunk that never says
 * `ringing` (early media alone) ring too long.
 */
const SETUP_MS_MAX: Ms = 15_000;
/** What a switch that ends an unanswered call by itself may be late. */
const SWITCH_GRACE_MS: Ms = 5_000;

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
    // The switch counts from its INVITE; the law counts ringing, which we time ourselves.
    ringTimeoutMs: config.ringTimeoutMs + SETUP_MS_MAX,
    wantsEarlyMedia: config.isAnalysed && config.listensBeforeAnswer && ctx.abilities.hasEarlyMedia,
  });
  ctx.say({ type: 'call-originated', callId: attempt.callId, trunk: attempt.trunk.config.name });
  const limitMs = config.ringTimeoutMs + SETUP_MS_MAX + SWITCH_GRACE_MS;
  ctx.waitFor({ kind: 'setup-limit', callId: attempt.callId }, limitMs);
}

/** The telephone rings: from here the campaign's ring time runs, 15 s and more (47 CFR 64.1200(a)(6)). */
export function rang(ctx: DialerContext, attempt: Attempt): void {
  if (!ctx.moveCall(attempt, 'rang')) return;
  ctx.waitFor({ kind: 'setup-limit', callId: attempt.callId }, attempt.campaign.config.ringTimeoutMs);
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


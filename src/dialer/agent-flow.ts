import { assertNever } from '../units/assert-never.js';
import type { Ms } from '../units/time.js';
import { prompt } from './agent-prompt.js';
import { endCall, hangUp } from './call-ending.js';
import { waitAgain } from './connecting.js';
import type { DialerContext } from './dialer-context.js';
import type { Agent, Attempt } from './dialer-state.js';
import type { AgentOrder } from './input.js';
import { goOffline, takeOffLine } from './line-ending.js';
import { pinKeyed } from './logging-in.js';
import { keep } from './taking-back.js';
import { dispose } from './wrap-up.js';

/** The agent at his phone: keys, orders from his screen, and the end of his line. */

/** Keys of one sequence lie no further apart. Chosen: ample for a desk phone; a `*` keyed by mistake is soon forgotten. */
const KEY_GAP_MAX_MS: Ms = 4_000;
/** Why an agent leaves whose phone went away; taken back when it returns in time. */
const PHONE_GONE = 'phone unregistered';

/** A key on the nailed-up line. */
export function agentKeyed(ctx: DialerContext, agent: Agent, digit: string): void {
  if (agent.state === 'logging-in') {
    pinKeyed(ctx, agent, digit);
    return;
  }
  acted(ctx, agent);
  const now = ctx.now.monotonicMs;
  if (now - agent.keysSince > KEY_GAP_MAX_MS) agent.keys = '';
  agent.keysSince = now;
  if (digit === '*') {
    agent.keys = '*';
    return;
  }
  if (agent.keys !== '') {
    agent.keys += digit;
    keySequence(ctx, agent);
    return;
  }
  disposeByDigit(ctx, agent, digit);
}

/** `*1` and a digit pauses with that reason, `*2` resumes, `*3` ends the contact and keeps the line. */
function keySequence(ctx: DialerContext, agent: Agent): void {
  const [, code, reasonDigit] = agent.keys;
  if (code === '1' && reasonDigit === undefined) return;
  agent.keys = '';
  if (!obeyCode(ctx, agent, code, reasonDigit)) tell(ctx, agent, 'notPossible');
}

/** False when the code is none, or means nothing now. */
function obeyCode(
  ctx: DialerContext,
  agent: Agent,
  code: string | undefined,
  reasonDigit: string | undefined,
): boolean {
  switch (code) {
    case '1': {
      const reason = ctx.config.keypad.pauseReasonByDigit[reasonDigit ?? ''];
      return reason !== undefined && orderAgent(ctx, agent, { type: 'pause', reason });
    }
    case '2':
      return orderAgent(ctx, agent, { type: 'resume' });
    case '3':
      return orderAgent(ctx, agent, { type: 'hang-up-contact' });
    default:
      return false;
  }
}

/** Whatever an agent does while he has a call on trial makes it his. */
function acted(ctx: DialerContext, { attempt, state }: Agent): void {
  if (attempt !== undefined && (state === 'reserved' || state === 'on-call')) keep(ctx, attempt);
}

function disposeByDigit(ctx: DialerContext, agent: Agent, digit: string): void {
  if (agent.state !== 'wrap-up') return;
  const disposition = agent.attempt?.campaign.config.dispositionByDigit[digit];
  if (disposition === undefined) tell(ctx, agent, 'notPossible');
  else dispose(ctx, agent, disposition, true);
}

/** An order from keys, feature code or screen; false when it means nothing now. */
export function orderAgent(ctx: DialerContext, agent: Agent, order: AgentOrder): boolean {
  acted(ctx, agent);
  switch (order.type) {
    case 'pause':
      return pause(ctx, agent, order.reason);
    case 'resume':
      return resume(ctx, agent);
    case 'hang-up-contact':
      return hangUpContact(ctx, agent);
    case 'dispose':
      if (agent.state !== 'wrap-up') return false;
      dispose(ctx, agent, order.disposition, true);
      return true;
    case 'log-out':
      return logOut(ctx, agent, 'logged out');
    default:
      return assertNever(order);
  }
}

function pause(ctx: DialerContext, agent: Agent, reason: string): boolean {
  if (agent.state === 'offline' || agent.state === 'logging-in') return false;
  agent.pauseReason = reason;
  if (agent.state === 'paused') ctx.tellAgent(agent, 'paused');
  else if (agent.state === 'available') ctx.moveAgent(agent, 'pause-ordered', reason);
  tell(ctx, agent, 'paused');
  return true;
}

function resume(ctx: DialerContext, agent: Agent): boolean {
  if (agent.pauseReason === undefined) return false;
  agent.pauseReason = undefined;
  if (agent.state === 'paused') ctx.moveAgent(agent, 'resume-ordered');
  tell(ctx, agent, 'resumed');
  return true;
}

function hangUpContact(ctx: DialerContext, agent: Agent): boolean {
  if (agent.state !== 'on-call' || agent.attempt === undefined) return false;
  endCall(ctx, agent.attempt, 'agent-hung-up');
  return true;
}

/** At once when no contact is with him; else when the contact has gone. */
function logOut(ctx: DialerContext, agent: Agent, reason: string): boolean {
  if (agent.line === undefined) return false;
  if (agent.state === 'wrap-up') disposeByDefault(ctx, agent);
  if (agent.state === 'reserved' || agent.state === 'on-call') agent.leavingBecause = reason;
  else takeOffLine(ctx, agent, reason);
  return true;
}

/** The agent's own call has ended: he hung up, or the line dropped. */
export function lineEnded(ctx: DialerContext, agent: Agent, isOrderly: boolean): void {
  partFromContact(ctx, agent, isOrderly);
  if (agent.line !== undefined) goOffline(ctx, agent, isOrderly ? 'hung up' : 'line lost');
}

/** The agent's line stands but cannot be put into his bridge: it is no seat. */
export function lineUnusable(ctx: DialerContext, agent: Agent): void {
  partFromContact(ctx, agent, false);
  takeOffLine(ctx, agent, 'bridge-failed');
}

function partFromContact(ctx: DialerContext, agent: Agent, isOrderly: boolean): void {
  const attempt = agent.attempt;
  if (agent.state === 'wrap-up') disposeByDefault(ctx, agent);
  else if (attempt !== undefined) loseAgent(ctx, attempt, isOrderly);
  agent.attempt = undefined;
}

/** The contact's side of a lost line: back into the queue before the talk, ended after. */
function loseAgent(ctx: DialerContext, attempt: Attempt, isOrderly: boolean): void {
  if (attempt.state !== 'talking') {
    waitAgain(ctx, attempt, 'agent-gone');
    return;
  }
  if (!ctx.moveCall(attempt, 'agent-gone')) return;
  attempt.endingBecause ??= isOrderly ? 'agent-hung-up' : 'agent-line-lost';
  hangUp(ctx, attempt);
}

/** Ends a wrap-up in which the agent has said nothing: its limit has passed, or he is leaving. */
export function disposeByDefault(ctx: DialerContext, agent: Agent): void {
  const attempt = agent.attempt;
  if (attempt !== undefined) dispose(ctx, agent, attempt.campaign.config.defaultDisposition, false);
}

/**
 * The phone registered or went away. Gone, it takes its agent out at once; a
 * conversation that still carries sound is let finish, and no other follows.
 */
export function phoneChanged(ctx: DialerContext, agent: Agent, isRegistered: boolean): void {
  if (isRegistered) {
    if (agent.leavingBecause === PHONE_GONE) agent.leavingBecause = undefined;
    return;
  }
  // A log-out he asked for before stands, whatever his phone does meanwhile.
  if (agent.leavingBecause === undefined) logOut(ctx, agent, PHONE_GONE);
}

function tell(ctx: DialerContext, agent: Agent, sound: 'paused' | 'resumed' | 'notPossible'): void {
  prompt(ctx, agent, ctx.config.keypad.sounds[sound]);
}

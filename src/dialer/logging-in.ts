import { Q850_CALL_REJECTED, Q850_NORMAL_CLEARING, Q850_USER_BUSY } from '../call/end-cause.js';
import type { CallId, PhoneName } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import { prompt } from './agent-prompt.js';
import { bridgeOf, type DialerContext } from './dialer-context.js';
import type { Agent } from './dialer-state.js';
import { takeOffLine } from './line-ending.js';

/** How an agent comes to his desk: the log-in code, the PIN, his bridge. */

/** Time for the PIN, all tries together. Chosen: a minute is ample for a keypad. */
const LOG_IN_LIMIT_MS: Ms = 60_000;

/** Who is at this phone: the agent whose line comes from it, else the one it belongs to unless his line comes from another. */
export function agentAt(ctx: DialerContext, phone: PhoneName): Agent | undefined {
  for (const agent of ctx.agents.values()) if (agent.line?.phone === phone) return agent;
  const owner = ctx.agentByPhone.get(phone);
  return owner?.line === undefined ? owner : undefined;
}

/** A phone called the log-in code. */
export function logInCalled(ctx: DialerContext, callId: CallId, phone: PhoneName | undefined): void {
  const agent = phone && (agentAt(ctx, phone) ?? ctx.agentByPhone.get(phone));
  if (phone === undefined || agent === undefined || ctx.isDraining) {
    ctx.order({ type: 'hang-up', callId, q850: Q850_CALL_REJECTED });
    return;
  }
  if (agent.line !== undefined) {
    ctx.order({ type: 'hang-up', callId, q850: Q850_USER_BUSY });
    return;
  }
  agent.line = { callId, phone, pinDigits: '', wrongPinCount: 0, promptIds: new Set() };
  ctx.agentByLine.set(callId, agent);
  ctx.moveAgent(agent, 'called-in');
  ctx.order({ type: 'answer', callId });
  ctx.play(callId, [ctx.config.keypad.sounds.enterPin], 'replace');
  ctx.waitFor({ kind: 'log-in-limit', agentId: agent.config.agentId }, LOG_IN_LIMIT_MS);
}

/** A key while the PIN is asked for: digits gather, `#` or the last digit sends them, `*` begins again. */
export function pinKeyed(ctx: DialerContext, agent: Agent, digit: string): void {
  const line = agent.line;
  if (line === undefined) return;
  if (digit === '*') line.pinDigits = '';
  else if (digit !== '#') line.pinDigits += digit;
  const isComplete = digit === '#' || line.pinDigits.length >= ctx.config.keypad.pinDigitsMax;
  if (!isComplete || line.pinDigits === '') return;
  ctx.command({
    type: 'check-pin',
    callId: line.callId,
    agentId: agent.config.agentId,
    digits: line.pinDigits,
  });
  line.pinDigits = '';
}

/** The PIN was right or wrong. */
export function pinChecked(ctx: DialerContext, callId: CallId, isRight: boolean): void {
  const agent = ctx.agentByLine.get(callId);
  if (agent?.line === undefined || agent.state !== 'logging-in') {
    ctx.noteLate(callId, 'the PIN was checked after the caller had gone');
    return;
  }
  if (isRight) {
    seat(ctx, agent, agent.line.callId);
    return;
  }
  agent.line.wrongPinCount += 1;
  if (agent.line.wrongPinCount >= ctx.config.keypad.pinAttemptsMax) {
    takeOffLine(ctx, agent, 'wrong PIN');
    return;
  }
  ctx.play(callId, [ctx.config.keypad.sounds.wrongPin], 'replace');
}

/** Nails the phone up; the agent is available once the switch confirms it. */
export function seat(ctx: DialerContext, agent: Agent, lineCallId: CallId): void {
  const bridgeId = bridgeOf(agent.config.agentId);
  ctx.order({ type: 'open-bridge', bridgeId });
  ctx.order({ type: 'bridge', bridgeId, callId: lineCallId });
}

/** The phone is in its bridge. */
export function seated(ctx: DialerContext, agent: Agent): void {
  if (agent.state !== 'logging-in' || agent.line === undefined) return;
  ctx.waits.cancel({ kind: 'log-in-limit', agentId: agent.config.agentId });
  ctx.moveAgent(agent, 'seated');
  prompt(ctx, agent, ctx.config.keypad.sounds.loggedIn);
}

/** A feature code other than log-in, from a second line of the phone: done, confirmed by a prompt, and hung up. */
export function answerFeature(ctx: DialerContext, callId: CallId, isDone: boolean, feature: string): void {
  if (!isDone) {
    ctx.order({ type: 'hang-up', callId, q850: Q850_CALL_REJECTED });
    return;
  }
  const { sounds } = ctx.config.keypad;
  const prompt = feature === 'pause' ? sounds.paused : feature === 'resume' ? sounds.resumed : sounds.loggedOut;
  ctx.featureCalls.add(callId);
  ctx.order({ type: 'answer', callId });
  ctx.play(callId, [prompt], 'replace');
}

/** The prompt of a feature call is over. */
export function featurePromptEnded(ctx: DialerContext, callId: CallId): void {
  ctx.order({ type: 'hang-up', callId, q850: Q850_NORMAL_CLEARING });
}

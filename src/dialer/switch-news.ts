import type { CommandFailure, OfferedRequest, SwitchCommand, SwitchEvent } from '../telephony/switch.js';
import { Q850_CALL_REJECTED, Q850_NORMAL_CLEARING, type EndCauseName } from '../call/end-cause.js';
import { assertNever } from '../units/assert-never.js';
import type { CallId, PhoneName, PlaybackId, TrunkName } from '../units/ids.js';
import type { Ms } from '../units/time.js';
import { agentKeyed, lineEnded, lineUnusable, orderAgent, phoneChanged } from './agent-flow.js';
import { promptEnded } from './agent-prompt.js';
import { answered, contactKeyed, deafened, messageEnded } from './answering.js';
import { gone } from './call-ending.js';
import { joinFailed, joined } from './connecting.js';
import { bridgeOf, type DialerContext } from './dialer-context.js';
import type { Agent, Attempt } from './dialer-state.js';
import { originateFailed, rang } from './dialling.js';
import { listenEarly, stopAnalysis } from './listening.js';
import { agentAt, answerFeature, featurePromptEnded, logInCalled, seated } from './logging-in.js';
import { reconcile } from './reconcile.js';
import { keep } from './taking-back.js';

/** What the switch says, given to the call, agent or campaign it is about. */

/** Q.850 causes by which a phone ends its call in good order: normal clearing, and none given. */
const ORDERLY_CAUSES: readonly number[] = [0, Q850_NORMAL_CLEARING];

/** Takes one event of the switch, whatever it is about; what is known of nothing here is noted or passed over. */
export function switchSaid(ctx: DialerContext, event: SwitchEvent): void {
  switch (event.type) {
    case 'command-done':
      return;
    case 'command-failed':
      commandFailed(ctx, event.command, event.failure, event.detail);
      return;
    case 'call-offered':
      offered(ctx, event.callId, event.phone, event.request);
      return;
    case 'call-ringing':
      withAttempt(ctx, event.callId, (attempt) => rang(ctx, attempt));
      return;
    case 'call-answered':
      callAnswered(ctx, event.callId);
      return;
    case 'call-ended':
      callEnded(ctx, event.callId, event.q850, event.sipCode);
      return;
    case 'digit-received':
      digitReceived(ctx, event.callId, event.digit);
      return;
    case 'call-bridged':
      callBridged(ctx, event.bridgeId, event.callId);
      return;
    case 'call-early-media':
      withAttempt(ctx, event.callId, (attempt) => listenEarly(ctx, attempt));
      return;
    case 'tap-lost':
      withAttempt(ctx, event.callId, (attempt) => {
        ctx.noteLate(attempt.callId, `the call is heard no more: ${event.reason}`);
        deafened(ctx, attempt);
      });
      return;
    case 'call-unbridged':
    case 'supervision-ended':
      return;
    case 'playback-finished':
      playbackFinished(ctx, event.callId, event.playbackId, event.outcome === 'played');
      return;
    case 'recording-finished':
      ctx.say({
        type: 'recording-finished',
        callId: event.callId,
        path: event.path,
        audioMs: event.audioMs,
        isWhole: event.outcome === 'recorded',
      });
      return;
    case 'phone-changed':
      phoneSaid(ctx, event.phone, event.isRegistered);
      return;
    case 'trunk-changed':
      trunkSaid(ctx, event.trunk, event.isReachable);
      return;
    case 'quality-reported':
      qualityReported(ctx, event);
      return;
    case 'switch-lost':
      switchLost(ctx, event.reason);
      return;
    case 'switch-snapshot':
      for (const { phone, isRegistered } of event.snapshot.phones) phoneSaid(ctx, phone, isRegistered);
      for (const { trunk, isReachable } of event.snapshot.trunks) trunkSaid(ctx, trunk, isReachable);
      reconcile(ctx, event.snapshot);
      return;
    default:
      assertNever(event);
  }
}

function withAttempt(
  ctx: DialerContext,
  callId: CallId,
  act: (attempt: Attempt) => void,
): boolean {
  const attempt = ctx.attempts.get(callId);
  if (attempt !== undefined) act(attempt);
  return attempt !== undefined;
}

function commandFailed(
  ctx: DialerContext,
  command: SwitchCommand,
  failure: CommandFailure,
  detail: string,
): void {
  if (failure === 'switch-lost') return;
  switch (command.type) {
    case 'originate':
      withAttempt(ctx, command.callId, (attempt) => originateFailed(ctx, attempt, causeOfFailure(failure)));
      return;
    case 'bridge':
      bridgeFailed(ctx, command.callId);
      return;
    case 'tap':
      withAttempt(ctx, command.callId, (attempt) => {
        ctx.noteLate(attempt.callId, `the call could not be listened to: ${detail}`);
        if (failure !== 'gone') deafened(ctx, attempt);
      });
      return;
    case 'play':
      playbackFinished(ctx, command.callId, command.playbackId, false);
      return;
    case 'start-recording':
      ctx.say({ type: 'recording-finished', callId: command.callId, path: command.path, audioMs: 0, isWhole: false });
      return;
    case 'hang-up':
      if (failure === 'gone') callEnded(ctx, command.callId, Q850_NORMAL_CLEARING, undefined);
      return;
    default:
      return;
  }
}

function causeOfFailure(failure: Exclude<CommandFailure, 'switch-lost'>): EndCauseName {
  switch (failure) {
    case 'trunk-down':
      return 'trunk-down';
    case 'overloaded':
    case 'refused':
    case 'unsupported':
    case 'gone':
      return 'switch-refused';
    default:
      return assertNever(failure);
  }
}

/** Either a contact could not be joined to his agent, or an agent's own line to his bridge. */
function bridgeFailed(ctx: DialerContext, callId: CallId): void {
  if (withAttempt(ctx, callId, (attempt) => joinFailed(ctx, attempt))) return;
  const agent = ctx.agentByLine.get(callId);
  if (agent !== undefined) lineUnusable(ctx, agent);
}

function offered(
  ctx: DialerContext,
  callId: CallId,
  phone: PhoneName | undefined,
  request: OfferedRequest,
): void {
  if (request.kind === 'inbound') {
    ctx.order({ type: 'hang-up', callId, q850: Q850_CALL_REJECTED });
    return;
  }
  if (request.feature === 'log-in') {
    logInCalled(ctx, callId, phone);
    return;
  }
  const agent = phone && agentAt(ctx, phone);
  const isDone = agent !== undefined && obeyFeature(ctx, agent, request.feature, request.argument);
  answerFeature(ctx, callId, isDone, request.feature);
}

/** The code alone pauses with the first reason; a digit after it names another. */
function obeyFeature(ctx: DialerContext, agent: Agent, feature: string, argument: string | undefined): boolean {
  const { pauseReasonByDigit } = ctx.config.keypad;
  switch (feature) {
    case 'pause': {
      const reason =
        argument === undefined ? (Object.values(pauseReasonByDigit)[0] ?? 'pause') : pauseReasonByDigit[argument];
      return reason !== undefined && orderAgent(ctx, agent, { type: 'pause', reason });
    }
    case 'resume':
      return orderAgent(ctx, agent, { type: 'resume' });
    case 'log-out':
      return orderAgent(ctx, agent, { type: 'log-out' });
    default:
      return false;
  }
}

function callAnswered(ctx: DialerContext, callId: CallId): void {
  const isContact = withAttempt(ctx, callId, (attempt) => answered(ctx, attempt));
  const isKnown = isContact || ctx.agentByLine.has(callId) || ctx.featureCalls.has(callId);
  if (!isKnown) ctx.noteLate(callId, 'answered after it had ended');
}

function callEnded(ctx: DialerContext, callId: CallId, q850: number, sipCode: number | undefined): void {
  if (withAttempt(ctx, callId, (attempt) => gone(ctx, attempt, q850, sipCode))) return;
  const agent = ctx.agentByLine.get(callId);
  if (agent !== undefined) {
    lineEnded(ctx, agent, ORDERLY_CAUSES.includes(q850));
    return;
  }
  ctx.featureCalls.delete(callId);
}

function digitReceived(ctx: DialerContext, callId: CallId, digit: string): void {
  const agent = ctx.agentByLine.get(callId);
  if (agent !== undefined) agentKeyed(ctx, agent, digit);
  else withAttempt(ctx, callId, (attempt) => contactKeyed(ctx, attempt, digit));
}

function callBridged(ctx: DialerContext, bridge: string, callId: CallId): void {
  const agent = ctx.agentByLine.get(callId);
  if (agent !== undefined) {
    if (bridge === bridgeOf(agent.config.agentId)) seated(ctx, agent);
    return;
  }
  withAttempt(ctx, callId, (attempt) => {
    const reservedFor = attempt.agent;
    if (reservedFor !== undefined && bridge === bridgeOf(reservedFor.config.agentId)) joined(ctx, attempt);
  });
}

function playbackFinished(ctx: DialerContext, callId: CallId, playback: PlaybackId, isWhole: boolean): void {
  if (ctx.featureCalls.has(callId)) {
    featurePromptEnded(ctx, callId);
    return;
  }
  const agent = ctx.agentByLine.get(callId);
  if (agent !== undefined) promptEnded(agent, playback);
  withAttempt(ctx, callId, (attempt) => {
    if (attempt.playbackId === playback) messageEnded(ctx, attempt, isWhole);
  });
}

function phoneSaid(ctx: DialerContext, phone: PhoneName, isRegistered: boolean): void {
  ctx.say({ type: 'phone-changed', phone, isRegistered });
  const agent = agentAt(ctx, phone);
  if (agent !== undefined) phoneChanged(ctx, agent, isRegistered);
}

function trunkSaid(ctx: DialerContext, name: TrunkName, isReachable: boolean): void {
  const trunk = ctx.trunks.get(name);
  if (trunk === undefined || (trunk.isTold && trunk.isReachable === isReachable)) return;
  trunk.isReachable = isReachable;
  trunk.isTold = true;
  ctx.say({ type: 'trunk-changed', trunk: name, isReachable });
  const isAnyDown = [...ctx.trunks.values()].some((each) => !each.isReachable);
  if (!isReachable) ctx.raise('trunk-down', `trunk ${name} does not answer`);
  else if (!isAnyDown) ctx.clear('trunk-down');
  for (const campaign of ctx.campaigns.values()) ctx.campaignsToPace.add(campaign);
}

/** Nothing is known until the next snapshot; nothing new is begun. */
function switchLost(ctx: DialerContext, reason: string): void {
  ctx.isSwitchConnected = false;
  // What was not heard for a while is no ground to take a call from an agent.
  for (const attempt of ctx.attempts.values()) {
    if (!attempt.isOnTrial) continue;
    keep(ctx, attempt);
    stopAnalysis(ctx, attempt);
  }
  ctx.raise('switch-lost', reason);
  ctx.say({ type: 'switch-changed', isConnected: false, adoptedCount: 0, lostCount: 0 });
  for (const campaign of ctx.campaigns.values()) ctx.campaignsToPace.add(campaign);
}

/** ITU-T G.113: from about 3 % lost packets on, G.711 with concealment is heard to break up. */
const POOR_LOSS_RATIO = 0.03;
/** Chosen: the jitter buffers of desk phones hold 60 ms and more; past that they drop packets. */
const POOR_JITTER_MS: Ms = 60;
/** ITU-T G.114: 400 ms one way is the limit for a conversation. */
const POOR_ROUND_TRIP_MS: Ms = 800;

function qualityReported(ctx: DialerContext, report: Extract<SwitchEvent, { type: 'quality-reported' }>): void {
  const { callId, lossRatio, jitterMs, roundTripMs } = report;
  const isPoor = lossRatio > POOR_LOSS_RATIO || jitterMs > POOR_JITTER_MS || roundTripMs > POOR_ROUND_TRIP_MS;
  ctx.say({ type: 'quality-noted', callId, lossRatio, jitterMs, roundTripMs, isPoor });
}

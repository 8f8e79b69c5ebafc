import { assertNever } from '../units/assert-never.js';
import { monotonicMs, type Ms } from '../units/time.js';
import { endCall, hangUp, stopAnalysis } from './call-ending.js';
import { waitForAgent } from './connecting.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';
import type { AnswerVerdict, Input } from './input.js';
import { askDoNotCall } from './settlement.js';

/** From the answer to the agent, to a message, or to the end. */

/** Past this the analysis is lost and the call is treated as a person's. Chosen: above the analysis' own limit, 13.5 s of audio by default. */
const VERDICT_LIMIT_MS: Ms = 15_000;
/** Longest greeting waited for. Chosen: mailboxes cut greetings at 20 to 30 s; with a margin. */
const GREETING_LIMIT_MS: Ms = 45_000;
/** Longest message of ours. Chosen: three minutes are a mailbox's usual limit. */
const MESSAGE_LIMIT_MS: Ms = 180_000;
/** The key by which a contact asks not to be called again. */
const DO_NOT_CALL_DIGIT = '9';

/** Somebody or something picked up. */
export function answered(ctx: DialerContext, attempt: Attempt): void {
  if (!ctx.moveCall(attempt, 'answered')) return;
  attempt.answeredAt = ctx.now;
  ctx.waits.cancel({ kind: 'setup-limit', callId: attempt.callId });
  ctx.say({ type: 'call-answered', callId: attempt.callId });
  startAnalysis(ctx, attempt);
}

/** Begins to listen to who answered; where the campaign does not want that, everybody is a person. */
export function startAnalysis(ctx: DialerContext, attempt: Attempt): void {
  const { config } = attempt.campaign;
  if (!config.isAnalysed) {
    foundPerson(ctx, attempt, 0);
    return;
  }
  attempt.isBeingAnalysed = true;
  ctx.command({ type: 'analyse-answer', callId: attempt.callId, campaignId: config.campaignId });
  ctx.order({ type: 'tap', callId: attempt.callId });
  ctx.waitFor({ kind: 'verdict-limit', callId: attempt.callId }, VERDICT_LIMIT_MS);
}

/** The analysis has a verdict. */
export function analysed(
  ctx: DialerContext,
  attempt: Attempt,
  news: Extract<Input, { type: 'answer-analysed' }>,
): void {
  if (attempt.state !== 'analysing') {
    ctx.noteLate(attempt.callId, `verdict ${news.verdict} while ${attempt.state}`);
    return;
  }
  ctx.say({
    type: 'call-analysed',
    callId: attempt.callId,
    verdict: news.verdict,
    probabilityRatio: news.probabilityRatio,
    reason: news.reason,
    decidedAfterMs: news.decidedAfterMs,
  });
  attempt.verdict = news.verdict;
  attempt.verdictAt = ctx.now.monotonicMs;
  ctx.waits.cancel({ kind: 'verdict-limit', callId: attempt.callId });
  const { config } = attempt.campaign;
  if (news.verdict === 'person') foundPerson(ctx, attempt, news.silentForMs);
  else if (news.verdict === 'no-speech' && config.onNoSpeech === 'connect') foundPerson(ctx, attempt, 0);
  else foundOther(ctx, attempt, news.verdict, news.tone);
}

/** Nobody is on the line whom an agent could talk to. */
function foundOther(
  ctx: DialerContext,
  attempt: Attempt,
  verdict: Exclude<AnswerVerdict, 'person'>,
  tone: string | undefined,
): void {
  learnAnswer(ctx, attempt, 'answered-by-other');
  switch (verdict) {
    case 'machine':
      if (attempt.campaign.config.onMachine === 'hang-up') endCall(ctx, attempt, 'machine-hung-up');
      else awaitGreetingEnd(ctx, attempt);
      return;
    case 'no-speech':
      endCall(ctx, attempt, 'no-speech');
      return;
    case 'tone':
      endCall(ctx, attempt, tone === 'sit' ? 'intercept' : 'tone');
      return;
    default:
      assertNever(verdict);
  }
}

/** A person is on the line: the longest waiting agent, or a place in the queue. */
export function foundPerson(ctx: DialerContext, attempt: Attempt, silentForMs: Ms): void {
  if (!ctx.moveCall(attempt, 'person-found')) return;
  ctx.waits.cancel({ kind: 'verdict-limit', callId: attempt.callId });
  attempt.verdictAt ??= ctx.now.monotonicMs;
  learnAnswer(ctx, attempt, 'answered-by-person');
  attempt.greetingEndedAt = monotonicMs(ctx.now.monotonicMs - silentForMs);
  waitForAgent(ctx, attempt);
}

function awaitGreetingEnd(ctx: DialerContext, attempt: Attempt): void {
  if (!ctx.moveCall(attempt, 'message-due')) return;
  ctx.waitFor({ kind: 'greeting-limit', callId: attempt.callId }, GREETING_LIMIT_MS);
}

/** The machine has finished speaking: our message. */
export function greetingEnded(ctx: DialerContext, attempt: Attempt): void {
  const message = attempt.campaign.config.machineMessage;
  // The campaign may have lost its message while the machine spoke.
  if (attempt.state === 'greeting' && message === undefined) {
    endCall(ctx, attempt, 'machine-hung-up');
    return;
  }
  if (!ctx.moveCall(attempt, 'greeting-ended') || message === undefined) return;
  ctx.waits.cancel({ kind: 'greeting-limit', callId: attempt.callId });
  stopAnalysis(ctx, attempt);
  attempt.playbackId = ctx.play(attempt.callId, [message], 'replace');
  ctx.waitFor({ kind: 'message-limit', callId: attempt.callId }, MESSAGE_LIMIT_MS);
}

/** Nobody was free in time: who called, a number, and the way out, as the law wants it. */
export function abandon(ctx: DialerContext, attempt: Attempt): void {
  if (!ctx.moveCall(attempt, 'wait-expired')) return;
  const campaign = attempt.campaign;
  attempt.endingBecause = 'abandoned';
  const waitedMs = ctx.now.monotonicMs - (attempt.greetingEndedAt ?? ctx.now.monotonicMs);
  ctx.say({ type: 'call-abandoned', callId: attempt.callId, waitedMs });
  campaign.ledger.abandoned(ctx.now.epochMs);
  campaign.pacing.learn({ type: 'abandoned' }, ctx.now);
  stopAnalysis(ctx, attempt);
  attempt.playbackId = ctx.play(attempt.callId, [campaign.config.safeHarbourMessage], 'replace');
  ctx.waitFor({ kind: 'message-limit', callId: attempt.callId }, MESSAGE_LIMIT_MS);
}

/** The recorded message is over, or could not be played. */
export function messageEnded(ctx: DialerContext, attempt: Attempt, isWhole: boolean): void {
  const message = attempt.state === 'playing-message' ? 'machine' : 'safe-harbour';
  if (!ctx.moveCall(attempt, 'message-ended')) return;
  ctx.say({ type: 'message-played', callId: attempt.callId, message, isWhole });
  attempt.endingBecause ??= isWhole ? 'message-left' : 'message-cut-off';
  hangUp(ctx, attempt);
}

/** A key of the contact's telephone; only the do-not-call key means something. */
export function contactKeyed(ctx: DialerContext, attempt: Attempt, digit: string): void {
  if (attempt.state !== 'playing-safe-harbour' || digit !== DO_NOT_CALL_DIGIT) return;
  if (!attempt.isDoNotCall) askDoNotCall(ctx, attempt, 'contact-keyed-9');
  if (attempt.playbackId !== undefined) ctx.order({ type: 'stop-playing', playbackId: attempt.playbackId });
  messageEnded(ctx, attempt, false);
}

function learnAnswer(ctx: DialerContext, attempt: Attempt, type: 'answered-by-person' | 'answered-by-other'): void {
  const rangForMs = (attempt.answeredAt?.monotonicMs ?? ctx.now.monotonicMs) - attempt.begunAt;
  attempt.campaign.pacing.learn({ type, rangForMs }, ctx.now);
}


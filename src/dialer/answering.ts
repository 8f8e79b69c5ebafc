import { isUnanswered } from '../call/call-state.js';
import { monotonicMs, type Ms } from '../units/time.js';
import { endCall, hangUp } from './call-ending.js';
import { connectAtAnswer, connectProbable, waitForAgent } from './connecting.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';
import type { Input } from './input.js';
import { listen, stopAnalysis, tap } from './listening.js';
import { askDoNotCall } from './settlement.js';
import { keep, takeBack } from './taking-back.js';
import { endByEarlyMedia, whatFollows, type Following } from './what-follows.js';

/** From the answer to the agent, to a message, or to the end. */

/** Longest greeting waited for. Chosen: mailboxes cut greetings at 20 to 30 s; with a margin. */
const GREETING_LIMIT_MS: Ms = 45_000;
/** Longest message of ours. Chosen: three minutes are a mailbox's usual limit. */
const MESSAGE_LIMIT_MS: Ms = 180_000;
/** The key by which a contact asks not to be called again. */
const DO_NOT_CALL_DIGIT = '9';

type AnswerAnalysed = Extract<Input, { type: 'answer-analysed' }>;

/** Somebody or something picked up. */
export function answered(ctx: DialerContext, attempt: Attempt): void {
  if (!ctx.moveCall(attempt, 'answered')) return;
  attempt.answeredAt = ctx.now;
  ctx.waits.cancel({ kind: 'setup-limit', callId: attempt.callId });
  ctx.say({ type: 'call-answered', callId: attempt.callId });
  if (!attempt.campaign.config.isAnalysed) {
    // What was heard before the answer may be listened to still.
    stopAnalysis(ctx, attempt);
    foundPerson(ctx, attempt, 0);
    return;
  }
  listen(ctx, attempt);
  if (!connectAtAnswer(ctx, attempt)) tap(ctx, attempt);
}

/** Begins to listen anew to a call of which it is not known who answered; where the campaign does not want that, everybody is a person. */
export function startAnalysis(ctx: DialerContext, attempt: Attempt): void {
  if (!attempt.campaign.config.isAnalysed) {
    foundPerson(ctx, attempt, 0);
    return;
  }
  listen(ctx, attempt);
  tap(ctx, attempt);
}

/** What is heard before an answer: some of it says that there will be none. */
export function earlyMediaAnalysed(
  ctx: DialerContext,
  attempt: Attempt,
  { heard, detail, reason }: Extract<Input, { type: 'early-media-analysed' }>,
): void {
  if (!isUnanswered(attempt.state)) {
    ctx.noteLate(attempt.callId, `${heard} before the answer while ${attempt.state}`);
    return;
  }
  attempt.earlyMedia = heard;
  ctx.say({ type: 'early-media-heard', callId: attempt.callId, heard, detail, reason });
  const cause = endByEarlyMedia(heard, detail);
  if (cause !== undefined) endCall(ctx, attempt, cause);
}

/** The analysis has a verdict, or another one than before. */
export function analysed(ctx: DialerContext, attempt: Attempt, news: AnswerAnalysed): void {
  if (!isListenedTo(attempt)) {
    ctx.noteLate(attempt.callId, `verdict ${news.verdict} while ${attempt.state}`);
    return;
  }
  const { type: _, ...verdict } = news;
  ctx.say({ type: 'call-analysed', ...verdict });
  if (news.stage === 'probable') {
    attempt.isProbable = true;
    connectProbable(ctx, attempt.campaign);
    return;
  }
  const isFirst = !attempt.isDecided;
  attempt.verdict = news.verdict;
  attempt.verdictAt ??= ctx.now.monotonicMs;
  attempt.isDecided = true;
  for (const kind of ['verdict-limit', 'ringing-limit'] as const) ctx.waits.cancel({ kind, callId: attempt.callId });
  const following = whatFollows(news.verdict, attempt.campaign.config);
  if (isFirst) learnAnswer(ctx, attempt, following.to === 'agent' ? 'answered-by-person' : 'answered-by-other');
  follow(ctx, attempt, news, following);
}

/** A verdict counts between the answer and what is done about it. */
const isListenedTo = ({ isBeingAnalysed, state }: Attempt): boolean =>
  isBeingAnalysed && (state === 'analysing' || state === 'waiting' || state === 'connecting' || state === 'talking' || state === 'greeting');

/** What a verdict leads to, from where the call stands. */
function follow(ctx: DialerContext, attempt: Attempt, news: AnswerAnalysed, following: Following): void {
  if (news.verdict === 'ringing' && attempt.state === 'analysing') {
    letRing(ctx, attempt);
    return;
  }
  if (following.to === 'agent') {
    if (attempt.state === 'analysing' || attempt.state === 'greeting') foundPerson(ctx, attempt, news.silentForMs);
    // In doubt it stays on trial until the limit.
    else if (news.verdict !== 'unsure' && attempt.state !== 'waiting') keep(ctx, attempt);
    return;
  }
  if (attempt.state === 'connecting' || attempt.state === 'talking') {
    // While the switch is away nothing can be taken from the agent; `keep` leaves it to him.
    if (!attempt.isOnTrial || !ctx.isSwitchConnected) {
      keep(ctx, attempt);
      return;
    }
    takeBack(ctx, attempt, news.verdict, news.reason);
  }
  ctx.waits.cancel({ kind: 'agent-wait', callId: attempt.callId });
  if (following.to === 'end') endCall(ctx, attempt, following.cause);
  else awaitGreetingEnd(ctx, attempt);
}

/**
 * The carrier said "answered" too early: somebody may still lift, and who is
 * rung must be rung for 15 s at least (47 CFR 64.1200(a)(6)).
 */
function letRing(ctx: DialerContext, attempt: Attempt): void {
  const rungMs = ctx.now.monotonicMs - (attempt.answeredAt ?? ctx.now).monotonicMs;
  ctx.waitFor({ kind: 'ringing-limit', callId: attempt.callId }, Math.max(0, attempt.campaign.config.ringTimeoutMs - rungMs));
}

/** A person is on the line, or must be taken for one: the longest waiting agent, or a place in the queue. */
function foundPerson(ctx: DialerContext, attempt: Attempt, silentForMs: Ms): void {
  if (!ctx.moveCall(attempt, 'person-found')) return;
  for (const kind of ['verdict-limit', 'greeting-limit'] as const) ctx.waits.cancel({ kind, callId: attempt.callId });
  attempt.verdictAt ??= ctx.now.monotonicMs;
  if (!attempt.isDecided) learnAnswer(ctx, attempt, 'answered-by-person');
  attempt.isDecided = true;
  attempt.greetingEndedAt = monotonicMs(ctx.now.monotonicMs - silentForMs);
  waitForAgent(ctx, attempt);
}

/** No verdict came: everybody is a person then, and who is with an agent stays there. */
export function verdictMissing(ctx: DialerContext, attempt: Attempt): void {
  if (attempt.state !== 'connecting' && attempt.state !== 'talking') {
    foundPerson(ctx, attempt, 0);
    return;
  }
  if (!attempt.isDecided) learnAnswer(ctx, attempt, 'answered-by-person');
  attempt.isDecided = true;
  keep(ctx, attempt);
}

function awaitGreetingEnd(ctx: DialerContext, attempt: Attempt): void {
  // A second verdict for a message finds it waiting already.
  if (attempt.state === 'greeting' || !ctx.moveCall(attempt, 'message-due')) return;
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

/** The audio of a call ceased to come: what is not decided is a person's, and what an agent has on trial stays with him. */
export function deafened(ctx: DialerContext, attempt: Attempt): void {
  if (isUnanswered(attempt.state)) stopAnalysis(ctx, attempt);
  else if (attempt.state === 'analysing' || attempt.state === 'connecting' || attempt.state === 'talking') verdictMissing(ctx, attempt);
}

function learnAnswer(ctx: DialerContext, attempt: Attempt, type: 'answered-by-person' | 'answered-by-other'): void {
  const rangForMs = (attempt.answeredAt?.monotonicMs ?? ctx.now.monotonicMs) - attempt.begunAt;
  attempt.campaign.pacing.learn({ type, rangForMs }, ctx.now);
}

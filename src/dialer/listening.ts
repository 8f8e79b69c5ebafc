import type { Ms } from '../units/time.js';
import type { DialerContext } from './dialer-context.js';
import type { Attempt } from './dialer-state.js';

/** Listening to a call: before it is answered, after it, and until enough is known. */

/** Past this the analysis is lost and the call is treated as a person's. Chosen: above the analysis' own limit, 10.5 s of audio. */
const VERDICT_LIMIT_MS: Ms = 15_000;
/** Silence where it is followed by an agent: 3 s is longer than anyone waits to say "hello". */
const SILENCE_BEFORE_AGENT_MS: Ms = 3_000;
/** Silence where it is followed by our hang-up. As SignalWire's `initial_timeout` and Plivo: 4.5 s. */
const SILENCE_BEFORE_HANG_UP_MS: Ms = 4_500;

/** Whoever still talks is not waiting, so he is heard out. Chosen: 7 s of talk and its pauses, when a machine is plain. */
const DECISION_WHILE_HELD_MS: Ms = 8_000;
/** With an agent who hears it himself, doubt need not last: it can be revised. */
const DECISION_WITH_AGENT_MS: Ms = 3_000;

const holdsUntilDecided = (ctx: DialerContext, { campaign }: Attempt): boolean =>
  campaign.config.answerHandling === 'hold' || !ctx.abilities.hasTapWhileBridged;

/** Begins to listen to who answered; the audio comes by a tap or with the agent's bridge. */
export function listen(ctx: DialerContext, attempt: Attempt): void {
  analyse(ctx, attempt, 'answered');
  ctx.waitFor({ kind: 'verdict-limit', callId: attempt.callId }, VERDICT_LIMIT_MS);
}

/** Has the audio of an answered call come by itself, with no agent. */
export function tap(ctx: DialerContext, attempt: Attempt): void {
  ctx.order({ type: 'tap', callId: attempt.callId });
}

/** The far end can be heard before it answers. */
export function listenEarly(ctx: DialerContext, attempt: Attempt): void {
  if (attempt.state !== 'dialling' && attempt.state !== 'ringing') return;
  if (!attempt.campaign.config.isAnalysed || attempt.isBeingAnalysed) return;
  analyse(ctx, attempt, 'early-media');
  tap(ctx, attempt);
}

function analyse(ctx: DialerContext, attempt: Attempt, phase: 'early-media' | 'answered'): void {
  const { lostPersonCost, onSilence, keepsDisputedSnippets } = attempt.campaign.config;
  attempt.isBeingAnalysed = true;
  ctx.command({
    type: 'analyse-answer',
    callId: attempt.callId,
    listening: {
      phase,
      // Acting on a machine costs less than not to, in the mean, from this probability on.
      machineProbabilityMin: lostPersonCost / (lostPersonCost + 1),
      decisionLimitMs: holdsUntilDecided(ctx, attempt) ? DECISION_WHILE_HELD_MS : DECISION_WITH_AGENT_MS,
      silenceLimitMs: onSilence === 'connect' ? SILENCE_BEFORE_AGENT_MS : SILENCE_BEFORE_HANG_UP_MS,
      keepsSnippet: keepsDisputedSnippets,
    },
  });
}

/** Ends the analysis where it may still run, whatever the campaign says of analysing by now. */
export function stopAnalysis(ctx: DialerContext, attempt: Attempt): void {
  if (!attempt.isBeingAnalysed) return;
  attempt.isBeingAnalysed = false;
  ctx.waits.cancel({ kind: 'verdict-limit', callId: attempt.callId });
  ctx.command({ type: 'stop-analysis', callId: attempt.callId });
}

import { endCause, type EndCause, type EndCauseName } from '../call/end-cause.js';
import { assertNever } from '../units/assert-never.js';
import { epochAfter, type EpochMs, type Ms } from '../units/time.js';

/** What a campaign says about calling again. */
export interface RecycleRules {
  /** Counted attempts of any outcome after which a contact is closed, 1 and more. */
  readonly attemptsMax: number;
  /** Rules that replace an end cause's own waiting time. */
  readonly recycle: Readonly<Partial<Record<EndCauseName, CauseRule>>>;
}

/** What a campaign says about one end cause. */
export interface CauseRule {
  /** Wait before the next attempt, 0 and more. */
  readonly redialAfterMs: Ms;
  /** Attempts ending so, after which the contact is closed, 1 and more. */
  readonly attemptsMax: number;
}

/** One attempt that has ended, after wrap-up where there was one. */
export interface EndedAttempt {
  readonly rules: RecycleRules;
  /** Counted attempts at this contact before this one. */
  readonly attemptCount: number;
  /** How often each end cause has ended an attempt at this contact before this one. */
  readonly countByCause: Readonly<Record<string, number>>;
  /** How the attempt ended. */
  readonly cause: EndCauseName;
  /** What the agent's disposition means; absent when no agent talked. */
  readonly dispositionEffect?: 'complete' | 'redial' | 'do-not-call' | undefined;
  /** The contact asked by key not to be called again. */
  readonly hasAskedNotToBeCalled?: boolean | undefined;
  readonly nowMs: EpochMs;
}

/** What becomes of the contact. */
export interface Settlement {
  readonly outcome: 'redial' | 'closed' | 'do-not-call';
  /** With `redial` only. */
  readonly redialAtMs: EpochMs | undefined;
  /** Whether the attempt counts towards the contact's attempts. */
  readonly isCounted: boolean;
  /** In words, for the log. */
  readonly why: string;
}

/**
 * Chosen: an attempt the carrier failed is not the contact's fault and is not
 * counted, so nothing else would end a number that one carrier always fails.
 * The wait doubles each time instead, up to a day.
 */
const UNCOUNTED_WAIT_MS_MAX: Ms = 24 * 3_600_000;

/**
 * Decides whether and when a contact is called again. In this order: a wish
 * not to be called, the agent's word, what the cause allows, the caps on
 * attempts, and last the waiting time.
 */
export function settleContact(ended: EndedAttempt): Settlement {
  const { dispositionEffect } = ended;
  const cause = endCause(ended.cause);
  const isCounted = cause.redial !== 'uncounted';
  if (ended.hasAskedNotToBeCalled === true) {
    return { outcome: 'do-not-call', redialAtMs: undefined, isCounted, why: 'the contact asked not to be called again' };
  }
  switch (dispositionEffect) {
    case 'do-not-call':
      return { outcome: 'do-not-call', redialAtMs: undefined, isCounted, why: 'the agent noted: do not call again' };
    case 'complete':
      return { outcome: 'closed', redialAtMs: undefined, isCounted, why: "done by the agent's disposition" };
    case 'redial':
    case undefined:
      return settleByCause(ended, cause, isCounted);
    default:
      return assertNever(dispositionEffect);
  }
}

function settleByCause(ended: EndedAttempt, cause: EndCause, isCounted: boolean): Settlement {
  const { rules, nowMs } = ended;
  const closed = (why: string): Settlement => ({ outcome: 'closed', redialAtMs: undefined, isCounted, why });
  if (cause.redial === 'never' && ended.dispositionEffect !== 'redial') return closed(`${cause.name}: not called again`);

  const attemptCount = ended.attemptCount + (isCounted ? 1 : 0);
  if (isCounted && attemptCount >= rules.attemptsMax) {
    return closed(`${cause.name}: attempt ${attemptCount} of ${rules.attemptsMax}`);
  }
  const rule = rules.recycle[cause.name];
  const causeCount = (ended.countByCause[cause.name] ?? 0) + 1;
  if (rule !== undefined && causeCount >= rule.attemptsMax) {
    return closed(`${cause.name}: ${causeCount} of ${rule.attemptsMax} so`);
  }
  const waitMs = rule?.redialAfterMs ?? defaultWaitMs(cause, causeCount);
  return {
    outcome: 'redial',
    redialAtMs: epochAfter(nowMs, waitMs),
    isCounted,
    why: `${cause.name}: again in ${inWords(waitMs)}${isCounted ? '' : ', not counted'}`,
  };
}

/** @param causeCount attempts at this contact that ended so, this one included. */
function defaultWaitMs(cause: EndCause, causeCount: number): Ms {
  if (cause.redial !== 'uncounted') return cause.redialAfterMs;
  return Math.min(cause.redialAfterMs * 2 ** (causeCount - 1), UNCOUNTED_WAIT_MS_MAX);
}

function inWords(spanMs: Ms): string {
  const minutes = Math.round(spanMs / 60_000);
  if (spanMs < 60_000) return `${Math.round(spanMs / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`;
}

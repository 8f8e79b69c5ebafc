import type { CallId, CampaignId, ContactId, PlaybackId, TrunkName } from '../units/ids.js';
import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import type { CallState } from '../call/call-state.js';
import type { MonotonicMs, Ms } from '../units/time.js';

/** What the auditor holds about one attempt. */
export interface AttemptAudit {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly contactId: ContactId;
  readonly trunk: TrunkName;
  isWritten: boolean;
  isDialled: boolean;
  /** Holds a line, from originate to the end by the switch's word. */
  isOnLine: boolean;
  /** By the dialer's own word. */
  state: CallState;
  /** When it began to ring, by the switch's word; unknown where a gap hid it. */
  rangAtMs: MonotonicMs | undefined;
  endCount: number;
  settleCount: number;
  /** By the switch's word. */
  isAnswered: boolean;
  isInBridge: boolean;
  /** Listened to and not decided, or a machine whose greeting is waited for. */
  isAnalysed: boolean;
  isListenedTo: boolean;
  readonly playing: Set<PlaybackId>;
  /** A hang-up is on its way. */
  isHangUpOrdered: boolean;
  /** Since when nobody has had this answered call; undefined: someone has, or it is not answered. */
  unownedSinceMs: MonotonicMs | undefined;
}

/** A fresh one, as `write-attempt` begins it. */
export const newAttemptAudit = (
  callId: CallId,
  campaignId: CampaignId,
  contactId: ContactId,
  trunk: TrunkName,
): AttemptAudit => ({
  callId,
  campaignId,
  contactId,
  trunk,
  isWritten: false,
  isDialled: false,
  isOnLine: false,
  state: 'writing',
  rangAtMs: undefined,
  endCount: 0,
  settleCount: 0,
  isAnswered: false,
  isInBridge: false,
  isAnalysed: false,
  isListenedTo: false,
  playing: new Set(),
  isHangUpOrdered: false,
  unownedSinceMs: undefined,
});

/** What is still listened to for something after its verdict: a machine for its beep, ringing for somebody who lifts. */
const LISTENED_ON: readonly AnswerVerdict[] = ['machine', 'ringing'];

/** After a verdict the analysis has a call no longer, but for those. */
export function noteVerdict(attempt: AttemptAudit, stage: VerdictStage, verdict: AnswerVerdict): void {
  if (stage !== 'probable') attempt.isAnalysed = attempt.isListenedTo && LISTENED_ON.includes(verdict);
}

/** One that was over and forgotten. */
export const settledAttemptAudit = (...of: Parameters<typeof newAttemptAudit>): AttemptAudit => ({
  ...newAttemptAudit(...of),
  isDialled: true,
  endCount: 1,
  settleCount: 1,
});

/** States in which a line is out for an agent who is not there yet. */
const LINE_OUT_STATES: ReadonlySet<CallState> = new Set(['writing', 'dialling', 'ringing', 'analysing', 'waiting']);

/** More lines of a campaign are out for agents than there are free ones: in words; undefined when not. */
export function linesOutFault(attempts: Iterable<AttemptAudit>, campaignId: CampaignId, agentCount: number): string | undefined {
  let count = 0;
  for (const attempt of attempts) {
    if (attempt.campaignId === campaignId && LINE_OUT_STATES.has(attempt.state) && attempt.endCount === 0) count++;
  }
  return count > agentCount ? `${String(count)} lines are out for ${String(agentCount)} free agents.` : undefined;
}

/** 47 CFR 64.1200(a)(6). */
const RING_MS_MIN: Ms = 15_000;

/** Whether it rang, and for less than the law asks, until now. */
export const hasRungTooShort = ({ rangAtMs }: AttemptAudit, now: MonotonicMs): boolean =>
  rangAtMs !== undefined && now - rangAtMs < RING_MS_MIN;

/** Whether an agent, a message, an analysis or our hang-up has this answered call. */
export const isOwned = (attempt: AttemptAudit): boolean =>
  !attempt.isAnswered ||
  attempt.isInBridge ||
  attempt.isAnalysed ||
  attempt.playing.size > 0 ||
  attempt.isHangUpOrdered;

/** The call is over, or what was done with it is not known any more. */
export function forgetHandling(attempt: AttemptAudit): void {
  attempt.isInBridge = false;
  attempt.isHangUpOrdered = false;
  attempt.playing.clear();
  attempt.unownedSinceMs = undefined;
}

/** Sums of fractional milliseconds differ in their last bits. */
const ROUNDING_MS = 1e-6;

/** Calls placed in the last second, to hold a cap against. */
export class SlidingSecond {
  readonly #atMs: MonotonicMs[] = [];

  /** Counts one now and gives how many the last second holds, this one included; instants that differ by rounding alone are the same. */
  add(atMs: MonotonicMs): number {
    this.#atMs.push(atMs);
    while ((this.#atMs[0] ?? atMs) <= atMs - 1000 + ROUNDING_MS) this.#atMs.shift();
    return this.#atMs.length;
  }
}

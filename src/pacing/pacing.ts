import type { Ms, Now } from '../units/time.js';

/** What a pacing rule sees of its campaign: counts only, never a contact. */
export interface PacingFacts {
  /** Agents who could take a call this moment. */
  readonly availableAgentCount: number;
  /** Agents talking, with how long so far; a predictive rule uses it. */
  readonly talkingForMs: readonly Ms[];
  /** Agents in wrap-up, with how long so far. */
  readonly wrappingUpForMs: readonly Ms[];
  /** Calls written, dialled or ringing, with how long so far. */
  readonly ringingForMs: readonly Ms[];
  /** Answered calls still being analysed. */
  readonly analysingCount: number;
  /** People waiting for an agent. */
  readonly waitingCount: number;
}

/** How many calls to place now, and why. */
export interface PacingDecision {
  /** 0 and more, before the caps on lines and rate. */
  readonly placeCount: number;
  /** In words, for the wallboard and the log. */
  readonly reason: string;
}

/** What has happened to calls, for rules that learn. */
export type PacingOutcome =
  | { readonly type: 'answered-by-person'; readonly rangForMs: Ms }
  | { readonly type: 'answered-by-other'; readonly rangForMs: Ms }
  | { readonly type: 'unanswered'; readonly rangForMs: Ms }
  | { readonly type: 'connected' }
  | { readonly type: 'abandoned' };

/** One rule of pacing; state it keeps is its own. */
export interface Pacing {
  decide(facts: PacingFacts, now: Now): PacingDecision;
  /** Told of every outcome of this campaign, in order. */
  learn(outcome: PacingOutcome, now: Now): void;
}

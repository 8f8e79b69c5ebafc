import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { CallState } from '../call/call-state.js';
import { LIVE_CALL_STATES, type CallsByState, type LiveCallState } from './contract.js';

/** What must be remembered of a call to count it once under each heading. */
export interface LiveCall {
  readonly campaignId: string;
  state: CallState;
  isOriginated: boolean;
  isAnswered: boolean;
  /** Under which verdict it was counted; `earlier` for one that the store has counted. */
  verdict: AnswerVerdict | 'earlier' | undefined;
  trunk: string | undefined;
}

const UNANSWERED_STATES: readonly CallState[] = ['writing', 'dialling', 'ringing'];

/** The calls in progress, with how many stand in each state, for each campaign and for the floor. */
export class LiveCalls {
  readonly #calls = new Map<string, LiveCall>();
  /** By campaign; the empty name is the floor. */
  readonly #countByState = new Map<string, Map<CallState, number>>();

  find(callId: string): LiveCall | undefined {
    return this.#calls.get(callId);
  }

  /** A call of the run before, counted by the store already; it is not shown until its first event. */
  remember(callId: string, campaignId: string, isAnswered: boolean): void {
    this.#calls.set(callId, { campaignId, state: 'writing', isOriginated: true, isAnswered, verdict: isAnswered ? 'earlier' : undefined, trunk: undefined });
  }

  /** The call stands in this state now. A call first seen in a later state is one taken over from a run before, and counted then. */
  move(callId: string, campaignId: string, state: CallState): void {
    const known = this.#calls.get(callId);
    if (known === undefined && state === 'ended') return;
    const isPastAnswer = !UNANSWERED_STATES.includes(state);
    const call: LiveCall = known ?? {
      campaignId,
      state: 'writing',
      isOriginated: state === 'ringing' || isPastAnswer,
      isAnswered: isPastAnswer,
      verdict: isPastAnswer && state !== 'analysing' ? 'earlier' : undefined,
      trunk: undefined,
    };
    this.#add(call, -1);
    call.state = state;
    this.#add(call, 1);
    this.#calls.set(callId, call);
  }

  /** The call has ended and everything of it was counted. */
  forget(callId: string): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    this.#add(call, -1);
    this.#calls.delete(callId);
  }

  /** Calls of this campaign, or of all, in each state; states without a call are left out. */
  byState(campaignId: string | undefined): CallsByState {
    const counts = this.#countByState.get(campaignId ?? '');
    const shown: Partial<Record<LiveCallState, number>> = {};
    for (const state of LIVE_CALL_STATES) {
      const count = counts?.get(state) ?? 0;
      if (count > 0) shown[state] = count;
    }
    return shown;
  }

  #add(call: LiveCall, step: 1 | -1): void {
    if (call.state === 'writing' || call.state === 'ended') return;
    for (const key of [call.campaignId, '']) {
      const counts = this.#countByState.get(key) ?? new Map<CallState, number>();
      counts.set(call.state, (counts.get(call.state) ?? 0) + step);
      this.#countByState.set(key, counts);
    }
  }
}

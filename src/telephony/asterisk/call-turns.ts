import type { BridgeId } from '../../units/ids.js';
import type { CallMove, LiveCallRecord } from './live-calls.js';

/**
 * Moves of one call, one after the other: each is several requests, and where
 * requests may pass each other a second move would overtake the first. What
 * was asked for last is then where the call ends up.
 */
export class CallTurns {
  /** Runs the move when those before it are over. @param bridgeId where it takes the call, if it does. */
  take(call: LiveCallRecord, run: CallMove['run'], bridgeId?: BridgeId): void {
    call.moves.push({ run, bridgeId });
    if (call.moves.length === 1) this.#next(call);
  }

  /** Whether the call is to be moved on as soon as the present move is over. */
  hasNext(call: LiveCallRecord): boolean {
    return call.moves.length > 1;
  }

  /** Runs when each of the calls has had its moves so far; none of them moves on before `done`. */
  takeAll(calls: readonly LiveCallRecord[], run: CallMove['run']): void {
    const over: (() => void)[] = [];
    const arrive = (done: () => void): void => {
      if (over.push(done) === calls.length) run(() => over.forEach((end) => end()));
    };
    if (calls.length === 0) run(() => undefined);
    for (const call of calls) this.take(call, arrive);
  }

  #next(call: LiveCallRecord): void {
    const move = call.moves[0];
    move?.run(() => {
      // After a lost connection the moves that were under way are forgotten.
      if (call.moves[0] !== move) return;
      call.moves.shift();
      this.#next(call);
    });
  }
}

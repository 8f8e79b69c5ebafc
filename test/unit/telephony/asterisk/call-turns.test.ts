import { describe, expect, it } from 'vitest';
import { CallTurns } from '../../../../src/telephony/asterisk/call-turns.js';
import { LiveCalls } from '../../../../src/telephony/asterisk/live-calls.js';
import { callId } from '../../../../src/units/ids.js';

const calls = new LiveCalls();
const call = (id: string) => calls.add({ callId: callId(id), isOriginated: true, phone: undefined, channelName: '' });

/** Notes when each move begins, and leaves its end to the test. */
class Moves {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, () => void>();

  readonly named = (name: string) => (done: () => void) => {
    this.begun.push(name);
    this.#ends.set(name, done);
  };

  end(name: string): void {
    this.#ends.get(name)?.();
  }
}

describe('turns of calls', () => {
  it('one call moves once at a time, another meanwhile', () => {
    const [turns, moves, a, b] = [new CallTurns(), new Moves(), call('a'), call('b')];
    turns.take(a, moves.named('a1'));
    turns.take(a, moves.named('a2'));
    turns.take(b, moves.named('b1'));
    expect(moves.begun).toEqual(['a1', 'b1']);
    moves.end('a1');
    expect(moves.begun).toEqual(['a1', 'b1', 'a2']);
  });

  it('what concerns several begins when each is through, and none moves on before its end', () => {
    const [turns, moves, a, b] = [new CallTurns(), new Moves(), call('a'), call('b')];
    turns.take(a, moves.named('a1'));
    turns.take(b, moves.named('b1'));
    turns.takeAll([a, b], moves.named('both'));
    turns.take(a, moves.named('a2'));
    moves.end('a1');
    expect(moves.begun).toEqual(['a1', 'b1']);
    moves.end('b1');
    expect(moves.begun).toEqual(['a1', 'b1', 'both']);
    moves.end('both');
    expect(moves.begun).toEqual(['a1', 'b1', 'both', 'a2']);
  });

  it('what concerns none begins at once', () => {
    const [turns, moves] = [new CallTurns(), new Moves()];
    turns.takeAll([], moves.named('none'));
    expect(moves.begun).toEqual(['none']);
  });
});

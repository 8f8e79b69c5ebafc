import { beforeEach, describe, expect, test } from 'vitest';
import { FRAME_SAMPLES } from '../../../src/audio/frame.js';
import { callId } from '../../../src/units/ids.js';
import { monotonicMs } from '../../../src/units/time.js';
import { overMuLaw, packets, PORT, ScoredExchange } from '../../support/scored-exchange.js';
import { voiceLike } from '../../support/voice-like.js';

const A = callId('a');
const at = monotonicMs;
const VOICE = voiceLike(1200, 1);

let exchange: ScoredExchange;
beforeEach(() => {
  exchange = new ScoredExchange();
});

describe('snippets', () => {
  test('hold the beginning of the audio as it was analysed, while it is and afterwards', async () => {
    exchange.begin(A, PORT, { keepsSnippet: true });
    await exchange.play(packets(VOICE).slice(0, 50));
    expect(exchange.calls.snippet(A)).toEqual(overMuLaw(VOICE).subarray(0, 50 * FRAME_SAMPLES));
    exchange.calls.stop(A, at(exchange.nowMs));
    expect(exchange.calls.snippet(A)?.length).toBe(50 * FRAME_SAMPLES);
  });

  test('are no longer than 20 s', async () => {
    exchange.begin(A, PORT, { keepsSnippet: true, silenceLimitMs: 15_000, revisionWindowMs: 30_000 });
    await exchange.turns(1200);
    expect(exchange.calls.snippet(A)?.length).toBe(160_000);
  });

  test('are not kept unasked', async () => {
    exchange.begin(A);
    await exchange.turns(50);
    expect(exchange.calls.snippet(A)).toBeUndefined();
  });

  test('are dropped half an hour after the analysis, and when fifty later ones are there', async () => {
    for (let index = 0; index <= 50; index++) {
      const of = callId(`call-${index}`);
      exchange.calls.analyse(of, { keepsSnippet: true }, at(exchange.nowMs));
      await exchange.turns(5);
      exchange.calls.stop(of, at(exchange.nowMs));
    }
    expect(exchange.calls.snippet(callId('call-0'))).toBeUndefined();
    expect(exchange.calls.snippet(callId('call-1'))).toBeDefined();
    exchange.nowMs += 29 * 60_000;
    await exchange.turn();
    expect(exchange.calls.snippet(callId('call-50'))).toBeDefined();
    exchange.nowMs += 60_000;
    await exchange.turn();
    expect(exchange.calls.snippet(callId('call-50'))).toBeUndefined();
  });
});

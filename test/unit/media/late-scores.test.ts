import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startInference, type Inference } from '../../../src/inference/inference.js';
import { LateScores } from '../../../src/media/late-scores.js';
import { callId } from '../../../src/units/ids.js';
import { monotonicMs } from '../../../src/units/time.js';
import { speak } from '../../fixtures/synthetic-speech.js';
import { packets, ScoredExchange } from '../../support/scored-exchange.js';

/** Scores that come too late or not any more: the rules take over, and it is told. */

const A = callId('a');
const at = monotonicMs;

let inference: Inference;
let person: Int16Array;
beforeAll(async () => {
  inference = startInference();
  const hello = await speak({ text: 'Hello?', voice: 'en-us', wordsPerMinute: 170, pitch: 45 });
  person = Int16Array.from([...new Int16Array(3360), ...hello, ...new Int16Array(16_000)]);
});
afterAll(async () => inference.close());

let exchange: ScoredExchange;
beforeEach(async () => {
  exchange = new ScoredExchange();
  await exchange.connect(inference);
  return () => exchange.courier.close();
});

describe('scores that come too late', () => {
  test('are not waited for beyond a quarter of a second: the rules take over', async () => {
    exchange.begin(A);
    exchange.isPrompt = false;
    await exchange.play(packets(person));
    const decided = exchange.decided(A);
    expect(decided.verdict).toBe('person');
    expect(exchange.line.counts.scoredFrameCount).toBe(0);
    // Frames wait 250 ms and what is left of a turn.
    expect(decided.silentForMs - decided.features['trailingSilenceMs']!).toBeGreaterThanOrEqual(240);
    expect(decided.silentForMs - decided.features['trailingSilenceMs']!).toBeLessThan(500);
    const { rowCount } = exchange.courier;
    await exchange.courier.deliver(at(exchange.nowMs));
    expect(exchange.line.counts.lateScoreCount).toBe(2 * rowCount);
    expect(exchange.verdicts(A).filter(({ stage }) => stage === 'decided').length).toBe(1);
  });

  test('do not pile up: no more than eight batches are on their way', async () => {
    exchange.begin(A);
    exchange.isPrompt = false;
    await exchange.play(packets(person));
    expect(exchange.courier.onWayCount).toBe(8);
    exchange.isPrompt = true;
    const before = exchange.line.counts.scoredFrameCount;
    await exchange.turns(20);
    expect(exchange.line.counts.scoredFrameCount).toBeGreaterThan(before);
  });

  test('are told of with the cure, and that it is over', async () => {
    const late = new LateScores();
    const look = () => late.look(exchange.line.counts, exchange.line.isConnected, at(exchange.nowMs));
    look();
    exchange.begin(A);
    exchange.isPrompt = false;
    await exchange.turns(300);
    expect(look()).toBe(true);
    expect(late.detail).toMatch(/too late for \d+ % .*give it another core/);
    exchange.isPrompt = true;
    exchange.calls.analyse(A, {}, at(exchange.nowMs));
    await exchange.turns(20);
    look();
    exchange.calls.analyse(A, {}, at(exchange.nowMs));
    await exchange.turns(300);
    look();
    expect(late.detail).toBeUndefined();
  });

  test('for more audio at once than may wait let the oldest go on without', async () => {
    exchange.begin(A);
    await exchange.turn();
    exchange.nowMs += 2000;
    await exchange.turn();
    expect(exchange.line.counts.unscoredFrameCount).toBeGreaterThan(0);
    await exchange.turns(200);
    expect(exchange.decided(A).verdict).toBe('silence');
  });
});

describe('a line that is cut', () => {
  test('lets frames pass by the rules, and takes calls on as new when there is another', async () => {
    exchange.begin(A);
    const datagrams = packets(person);
    await exchange.play(datagrams.slice(0, 21));
    exchange.line.disconnect(at(exchange.nowMs));
    await exchange.play(datagrams.slice(21, 40));
    expect(exchange.line.counts.unscoredFrameCount).toBeGreaterThanOrEqual(19);
    await exchange.connect(inference);
    await exchange.play(datagrams.slice(40));
    expect(exchange.decided(A).verdict).toBe('person');
    expect(exchange.line.counts.scoredFrameCount).toBeGreaterThan(50);
  });
});

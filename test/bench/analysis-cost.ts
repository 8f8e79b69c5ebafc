/**
 * What analysing calls costs: many synthetic calls in real time through the
 * media plane's own parts and the thread of scores. Part of `npm run bench --
 * amd`.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MessagePort } from 'node:worker_threads';
import { framesOf, FRAME_MS, FRAME_SAMPLES } from '../../src/audio/frame.js';
import { encodeG711 } from '../../src/audio/g711.js';
import { loadAnswerModel } from '../../src/inference/answer-model.js';
import { startInference } from '../../src/inference/inference.js';
import type { ScoreBatch } from '../../src/inference/score-batch.js';
import { writeRtpHeader } from '../../src/media/rtp-packet.js';
import { SpeechLine } from '../../src/media/speech-line.js';
import { TappedCalls } from '../../src/media/tapped-calls.js';
import { callId, type CallId } from '../../src/units/ids.js';
import { Random } from '../../src/units/random.js';
import { monotonicMs } from '../../src/units/time.js';
import { drawMachine } from '../fixtures/answer-set.js';

/** Calls that audio is drawn from; more calls share it, each at another place. */
const AUDIO_COUNT = 12;
const WARM_UP_MS = 4_000;
const MEASURED_MS = 10_000;
const FIRST_PORT = 10_000;
/** Odd, so that calls are answered in even and odd turns alike. */
const ANSWERED_EACH_TURN = 5;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What so many calls at once cost. */
export interface AnalysisCost {
  readonly callsAtOnce: number;
  /** Processor time of the whole process, all its threads, as a share of one core. */
  readonly coreShare: number;
  /** Resident memory more than with no call at all, for each call. */
  readonly megabytesPerCall: number;
  /** From the posting of a batch to its scores. */
  readonly scoresP50Ms: number;
  readonly scoresP99Ms: number;
  /** Frames judged with their scores, 0..1. */
  readonly scoredRatio: number;
}

/** Measures with so many calls that are all being analysed all the time. */
export async function measureAnalysisCost(callsAtOnce: number): Promise<AnalysisCost> {
  const random = new Random(1);
  const audio: Uint8Array[][] = [];
  for (let index = 0; index < AUDIO_COUNT; index++) {
    const { samples } = await drawMachine('home greeting', 'judging', random.fork());
    audio.push([...framesOf(samples)].map((frame) => muLaw(frame)));
  }
  const inference = startInference();
  await inference.settled;
  const port = inference.openLine();
  if (port === undefined) throw new Error('There are no scores: is the speech model there?');
  const exchange = new Exchange(port, audio);
  try {
    // What drawing the audio left behind goes back to the system with a delay.
    for (let round = 0; round < 3; round++) {
      collectGarbage();
      await exchange.run(1_000);
    }
    const memoryBefore = memoryBytes();
    exchange.call(callsAtOnce);
    await exchange.run(WARM_UP_MS);
    exchange.forgetLatencies();
    const before = { ...exchange.counts };
    const startedMs = performance.now();
    const started = process.cpuUsage();
    await exchange.run(MEASURED_MS);
    const { user, system } = process.cpuUsage(started);
    const wallMs = performance.now() - startedMs;
    const scored = exchange.counts.scoredFrameCount - before.scoredFrameCount;
    const unscored = exchange.counts.unscoredFrameCount - before.unscoredFrameCount;
    return {
      callsAtOnce,
      coreShare: (user + system) / 1000 / wallMs,
      megabytesPerCall: (memoryBytes() - memoryBefore) / 2 ** 20 / callsAtOnce,
      scoresP50Ms: quantile(exchange.latenciesMs, 0.5),
      scoresP99Ms: quantile(exchange.latenciesMs, 0.99),
      scoredRatio: scored / (scored + unscored),
    };
  } finally {
    port.close();
    await inference.close();
  }
}

/** The media thread's work, here: packets come every 20 ms, each call at its own moment. */
class Exchange {
  readonly #line = new SpeechLine();
  readonly #calls: TappedCalls;
  readonly #audio: readonly Uint8Array[][];
  readonly #sentAtMs: number[] = [];
  readonly #datagram = new Uint8Array(12 + FRAME_SAMPLES);
  latenciesMs: number[] = [];
  #callsWanted = 0;
  #callCount = 0;
  #turn = 0;

  constructor(port: MessagePort, audio: readonly Uint8Array[][]) {
    this.#audio = audio;
    this.#calls = new TappedCalls(
      () => undefined,
      // A call whose analysis is over costs nothing and would flatter the mean: it begins anew.
      (of) => this.#calls.analyse(of, {}, monotonicMs(performance.now())),
      { send: () => undefined, ended: () => undefined, newSsrc: () => 1 },
      () => undefined,
      { line: this.#line, model: loadAnswerModel() },
    );
    this.#line.connect((batch, moved) => {
      this.#sentAtMs.push(performance.now());
      port.postMessage(batch, moved);
    }, monotonicMs(performance.now()));
    port.on('message', (batch: ScoreBatch) => {
      const nowMs = performance.now();
      this.latenciesMs.push(nowMs - (this.#sentAtMs.shift() ?? nowMs));
      this.#line.answered(batch, monotonicMs(nowMs));
    });
  }

  get counts(): SpeechLine['counts'] {
    return this.#line.counts;
  }

  forgetLatencies(): void {
    this.latenciesMs = [];
  }

  /** Takes on calls from now on, a few each turn as they would be answered. */
  call(count: number): void {
    this.#callsWanted = count;
  }

  #answerSome(): void {
    const now = monotonicMs(performance.now());
    const until = Math.min(this.#callsWanted, this.#callCount + ANSWERED_EACH_TURN);
    for (let index = this.#callCount; index < until; index++) {
      const of: CallId = callId(`call-${index}`);
      this.#calls.attach(FIRST_PORT + index, of, 'rtp', now);
      this.#calls.analyse(of, {}, now);
    }
    this.#callCount = until;
  }

  /** In real time; turn n comes n * 20 ms after the start, however late a timer fires. */
  async run(spanMs: number): Promise<void> {
    const startMs = performance.now();
    const turnCount = spanMs / FRAME_MS;
    for (let done = 0; done < turnCount; ) {
      const dueCount = Math.min(turnCount, Math.floor((performance.now() - startMs) / FRAME_MS));
      for (; done < dueCount; done++) this.#takeTurn();
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS / 4));
    }
  }

  #takeTurn(): void {
    this.#answerSome();
    const now = monotonicMs(performance.now());
    for (let index = 0; index < this.#callCount; index++) {
      const frames = this.#audio[index % this.#audio.length]!;
      const sequence = this.#turn + index;
      writeRtpHeader(this.#datagram, {
        payloadType: 0,
        hasMarker: false,
        sequence: sequence & 0xffff,
        timestamp: (sequence * FRAME_SAMPLES) >>> 0,
        ssrc: index,
      });
      this.#datagram.set(frames[sequence % frames.length]!, 12);
      this.#calls.receive({ address: '127.0.0.1', port: FIRST_PORT + index }, this.#datagram, now);
    }
    this.#turn++;
    this.#calls.tick(now);
  }
}

function quantile(values: readonly number[], ratio: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] ?? NaN;
}

function muLaw(frame: Int16Array): Uint8Array {
  const bytes = new Uint8Array(frame.length);
  encodeG711('mu-law', frame, bytes);
  return bytes;
}

/** After what is garbage is gone. */
function memoryBytes(): number {
  collectGarbage();
  return process.memoryUsage().rss;
}

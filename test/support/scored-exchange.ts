import { expect } from 'vitest';
import { FRAME_SAMPLES } from '../../src/audio/frame.js';
import { decodeG711, encodeG711 } from '../../src/audio/g711.js';
import type { Inference } from '../../src/inference/inference.js';
import type { Analysis, CallAnalysisOptions } from '../../src/media/media-message.js';
import { SpeechLine } from '../../src/media/speech-line.js';
import { TappedCalls } from '../../src/media/tapped-calls.js';
import type { CallId } from '../../src/units/ids.js';
import { monotonicMs } from '../../src/units/time.js';
import { ScoreCourier } from './score-courier.js';

type Verdict = Extract<Analysis, { type: 'answer-analysed' }>;

const at = monotonicMs;

/** Where the packets of a turn come from. */
export const PORT = 31_000;

/** Samples as they arrive over a trunk. */
export function overMuLaw(samples: Int16Array): Int16Array {
  const heard = new Int16Array(samples.length);
  decodeG711('mu-law', g711('mu-law')(samples), heard);
  return heard;
}

/** Calls on a clock of the test's own, 20 ms a turn: packets in, tick, scores back from the real thread. */
export class ScoredExchange {
  readonly line = new SpeechLine();
  readonly told: Analysis[] = [];
  readonly finished: CallId[] = [];
  readonly calls = new TappedCalls(
    (analysis) => this.told.push(analysis),
    (of) => this.finished.push(of),
    { send: () => undefined, ended: () => undefined, newSsrc: () => 1 },
    () => undefined,
    { line: this.line },
  );
  nowMs = 0;
  /** Scores are handed over at the end of each turn. */
  isPrompt = true;
  #courier: ScoreCourier | undefined;

  get courier(): ScoreCourier {
    if (this.#courier === undefined) throw new Error('Not connected.');
    return this.#courier;
  }

  async connect(inference: Inference): Promise<void> {
    this.#courier = await ScoreCourier.connect(this.line, inference, at(this.nowMs));
  }

  begin(of: CallId, port = PORT, options: CallAnalysisOptions = {}): void {
    this.calls.attach(port, of, 'rtp', at(this.nowMs));
    this.calls.analyse(of, options, at(this.nowMs));
  }

  /** The next 20 ms, with what comes in them. */
  async turn(...datagrams: readonly Uint8Array[]): Promise<void> {
    this.nowMs += 20;
    for (const datagram of datagrams) this.calls.receive({ address: '127.0.0.1', port: PORT }, datagram, at(this.nowMs));
    this.calls.tick(at(this.nowMs));
    if (this.isPrompt) await this.#courier?.deliver(at(this.nowMs));
  }

  async turns(count: number): Promise<void> {
    for (let index = 0; index < count; index++) await this.turn();
  }

  /** Packets one a turn; undefined where none comes. */
  async play(datagrams: Iterable<Uint8Array | undefined>): Promise<void> {
    for (const datagram of datagrams) await this.turn(...(datagram === undefined ? [] : [datagram]));
  }

  verdicts(of: CallId): readonly Verdict[] {
    return this.told.flatMap((analysis) => (analysis.type === 'answer-analysed' && analysis.callId === of ? [analysis] : []));
  }

  inWords(of: CallId): readonly string[] {
    return this.verdicts(of).map(({ stage, verdict, decidedAfterMs }) => `${stage} ${verdict} ${decidedAfterMs}`);
  }

  decided(of: CallId): Verdict {
    const found = this.verdicts(of).filter(({ stage }) => stage === 'decided');
    expect(found.length, `verdicts on ${of}`).toBe(1);
    return found[0]!;
  }
}

/** How a packet's samples are written. */
export interface Coding {
  readonly payloadType: number;
  readonly encode: (frame: Int16Array) => Uint8Array;
}

function g711(law: 'mu-law' | 'a-law'): (samples: Int16Array) => Uint8Array {
  return (samples) => {
    const bytes = new Uint8Array(samples.length);
    encodeG711(law, samples, bytes);
    return bytes;
  };
}
/** The usual one. */
export const MU_LAW: Coding = { payloadType: 0, encode: g711('mu-law') };
/** Europe's. */
export const A_LAW: Coding = { payloadType: 8, encode: g711('a-law') };
/** Plain samples. */
export const LINEAR: Coding = {
  payloadType: 11,
  encode: (frame) => {
    const bytes = Buffer.alloc(2 * frame.length);
    frame.forEach((sample, index) => bytes.writeInt16BE(sample, 2 * index));
    return bytes;
  },
};

/** Packets of one stream. @param codingAt the coding of each packet. */
export function packets(samples: Int16Array, codingAt: (index: number) => Coding = () => MU_LAW, samplesEach = FRAME_SAMPLES): Uint8Array[] {
  const made: Uint8Array[] = [];
  for (let start = 0; start + samplesEach <= samples.length; start += samplesEach) {
    const index = made.length;
    const { payloadType, encode } = codingAt(index);
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = payloadType;
    header.writeUInt16BE(index & 0xffff, 2);
    header.writeUInt32BE(start, 4);
    header.writeUInt32BE(7, 8);
    made.push(Buffer.concat([header, encode(samples.subarray(start, start + samplesEach))]));
  }
  return made;
}

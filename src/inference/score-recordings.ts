import type { MessagePort } from 'node:worker_threads';
import { FRAME_SAMPLES } from '../audio/frame.js';
import { SPEECH_MODEL_FILE, startInference, type Inference } from './inference.js';
import { ModelFault } from './model-fault.js';
import { blankScoreBatch, bufferOf, FRAMES_PER_ROW, SAMPLES_PER_ROW, type ScoreBatch } from './score-batch.js';

/** Recordings scored side by side. Chosen: beyond it a row costs no less. */
const ROWS_MAX = 128;

/** Scores recordings by the speech model, as live calls are scored. */
export interface RecordingScorer {
  /**
   * @param recordings at 8 kHz, of any length and number.
   * @returns for each recording the probability of speech in each of its whole 20 ms frames, 0..1.
   * @throws Error when the model gives no number, or the scorer is closed or dies.
   */
  score(recordings: readonly Int16Array[]): Promise<readonly Float32Array[]>;
  /** Ends its thread; may be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a thread of scores for recordings. Default: the project's own speech model.
 * @throws Error in one sentence with the cure when the model cannot be used.
 */
export async function openRecordingScorer(modelFile: string | URL = SPEECH_MODEL_FILE): Promise<RecordingScorer> {
  const inference = startInference(modelFile);
  let detail: string | undefined;
  inference.watch({ ready: () => undefined, troubled: (told) => (detail = told) });
  await inference.settled;
  const line = inference.openLine();
  if (line === undefined) throw new ModelFault(detail ?? 'There is no speech model.');
  const scoring = new RecordingScoring(inference, line);
  return { score: (recordings) => scoring.score(recordings), close: () => scoring.close() };
}

/** A recording on its way. */
interface Part {
  readonly samples: Int16Array;
  readonly scores: Float32Array;
  /** Frames that have been sent. */
  sentCount: number;
}

class RecordingScoring {
  readonly #inference: Inference;
  readonly #line: MessagePort;
  /** One after another: streams are numbered by their place in the batch. */
  #last: Promise<unknown> = Promise.resolve();
  #onBatch: { readonly resolve: (batch: ScoreBatch) => void; readonly reject: (error: Error) => void } | undefined;
  #isClosed = false;

  constructor(inference: Inference, line: MessagePort) {
    this.#inference = inference;
    this.#line = line;
    line.on('message', (batch: ScoreBatch) => this.#onBatch?.resolve(batch));
    line.once('close', () => {
      this.#isClosed = true;
      this.#onBatch?.reject(ended());
    });
  }

  score(recordings: readonly Int16Array[]): Promise<readonly Float32Array[]> {
    const scored = this.#last.then(() => this.#scoreAll(recordings));
    this.#last = scored.catch(() => undefined);
    return scored;
  }

  async close(): Promise<void> {
    await this.#inference.close();
  }

  /** The places of the batch are filled again as recordings come to their ends. */
  async #scoreAll(recordings: readonly Int16Array[]): Promise<readonly Float32Array[]> {
    const parts = recordings.map((samples): Part => ({ samples, scores: new Float32Array(Math.floor(samples.length / FRAME_SAMPLES)), sentCount: 0 }));
    const waiting = parts.filter(({ scores }) => scores.length > 0).reverse();
    const places: (Part | undefined)[] = Array.from({ length: Math.min(ROWS_MAX, waiting.length) });
    let batch = blankScoreBatch(places.length);
    for (;;) {
      places.forEach((part, place) => {
        if (part === undefined || part.sentCount >= part.scores.length) places[place] = waiting.pop();
      });
      const rows = places.flatMap((part, stream) => (part === undefined ? [] : [{ part, stream }]));
      if (rows.length === 0) return parts.map(({ scores }) => scores);
      rows.forEach(({ part, stream }, row) => writeRow(batch, row, part, stream));
      batch = await this.#send({ ...batch, rowCount: rows.length });
      const { speech } = batch;
      rows.forEach(({ part }, row) => takeRow(part, speech.subarray(row * FRAMES_PER_ROW, (row + 1) * FRAMES_PER_ROW)));
    }
  }

  #send(batch: ScoreBatch): Promise<ScoreBatch> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(ended());
      this.#onBatch = { resolve, reject };
      this.#line.postMessage(batch, [bufferOf(batch)]);
    });
  }
}

const ended = (): Error => new Error('The thread that hears speech has ended.');

/** A last frame without another is paired with silence. */
function writeRow(batch: ScoreBatch, row: number, part: Part, stream: number): void {
  const target = batch.samples.subarray(row * SAMPLES_PER_ROW, (row + 1) * SAMPLES_PER_ROW);
  const from = part.sentCount * FRAME_SAMPLES;
  const wholeSamples = part.scores.length * FRAME_SAMPLES;
  const piece = part.samples.subarray(from, Math.min(from + SAMPLES_PER_ROW, wholeSamples));
  target.set(piece);
  target.fill(0, piece.length);
  batch.streams[row] = stream;
  batch.isFirst[row] = part.sentCount === 0 ? 1 : 0;
}

function takeRow(part: Part, speech: Float32Array): void {
  if (Number.isNaN(speech[0])) throw new ModelFault('The speech model gives numbers that are no probabilities; restore its file from the release.');
  const { scores, sentCount } = part;
  scores.set(speech.subarray(0, scores.length - sentCount), sentCount);
  part.sentCount = Math.min(sentCount + FRAMES_PER_ROW, scores.length);
}

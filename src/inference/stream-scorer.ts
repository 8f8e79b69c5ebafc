import { FRAMES_PER_ROW, SAMPLES_PER_ROW, STREAM_COUNT_MAX, type ScoreBatch } from './score-batch.js';
import type { SpeechModel } from './speech-model.js';

const FULL_SCALE = 32_768;
/** Streams that memory is made for in one go. */
const STREAMS_GROWN = 64;

/** What it is scored by, shared by all lines of a thread, of which one runs at a time. */
export class ScoringTable {
  readonly model: SpeechModel;
  /** As many rows as the longest batch so far. */
  samples = new Float32Array(0);
  state = new Float32Array(0);

  constructor(model: SpeechModel) {
    this.model = model;
  }

  /** Room for so many rows; what was in them is lost. */
  makeRoom(rowCount: number): void {
    if (this.samples.length >= rowCount * SAMPLES_PER_ROW) return;
    this.samples = new Float32Array(rowCount * SAMPLES_PER_ROW);
    this.state = new Float32Array(rowCount * this.model.stateSize);
  }
}

/** Scores the batches of one line, and remembers its streams in between. */
export class StreamScorer {
  readonly #table: ScoringTable;
  /** The state of each stream by its number. */
  #states = new Float32Array(0);
  /** Rows whose score was no number. */
  #faultyCount = 0;

  constructor(table: ScoringTable) {
    this.#table = table;
  }

  /** Rows so far for which the model gave no number: they went without a score, and their streams began anew. */
  get faultyCount(): number {
    return this.#faultyCount;
  }

  /** Fills in the batch. Batches are to be given one after another. */
  async score(batch: ScoreBatch): Promise<void> {
    const table = this.#table;
    table.makeRoom(batch.rowCount);
    this.#layOut(batch);
    const scored = await table.model.run(table, batch.rowCount);
    this.#takeIn(batch, scored.speech, scored.nextState);
  }

  #layOut({ rowCount, streams, isFirst, samples }: ScoreBatch): void {
    const table = this.#table;
    const { stateSize } = table.model;
    const sampleCount = rowCount * SAMPLES_PER_ROW;
    for (let index = 0; index < sampleCount; index++) table.samples[index] = samples[index]! / FULL_SCALE;
    for (let row = 0; row < rowCount; row++) {
      const stream = streams[row]!;
      this.#remember(stream);
      const from = stream * stateSize;
      if (isFirst[row] === 1 || stream >= STREAM_COUNT_MAX) table.state.fill(0, row * stateSize, (row + 1) * stateSize);
      else table.state.set(this.#states.subarray(from, from + stateSize), row * stateSize);
    }
  }

  #takeIn({ rowCount, streams, speech }: ScoreBatch, scores: Float32Array, nextState: Float32Array): void {
    const { stateSize } = this.#table.model;
    for (let row = 0; row < rowCount; row++) {
      const stream = streams[row]!;
      const first = row * FRAMES_PER_ROW;
      const state = nextState.subarray(row * stateSize, (row + 1) * stateSize);
      // A state that holds one such number would spoil all that comes after it.
      const isSound = isProbability(scores[first]!) && isProbability(scores[first + 1]!) && state.every(Number.isFinite);
      if (!isSound) this.#faultyCount++;
      const isKept = isSound && stream < STREAM_COUNT_MAX;
      speech[first] = isKept ? scores[first]! : NaN;
      speech[first + 1] = isKept ? scores[first + 1]! : NaN;
      if (stream >= STREAM_COUNT_MAX) continue;
      if (isSound) this.#states.set(state, stream * stateSize);
      else this.#states.fill(0, stream * stateSize, (stream + 1) * stateSize);
    }
  }

  #remember(stream: number): void {
    const { stateSize } = this.#table.model;
    if (stream >= STREAM_COUNT_MAX || this.#states.length > stream * stateSize) return;
    const states = new Float32Array((Math.floor(stream / STREAMS_GROWN) + 1) * STREAMS_GROWN * stateSize);
    states.set(this.#states);
    this.#states = states;
  }
}

const isProbability = (value: number): boolean => value >= 0 && value <= 1;

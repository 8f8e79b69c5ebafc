import { readFile } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelFault } from './model-fault.js';
import { FRAMES_PER_ROW, SAMPLES_PER_ROW } from './score-batch.js';

/** Rows of the trial that a model has to pass before it is used. */
const TRIAL_ROW_COUNT = 3;

/**
 * One thread for all: the work of a batch is too small to be divided, and the
 * other cores have calls to steer. Denormals as zero: the state of a silent
 * call fades towards nothing, where processors are slow.
 */
const SESSION_OPTIONS = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Batches differ in length, so that a pattern of one fits no other.
  enableMemPattern: false,
  // Errors alone: they are thrown too, and told in our words.
  logSeverityLevel: 3,
  extra: { session: { set_denormal_as_zero: '1' } },
} as const satisfies InferenceSession.SessionOptions;

/** What a row's arrays are for one run, each as long as `rowCount` says or longer. */
export interface SpeechRows {
  /** {@link SAMPLES_PER_ROW} a row, -1..1. */
  readonly samples: Float32Array;
  /** `stateSize` a row; zeros for a stream that begins. */
  readonly state: Float32Array;
}

/** What a run has found, in the model's own memory: to be read before the next one. */
export interface SpeechScored {
  /** {@link FRAMES_PER_ROW} a row. */
  readonly speech: Float32Array;
  /** `stateSize` a row: the state for the stream's next row. */
  readonly nextState: Float32Array;
}

/** The runtime's part of a model; the only thing that is known of it outside. */
interface Runtime {
  readonly session: InferenceSession;
  readonly createTensor: (data: Float32Array, dims: readonly number[]) => Tensor;
}

/**
 * The neural net that hears speech in two frames of a call, many calls at a
 * time. Its run holds the thread it is called on.
 */
export class SpeechModel {
  readonly #runtime: Runtime;
  /** Numbers that a stream's memory takes. */
  readonly stateSize: number;

  private constructor(runtime: Runtime, stateSize: number) {
    this.#runtime = runtime;
    this.stateSize = stateSize;
  }

  /**
   * Loads a model and tries it.
   * @throws ModelFault in one sentence with the cure when the file is missing, is no such model, or scores nonsense.
   */
  static async load(file: string): Promise<SpeechModel> {
    const bytes = await readModelFile(file);
    const runtime = await openSession(file, bytes);
    const model = new SpeechModel(runtime, stateSizeOf(file, runtime.session));
    await model.#passTrial(file);
    return model;
  }

  /** Scores the first `rowCount` rows side by side. */
  async run(rows: SpeechRows, rowCount: number): Promise<SpeechScored> {
    const { session, createTensor } = this.#runtime;
    const samples = createTensor(rows.samples.subarray(0, rowCount * SAMPLES_PER_ROW), [rowCount, SAMPLES_PER_ROW]);
    const state = createTensor(rows.state.subarray(0, rowCount * this.stateSize), [rowCount, this.stateSize]);
    const { speech, next_state: nextState } = await session.run({ samples, state });
    return { speech: floatsOf(speech, rowCount * FRAMES_PER_ROW), nextState: floatsOf(nextState, rowCount * this.stateSize) };
  }

  /** Gives the model's memory back. */
  async close(): Promise<void> {
    await this.#runtime.session.release();
  }

  /** Silence, noise and a stream that goes on from a state: what no model may fail on. */
  async #passTrial(file: string): Promise<void> {
    const samples = new Float32Array(TRIAL_ROW_COUNT * SAMPLES_PER_ROW);
    for (let index = SAMPLES_PER_ROW; index < samples.length; index++) samples[index] = Math.sin(index * index) / 4;
    let state: Float32Array = new Float32Array(TRIAL_ROW_COUNT * this.stateSize);
    for (let round = 0; round < 2; round++) {
      const scored = await this.run({ samples, state }, TRIAL_ROW_COUNT).catch((error: unknown) => {
        throw new ModelFault(`The speech model ${file} cannot be run (${messageOf(error)}); ${RESTORE}.`);
      });
      if (!scored.speech.every((ratio) => ratio >= 0 && ratio <= 1) || !scored.nextState.every(Number.isFinite)) {
        throw new ModelFault(`The speech model ${file} scores plain audio with what is no probability; ${RESTORE}.`);
      }
      state = scored.nextState;
    }
  }
}

const RESTORE = 'restore the file from the release that this version came in, and start anew';

async function readModelFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new ModelFault(`There is no speech model at ${file}; ${RESTORE}.`);
    throw new ModelFault(`The speech model ${file} cannot be read (${messageOf(error)}); let this user read it, and start anew.`);
  }
}

async function openSession(file: string, bytes: Buffer): Promise<Runtime> {
  // Loaded here, so that a platform without it is told like a model that is missing.
  const runtime = await import('onnxruntime-node').catch((error: unknown) => {
    throw new ModelFault(`The package onnxruntime-node does not load on this machine (${messageOf(error)}); install the packages anew with npm ci.`);
  });
  try {
    const session = await runtime.InferenceSession.create(bytes, SESSION_OPTIONS);
    return { session, createTensor: (data, dims) => new runtime.Tensor('float32', data, dims) };
  } catch (error) {
    throw new ModelFault(`The speech model ${file} is no ONNX model or is cut short (${messageOf(error)}); ${RESTORE}.`);
  }
}

/** @returns the length of a stream's state. @throws ModelFault when inputs or outputs are not those of a speech model. */
function stateSizeOf(file: string, session: InferenceSession): number {
  const stateSize = session.inputMetadata.flatMap((input) => (input.name === 'state' && input.isTensor ? [Number(input.shape[1])] : []))[0] ?? NaN;
  const wanted = [
    ...['samples', 'state'].map((name, index) => ({ name, found: session.inputMetadata, size: [SAMPLES_PER_ROW, stateSize][index] })),
    ...['speech', 'next_state'].map((name, index) => ({ name, found: session.outputMetadata, size: [FRAMES_PER_ROW, stateSize][index] })),
  ];
  const isOfKind = ({ name, found, size }: (typeof wanted)[number]): boolean =>
    found.some((value) => value.name === name && value.isTensor && value.type === 'float32' && value.shape.length === 2 && value.shape[1] === size);
  const faults = wanted.filter((value) => !isOfKind(value));
  if (faults.length === 0 && session.inputMetadata.length === 2 && stateSize > 0) return stateSize;
  throw new ModelFault(
    `The file ${file} is not the speech model (it needs samples [n,${SAMPLES_PER_ROW}] and state, and gives speech [n,${FRAMES_PER_ROW}] and next_state; wrong: ${
      faults.map(({ name }) => name).join(', ') || 'inputs too many'
    }); ${RESTORE}.`,
  );
}

function floatsOf(tensor: Tensor | undefined, length: number): Float32Array {
  const data = tensor?.data;
  if (data instanceof Float32Array && data.length === length) return data;
  throw new Error(`the output holds ${data?.length ?? 0} numbers, not ${length}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.trim();

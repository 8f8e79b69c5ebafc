/**
 * ONNX files made by hand, for what no good model does: a speech model that
 * takes other rows, keeps no state, or gives what is no number. Encoded as
 * the protocol buffers of onnx.proto (IR version 8, operator set 13).
 */
import { SAMPLES_PER_ROW } from '../../src/inference/score-batch.js';

/** How a made model differs from one that works. */
export interface TinyModelFaults {
  /** Samples it takes a row. Default what it should. */
  readonly samplesPerRow?: number;
  /** Its second output is left out. */
  readonly hasNoNextState?: boolean;
  /** Its weights are no numbers. */
  readonly hasBrokenWeights?: boolean;
  /** It gives no number once the mean of a row's magnitudes is over a half. */
  readonly failsOnLoudAudio?: boolean;
}

const STATE_SIZE = 4;
const FLOAT = 1;

/** A model by whose word louder audio is speech: √(1 - 2 · mean magnitude), taken from 1. */
export function tinyModel(faults: TinyModelFaults = {}): Uint8Array {
  const { samplesPerRow = SAMPLES_PER_ROW, hasNoNextState = false, hasBrokenWeights = false, failsOnLoudAudio = false } = faults;
  const slope = failsOnLoudAudio ? 2 : 1;
  const weights = new Float32Array(2 * samplesPerRow).fill(hasBrokenWeights ? NaN : slope / samplesPerRow);
  const nodes = [
    node('Abs', ['samples'], 'magnitude'),
    node('MatMul', ['magnitude', 'weights'], 'loudness'),
    node('Sub', ['one', 'loudness'], 'rest'),
    node('Sqrt', ['rest'], 'root'),
    node('Sub', ['one', 'root'], 'speech'),
    ...(hasNoNextState ? [] : [node('Identity', ['state'], 'next_state')]),
  ];
  const graph = [
    ...nodes.flatMap((one) => field(1, one)),
    ...field(2, text('tiny')),
    ...field(5, tensor('weights', [samplesPerRow, 2], weights)),
    ...field(5, tensor('one', [1], Float32Array.of(1))),
    ...field(11, value('samples', samplesPerRow)),
    ...field(11, value('state', STATE_SIZE)),
    ...field(12, value('speech', 2)),
    ...(hasNoNextState ? [] : field(12, value('next_state', STATE_SIZE))),
  ];
  const operatorSet = [...field(1, text('')), ...number(2, 13)];
  return Uint8Array.from([...number(1, 8), ...field(7, graph), ...field(8, operatorSet)]);
}

const text = (value: string): readonly number[] => [...Buffer.from(value)];

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** A field of bytes: text, or a message within. */
const field = (id: number, bytes: readonly number[]): readonly number[] => [(id << 3) | 2, ...varint(bytes.length), ...bytes];
const number = (id: number, value: number): readonly number[] => [id << 3, ...varint(value)];

const node = (operator: string, inputs: readonly string[], output: string): readonly number[] => [
  ...inputs.flatMap((input) => field(1, text(input))),
  ...field(2, text(output)),
  ...field(4, text(operator)),
];

const tensor = (name: string, dims: readonly number[], values: Float32Array): readonly number[] => [
  ...dims.flatMap((dim) => number(1, dim)),
  ...number(2, FLOAT),
  ...field(8, text(name)),
  ...field(9, [...new Uint8Array(values.buffer)]),
];

/** A row of any number of rows. */
function value(name: string, size: number): readonly number[] {
  const shape = [...field(1, field(2, text('n'))), ...field(1, number(1, size))];
  return [...field(1, text(name)), ...field(2, field(1, [...number(1, FLOAT), ...field(2, shape)]))];
}

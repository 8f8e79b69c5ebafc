import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { SPEECH_MODEL_FILE } from '../../../src/inference/inference.js';
import { ModelFault } from '../../../src/inference/model-fault.js';
import { SpeechModel } from '../../../src/inference/speech-model.js';
import { tinyModel, type TinyModelFaults } from '../../support/tiny-model.js';

const folder = mkdtempSync(join(tmpdir(), 'outdial-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What loading the file is refused with. */
async function refusal(bytes: Uint8Array | undefined): Promise<string> {
  const file = join(folder, 'speech.onnx');
  rmSync(file, { force: true });
  if (bytes !== undefined) writeFileSync(file, bytes);
  const error: unknown = await SpeechModel.load(file).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ModelFault)) throw new Error('The model was not refused.');
  expect(error.message).toContain(file);
  expect(error.message).toMatch(/restore the file from the release/);
  expect(error.message.split('\n').length).toBe(1);
  return error.message;
}

const broken = (faults: TinyModelFaults) => refusal(tinyModel(faults));

describe('a speech model', () => {
  test('that comes with the project is loaded', async () => {
    const model = await SpeechModel.load(fileURLToPath(SPEECH_MODEL_FILE));
    expect(model.stateSize).toBeGreaterThan(0);
    await model.close();
  });

  test('that is missing is refused with the cure', async () => {
    expect(await refusal(undefined)).toMatch(/^There is no speech model at/);
  });

  test('that is cut short is refused with the cure', async () => {
    const whole = readFileSync(SPEECH_MODEL_FILE);
    expect(await refusal(whole.subarray(0, whole.length / 2))).toMatch(/is no ONNX model or is cut short/);
  });

  test('that is no ONNX at all is refused with the cure', async () => {
    expect(await refusal(Buffer.from('<html>404 Not Found</html>'))).toMatch(/is no ONNX model or is cut short/);
  });

  test('that is empty is refused with the cure', async () => {
    expect(await refusal(new Uint8Array(0))).toMatch(/is no ONNX model or is cut short/);
  });

  test('that takes rows of another length is refused, told what is wrong', async () => {
    expect(await broken({ samplesPerRow: 160 })).toMatch(/is not the speech model.*wrong: samples\)/);
  });

  test('that keeps no state is refused, told what is wrong', async () => {
    expect(await broken({ hasNoNextState: true })).toMatch(/is not the speech model.*wrong: next_state\)/);
  });

  test('whose weights are no numbers is refused with the cure', async () => {
    expect(await broken({ hasBrokenWeights: true })).toMatch(/scores plain audio with what is no probability/);
  });
});

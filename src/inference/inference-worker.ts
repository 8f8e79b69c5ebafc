import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { assertNever } from '../units/assert-never.js';
import type { InferenceOrder, InferenceReport, InferenceWorkerData } from './inference-message.js';
import { ModelFault } from './model-fault.js';
import { bufferOf, type ScoreBatch } from './score-batch.js';
import { SpeechModel } from './speech-model.js';
import { ScoringTable, StreamScorer } from './stream-scorer.js';

/**
 * The thread of scores: one model for all calls. The model's run holds its
 * thread, so that it has one to itself. Whoever sends batches by a line bounds
 * how many are on their way; here they are taken in the order they come.
 */

/** One line, and what it is known by here. */
interface Line {
  readonly port: MessagePort;
  readonly scorer: StreamScorer;
}

const { modelFile } = workerData as InferenceWorkerData;
const parent = parentPort;
if (parent === null) throw new Error('inference-worker runs in a worker thread only.');

const report = (message: InferenceReport): void => parent.postMessage(message);
const lines = new Set<Line>();
const waiting: { readonly line: Line; readonly batch: ScoreBatch }[] = [];
let isScoring = false;
let isClosing = false;

const model = await SpeechModel.load(modelFile).catch((error: unknown) => {
  if (!(error instanceof ModelFault)) throw error;
  report({ type: 'refused', detail: error.message });
  return undefined;
});

if (model !== undefined) {
  const table = new ScoringTable(model);
  parent.on('message', (order: InferenceOrder) => {
    switch (order.type) {
      case 'line':
        return openLine(order.port, table);
      case 'close':
        isClosing = true;
        if (!isScoring) void close();
        return;
      default:
        return assertNever(order);
    }
  });
  report({ type: 'ready' });
}

function openLine(port: MessagePort, table: ScoringTable): void {
  const line = { port, scorer: new StreamScorer(table) };
  lines.add(line);
  port.on('message', (batch: ScoreBatch) => {
    waiting.push({ line, batch });
    if (!isScoring) void scoreWaiting();
  });
  port.once('close', () => lines.delete(line));
}

async function scoreWaiting(): Promise<void> {
  isScoring = true;
  for (let next = waiting.shift(); next !== undefined && !isClosing; next = waiting.shift()) {
    const { line, batch } = next;
    const faultyBefore = line.scorer.faultyCount;
    await line.scorer.score(batch);
    line.port.postMessage(batch, [bufferOf(batch)]);
    const rowCount = line.scorer.faultyCount - faultyBefore;
    if (rowCount > 0) report({ type: 'nonsense', rowCount });
  }
  isScoring = false;
  if (isClosing) await close();
}

async function close(): Promise<void> {
  for (const { port } of lines) port.close();
  await model?.close();
  parent?.close();
}

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { VerdictModel } from '../amd/verdict-model.js';
import { FRAME_MS } from '../audio/frame.js';
import { loadAnswerModel } from '../inference/answer-model.js';
import { ModelFault } from '../inference/model-fault.js';
import type { ScoreBatch } from '../inference/score-batch.js';
import { assertNever } from '../units/assert-never.js';
import type { CallId } from '../units/ids.js';
import { monotonicMs, type MonotonicMs } from '../units/time.js';
import { LateScores } from './late-scores.js';
import type { MediaOrder, MediaReport, MediaWorkerData } from './media-message.js';
import { SpeechLine } from './speech-line.js';
import { TappedCalls } from './tapped-calls.js';

/**
 * The media thread: one UDP socket for the audio of all calls, away from the
 * thread that steers them, so that neither waits for the other. Frames get
 * their probability of speech from the thread of scores, straight by a line.
 */

/**
 * Asked of the kernel, which may give less (net.core.rmem_max). Chosen: half a
 * second of 300 calls, 15,000 packets a second of some 230 bytes.
 */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

const { host, port, switchAddress, answerModelFile } = workerData as MediaWorkerData;
const parent = parentPort;
if (parent === null) throw new Error('media-worker runs in a worker thread only.');

const report = (message: MediaReport): void => parent.postMessage(message);
const now = (): MonotonicMs => monotonicMs(performance.now());
const line = new SpeechLine();
const lateScores = new LateScores();
/** The order to analyse that each call is listened to by. */
const runIds = new Map<CallId, number>();
let scorePort: MessagePort | undefined;
const calls = new TappedCalls(
  (analysis) => report({ type: 'analysed', runId: runIds.get(analysis.callId) ?? 0, analysis }),
  (callId) => {
    report({ type: 'finished', runId: runIds.get(callId) ?? 0, callId });
    runIds.delete(callId);
  },
  {
    // A packet that cannot leave is lost as any may be.
    send: (datagram, to) => socket.send(datagram.slice(), to.port, to.address, () => undefined),
    ended: (end) => report({ type: 'speech-ended', end }),
    newSsrc: () => randomInt(2 ** 32),
  },
  (sourcePort, callId) => report({ type: 'audio-came', sourcePort, callId }),
  { line, model: answerModel() },
);
const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });

socket.on('message', (datagram, from) => {
  if (switchAddress !== undefined && from.address !== switchAddress) calls.refuse();
  else calls.receive(from, datagram, now());
});
socket.once('error', (error) => {
  report({ type: 'not-listening', detail: error.message });
  close();
});
socket.bind(port, host, () => {
  socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  report({ type: 'listening', port: socket.address().port, receiveBufferBytes: socket.getRecvBufferSize() });
});
const ticker = setInterval(() => {
  const at = now();
  calls.tick(at);
  if (lateScores.look(line.counts, line.isConnected, at)) report({ type: 'scores-late', detail: lateScores.detail });
}, FRAME_MS);

parent.on('message', (order: MediaOrder) => {
  switch (order.type) {
    case 'attach':
      return calls.attach(order.sourcePort, order.callId, order.format, now());
    case 'detach':
      return calls.detach(order.sourcePort);
    case 'analyse':
      runIds.set(order.callId, order.runId);
      return calls.analyse(order.callId, order.options, now());
    case 'stop':
      runIds.delete(order.callId);
      return calls.stop(order.callId, now());
    case 'speak':
      return calls.speak(order.callId, { samples: order.samples, markId: order.markId });
    case 'hush':
      return calls.hush(order.callId);
    case 'score-line':
      return connectScores(order.port);
    case 'snippet':
      return report({ type: 'snippet', samples: calls.snippet(order.callId) });
    case 'count':
      return report({ type: 'counted', counts: calls.counts });
    case 'close':
      return close();
    default:
      return assertNever(order);
  }
});

/** Undefined, and told, when it cannot be used. */
function answerModel(): VerdictModel | undefined {
  if (answerModelFile === undefined) return undefined;
  try {
    return loadAnswerModel(answerModelFile);
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    report({ type: 'answer-model-refused', detail: error.message });
    return undefined;
  }
}

function connectScores(port: MessagePort): void {
  scorePort?.close();
  scorePort = port;
  port.on('message', (batch: ScoreBatch) => {
    if (scorePort === port) line.answered(batch, now());
  });
  port.once('close', () => {
    if (scorePort !== port) return;
    scorePort = undefined;
    line.disconnect(now());
  });
  line.connect((batch, moved) => port.postMessage(batch, moved), now());
}

function close(): void {
  scorePort?.close();
  clearInterval(ticker);
  socket.close();
  parent?.close();
}

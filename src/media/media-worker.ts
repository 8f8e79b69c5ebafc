import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { parentPort, workerData } from 'node:worker_threads';
import { FRAME_MS } from '../audio/frame.js';
import { assertNever } from '../units/assert-never.js';
import { monotonicMs, type MonotonicMs } from '../units/time.js';
import type { MediaOrder, MediaReport, MediaWorkerData } from './media-message.js';
import { TappedCalls } from './tapped-calls.js';

/**
 * The media thread: one UDP socket for the audio of all calls, away from the
 * thread that steers them, so that neither waits for the other.
 */

/**
 * Asked of the kernel, which may give less (net.core.rmem_max). Chosen: half a
 * second of 300 calls, 15,000 packets a second of some 230 bytes.
 */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

const { host, port, switchAddress } = workerData as MediaWorkerData;
const parent = parentPort;
if (parent === null) throw new Error('media-worker runs in a worker thread only.');

const report = (message: MediaReport): void => parent.postMessage(message);
const now = (): MonotonicMs => monotonicMs(performance.now());
const calls = new TappedCalls(
  (analysis) => report({ type: 'analysed', analysis }),
  (callId) => report({ type: 'finished', callId }),
  {
    // A packet that cannot leave is lost as any may be.
    send: (datagram, to) => socket.send(datagram.slice(), to.port, to.address, () => undefined),
    ended: (end) => report({ type: 'speech-ended', end }),
    newSsrc: () => randomInt(2 ** 32),
  },
  (sourcePort, callId) => report({ type: 'audio-came', sourcePort, callId }),
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
const ticker = setInterval(() => calls.tick(now()), FRAME_MS);

parent.on('message', (order: MediaOrder) => {
  switch (order.type) {
    case 'attach':
      return calls.attach(order.sourcePort, order.callId, order.format, now());
    case 'detach':
      return calls.detach(order.sourcePort);
    case 'analyse':
      return calls.analyse(order.callId, order.options, now());
    case 'stop':
      return calls.stop(order.callId);
    case 'speak':
      return calls.speak(order.callId, { samples: order.samples, markId: order.markId });
    case 'hush':
      return calls.hush(order.callId);
    case 'count':
      return report({ type: 'counted', counts: calls.counts });
    case 'close':
      return close();
    default:
      return assertNever(order);
  }
});

function close(): void {
  clearInterval(ticker);
  socket.close();
  parent?.close();
}

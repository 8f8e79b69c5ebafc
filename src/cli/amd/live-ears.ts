import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { FRAME_MS, FRAME_SAMPLES } from '../../audio/frame.js';
import { ANSWER_MODEL_FILE } from '../../inference/answer-model.js';
import { startInference, type Inference } from '../../inference/inference.js';
import { AudioTimeline } from '../../media/audio-timeline.js';
import type { Analysis } from '../../media/media-message.js';
import { MediaPlane } from '../../media/media-plane.js';
import { blankRtpPacket, readRtpPacket } from '../../media/rtp-packet.js';
import type { AudioFormat, CallAudio } from '../../telephony/call-audio.js';
import type { CallId } from '../../units/ids.js';
import { monotonicMs, type MonotonicMs, type Ms } from '../../units/time.js';
import type { FoundVerdict } from './detector-finding.js';

/** One call while it is listened to. */
interface HeardCall {
  readonly timeline: AudioTimeline;
  readonly frames: Int16Array[];
  readonly verdicts: FoundVerdict[];
}

/** What was heard on one call, and what the service said of it meanwhile. */
export interface CallHeard {
  /** From the answer on, at 8 kHz, as the service heard it. */
  readonly samples: Int16Array;
  readonly verdicts: readonly FoundVerdict[];
  /** Silence put in for audio that did not come in time, the first moments before any came included. */
  readonly filledMs: Ms;
}

/**
 * The ears of the service on real calls: its media plane and its thread of
 * scores judge them in real time. What they hear is kept, too: each packet is
 * passed on to the media plane from a socket of its tap's own, since a call is
 * known there by the port it comes from.
 */
export class LiveEars implements CallAudio {
  readonly #socket: Socket;
  readonly #inference: Inference;
  readonly #plane: MediaPlane;
  readonly #ticker: NodeJS.Timeout;
  /** Those that are bound, by the port they pass on from. */
  readonly #relays = new Map<number, Socket>();
  readonly #relaySockets = new Set<Socket>();
  readonly #callByPort = new Map<number, CallId>();
  readonly #calls = new Map<CallId, HeardCall>();
  readonly #packet = blankRtpPacket();
  readonly #troubles: Set<string>;

  private constructor(socket: Socket, inference: Inference, plane: MediaPlane, calls: Map<CallId, HeardCall>, troubles: Set<string>) {
    this.#socket = socket;
    this.#inference = inference;
    this.#plane = plane;
    this.#calls = calls;
    this.#troubles = troubles;
    socket.on('message', (datagram, from) => this.#receive(from.port, datagram));
    this.#ticker = setInterval(() => {
      for (const { timeline } of this.#calls.values()) timeline.tick(now());
    }, FRAME_MS);
  }

  /** Starts the service's threads, and listens on the loopback address. */
  static async open(): Promise<LiveEars> {
    const calls = new Map<CallId, HeardCall>();
    const troubles = new Set<string>();
    const inference = startInference();
    await inference.settled;
    const plane = await MediaPlane.start({
      host: '127.0.0.1',
      port: 0,
      scores: inference,
      answerModelFile: ANSWER_MODEL_FILE,
      onAnalysis: (analysis) => keepVerdict(calls, analysis),
      onFailure: (detail) => troubles.add(`The media thread failed during the calls: ${detail}.`),
      onDegraded: (detail) => {
        if (detail !== undefined) troubles.add(detail);
      },
    });
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new LiveEars(socket, inference, plane, calls, troubles);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** What went wrong so far, in sentences. */
  get troubles(): readonly string[] {
    return [...this.#troubles];
  }

  attach(sourcePort: number, callId: CallId, format: AudioFormat): void {
    this.#callByPort.set(sourcePort, callId);
    const known = this.#relays.get(sourcePort);
    if (known !== undefined) {
      this.#plane.attach(known.address().port, callId, format);
      return;
    }
    const relay = createSocket('udp4');
    this.#relaySockets.add(relay);
    relay.bind(0, '127.0.0.1', () => {
      this.#relays.set(sourcePort, relay);
      this.#plane.attach(relay.address().port, callId, format);
    });
  }

  detach(sourcePort: number): void {
    this.#callByPort.delete(sourcePort);
    const relay = this.#relays.get(sourcePort);
    if (relay !== undefined) this.#plane.detach(relay.address().port);
  }

  /** The call has been answered: its audio time is 0 now, whether audio comes or not. */
  begin(callId: CallId): void {
    const frames: Int16Array[] = [];
    this.#calls.set(callId, { frames, verdicts: [], timeline: new AudioTimeline(now(), (frame) => frames.push(frame.slice())) });
    this.#plane.analyse(callId);
  }

  /** The service has given its first verdict. */
  hasDecided(callId: CallId): boolean {
    return this.#calls.get(callId)?.verdicts.some(({ stage }) => stage === 'decided') ?? false;
  }

  /** All that was heard and said until now; the call is forgotten. */
  end(callId: CallId): CallHeard {
    this.#plane.stop(callId);
    const call = this.#calls.get(callId);
    if (call === undefined) return { samples: new Int16Array(), verdicts: [], filledMs: 0 };
    this.#calls.delete(callId);
    const { frames, verdicts, timeline } = call;
    const samples = new Int16Array(frames.length * FRAME_SAMPLES);
    frames.forEach((frame, index) => samples.set(frame, index * FRAME_SAMPLES));
    return { samples, verdicts, filledMs: timeline.counts.filledMs };
  }

  /** Ends the threads and closes the sockets. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    this.#socket.close();
    for (const relay of this.#relaySockets) relay.close();
    await this.#plane.close();
    await this.#inference.close();
  }

  #receive(sourcePort: number, datagram: Uint8Array): void {
    const callId = this.#callByPort.get(sourcePort);
    const call = callId === undefined ? undefined : this.#calls.get(callId);
    if (call !== undefined && readRtpPacket(datagram, this.#packet)) call.timeline.accept(this.#packet, datagram, now());
    const colon = this.#plane.address.lastIndexOf(':');
    this.#relays.get(sourcePort)?.send(datagram, Number(this.#plane.address.slice(colon + 1)), '127.0.0.1');
  }
}

function keepVerdict(calls: ReadonlyMap<CallId, HeardCall>, analysis: Analysis): void {
  if (analysis.type !== 'answer-analysed') return;
  const { callId, stage, verdict, reason, decidedAfterMs, silentForMs } = analysis;
  const speechEndedAtMs = silentForMs > 0 ? decidedAfterMs - silentForMs : undefined;
  calls.get(callId)?.verdicts.push({ stage, verdict, reason, atMs: decidedAfterMs, speechEndedAtMs });
}

const now = (): MonotonicMs => monotonicMs(performance.now());

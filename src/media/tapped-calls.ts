import type { CallId } from '../units/ids.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { CallAnalysis } from './call-analysis.js';
import type { Analysis, CallAnalysisOptions, MediaCounts } from './media-message.js';
import { blankRtpPacket, readRtpPacket } from './rtp-packet.js';

/**
 * Packets still on their way when a tap changes hands belong to the call
 * before. Chosen: a tenth of a second is much longer than any queue between
 * two programs next to each other, and shorter than anyone's first word.
 */
const STALE_WITHIN_MS: Ms = 100;

interface Tap {
  readonly callId: CallId;
  readonly attachedAtMs: MonotonicMs;
  /** The stream that came from this port for the call before. */
  readonly formerSsrc: number | undefined;
}

/**
 * All calls whose audio comes in, told apart by the port the switch sends
 * from. Taps and analyses come and go on their own: an analysis without a tap
 * hears silence, a tap without an analysis is not decoded. Pure but for the
 * clock it is handed, so that it can be tested packet by packet.
 */
export class TappedCalls {
  readonly #onAnalysis: (analysis: Analysis) => void;
  readonly #onFinished: (callId: CallId) => void;
  readonly #taps = new Map<number, Tap>();
  readonly #analyses = new Map<CallId, CallAnalysis>();
  /** The last stream of each port ever attached; at most one entry a port. */
  readonly #ssrcByPort = new Map<number, number>();
  readonly #packet = blankRtpPacket();
  readonly #counts = {
    packetCount: 0,
    strangerCount: 0,
    staleCount: 0,
    malformedCount: 0,
    playedCount: 0,
    lateCount: 0,
    filledMs: 0,
  };

  /** @param onFinished told of each analysis after which nothing more can be found. */
  constructor(onAnalysis: (analysis: Analysis) => void, onFinished: (callId: CallId) => void) {
    this.#onAnalysis = onAnalysis;
    this.#onFinished = onFinished;
  }

  get counts(): MediaCounts {
    return { ...this.#counts, attachedCount: this.#taps.size, analysingCount: this.#analyses.size };
  }

  /** From now on packets from this port are this call's; the port's former call loses it. */
  attach(sourcePort: number, callId: CallId, now: MonotonicMs): void {
    this.#taps.set(sourcePort, { callId, attachedAtMs: now, formerSsrc: this.#ssrcByPort.get(sourcePort) });
  }

  /** Packets from this port are nobody's any more; harmless when they were not. */
  detach(sourcePort: number): void {
    this.#taps.delete(sourcePort);
  }

  /** Begins to listen; a second time for the same call begins anew. @throws RangeError on options out of their ranges. */
  analyse(callId: CallId, options: CallAnalysisOptions, now: MonotonicMs): void {
    this.stop(callId);
    this.#analyses.set(callId, new CallAnalysis(callId, options, now, this.#onAnalysis));
  }

  /** Listens no more; harmless when it did not. */
  stop(callId: CallId): void {
    const analysis = this.#analyses.get(callId);
    if (analysis === undefined) return;
    const { playedCount, lateCount, filledMs } = analysis.timeline.counts;
    this.#counts.playedCount += playedCount;
    this.#counts.lateCount += lateCount;
    this.#counts.filledMs += filledMs;
    this.#analyses.delete(callId);
  }

  /** Counts a datagram that does not come from the switch at all. */
  refuse(): void {
    this.#counts.packetCount++;
    this.#counts.strangerCount++;
  }

  /** Takes one datagram; it is read at once and not kept. */
  receive(sourcePort: number, datagram: Uint8Array, now: MonotonicMs): void {
    this.#counts.packetCount++;
    const tap = this.#taps.get(sourcePort);
    if (tap === undefined) {
      this.#counts.strangerCount++;
      return;
    }
    const packet = this.#packet;
    if (!readRtpPacket(datagram, packet)) {
      this.#counts.malformedCount++;
      return;
    }
    if (packet.ssrc === tap.formerSsrc && now - tap.attachedAtMs < STALE_WITHIN_MS) {
      this.#counts.staleCount++;
      return;
    }
    this.#ssrcByPort.set(sourcePort, packet.ssrc);
    const analysis = this.#analyses.get(tap.callId);
    if (analysis === undefined) return;
    analysis.at(now).accept(packet, datagram, now);
    if (analysis.isDone) this.#finish(tap.callId);
  }

  /** To be called every 20 ms: silence goes on where nothing comes. */
  tick(now: MonotonicMs): void {
    for (const [callId, analysis] of this.#analyses) {
      analysis.at(now).tick(now);
      if (analysis.isDone) this.#finish(callId);
    }
  }

  #finish(callId: CallId): void {
    this.stop(callId);
    this.#onFinished(callId);
  }
}

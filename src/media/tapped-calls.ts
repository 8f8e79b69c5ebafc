import type { AudioFormat } from '../telephony/call-audio.js';
import type { CallId } from '../units/ids.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { CallAnalysis, type Judging } from './call-analysis.js';
import { CallSpeech, type SpeechPiece } from './call-speech.js';
import type { Analysis, CallAnalysisOptions, MediaCounts, SpeechEnd } from './media-message.js';
import { RawStream } from './raw-stream.js';
import { blankRtpPacket, readRtpPacket, type RtpPacket } from './rtp-packet.js';
import { SnippetShelf } from './snippet-shelf.js';
import { SpeechLine } from './speech-line.js';

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
  /** Numbers what comes without numbers; undefined for RTP. */
  readonly raw: RawStream | undefined;
  readonly speech: CallSpeech;
  /** Where the call's audio comes from, and what is said to it goes; undefined until the first packet. */
  source: AudioSource | undefined;
}

/** Where a datagram came from or goes to. */
export interface AudioSource {
  readonly address: string;
  readonly port: number;
}

/** What saying something to calls takes. */
export interface SpeechOutlet {
  /** Sends one datagram; it is overwritten by the next. */
  send(datagram: Uint8Array, to: AudioSource): void;
  /** Told once of each piece that has a mark. */
  ended(end: SpeechEnd): void;
  /** A number of 32 bits that no other stream has; by chance. */
  newSsrc(): number;
}

/**
 * All calls whose audio comes in, told apart by the port the switch sends
 * from, and what is said to them. Taps and analyses come and go on their own:
 * an analysis without a tap hears silence, a tap without an analysis is not
 * decoded. Speech is its tap's and goes with it. Pure but for the
 * clock it is handed, so that it can be tested packet by packet.
 */
export class TappedCalls {
  readonly #onAnalysis: (analysis: Analysis) => void;
  readonly #onFinished: (callId: CallId) => void;
  readonly #outlet: SpeechOutlet;
  readonly #onFirstAudio: (sourcePort: number, callId: CallId) => void;
  readonly #taps = new Map<number, Tap>();
  readonly #tapOfCall = new Map<CallId, Tap>();
  readonly #analyses = new Map<CallId, CallAnalysis>();
  readonly #snippets = new SnippetShelf();
  readonly #judging: Judging;
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

  /**
   * @param onFinished told of each analysis after which nothing more can be found.
   * @param onFirstAudio told of the first audio of each tap.
   * @param judging what calls are judged with; default scores of no line, and the rules.
   */
  constructor(
    onAnalysis: (analysis: Analysis) => void,
    onFinished: (callId: CallId) => void,
    outlet: SpeechOutlet,
    onFirstAudio: (sourcePort: number, callId: CallId) => void = () => undefined,
    judging: Partial<Judging> = {},
  ) {
    this.#judging = { line: new SpeechLine(), model: undefined, ...judging };
    this.#onFirstAudio = onFirstAudio;
    this.#onAnalysis = onAnalysis;
    this.#onFinished = onFinished;
    this.#outlet = outlet;
  }

  get counts(): MediaCounts {
    return { ...this.#counts, ...this.#judging.line.counts, attachedCount: this.#taps.size, analysingCount: this.#analyses.size };
  }

  /** From now on packets from this port are this call's; the port's former call loses it. */
  attach(sourcePort: number, callId: CallId, format: AudioFormat, now: MonotonicMs): void {
    this.detach(sourcePort);
    const tap: Tap = {
      callId,
      attachedAtMs: now,
      formerSsrc: this.#ssrcByPort.get(sourcePort),
      raw: format === 'raw-l16' ? new RawStream() : undefined,
      speech: new CallSpeech(format, this.#outlet.newSsrc(), {
        send: (datagram) => {
          if (tap.source !== undefined) this.#outlet.send(datagram, tap.source);
        },
        spoken: (markId) => this.#outlet.ended({ callId, markId, outcome: 'spoken' }),
      }),
      source: undefined,
    };
    this.#taps.set(sourcePort, tap);
    this.#tapOfCall.set(callId, tap);
  }

  /** Packets from this port are nobody's any more; harmless when they were not. */
  detach(sourcePort: number): void {
    const tap = this.#taps.get(sourcePort);
    if (tap === undefined) return;
    this.#taps.delete(sourcePort);
    this.#hush(tap);
    if (this.#tapOfCall.get(tap.callId) === tap) this.#tapOfCall.delete(tap.callId);
  }

  /** Says something to a call after what waits already; it goes where the call's audio comes from, once some came. */
  speak(callId: CallId, piece: SpeechPiece): void {
    if (this.#tapOfCall.get(callId)?.speech.push(piece) === true) return;
    if (piece.markId !== undefined) this.#outlet.ended({ callId, markId: piece.markId, outcome: 'refused' });
  }

  /** Drops what waits to be said to a call; harmless when nothing does. */
  hush(callId: CallId): void {
    const tap = this.#tapOfCall.get(callId);
    if (tap !== undefined) this.#hush(tap);
  }

  /** Begins to listen; a second time for the same call begins anew. @throws RangeError on options out of their ranges. */
  analyse(callId: CallId, options: CallAnalysisOptions, now: MonotonicMs): void {
    this.stop(callId, now);
    this.#analyses.set(callId, new CallAnalysis(callId, options, now, this.#judging, this.#onAnalysis));
  }

  /** Listens no more; harmless when it did not. Scores that are still on their way are dropped. */
  stop(callId: CallId, now: MonotonicMs): void {
    const analysis = this.#analyses.get(callId);
    if (analysis === undefined) return;
    const { playedCount, lateCount, filledMs } = analysis.timeline.counts;
    this.#counts.playedCount += playedCount;
    this.#counts.lateCount += lateCount;
    this.#counts.filledMs += filledMs;
    if (analysis.snippet !== undefined) this.#snippets.put(callId, analysis.snippet, now);
    analysis.close();
    this.#analyses.delete(callId);
  }

  /** The beginning of a call's analysed audio, so far; undefined when it was not to be kept, or is not kept any more. */
  snippet(callId: CallId): Int16Array | undefined {
    return (this.#analyses.get(callId)?.snippet ?? this.#snippets.get(callId))?.samples();
  }

  /** Counts a datagram that does not come from the switch at all. */
  refuse(): void {
    this.#counts.packetCount++;
    this.#counts.strangerCount++;
  }

  /** Takes one datagram; it is read at once and not kept. */
  receive(from: AudioSource, datagram: Uint8Array, now: MonotonicMs): void {
    this.#counts.packetCount++;
    const tap = this.#taps.get(from.port);
    if (tap === undefined) {
      this.#counts.strangerCount++;
      return;
    }
    if (tap.raw === undefined) this.#receiveRtp(tap, from, datagram, now);
    else this.#receiveRaw(tap, tap.raw, from, datagram, now);
  }

  #receiveRaw(tap: Tap, raw: RawStream, from: AudioSource, datagram: Uint8Array, now: MonotonicMs): void {
    const isWhole = raw.receive(datagram, now, (packet, arrivedAt) => {
      this.#cameFrom(tap, from);
      this.#analyses.get(tap.callId)?.at(now).accept(packet, datagram, arrivedAt, 'linear-8k-little');
    });
    if (!isWhole) this.#counts.malformedCount++;
    else this.#finishWhenDone(tap.callId, now);
  }

  #receiveRtp(tap: Tap, from: AudioSource, datagram: Uint8Array, now: MonotonicMs): void {
    const packet: RtpPacket = this.#packet;
    if (!readRtpPacket(datagram, packet)) {
      this.#counts.malformedCount++;
      return;
    }
    if (packet.ssrc === tap.formerSsrc && now - tap.attachedAtMs < STALE_WITHIN_MS) {
      this.#counts.staleCount++;
      return;
    }
    this.#ssrcByPort.set(from.port, packet.ssrc);
    this.#cameFrom(tap, from);
    this.#analyses.get(tap.callId)?.at(now).accept(packet, datagram, now);
    this.#finishWhenDone(tap.callId, now);
  }

  /** To be called every 20 ms: silence goes on where nothing comes, frames leave for their scores, and what is said to calls leaves. */
  tick(now: MonotonicMs): void {
    for (const tap of this.#taps.values()) if (tap.source !== undefined) tap.speech.tick(now);
    for (const analysis of this.#analyses.values()) analysis.at(now).tick(now);
    this.#judging.line.flush(now);
    for (const callId of this.#analyses.keys()) this.#finishWhenDone(callId, now);
    this.#snippets.tick(now);
  }

  #finishWhenDone(callId: CallId, now: MonotonicMs): void {
    if (this.#analyses.get(callId)?.isDone !== true) return;
    this.stop(callId, now);
    this.#onFinished(callId);
  }

  #cameFrom(tap: Tap, from: AudioSource): void {
    if (tap.source !== undefined) return;
    tap.source = from;
    this.#onFirstAudio(from.port, tap.callId);
  }

  #hush(tap: Tap): void {
    for (const markId of tap.speech.hush()) this.#outlet.ended({ callId: tap.callId, markId, outcome: 'hushed' });
  }
}

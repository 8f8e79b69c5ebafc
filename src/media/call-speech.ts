import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../audio/frame.js';
import { encodeG711 } from '../audio/g711.js';
import type { AudioFormat } from '../telephony/call-audio.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import { RTP_HEADER_BYTES, writeRtpHeader } from './rtp-packet.js';

/**
 * Speech waiting for one call at most; a piece that does not fit is refused
 * whole. Chosen: a voice agent's longest turn; more is a producer run wild.
 */
const SPEECH_WAITING_MS_MAX: Ms = 60_000;

/** A thread that stood still longer than this goes on from now instead of sending all that is due at once. Chosen: what a jitter buffer takes. */
const BEHIND_MS_MAX: Ms = 100;

const WAITING_SAMPLES_MAX = (SPEECH_WAITING_MS_MAX * SAMPLE_RATE_HZ) / 1000;
const MU_LAW = 0;
const BYTES_PER_SAMPLE = 2;

/** Some audio to be said in one go. */
export interface SpeechPiece {
  /** At 8 kHz. */
  readonly samples: Int16Array;
  /** Under which its end is told; undefined where nobody asks. */
  readonly markId: string | undefined;
}

/** Whom one call's speech tells. */
export interface CallSpeechListener {
  /** One datagram is to leave now; it is overwritten by the next. */
  send(datagram: Uint8Array): void;
  /** The last of a marked piece has been sent. */
  spoken(markId: string): void;
}

/**
 * What is being said to one call: pieces are cut into frames of 20 ms, one
 * leaves each 20 ms, and the end of one piece joins the beginning of the next.
 */
export class CallSpeech {
  readonly #format: AudioFormat;
  readonly #ssrc: number;
  readonly #listener: CallSpeechListener;
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  readonly #datagram: Uint8Array;
  #pieces: SpeechPiece[] = [];
  /** Samples of the first piece that have been sent. */
  #sentSamples = 0;
  #waitingSamples = 0;
  #sequence = 0;
  #timestamp = 0;
  /** When the next frame is due; undefined before the first one ever. */
  #dueAtMs: MonotonicMs | undefined;
  #isTalking = false;

  /** @param ssrc of an RTP stream; the other format has none. */
  constructor(format: AudioFormat, ssrc: number, listener: CallSpeechListener) {
    this.#format = format;
    this.#ssrc = ssrc;
    this.#listener = listener;
    this.#datagram = new Uint8Array(format === 'rtp' ? RTP_HEADER_BYTES + FRAME_SAMPLES : FRAME_SAMPLES * BYTES_PER_SAMPLE);
  }

  /** False when more would wait than may: the piece is refused. */
  push(piece: SpeechPiece): boolean {
    if (this.#waitingSamples + piece.samples.length > WAITING_SAMPLES_MAX) return false;
    this.#waitingSamples += piece.samples.length;
    this.#pieces.push(piece);
    return true;
  }

  /** Drops what waits. @returns the marks of the pieces that were not sent to their ends. */
  hush(): readonly string[] {
    const markIds = this.#pieces.flatMap(({ markId }) => (markId === undefined ? [] : [markId]));
    this.#pieces = [];
    this.#sentSamples = 0;
    this.#waitingSamples = 0;
    this.#isTalking = false;
    return markIds;
  }

  /** To be called every 20 ms or so: sends what is due. */
  tick(now: MonotonicMs): void {
    if (!this.#isTalking) this.#begin(now);
    while (this.#isTalking && this.#dueAtMs !== undefined && this.#dueAtMs <= now) {
      if (this.#pieces.length === 0) {
        this.#isTalking = false;
        return;
      }
      if (now - this.#dueAtMs > BEHIND_MS_MAX) this.#skipTo(now);
      this.#sendFrame();
    }
  }

  /** After a pause the stream's clock has gone on. */
  #begin(now: MonotonicMs): void {
    if (this.#pieces.length === 0) return;
    this.#isTalking = true;
    if (this.#dueAtMs === undefined) this.#dueAtMs = now;
    else if (this.#dueAtMs < now) this.#skipTo(now);
  }

  #skipTo(now: MonotonicMs): void {
    const missedMs = now - (this.#dueAtMs ?? now);
    this.#timestamp = (this.#timestamp + Math.round((missedMs * SAMPLE_RATE_HZ) / 1000)) >>> 0;
    this.#dueAtMs = now;
  }

  #sendFrame(): void {
    const ended = this.#fillFrame();
    const isFirst = this.#sequence === 0;
    if (this.#format === 'rtp') {
      writeRtpHeader(this.#datagram, { payloadType: MU_LAW, hasMarker: isFirst, sequence: this.#sequence, timestamp: this.#timestamp, ssrc: this.#ssrc });
      encodeG711('mu-law', this.#frame, this.#datagram.subarray(RTP_HEADER_BYTES));
    } else this.#frame.forEach((sample, index) => writeLittleEndian(this.#datagram, index * BYTES_PER_SAMPLE, sample));
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES) >>> 0;
    this.#dueAtMs = ((this.#dueAtMs ?? 0) + FRAME_MS) as MonotonicMs;
    this.#listener.send(this.#datagram);
    for (const markId of ended) this.#listener.spoken(markId);
  }

  /** @returns the marks of the pieces that end in this frame; beyond the last piece it is silent. */
  #fillFrame(): readonly string[] {
    const ended: string[] = [];
    let filled = 0;
    while (filled < FRAME_SAMPLES) {
      const piece = this.#pieces[0];
      if (piece === undefined) break;
      const part = piece.samples.subarray(this.#sentSamples, this.#sentSamples + FRAME_SAMPLES - filled);
      this.#frame.set(part, filled);
      filled += part.length;
      this.#sentSamples += part.length;
      this.#waitingSamples -= part.length;
      if (this.#sentSamples < piece.samples.length) break;
      this.#pieces.shift();
      this.#sentSamples = 0;
      if (piece.markId !== undefined) ended.push(piece.markId);
    }
    this.#frame.fill(0, filled);
    return ended;
  }
}

function writeLittleEndian(bytes: Uint8Array, at: number, sample: number): void {
  bytes[at] = sample & 0xff;
  bytes[at + 1] = (sample >> 8) & 0xff;
}

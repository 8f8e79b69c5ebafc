import { FRAME_MS, FRAME_SAMPLES, FrameCutter, SAMPLE_RATE_HZ } from '../audio/frame.js';
import type { MonotonicMs, Ms } from '../units/time.js';
import {
  PACKET_SAMPLES_MAX,
  PayloadDecoder,
  payloadFormat,
  ticksPerSample,
  type PayloadFormat,
} from './payload-decoder.js';
import { sequenceAhead, timestampAhead, type RtpPacket } from './rtp-packet.js';

/**
 * How long a packet is waited for before silence takes its place. Chosen:
 * three packets; the switch stands next to us, so more is a pause, not jitter.
 */
export const PACKET_WAIT_MS: Ms = 60;
/** Packets held back while an earlier one is missing. */
const HELD_COUNT_MAX = 3;
/** A sequence this far off is another start of the stream, not loss. */
const SEQUENCE_JUMP_MAX = 100;
/** So many packets in a row from the past mean that the sender began again. */
const PAST_COUNT_MAX = 3;

const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;
const SILENCE = new Int16Array(FRAME_SAMPLES);

/** What became of the packets of one call. */
export interface TimelineCounts {
  /** Packets whose audio was used. */
  readonly playedCount: number;
  /** Doubled, or come after their time. */
  readonly lateCount: number;
  /** Silence put in for what did not come. */
  readonly filledMs: Ms;
}

/** One held packet, decoded; the arrays are made once. */
interface Slot {
  isUsed: boolean;
  arrivedAtMs: MonotonicMs;
  sequence: number;
  timestamp: number;
  ticksPerSample: number;
  sampleCount: number;
  readonly samples: Int16Array;
}

/**
 * Makes an unbroken line of 20 ms frames out of the packets of one call.
 *
 * Packets in order are passed on at once. A missing one is waited for while
 * up to three after it are held; then silence takes its place. When nothing
 * comes at all (a far end that sends nothing in its pauses), silence is filled
 * in by the clock, {@link PACKET_WAIT_MS} behind: audio time goes on as the
 * time of the call does. After a pause the packet's timestamp says how much
 * was missed, but is never believed beyond what the clock shows, since senders
 * do begin anew with timestamps that mean nothing.
 */
export class AudioTimeline {
  readonly #onFrame: (frame: Int16Array) => void;
  readonly #cutter = new FrameCutter();
  readonly #held: readonly Slot[] = Array.from({ length: HELD_COUNT_MAX }, blankSlot);
  readonly #incoming: Slot = blankSlot();
  #decoder = new PayloadDecoder();
  #ssrc: number | undefined;
  #nextSequence = 0;
  #nextTimestamp = 0;
  #ticksPerSample = 1;
  #pastCount = 0;
  /** The instant up to which the call has been heard. */
  #heardUntilMs: MonotonicMs;
  /** Length of the latest packet: the next is due so much later. */
  #packetMs: Ms = FRAME_MS;
  #playedCount = 0;
  #lateCount = 0;
  #filledMs = 0;

  /** @param startAtMs audio time 0. */
  constructor(startAtMs: MonotonicMs, onFrame: (frame: Int16Array) => void) {
    this.#heardUntilMs = startAtMs;
    this.#onFrame = onFrame;
  }

  get counts(): TimelineCounts {
    return { playedCount: this.#playedCount, lateCount: this.#lateCount, filledMs: this.#filledMs };
  }

  /** How far the frames so far are behind the clock, beyond the packet that is being spoken; 0 when they are not. */
  behindMs(now: MonotonicMs): Ms {
    return Math.max(0, now - this.#heardUntilMs - this.#packetMs);
  }

  /**
   * Takes one packet. Payloads that carry no audio are passed over: their time is filled like any pause.
   * @param format of the payload; default what its type says.
   */
  accept(
    packet: RtpPacket,
    datagram: Uint8Array,
    now: MonotonicMs,
    format: PayloadFormat | undefined = payloadFormat(packet.payloadType),
  ): void {
    if (format === undefined) return this.#skip(packet);
    if (packet.ssrc !== this.#ssrc) this.#begin(packet, format);
    let ahead = sequenceAhead(packet.sequence, this.#nextSequence);
    if (ahead < 0 || ahead > SEQUENCE_JUMP_MAX) {
      this.#pastCount++;
      if (ahead < 0 && this.#pastCount < PAST_COUNT_MAX) {
        this.#lateCount++;
        return;
      }
      this.#begin(packet, format);
      ahead = 0;
    }
    this.#pastCount = 0;
    const slot = ahead === 0 ? this.#incoming : this.#held.find(({ isUsed }) => !isUsed);
    if (slot === undefined || this.#held.some(({ isUsed, sequence }) => isUsed && sequence === packet.sequence)) {
      this.#lateCount++;
      return;
    }
    slot.arrivedAtMs = now;
    slot.sequence = packet.sequence;
    slot.timestamp = packet.timestamp;
    slot.ticksPerSample = ticksPerSample(format);
    const payload = datagram.subarray(packet.payloadStart, packet.payloadEnd);
    slot.sampleCount = this.#decoder.decode(format, payload, slot.samples);
    if (slot.sampleCount === 0) return this.#skip(packet);
    if (ahead === 0) {
      this.#play(slot);
      this.#playHeldInOrder();
    } else {
      slot.isUsed = true;
      if (this.#held.every(({ isUsed }) => isUsed)) this.#giveUpMissing();
    }
  }

  /** To be called every 20 ms or so: fills in for what has not come. */
  tick(now: MonotonicMs): void {
    while (this.behindMs(now) >= PACKET_WAIT_MS) {
      if (this.#held.some(({ isUsed }) => isUsed)) {
        this.#giveUpMissing();
      } else {
        this.#fill(FRAME_SAMPLES);
        this.#heardUntilMs = (this.#heardUntilMs + FRAME_MS) as MonotonicMs;
      }
    }
  }

  /** A packet without audio still takes its place in the sequence. */
  #skip(packet: RtpPacket): void {
    if (packet.ssrc === this.#ssrc && packet.sequence === this.#nextSequence) {
      this.#nextSequence = (packet.sequence + 1) & 0xffff;
    }
  }

  #begin(packet: RtpPacket, format: PayloadFormat): void {
    for (const slot of this.#held) slot.isUsed = false;
    if (packet.ssrc !== this.#ssrc) this.#decoder = new PayloadDecoder();
    this.#ssrc = packet.ssrc;
    this.#nextSequence = packet.sequence;
    this.#ticksPerSample = ticksPerSample(format);
    // As if the time since the last audio had been a pause: the clock bounds what is filled.
    this.#nextTimestamp = (packet.timestamp - 0x4000_0000) >>> 0;
    this.#pastCount = 0;
  }

  #playHeldInOrder(): void {
    for (let slot = this.#heldNext(); slot?.sequence === this.#nextSequence; slot = this.#heldNext()) {
      slot.isUsed = false;
      this.#play(slot);
    }
  }

  /** The missing packet will not be waited for: goes on with the earliest held one. */
  #giveUpMissing(): void {
    const slot = this.#heldNext();
    if (slot === undefined) return;
    const lostCount = sequenceAhead(slot.sequence, this.#nextSequence);
    slot.isUsed = false;
    this.#play(slot, lostCount * slot.sampleCount);
    this.#playHeldInOrder();
  }

  #heldNext(): Slot | undefined {
    let next: Slot | undefined;
    for (const slot of this.#held) {
      if (slot.isUsed && (next === undefined || sequenceAhead(slot.sequence, next.sequence) < 0)) next = slot;
    }
    return next;
  }

  /** @param lostSamples audio known to be lost before this packet. */
  #play(slot: Slot, lostSamples = 0): void {
    if (slot.ticksPerSample !== this.#ticksPerSample) {
      this.#ticksPerSample = slot.ticksPerSample;
      this.#nextTimestamp = slot.timestamp;
    }
    const missedSamples = timestampAhead(slot.timestamp, this.#nextTimestamp) / slot.ticksPerSample;
    // A packet brings what was said before it came: one that comes when due has missed nothing.
    this.#packetMs = slot.sampleCount / SAMPLES_PER_MS;
    const clockMs = slot.arrivedAtMs - this.#packetMs - this.#heardUntilMs;
    const clockSamples = Math.max(lostSamples, clockMs * SAMPLES_PER_MS);
    this.#fill(Math.floor(Math.max(0, Math.min(missedSamples, clockSamples))));
    this.#cutter.push(slot.samples.subarray(0, slot.sampleCount), this.#onFrame);
    this.#playedCount++;
    this.#nextSequence = (slot.sequence + 1) & 0xffff;
    this.#nextTimestamp = (slot.timestamp + slot.sampleCount * slot.ticksPerSample) >>> 0;
    this.#heardUntilMs = slot.arrivedAtMs;
  }

  /** Silence of any length; the sender's clock is taken to have run on. */
  #fill(sampleCount: number): void {
    this.#filledMs += sampleCount / SAMPLES_PER_MS;
    this.#nextTimestamp = (this.#nextTimestamp + sampleCount * this.#ticksPerSample) >>> 0;
    for (let left = sampleCount; left > 0; left -= FRAME_SAMPLES) {
      this.#cutter.push(left >= FRAME_SAMPLES ? SILENCE : SILENCE.subarray(0, left), this.#onFrame);
    }
  }
}

function blankSlot(): Slot {
  return {
    isUsed: false,
    arrivedAtMs: 0 as MonotonicMs,
    sequence: 0,
    timestamp: 0,
    ticksPerSample: 1,
    sampleCount: 0,
    samples: new Int16Array(PACKET_SAMPLES_MAX),
  };
}

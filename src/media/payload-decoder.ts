import { decodeG711 } from '../audio/g711.js';
import { HalfRate } from './half-rate.js';

/** How a payload's bytes become samples; `linear-8k-little` is of datagrams that are no RTP. */
export type PayloadFormat = 'mu-law' | 'a-law' | 'linear-8k' | 'linear-16k' | 'linear-8k-little';

/**
 * Payload types as Asterisk sends them: 0 and 8 are RFC 3551's; 10 and 11 are
 * its 8 kHz linear samples, 118 its 16 kHz ones (static table of its RTP
 * engine). Comfort noise (13) and keys (101) carry no audio and are left out.
 */
const FORMAT_BY_PAYLOAD_TYPE: Readonly<Record<number, PayloadFormat>> = {
  0: 'mu-law',
  8: 'a-law',
  10: 'linear-8k',
  11: 'linear-8k',
  118: 'linear-16k',
};

/** Longest audio taken from one packet: 120 ms at 8 kHz, twice what trunks use. */
export const PACKET_SAMPLES_MAX = 960;

/** The format of a payload type; undefined when it carries no audio we know. */
export function payloadFormat(payloadType: number): PayloadFormat | undefined {
  return FORMAT_BY_PAYLOAD_TYPE[payloadType];
}

/** RTP timestamp ticks for one sample at 8 kHz. */
export function ticksPerSample(format: PayloadFormat): number {
  return format === 'linear-16k' ? 2 : 1;
}

/** Decodes the payloads of one stream to samples at 8 kHz. */
export class PayloadDecoder {
  #halfRate: HalfRate | undefined;
  #wide: Int16Array | undefined;

  /**
   * @param target takes the samples; PACKET_SAMPLES_MAX long.
   * @returns samples written; 0 when the payload is longer than a packet may be.
   */
  decode(format: PayloadFormat, payload: Uint8Array, target: Int16Array): number {
    switch (format) {
      case 'mu-law':
      case 'a-law':
        if (payload.length > PACKET_SAMPLES_MAX) return 0;
        decodeG711(format, payload, target);
        return payload.length;
      case 'linear-8k':
        return payload.length > 2 * PACKET_SAMPLES_MAX ? 0 : readLinear(payload, target);
      case 'linear-8k-little':
        return payload.length > 2 * PACKET_SAMPLES_MAX ? 0 : readLittleEndian(payload, target);
      case 'linear-16k':
        return payload.length > 4 * PACKET_SAMPLES_MAX ? 0 : this.#decodeWide(payload, target);
    }
  }

  #decodeWide(payload: Uint8Array, target: Int16Array): number {
    this.#wide ??= new Int16Array(2 * PACKET_SAMPLES_MAX);
    this.#halfRate ??= new HalfRate(2 * PACKET_SAMPLES_MAX);
    const wideSamples = readLinear(payload, this.#wide);
    return this.#halfRate.push(this.#wide.subarray(0, wideSamples), target);
  }
}

/** 16-bit samples in network byte order (RFC 3551 section 4.5.11). */
function readLinear(payload: Uint8Array, target: Int16Array): number {
  const sampleCount = payload.length >> 1;
  for (let index = 0; index < sampleCount; index++) {
    target[index] = (payload[2 * index]! << 8) | payload[2 * index + 1]!;
  }
  return sampleCount;
}

function readLittleEndian(payload: Uint8Array, target: Int16Array): number {
  const sampleCount = payload.length >> 1;
  for (let index = 0; index < sampleCount; index++) {
    target[index] = payload[2 * index]! | (payload[2 * index + 1]! << 8);
  }
  return sampleCount;
}

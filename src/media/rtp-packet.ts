/**
 * RTP packets (RFC 3550 section 5.1), read in place: at 50 packets a second
 * and call nothing may be allocated for each.
 */

/** One packet's header; overwritten by each reading. */
export interface RtpPacket {
  /** 0..127, RFC 3551 or as negotiated. */
  payloadType: number;
  hasMarker: boolean;
  /** 0..65535, one more each packet. */
  sequence: number;
  /** 0..2^32-1, in ticks of the payload's clock. */
  timestamp: number;
  /** 0..2^32-1, the sender's own mark of its stream. */
  ssrc: number;
  /** Where the payload begins in the datagram, in bytes. */
  payloadStart: number;
  /** One past its last byte; equal to the start when there is none. */
  payloadEnd: number;
}

const FIXED_HEADER_BYTES = 12;
/** Bytes before the payload of a packet that we write. */
export const RTP_HEADER_BYTES = FIXED_HEADER_BYTES;
const VERSION = 2;

/** A packet to read into. */
export function blankRtpPacket(): RtpPacket {
  return { payloadType: 0, hasMarker: false, sequence: 0, timestamp: 0, ssrc: 0, payloadStart: 0, payloadEnd: 0 };
}

/**
 * Reads one datagram, contributing sources, header extension and padding
 * included.
 * @param packet is filled; undefined contents when the answer is false.
 * @returns false when the datagram is no RTP or is cut off.
 */
export function readRtpPacket(datagram: Uint8Array, packet: RtpPacket): boolean {
  const { length } = datagram;
  if (length < FIXED_HEADER_BYTES) return false;
  const first = datagram[0]!;
  if (first >> 6 !== VERSION) return false;
  const second = datagram[1]!;
  packet.hasMarker = (second & 0x80) !== 0;
  packet.payloadType = second & 0x7f;
  packet.sequence = uint16(datagram, 2);
  packet.timestamp = uint32(datagram, 4);
  packet.ssrc = uint32(datagram, 8);

  let start = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (start + 4 > length) return false;
    start += 4 + 4 * uint16(datagram, start + 2);
  }
  let end = length;
  if ((first & 0x20) !== 0) {
    const paddingBytes = datagram[length - 1]!;
    if (paddingBytes === 0) return false;
    end -= paddingBytes;
  }
  packet.payloadStart = start;
  packet.payloadEnd = end;
  return start <= end;
}

/** Writes the header of a packet without contributing sources, extension or padding to the datagram's beginning. */
export function writeRtpHeader(datagram: Uint8Array, packet: Omit<RtpPacket, 'payloadStart' | 'payloadEnd'>): void {
  datagram[0] = VERSION << 6;
  datagram[1] = (packet.hasMarker ? 0x80 : 0) | packet.payloadType;
  datagram[2] = packet.sequence >> 8;
  datagram[3] = packet.sequence & 0xff;
  for (let index = 0; index < 4; index++) {
    datagram[4 + index] = (packet.timestamp >>> (24 - 8 * index)) & 0xff;
    datagram[8 + index] = (packet.ssrc >>> (24 - 8 * index)) & 0xff;
  }
}

/** How far `sequence` is ahead of `from`, -32768..32767, over the wrap at 65536. */
export function sequenceAhead(sequence: number, from: number): number {
  return ((sequence - from) << 16) >> 16;
}

/** How many ticks `timestamp` is ahead of `from`, -2^31..2^31-1, over the wrap at 2^32. */
export function timestampAhead(timestamp: number, from: number): number {
  return (timestamp - from) | 0;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/**
 * G.711, the speech coding of telephone trunks: µ-law in North America and
 * Japan (RTP payload type 0), A-law elsewhere (payload type 8). Both ways are
 * one table look-up a sample; the tables follow ITU-T G.711 (11/88) tables
 * 1a/1b (A-law) and 2a/2b (µ-law), with samples scaled to 16 bits.
 */

/** The two laws by their common names. */
export type G711Law = 'mu-law' | 'a-law';

/** µ-law magnitudes are biased by 33 (of 14 bits), 132 at 16 bits: G.711 table 2a. */
const MU_LAW_BIAS = 0x84;
/** Largest 16-bit magnitude that µ-law can carry before the bias overflows. */
const MU_LAW_CLIP = 32635;
/** A-law inverts every second bit on the line: G.711 clause 3.3. */
const A_LAW_TOGGLE = 0x55;

const expandMuLaw = (code: number): number => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MU_LAW_BIAS) << ((bits & 0x70) >> 4)) - MU_LAW_BIAS;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
};

const expandALaw = (code: number): number => {
  const bits = code ^ A_LAW_TOGGLE;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
};

const compressMuLaw = (sample: number): number => {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_LAW_CLIP) + MU_LAW_BIAS;
  const segment = 31 - Math.clz32(magnitude) - 7;
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
};

const compressALaw = (sample: number): number => {
  const sign = sample < 0 ? 0 : 0x80;
  // One's complement on the negative side, so that -1 and 0 share a magnitude.
  const magnitude = sample < 0 ? ~sample : sample;
  const segment = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const step = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return (sign | (segment << 4) | step) ^ A_LAW_TOGGLE;
};

const decodeTable = (expand: (code: number) => number): Int16Array =>
  Int16Array.from({ length: 256 }, (_, code) => expand(code));

/** Indexed by the sample's 16 bits read as unsigned. */
const encodeTable = (compress: (sample: number) => number): Uint8Array =>
  Uint8Array.from({ length: 65536 }, (_, bits) => compress((bits << 16) >> 16));

const DECODE: Readonly<Record<G711Law, Int16Array>> = {
  'mu-law': decodeTable(expandMuLaw),
  'a-law': decodeTable(expandALaw),
};

const ENCODE: Readonly<Record<G711Law, Uint8Array>> = {
  'mu-law': encodeTable(compressMuLaw),
  'a-law': encodeTable(compressALaw),
};

/**
 * Decodes line bytes to 16-bit samples.
 * @param target where to write; a fresh array when left out. Must hold at least
 * `bytes.length` samples.
 * @returns the target.
 */
export function decodeG711(
  law: G711Law,
  bytes: Uint8Array,
  target: Int16Array = new Int16Array(bytes.length),
): Int16Array {
  const table = DECODE[law];
  for (let i = 0; i < bytes.length; i++) target[i] = table[bytes[i]!]!;
  return target;
}

/**
 * Encodes 16-bit samples to line bytes.
 * @param target where to write; a fresh array when left out. Must hold at least
 * `samples.length` bytes.
 * @returns the target.
 */
export function encodeG711(
  law: G711Law,
  samples: Int16Array,
  target: Uint8Array = new Uint8Array(samples.length),
): Uint8Array {
  const table = ENCODE[law];
  for (let i = 0; i < samples.length; i++) target[i] = table[samples[i]! & 0xffff]!;
  return target;
}

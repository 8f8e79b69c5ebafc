/**
 * RIFF/WAVE files, bytes in and bytes out. Read: PCM of 8, 16, 24 and 32 bits,
 * 32-bit floating point, µ-law and A-law, any rate and channel count, plain or
 * WAVE_FORMAT_EXTENSIBLE. Written: 16-bit PCM. Layout after Microsoft's "Multimedia Programming Interface and Data
 * Specifications 1.0" (1991) and RFC 2361 for the format numbers.
 */
import { decodeG711 } from './g711.js';
import { SAMPLE_RATE_HZ } from './frame.js';
import { clampToInt16 } from './level.js';

/** A recording in memory. */
export interface WavAudio {
  readonly sampleRateHz: number;
  /** 1 is mono, 2 stereo. */
  readonly channelCount: number;
  /** Samples, channels interleaved. */
  readonly samples: Int16Array;
}

/** What reading gave: the audio, or in plain words what is wrong with the file. */
export type WavReading =
  { readonly ok: true; readonly audio: WavAudio } | { readonly ok: false; readonly fault: string };

const HEADER_BYTES = 44;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_A_LAW = 6;
const FORMAT_MU_LAW = 7;
const FORMAT_EXTENSIBLE = 0xfffe;

interface Format {
  readonly tag: number;
  readonly channelCount: number;
  readonly sampleRateHz: number;
  readonly bitsPerSample: number;
}

const fault = (words: string): WavReading => ({ ok: false, fault: words });

/**
 * Reads a WAV file. A data chunk longer than the file (a recorder that was
 * killed, or one that streams and writes 0xFFFFFFFF) gives what is there.
 */
export function readWav(bytes: Uint8Array): WavReading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    return fault('not a RIFF/WAVE file');
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const tag = tagAt(view, at);
    const sizeBytes = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag === 'fmt ') {
      if (sizeBytes < 16 || body + sizeBytes > bytes.length) return fault('fmt chunk is cut off');
      format = readFormat(view, body, sizeBytes);
    } else if (tag === 'data') {
      if (format === undefined) return fault('data chunk comes before the fmt chunk');
      return decodeData(bytes.subarray(body, Math.min(body + sizeBytes, bytes.length)), format);
    }
    at = body + sizeBytes + (sizeBytes % 2);
  }
  return fault(format === undefined ? 'no fmt chunk' : 'no data chunk');
}

const tagAt = (view: DataView, at: number): string =>
  String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );

const readFormat = (view: DataView, at: number, sizeBytes: number): Format => {
  const tag = view.getUint16(at, true);
  return {
    // The true number of an extensible format opens its sub-format GUID.
    tag: tag === FORMAT_EXTENSIBLE && sizeBytes >= 26 ? view.getUint16(at + 24, true) : tag,
    channelCount: view.getUint16(at + 2, true),
    sampleRateHz: view.getUint32(at + 4, true),
    bitsPerSample: view.getUint16(at + 14, true),
  };
};

const decodeData = (data: Uint8Array, format: Format): WavReading => {
  const { channelCount, sampleRateHz } = format;
  if (channelCount === 0 || sampleRateHz === 0) return fault('no channels or no sample rate');
  const samples = decodeSamples(data, format);
  if (samples === undefined) {
    return fault(`format ${format.tag} with ${format.bitsPerSample} bits is not read here`);
  }
  return { ok: true, audio: { sampleRateHz, channelCount, samples } };
};

const decodeSamples = (data: Uint8Array, format: Format): Int16Array | undefined => {
  if (format.tag === FORMAT_MU_LAW) return decodeG711('mu-law', data);
  if (format.tag === FORMAT_A_LAW) return decodeG711('a-law', data);
  const read = sampleReader(new DataView(data.buffer, data.byteOffset, data.byteLength), format);
  if (read === undefined) return undefined;
  const count = Math.floor(data.length / (format.bitsPerSample >> 3));
  const samples = new Int16Array(count);
  for (let i = 0; i < count; i++) samples[i] = read(i);
  return samples;
};

/** Reads sample after sample as 16 bits; more bits lose their lowest. */
const sampleReader = (
  view: DataView,
  { tag, bitsPerSample }: Format,
): ((index: number) => number) | undefined => {
  if (tag === FORMAT_FLOAT && bitsPerSample === 32) {
    // What is no number is silence.
    return (i) => clampToInt16((view.getFloat32(4 * i, true) || 0) * 32768);
  }
  if (tag !== FORMAT_PCM) return undefined;
  switch (bitsPerSample) {
    // Eight bits alone are unsigned.
    case 8:
      return (i) => (view.getUint8(i) - 128) << 8;
    case 16:
      return (i) => view.getInt16(2 * i, true);
    case 24:
      return (i) => view.getInt16(3 * i + 1, true);
    case 32:
      return (i) => view.getInt16(4 * i + 2, true);
    default:
      return undefined;
  }
};

/** The 44 bytes before the samples; `dataBytes` may be written again when a recording ends. */
export function wavHeader(
  dataBytes: number,
  channelCount = 1,
  sampleRateHz = SAMPLE_RATE_HZ,
): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  const text = (at: number, tag: string): void => {
    for (let i = 0; i < tag.length; i++) view.setUint8(at + i, tag.charCodeAt(i));
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, 'WAVE');
  text(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, FORMAT_PCM, true);
  view.setUint16(22, channelCount, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * channelCount * 2, true);
  view.setUint16(32, channelCount * 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}

/** A whole WAV file of 16-bit PCM. */
export function writeWav(audio: WavAudio): Uint8Array {
  const { samples, channelCount, sampleRateHz } = audio;
  const file = new Uint8Array(HEADER_BYTES + samples.length * 2);
  file.set(wavHeader(samples.length * 2, channelCount, sampleRateHz));
  const view = new DataView(file.buffer);
  for (let i = 0; i < samples.length; i++) view.setInt16(HEADER_BYTES + 2 * i, samples[i]!, true);
  return file;
}

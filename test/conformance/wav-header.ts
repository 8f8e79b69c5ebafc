import type { Ms } from '../../src/units/time.js';

/** What the head of a RIFF/WAVE file says of its audio. */
export interface WavHeader {
  readonly channelCount: number;
  readonly sampleRateHz: number;
  readonly audioMs: Ms;
}

/** Reads the head of a WAV file. @throws Error when it is none. */
export function parseWavHeader(file: Uint8Array): WavHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (offset: number): string => String.fromCharCode(...file.subarray(offset, offset + 4));
  if (file.byteLength < 44 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('This is not a WAV file.');
  let format: { channelCount: number; sampleRateHz: number; bytesPerSecond: number } | undefined;
  for (let offset = 12; offset + 8 <= file.byteLength; ) {
    const sizeBytes = view.getUint32(offset + 4, true);
    if (tag(offset) === 'fmt ') {
      format = {
        channelCount: view.getUint16(offset + 10, true),
        sampleRateHz: view.getUint32(offset + 12, true),
        bytesPerSecond: view.getUint32(offset + 16, true),
      };
    }
    if (tag(offset) === 'data' && format !== undefined) {
      // A writer that crashed leaves a size the file does not have.
      const dataBytes = Math.min(sizeBytes, file.byteLength - offset - 8);
      const { channelCount, sampleRateHz, bytesPerSecond } = format;
      return { channelCount, sampleRateHz, audioMs: (dataBytes / bytesPerSecond) * 1000 };
    }
    offset += 8 + sizeBytes + (sizeBytes % 2);
  }
  throw new Error('The WAV file has no audio chunk.');
}

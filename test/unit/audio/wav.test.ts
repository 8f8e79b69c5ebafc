import { describe, expect, it } from 'vitest';
import { encodeG711 } from '../../../src/audio/g711.js';
import { channelOf, interleaveStereo } from '../../../src/audio/stereo.js';
import { readWav, wavHeader, writeWav } from '../../../src/audio/wav.js';

const samples = Int16Array.from({ length: 500 }, (_, i) => Math.round(20_000 * Math.sin(i / 7)));
const written = writeWav({ samples, channelCount: 1, sampleRateHz: 8000 });

const withFormat = (tag: number, data: Uint8Array): Uint8Array => {
  const file = new Uint8Array(44 + data.length);
  file.set(wavHeader(data.length));
  file.set(data, 44);
  new DataView(file.buffer).setUint16(20, tag, true);
  return file;
};

describe('readWav', () => {
  it('reads what was written', () => {
    expect(readWav(written)).toEqual({
      ok: true,
      audio: { samples, channelCount: 1, sampleRateHz: 8000 },
    });
  });

  it('reads from the middle of a larger buffer, odd places included', () => {
    const larger = new Uint8Array(written.length + 9);
    larger.set(written, 3);
    const reading = readWav(larger.subarray(3, 3 + written.length));
    expect(reading.ok && reading.audio.samples).toEqual(samples);
  });

  it('reads µ-law, and skips chunks it does not know, padded ones included', () => {
    const bytes = encodeG711('mu-law', samples);
    const file = withFormat(7, bytes);
    const extra = Uint8Array.of(0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0);
    const spliced = Uint8Array.of(...file.subarray(0, 12), ...extra, ...file.subarray(12));
    const reading = readWav(spliced);
    expect(reading.ok && encodeG711('mu-law', reading.audio.samples)).toEqual(bytes);
  });

  it('reads PCM of 8, 24 and 32 bits and floating point as 16 bits', () => {
    const asBits = (tag: number, bits: number, write: (view: DataView, at: number, sample: number) => void): Uint8Array => {
      const data = new Uint8Array((samples.length * bits) / 8);
      samples.forEach((sample, index) => write(new DataView(data.buffer), (index * bits) / 8, sample));
      const file = withFormat(tag, data);
      new DataView(file.buffer).setUint16(34, bits, true);
      return file;
    };
    const heard = (file: Uint8Array): Int16Array => {
      const reading = readWav(file);
      if (!reading.ok) throw new Error(reading.fault);
      return reading.audio.samples;
    };
    expect(heard(asBits(1, 8, (view, at, sample) => view.setUint8(at, (sample >> 8) + 128)))).toEqual(samples.map((sample) => (sample >> 8) << 8));
    const three = asBits(1, 24, (view, at, sample) => {
      view.setUint8(at, 0x7f);
      view.setInt16(at + 1, sample, true);
    });
    expect(heard(three)).toEqual(samples);
    expect(heard(asBits(1, 32, (view, at, sample) => view.setInt32(at, sample * 65536 + 9, true)))).toEqual(samples);
    expect(heard(asBits(3, 32, (view, at, sample) => view.setFloat32(at, sample / 32768, true)))).toEqual(samples);
    const loud = asBits(3, 32, (view, at, sample) => view.setFloat32(at, sample > 0 ? 7 : NaN, true));
    expect([...new Set(heard(loud))].toSorted((a, b) => a - b)).toEqual([0, 32767]);
  });

  it('gives what there is when the recorder was killed', () => {
    const streamed = written.slice(0, 44 + 200);
    new DataView(streamed.buffer).setUint32(40, 0xffffffff, true);
    const reading = readWav(streamed);
    expect(reading.ok && reading.audio.samples).toEqual(samples.slice(0, 100));
  });

  it.each([
    ['an empty file', new Uint8Array(), 'not a RIFF/WAVE file'],
    ['text', new TextEncoder().encode('once upon a time'), 'not a RIFF/WAVE file'],
    ['a header without data', written.slice(0, 36), 'no data chunk'],
    ['a header cut in its format', written.slice(0, 30), 'fmt chunk is cut off'],
    [
      'MP3 in a WAV',
      withFormat(0x55, new Uint8Array(8)),
      'format 85 with 16 bits is not read here',
    ],
  ])('says what is wrong with %s', (_, bytes, fault) => {
    expect(readWav(bytes)).toEqual({ ok: false, fault });
  });

  it('never throws, whatever byte is broken', () => {
    for (let at = 0; at < 44; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const broken = written.slice();
        broken[at] = value;
        expect(readWav(broken)).toHaveProperty('ok');
      }
    }
  });
});

describe('stereo', () => {
  it('keeps both sides in their place and fills the shorter with silence', () => {
    const stereo = interleaveStereo(Int16Array.of(1, 2, 3), Int16Array.of(-1));
    expect([...stereo]).toEqual([1, -1, 2, 0, 3, 0]);
    expect([...channelOf(stereo, 2, 0)]).toEqual([1, 2, 3]);
    expect([...channelOf(stereo, 2, 1)]).toEqual([-1, 0, 0]);
  });
});

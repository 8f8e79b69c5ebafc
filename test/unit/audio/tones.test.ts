import { describe, expect, it } from 'vitest';
import { framesOf, FrameCutter, samplesIn } from '../../../src/audio/frame.js';
import { tonePower, toneLevelDbfs } from '../../../src/audio/goertzel.js';
import { levelDbfs, SILENCE_DBFS, withGain } from '../../../src/audio/level.js';
import { PowerSpectrum } from '../../../src/audio/power-spectrum.js';
import { resample } from '../../../src/audio/resample.js';
import { CALL_PROGRESS_TONES, dtmfSegments } from '../../../src/audio/tone-catalogue.js';
import { playCadence, playSegments } from '../../../src/audio/tone-synthesis.js';
import { Random } from '../../../src/units/random.js';

describe('tones', () => {
  it('sound at the frequencies and the level that were asked for', () => {
    const tone = playSegments([{ frequenciesHz: [440, 480], durationMs: 1000 }], {
      levelDbfs: -20,
    });
    expect(levelDbfs(tone)).toBeCloseTo(-20, 0);
    expect(toneLevelDbfs(tone, 440)).toBeCloseTo(-23, 0);
    expect(toneLevelDbfs(tone, 480)).toBeCloseTo(-23, 0);
    expect(toneLevelDbfs(tone, 620)).toBeLessThan(-60);
  });

  it('keep their cadence', () => {
    const busy = playCadence(CALL_PROGRESS_TONES['busy-us'], 2200);
    const levels = [250, 750, 1250, 1750, 2100].map((ms) =>
      levelDbfs(busy.subarray(samplesIn(ms - 50), samplesIn(ms + 50))),
    );
    expect(levels.map((level) => level > -30)).toEqual([true, false, true, false, true]);
    expect(levels[1]).toBe(SILENCE_DBFS);
  });

  it('make the pair of a telephone key', () => {
    expect(dtmfSegments('5')[0]!.frequenciesHz).toEqual([770, 1336]);
    expect(dtmfSegments('#')[0]!.frequenciesHz).toEqual([941, 1477]);
    expect(dtmfSegments('D')[0]!.frequenciesHz).toEqual([941, 1633]);
  });
});

describe('levels', () => {
  it('are those of the convention', () => {
    expect(levelDbfs(new Int16Array(100).fill(-32768))).toBe(0);
    expect(levelDbfs(new Int16Array(100))).toBe(SILENCE_DBFS);
    expect(levelDbfs(new Int16Array())).toBe(SILENCE_DBFS);
    expect(withGain(Int16Array.of(20_000, -20_000), 12)).toEqual(Int16Array.of(32767, -32768));
  });
});

describe('PowerSpectrum', () => {
  it('agrees with the transform written out', () => {
    const random = new Random(3);
    for (const size of [4, 16, 256]) {
      const samples = Float64Array.from({ length: size }, () => random.normal());
      const spectrum = new PowerSpectrum(size);
      spectrum.transform(samples, 0, new Float64Array(size).fill(1));
      for (let k = 0; k <= size / 2; k++) {
        let re = 0;
        let im = 0;
        for (let n = 0; n < size; n++) {
          re += samples[n]! * Math.cos((2 * Math.PI * k * n) / size);
          im -= samples[n]! * Math.sin((2 * Math.PI * k * n) / size);
        }
        expect(spectrum.bins[k]).toBeCloseTo(re * re + im * im, 8);
      }
    }
  });

  it('refuses a size it cannot do', () => {
    expect(() => new PowerSpectrum(300)).toThrow(RangeError);
  });
});

describe('resample', () => {
  it('keeps a tone that fits the new rate and loses one that does not', () => {
    const at22050 = Int16Array.from({ length: 22_050 }, (_, i) =>
      Math.round(
        8000 *
          (Math.sin((2 * Math.PI * 1000 * i) / 22_050) +
            Math.sin((2 * Math.PI * 5000 * i) / 22_050)),
      ),
    );
    const at8000 = resample(at22050, 22_050, 8000).subarray(400, 7600);
    expect(toneLevelDbfs(at8000, 1000)).toBeCloseTo(20 * Math.log10(8000 / 32768) - 3.01, 0);
    // 5 kHz would fold to 3 kHz.
    expect(toneLevelDbfs(at8000, 3000)).toBeLessThan(-70);
  });
});

describe('framing', () => {
  it('gives views on whole frames', () => {
    const samples = new Int16Array(500);
    const frames = [...framesOf(samples)];
    expect(frames.map((frame) => frame.length)).toEqual([160, 160, 160]);
    expect(frames.every((frame) => frame.buffer === samples.buffer)).toBe(true);
  });

  it('cuts the same frames whatever the pieces', () => {
    const random = new Random(11);
    const samples = Int16Array.from({ length: 5000 }, (_, i) => i);
    for (let round = 0; round < 50; round++) {
      const cutter = new FrameCutter();
      const cut: number[] = [];
      for (let at = 0; at < samples.length;) {
        const length = random.pick([1, 80, 159, 160, 161, 320, 333, 1000]);
        cutter.push(samples.subarray(at, at + length), (frame) => {
          expect(frame.length).toBe(160);
          cut.push(...frame);
        });
        at += length;
      }
      expect(cut).toEqual([...samples.subarray(0, 4960)]);
      expect(cutter.heldSamples).toBe(40);
    }
  });
});

it('Goertzel gives no power for no samples', () => {
  expect(tonePower(new Int16Array(), 1000)).toBe(0);
});

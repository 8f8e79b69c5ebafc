import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, expect, test } from 'vitest';
import { channelOf } from '../../../src/audio/stereo.js';
import { readWav, writeWav } from '../../../src/audio/wav.js';
import { FileStereoMerger } from '../../../src/media/stereo-merger.js';

const folder = mkdtempSync(path.join(tmpdir(), 'outdial-merger-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);
const ramp = (length: number, from: number): Int16Array => Int16Array.from({ length }, (_, i) => ((from + i) % 60_000) - 30_000);
const mono = (name: string, samples: Int16Array, sampleRateHz = 8000): string => {
  writeFileSync(at(name), writeWav({ samples, channelCount: 1, sampleRateHz }));
  return at(name);
};
const stereoOf = (file: string): Int16Array => {
  const reading = readWav(readFileSync(file));
  if (!reading.ok) throw new Error(reading.fault);
  expect(reading.audio.channelCount).toBe(2);
  return reading.audio.samples;
};

test('said is left, heard is right, and the shorter side goes on in silence', async () => {
  // Longer than one piece, so that the seams are crossed.
  const said = ramp(40_001, 1);
  const heard = ramp(17_000, 500);
  const merged = await new FileStereoMerger().merge(mono('a.said.wav', said), mono('a.heard.wav', heard), at('a.wav'));
  expect(merged.audioMs).toBeCloseTo(40_001 / 8, 6);
  const stereo = stereoOf(at('a.wav'));
  expect(channelOf(stereo, 2, 0)).toEqual(said);
  const right = channelOf(stereo, 2, 1);
  expect(right.subarray(0, 17_000)).toEqual(heard);
  expect(right.subarray(17_000).every((sample) => sample === 0)).toBe(true);
  expect(existsSync(at('a.wav.part'))).toBe(false);
});

test('a header that was never finished does not hide the audio', async () => {
  const bytes = writeWav({ samples: ramp(800, 0), channelCount: 1, sampleRateHz: 8000 });
  new DataView(bytes.buffer).setUint32(40, 0, true);
  writeFileSync(at('b.said.wav'), bytes);
  const merged = await new FileStereoMerger().merge(at('b.said.wav'), at('absent.wav'), at('b.wav'));
  expect(merged.audioMs).toBe(100);
  expect(channelOf(stereoOf(at('b.wav')), 2, 0)).toEqual(ramp(800, 0));
});

test('what cannot be merged is refused and leaves nothing behind', async () => {
  const merger = new FileStereoMerger();
  await expect(merger.merge(at('no-1.wav'), at('no-2.wav'), at('c.wav'))).rejects.toThrow('is there');
  const slow = mono('slow.wav', ramp(10, 0));
  const fast = mono('fast.wav', ramp(10, 0), 16_000);
  await expect(merger.merge(slow, fast, at('c.wav'))).rejects.toThrow('sample rates');
  writeFileSync(at('text.wav'), 'no audio at all');
  await expect(merger.merge(slow, at('text.wav'), at('c.wav'))).rejects.toThrow('not a WAV file');
  expect([existsSync(at('c.wav')), existsSync(at('c.wav.part'))]).toEqual([false, false]);
});

test('ten minutes of talk are merged without holding the loop for long', async () => {
  const said = mono('long.said.wav', ramp(4_800_000, 0));
  const heard = mono('long.heard.wav', ramp(4_800_000, 9));
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await new FileStereoMerger().merge(said, heard, at('long.wav'));
  delays.disable();
  // The median, so that a busy machine does not fail it; a merge in one piece would hold it for 100 ms.
  expect(delays.percentile(50) / 1e6).toBeLessThan(5);
});

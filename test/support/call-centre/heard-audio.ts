import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { toneLevelDbfs } from '../../../src/audio/goertzel.js';
import { channelOf } from '../../../src/audio/stereo.js';
import { readWav } from '../../../src/audio/wav.js';
import { until } from '../../fixtures/until.js';

/** One channel of audio at 8 kHz. */
export type Heard = Int16Array;

const RATE_HZ = 8000;
const WINDOW_MS = 20;
/** Chosen: a few milliseconds of work. */
const PLACES_A_TURN = 500;
/** Of the WAV files that Asterisk writes. */
const HEADER_BYTES = 44;
/** A tone lasts at least so long before it counts as begun. */
const TONE_WINDOWS_MIN = 4;
/** Between what the phones send (about -20 dBFS) and what leaks from other tones (below -50). */
const TONE_DBFS_MIN = -35;

/** Reads a WAV file; `channel` of a stereo one. @throws when it is none of 8 kHz. */
export function readHeard(file: string, channel: 0 | 1 = 0): Heard {
  const wav = readWav(readFileSync(file));
  if (!wav.ok) throw new Error(`${file}: ${wav.fault}`);
  if (wav.audio.sampleRateHz !== RATE_HZ) throw new Error(`${file} has ${String(wav.audio.sampleRateHz)} samples a second.`);
  return wav.audio.channelCount === 1 ? wav.audio.samples : channelOf(wav.audio.samples, wav.audio.channelCount, channel);
}

export const slice = (heard: Heard, fromMs: number, toMs: number): Heard =>
  heard.subarray(Math.max(0, Math.round((fromMs * RATE_HZ) / 1000)), Math.round((toMs * RATE_HZ) / 1000));

export const lengthMs = (heard: Heard): number => (heard.length * 1000) / RATE_HZ;

/** Level of a tone in the whole, in dBFS. */
export const toneLevel = (heard: Heard, frequencyHz: number): number => toneLevelDbfs(heard, frequencyHz, RATE_HZ);

/** Where a tone first sounds, in ms; undefined when it never does. */
export function toneStartMs(heard: Heard, frequencyHz: number, fromMs = 0): number | undefined {
  let count = 0;
  for (let atMs = fromMs; atMs + WINDOW_MS <= lengthMs(heard); atMs += WINDOW_MS) {
    count = toneLevel(slice(heard, atMs, atMs + WINDOW_MS), frequencyHz) > TONE_DBFS_MIN ? count + 1 : 0;
    if (count === TONE_WINDOWS_MIN) return atMs - (TONE_WINDOWS_MIN - 1) * WINDOW_MS;
  }
  return undefined;
}

/**
 * Where a recording resembles a sound most, by the correlation of both, 1 where
 * they are equal: speech that was through a telephone gives above 0.8, other
 * speech below 0.3. It pauses now and then: the service lives in this process.
 */
export async function bestMatch(heard: Heard, sound: Heard): Promise<{ readonly atMs: number; readonly likeness: number }> {
  const soundPower = powerOf(sound);
  let best = { atMs: 0, likeness: 0 };
  let power = powerOf(heard.subarray(0, sound.length));
  for (let start = 0; start + sound.length < heard.length; start++) {
    if (start % PLACES_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    let product = 0;
    for (let i = 0; i < sound.length; i++) product += heard[start + i]! * sound[i]!;
    const likeness = product / (Math.sqrt(power * soundPower) + 1);
    if (likeness > best.likeness) best = { atMs: (start * 1000) / RATE_HZ, likeness };
    power += heard[start + sound.length]! ** 2 - heard[start]! ** 2;
  }
  return best;
}

const powerOf = (samples: Heard): number => samples.reduce((sum, sample) => sum + sample * sample, 0);

/** How much a number of the network has recorded so far, in ms; 0 when nothing. */
export function farRecordedMs(heardFolder: string, number: string): number {
  const name = readdirSync(heardFolder).find((file) => file.startsWith(`${number}-`) && file.endsWith('-heard.wav'));
  if (name === undefined) return 0;
  return ((statSync(join(heardFolder, name)).size - HEADER_BYTES) / 2 / RATE_HZ) * 1000;
}

/** The first of the files that a number of the network has recorded, once it is complete. */
export async function farRecording(heardFolder: string, number: string, ending: '-heard.wav' | '.wav' = '-heard.wav'): Promise<Heard> {
  const find = (): string | undefined =>
    readdirSync(heardFolder).find((name) => name.startsWith(`${number}-`) && name.endsWith(ending));
  await until(`the far side's recording of ${number} is complete`, () => {
    const name = find();
    return name !== undefined && isClosed(join(heardFolder, name));
  });
  return readHeard(join(heardFolder, find()!));
}

/** Whether the header tells the length: it does when the writer has finished. */
function isClosed(file: string): boolean {
  const bytes = readFileSync(file);
  return bytes.length > HEADER_BYTES && bytes.readUInt32LE(40) === bytes.length - HEADER_BYTES;
}

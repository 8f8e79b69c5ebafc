import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tonePower } from '../../src/audio/goertzel.js';
import { dbfsToPower, meanPower } from '../../src/audio/level.js';
import { channelOf } from '../../src/audio/stereo.js';
import { readWav } from '../../src/audio/wav.js';
import { FIXED_NUMBERS, RECORDER_TONES_HZ } from '../../src/cli/lab/fixed-numbers.js';
import type { Ms } from '../../src/units/time.js';
import type { EarTaps } from './ear-taps.js';
import { untilFound } from './lab-tools.js';
import type { EarCall, HeardSound, HeardSpan, TestEars } from './switch-harness.js';

/** What the ears of a lab look at. */
export interface ToneEarsParts {
  /** Of the lab's public network. */
  readonly heardFolder: string;
  /** Bytes of a finished recording; undefined when there is no such file. */
  readonly readRecording: (path: string) => Promise<Uint8Array | undefined>;
  /** Left out, no audio comes into the process. */
  readonly taps?: EarTaps;
}

/** What `EarTaps` is to say. Chosen: whole tens like the other tones, and none of them. */
export const PROCESS_TONE_HZ = 1250;

/** What the windows of a span are searched for; connect-beep.wav is 850 Hz. */
const FREQUENCIES_HZ: ReadonlyMap<HeardSound, number> = new Map<HeardSound, number>([
  ['tone-0', RECORDER_TONES_HZ[0]],
  ['tone-1', RECORDER_TONES_HZ[1]],
  ['tone-2', RECORDER_TONES_HZ[2]],
  ['short-sound', 850],
  ['process', PROCESS_TONE_HZ],
]);

const SAMPLES_PER_MS = 8;
/** A tenth of a second tells whole tens of hertz apart without a rest. */
const WINDOW_SAMPLES = 800;
/** Measured: tones that are there have -16 dBFS, others below -70. */
const TONE_DBFS_MIN = -40;
/** Holding music begins as quietly as -45 dBFS; a silent line is at -90 or less. */
const MUSIC_DBFS_MIN = -60;
/** So much of a window's power that no tone accounts for is something else. */
const OTHER_POWER_RATIO_MIN = 0.5;
const THROUGHOUT_RATIO_MIN = 0.6;
/** A frame that slips on a loaded machine breaks a tone, which then accounts for less of its window; music lasts longer. */
const MUSIC_WINDOW_COUNT_MIN = 3;
/** By so much a recording may end before the end of its call is told. */
const END_TOLERANCE_MS: Ms = 250;

/** Ears made of the lab's public network, whose numbers record what they hear, and of bare taps. */
export function toneEars({ heardFolder, readRecording, taps }: ToneEarsParts): TestEars {
  return {
    numbers: [FIXED_NUMBERS.toneAndRecordAt(0), FIXED_NUMBERS.toneAndRecordAt(1), FIXED_NUMBERS.toneAndRecordAt(2)],
    nowMs: () => performance.now(),
    async heard(call, fromMs, untilMs) {
      const samples = await untilFound(`the recording of ${FIXED_NUMBERS.toneAndRecordAt(call.numberIndex)}`, () => completeRecording(heardFolder, call));
      return measure(samples.subarray((fromMs - call.answeredAtMs) * SAMPLES_PER_MS, (untilMs - call.answeredAtMs) * SAMPLES_PER_MS));
    },
    async recorded(file) {
      const bytes = await readRecording(file);
      const reading = bytes === undefined ? undefined : readWav(bytes);
      if (reading?.ok !== true) throw new Error(`The recording ${file} cannot be read.`);
      const { samples, channelCount } = reading.audio;
      return { left: measure(inner(channelOf(samples, channelCount, 0))), right: measure(inner(channelOf(samples, channelCount, 1))) };
    },
    ...(taps === undefined
      ? {}
      : {
          process: {
            heard: (callId, fromMs, untilMs) => Promise.resolve(measure(taps.heard(callId, fromMs, untilMs))),
            speak: (callId) => taps.speak(callId),
            hush: (callId) => taps.hush(callId),
          },
        }),
  };
}

/** The newest recording of the call's number, once it spans the call. */
function completeRecording(heardFolder: string, call: EarCall): Int16Array | undefined {
  const number = FIXED_NUMBERS.toneAndRecordAt(call.numberIndex);
  const newest = readdirSync(heardFolder)
    .filter((name) => name.startsWith(number) && name.endsWith('-heard.wav'))
    .sort((one, other) => ageOf(one) - ageOf(other))
    .at(-1);
  if (newest === undefined) return undefined;
  const reading = readWav(readFileSync(path.join(heardFolder, newest)));
  if (!reading.ok) return undefined;
  const { samples } = reading.audio;
  return samples.length / SAMPLES_PER_MS >= call.endedAtMs - call.answeredAtMs - END_TOLERANCE_MS ? samples : undefined;
}

/** Names end in the channel's unique id, seconds and a count, before `-heard.wav`. */
function ageOf(name: string): number {
  const [, seconds = '0', count = '0'] = /-(\d+)\.(\d+)-heard\.wav$/.exec(name) ?? [];
  return Number(seconds) * 100_000 + Number(count);
}

/** Without the ends, at which calls are put together and taken apart. */
const inner = (samples: Int16Array): Int16Array => samples.subarray(samples.length / 4, (3 * samples.length) / 4);

function measure(samples: Int16Array): HeardSpan {
  const windowCounts = new Map<HeardSound, number>();
  let windowCount = 0;
  for (let at = 0; at + WINDOW_SAMPLES <= samples.length; at += WINDOW_SAMPLES) {
    windowCount++;
    for (const sound of soundsIn(samples.subarray(at, at + WINDOW_SAMPLES))) windowCounts.set(sound, (windowCounts.get(sound) ?? 0) + 1);
  }
  return {
    sometime: new Set([...windowCounts].filter(([sound, count]) => sound !== 'music' || count >= MUSIC_WINDOW_COUNT_MIN).map(([sound]) => sound)),
    throughout: new Set([...windowCounts].filter(([, count]) => count >= THROUGHOUT_RATIO_MIN * windowCount).map(([sound]) => sound)),
  };
}

function soundsIn(window: Int16Array): readonly HeardSound[] {
  const found: HeardSound[] = [];
  const wholePower = meanPower(window);
  let tonesPower = 0;
  for (const [sound, frequencyHz] of FREQUENCIES_HZ) {
    const power = tonePower(window, frequencyHz);
    tonesPower += power;
    if (power > dbfsToPower(TONE_DBFS_MIN)) found.push(sound);
  }
  if (wholePower > dbfsToPower(MUSIC_DBFS_MIN) && wholePower - tonesPower > OTHER_POWER_RATIO_MIN * wholePower) found.push('music');
  return found;
}

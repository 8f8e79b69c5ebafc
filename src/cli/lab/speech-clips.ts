import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeG711 } from '../../audio/g711.js';
import { SAMPLE_RATE_HZ } from '../../audio/frame.js';
import { resample } from '../../audio/resample.js';
import { SIT_SEGMENTS } from '../../audio/tone-catalogue.js';
import { playSegments, type ToneSegment } from '../../audio/tone-synthesis.js';
import { readWav, writeWav } from '../../audio/wav.js';
import { withLockFile } from './folder-lock.js';
import { cacheFolder } from './project-folder.js';
import { speak, type Voice } from './speak.js';

/** Everything the people and machines of the public network can be heard saying. */
export interface ClipLibrary {
  /** Holds `<name>.wav` and `<name>.ulaw` for each clip. */
  readonly folder: string;
  /** How many speakers there are; the clips of speaker 0 are `person-0/…`. */
  readonly speakerCount: number;
}

/** Who speaks on the network: accents, pitches and speeds that differ. */
const SPEAKERS: readonly Voice[] = [
  { name: 'en-us+m1', pitch: 42, wordsPerMinute: 165 },
  { name: 'en-us+f2', pitch: 58, wordsPerMinute: 175 },
  { name: 'en-gb+m3', pitch: 38, wordsPerMinute: 160 },
  { name: 'en-gb-x-rp+f3', pitch: 62, wordsPerMinute: 170 },
  { name: 'en-us+m7', pitch: 30, wordsPerMinute: 150 },
  { name: 'en-gb-scotland+f4', pitch: 55, wordsPerMinute: 185 },
  { name: 'en-us+f5', pitch: 50, wordsPerMinute: 155 },
  { name: 'en-029+m2', pitch: 45, wordsPerMinute: 180 },
  { name: 'en-us-nyc+m4', pitch: 48, wordsPerMinute: 190 },
  { name: 'en-gb-x-gbclan+f1', pitch: 65, wordsPerMinute: 165 },
];

/** How people answer, from the commonest to the business that says its name. */
export const HELLO_TEXTS = [
  'Hello?',
  'Yes, hello?',
  'Hello, Dana Example speaking.',
  'Good morning, Example Bakery, how can I help you?',
] as const;

/** What people say in turn while they talk. */
export const TALK_TEXTS = [
  'Yes, that is me. What is it about?',
  'I see. And how much would that be, for the whole year?',
  'No, I think we have that already.',
  'Well, I would have to ask at home first.',
  'All right, please send it to me by mail.',
] as const;

/** Greetings of voicemail; the beep follows. */
export const GREETING_TEXTS = [
  'Hello, you have reached Sam and Kim Example. We cannot come to the phone right now. Please leave your name and number after the tone, and we will call you back.',
  'The person you have called is not available. At the tone, please record your message. When you have finished recording, you may hang up.',
  'Hi, this is Alex. I am busy. Leave me a message.',
] as const;

/** Frequencies of voicemail beeps; machines differ. */
export const BEEP_FREQUENCIES_HZ = [1000, 440, 850, 1400] as const;

const ANNOUNCEMENT_TEXT = 'We are sorry. The number you have dialed is not in service. Please check the number and dial again.';
/** Chosen: about the level of speech on a telephone line, with room for peaks. */
const SPEECH_PEAK_RATIO = 0.5;
const MAKE_WAIT_MS_MAX = 180_000;
const SPEECH_AT_ONCE = 2;

/** Makes the clips with espeak-ng on first use and keeps them; later calls find them. */
export async function makeSpeechClips(say: (line: string) => void = () => undefined): Promise<ClipLibrary> {
  const recipe = JSON.stringify([SPEAKERS, HELLO_TEXTS, TALK_TEXTS, GREETING_TEXTS, ANNOUNCEMENT_TEXT, BEEP_FREQUENCIES_HZ, SPEECH_PEAK_RATIO]);
  const folder = join(cacheFolder(), `clips-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
  const library: ClipLibrary = { folder, speakerCount: SPEAKERS.length };
  if (existsSync(folder)) return library;
  mkdirSync(cacheFolder(), { recursive: true });
  return withLockFile(`${folder}.lock`, MAKE_WAIT_MS_MAX, async () => {
    if (existsSync(folder)) return library;
    say('Recording the voices of the public network with espeak-ng.');
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    writeTones(partial);
    await writeSpeech(partial);
    renameSync(partial, folder);
    return library;
  });
}

async function writeSpeech(folder: string): Promise<void> {
  const jobs: { voice: Voice; text: string; name: string }[] = SPEAKERS.flatMap((voice, speaker) => [
    ...HELLO_TEXTS.map((text, index) => ({ voice, text, name: `person-${speaker}/hello-${index}` })),
    ...TALK_TEXTS.map((text, index) => ({ voice, text, name: `person-${speaker}/talk-${index}` })),
    ...GREETING_TEXTS.map((text, index) => ({ voice, text, name: `person-${speaker}/greeting-${index}` })),
  ]);
  jobs.push({ voice: { name: 'en-us+f3', pitch: 50, wordsPerMinute: 150 }, text: ANNOUNCEMENT_TEXT, name: 'announcement' });
  const work = async (): Promise<void> => {
    for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
      writeClip(folder, job.name, toTelephone(await speak(job.text, job.voice)));
    }
  };
  await Promise.all(Array.from({ length: SPEECH_AT_ONCE }, work));
}

/** Brings what espeak-ng made to 8 kHz and to one level, without its leading and trailing silence. */
function toTelephone(wavBytes: Uint8Array): Int16Array {
  const wav = readWav(wavBytes);
  if (!wav.ok) throw new Error(`espeak-ng did not give a WAV file: ${wav.fault}.`);
  const samples = resample(wav.audio.samples, wav.audio.sampleRateHz, SAMPLE_RATE_HZ);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  const gain = (SPEECH_PEAK_RATIO * 32767) / peak;
  const floor = peak / 100;
  const first = samples.findIndex((sample) => Math.abs(sample) > floor);
  const last = samples.findLastIndex((sample) => Math.abs(sample) > floor);
  return samples.slice(Math.max(0, first), last + 1).map((sample) => Math.round(sample * gain));
}

function writeTones(folder: string): void {
  const pauseMs = (durationMs: number): ToneSegment => ({ frequenciesHz: [], durationMs });
  for (const [name, segments] of Object.entries(SIT_SEGMENTS)) {
    writeClip(folder, `sit-${name}`, playSegments(segments));
  }
  BEEP_FREQUENCIES_HZ.forEach((frequencyHz, index) => {
    writeClip(folder, `beep-${index}`, playSegments([{ frequenciesHz: [frequencyHz], durationMs: 400 }]));
  });
  // T.30: an answering fax waits, sends 2100 Hz, then its V.21 preamble (1650 and 1850 Hz at 300 baud).
  const preamble = Array.from({ length: 300 }, (_, bit): ToneSegment => ({
    frequenciesHz: [bit % 8 === 0 || bit % 8 === 7 ? 1850 : 1650],
    durationMs: 1000 / 300,
  }));
  const fax = [{ frequenciesHz: [2100], durationMs: 3000 }, pauseMs(75), ...preamble, pauseMs(1500)];
  writeClip(folder, 'fax', playSegments(fax, { rampMs: 0.2 }));
}

/** Both as WAV, for people and tests, and as bare µ-law, which Asterisk sends without converting it. */
function writeClip(folder: string, name: string, samples: Int16Array): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.wav`, writeWav({ samples, channelCount: 1, sampleRateHz: SAMPLE_RATE_HZ }));
  writeFileSync(`${file}.ulaw`, encodeG711('mu-law', samples));
}

/**
 * Makes every sound of this folder and MANIFEST.json anew:
 *
 *     npm run build && node sounds/make-sounds.mjs
 *
 * Needs the Debian package espeak-ng. The texts below are the whole source: a
 * site that wants its own words or language changes them, or records a person
 * under the same names (WAV, 8 kHz, 16 bit, mono).
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playSegments } from '../dist/audio/tone-synthesis.js';
import { writeWav } from '../dist/audio/wav.js';
import { speak } from '../dist/cli/lab/speak.js';
import { toTelephone } from '../dist/cli/lab/speech-clips.js';

const SAMPLE_RATE_HZ = 8000;
const VOICE = { name: 'en-us+f3', pitch: 52, wordsPerMinute: 155 };
const LICENCE = 'Apache-2.0';

/** Prompts for agents are short: agents hear them hundreds of times. */
const PROMPTS = {
  'enter-pin': 'Enter your PIN, then hash.',
  'wrong-pin': 'Wrong PIN. Try again.',
  'logged-in': 'Logged in.',
  'logged-out': 'Logged out.',
  'paused': 'Paused.',
  'resumed': 'Ready.',
  'not-possible': 'Not possible now.',
  'safe-harbour':
    'Sorry, nobody was free to speak to you. This was a call from Example Company. Our number is 2 0 2, 5 5 5, 0 1 4 3. Press 9 not to be called again.',
  'machine-message':
    'Hello. This is Example Company with a message for you. Please call us back on 2 0 2, 5 5 5, 0 1 4 3. Press 9 not to be called again. Thank you.',
  'whisper': 'Spring campaign.',
};

/** Tones are low and short: they stand under the first word of a talk. */
const TONES = {
  'connect-beep': [{ frequenciesHz: [850], durationMs: 120 }],
  'wrap-up-tone': [
    { frequenciesHz: [620], durationMs: 120 },
    { frequenciesHz: [], durationMs: 60 },
    { frequenciesHz: [480], durationMs: 160 },
  ],
};
const TONE_LEVEL_DBFS = -20;

const manifest = [];

function keep(name, samples, origin) {
  const bytes = writeWav({ samples, channelCount: 1, sampleRateHz: SAMPLE_RATE_HZ });
  const file = `${name}.wav`;
  writeFileSync(fileURLToPath(new URL(file, import.meta.url)), bytes);
  manifest.push({
    file,
    ...origin,
    licence: LICENCE,
    durationMs: Math.round((samples.length * 1000) / SAMPLE_RATE_HZ),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
}

for (const [name, text] of Object.entries(PROMPTS)) {
  const spoken = text.replace('PIN', 'pin');
  keep(name, toTelephone(await speak(spoken, VOICE)), {
    text,
    origin: `Made by sounds/make-sounds.mjs with the speech synthesizer espeak-ng, voice ${VOICE.name}, from this project's own text.`,
  });
}
for (const [name, segments] of Object.entries(TONES)) {
  keep(name, playSegments(segments, { levelDbfs: TONE_LEVEL_DBFS, rampMs: 8 }), {
    origin: 'Computed by sounds/make-sounds.mjs.',
  });
}
manifest.sort((a, b) => (a.file < b.file ? -1 : 1));
writeFileSync(
  fileURLToPath(new URL('MANIFEST.json', import.meta.url)),
  `${JSON.stringify({ format: 'WAV, 8 kHz, 16 bit, mono', sounds: manifest }, null, 2)}\n`,
);
process.stdout.write(`${manifest.length} sounds written.\n`);

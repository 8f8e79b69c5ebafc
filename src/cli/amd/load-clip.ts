import { readFileSync } from 'node:fs';
import { SAMPLE_RATE_HZ } from '../../audio/frame.js';
import { resample } from '../../audio/resample.js';
import { readWav } from '../../audio/wav.js';
import type { LabelledClip, LoadedClip } from './labelled-clip.js';

/** Shorter is no answer that anything could be said of. */
const CLIP_MS_MIN = 20;
/** A time that is rounded up may stand so far past the end. */
const ROUNDING_MS = 50;

/** A recording at telephone rate, or in one clause what is wrong with it. */
export type WavLoading = { readonly ok: true; readonly samples: Int16Array } | { readonly ok: false; readonly fault: string };

/**
 * Reads a WAV file and brings it to telephone rate; several channels are
 * averaged into one. Never throws: what cannot be read is a fault with its cure.
 */
export function loadWav(path: string): WavLoading {
  const fault = (words: string): WavLoading => ({ ok: false, fault: words });
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fault(`cannot be opened (${error instanceof Error ? error.message : String(error)}); give a file that may be read`);
  }
  const reading = readWav(bytes);
  if (!reading.ok) {
    return fault(`is no WAV file that can be read (${reading.fault}); convert it to PCM, for instance with: sox IN -b 16 OUT.wav`);
  }
  const { samples, channelCount, sampleRateHz } = reading.audio;
  const mono = channelCount === 1 ? samples : averaged(samples, channelCount);
  const telephone = resample(mono, sampleRateHz, SAMPLE_RATE_HZ);
  if ((telephone.length * 1000) / SAMPLE_RATE_HZ < CLIP_MS_MIN) return fault('holds no sound; record it again or delete its line');
  return { ok: true, samples: telephone };
}

/** All clips with their sound, and the faults that only the sound shows. */
export function loadClips(
  manifestName: string,
  clips: readonly LabelledClip[],
): { readonly clips: readonly LoadedClip[]; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const loaded = clips.flatMap((clip): readonly LoadedClip[] => {
    const loading = loadWav(clip.path);
    if (!loading.ok) {
      faults.push(`${manifestName} line ${clip.line}: ${clip.file} ${loading.fault}.`);
      return [];
    }
    const lengthMs = (loading.samples.length * 1000) / SAMPLE_RATE_HZ;
    for (const [what, atMs] of [['beep_time_s', clip.beepMs], ['the end of speech', clip.speechEndMs]] as const) {
      if (atMs === undefined || atMs <= lengthMs + ROUNDING_MS) continue;
      faults.push(`${manifestName} line ${clip.line}: ${what} of ${clip.file} is ${seconds(atMs)} s, and the recording ends at ${seconds(lengthMs)} s; write the time within the file, in seconds.`);
    }
    return [{ ...clip, samples: loading.samples }];
  });
  return { clips: loaded, faults };
}

const seconds = (ms: number): string => String(Math.round(ms) / 1000);

function averaged(samples: Int16Array, channelCount: number): Int16Array {
  const mono = new Int16Array(Math.floor(samples.length / channelCount));
  for (let at = 0; at < mono.length; at++) {
    let sum = 0;
    for (let channel = 0; channel < channelCount; channel++) sum += samples[at * channelCount + channel]!;
    mono[at] = Math.round(sum / channelCount);
  }
  return mono;
}

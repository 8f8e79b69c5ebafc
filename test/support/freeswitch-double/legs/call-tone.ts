import { writeWav } from '../../../../src/audio/wav.js';
import type { Leg } from './leg.js';

/** What a contact that talks is heard as. */
const CONTACT_TONE_HZ = 1_000;
/** What a phone is heard as. */
const PHONE_TONE_HZ = 400;
const SAMPLE_RATE_HZ = 8_000;
/** A quarter of full scale: loud enough for any detector, far from clipping. */
const AMPLITUDE = 8_000;

/** What a leg's far end says, so many samples of it; silence from one that does not talk. */
export function callTone(leg: Leg, sampleCount: number, fromSample = 0): Int16Array {
  const samples = new Int16Array(sampleCount);
  if (leg.core.farEnds.get(leg.uuid)?.isTalking === false) return samples;
  const frequencyHz = leg.kind === 'contact' ? CONTACT_TONE_HZ : PHONE_TONE_HZ;
  for (let i = 0; i < sampleCount; i++) {
    samples[i] = Math.round(AMPLITUDE * Math.sin((2 * Math.PI * frequencyHz * (fromSample + i)) / SAMPLE_RATE_HZ));
  }
  return samples;
}

/** Channels of equal length as a WAV file. */
export function toneWav(channels: readonly Int16Array[], channelCount: number): Buffer {
  const length = channels[0]?.length ?? 0;
  const samples = new Int16Array(length * channelCount);
  channels.forEach((channel, index) => {
    for (let i = 0; i < length; i++) samples[i * channelCount + index] = channel[i] ?? 0;
  });
  return Buffer.from(writeWav({ sampleRateHz: SAMPLE_RATE_HZ, channelCount, samples }));
}

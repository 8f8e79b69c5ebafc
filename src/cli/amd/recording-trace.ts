import { blankFeatures } from '../../amd/analysis-features.js';
import { CallEar } from '../../amd/call-ear.js';
import type { ToneBurst } from '../../amd/tone-burst.js';
import { FRAME_MS, FRAME_SAMPLES, framesOf } from '../../audio/frame.js';
import type { Ms } from '../../units/time.js';

/** A stretch of time. */
export interface Stretch {
  readonly startMs: Ms;
  readonly endMs: Ms;
}

/** A tone, whoever sends it. */
export interface HeardTone extends Stretch {
  /** One, or two together. */
  readonly frequenciesHz: readonly number[];
}

/** What the analyser's ear heard of a recording, for a picture of it. */
export interface RecordingTrace {
  readonly bursts: readonly Stretch[];
  readonly tones: readonly HeardTone[];
}

/** Listens once more and notes when someone talked and which tones sounded. */
export function traceRecording(samples: Int16Array, speechProbabilities: Float32Array | undefined): RecordingTrace {
  const ear = new CallEar();
  const features = blankFeatures();
  const bursts: { startMs: Ms; endMs: Ms }[] = [];
  const tones: HeardTone[] = [];
  let talkMs = 0;
  const hear = (frame: Int16Array, probability: number | undefined): void => {
    const { ended } = ear.step(frame, probability);
    if (ended !== undefined) tones.push(heardTone(ended));
    ear.writeFeatures(features);
    const endMs = features.audioMs - features.trailingSilenceMs;
    // A burst shows after its first syllable; how much talk it brought says where it began.
    while (bursts.length > features.burstCount) bursts.pop();
    if (features.burstCount > bursts.length) bursts.push({ startMs: endMs - (features.talkMs - talkMs), endMs });
    else if (features.burstCount > 0) bursts[bursts.length - 1]!.endMs = endMs;
    talkMs = features.talkMs;
  };
  let index = 0;
  for (const frame of framesOf(samples)) {
    const probability = speechProbabilities?.[index++];
    hear(frame, Number.isNaN(probability) ? undefined : probability);
  }
  // A tone that is cut off by the end of the file is over now.
  const silence = new Int16Array(FRAME_SAMPLES);
  for (let ms = 0; ms < 200; ms += FRAME_MS) hear(silence, speechProbabilities === undefined ? undefined : 0);
  return { bursts, tones };
}

const heardTone = ({ startFrame, endFrame, lowHz, highHz }: ToneBurst): HeardTone => ({
  startMs: startFrame * FRAME_MS,
  endMs: endFrame * FRAME_MS,
  frequenciesHz: highHz === 0 ? [lowHz] : [lowHz, highHz],
});

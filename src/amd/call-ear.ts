import { FRAME_MS, FRAME_SAMPLES } from '../audio/frame.js';
import { powerToDbfs } from '../audio/level.js';
import type { Ms } from '../units/time.js';
import type { FeatureFigures } from './analysis-features.js';
import { BeepDetector } from './beep-detector.js';
import { CallProgress } from './call-progress.js';
import { FrameSpectrum } from './frame-spectrum.js';
import { SpeechActivity } from './speech-activity.js';
import { SpeechCadence } from './speech-cadence.js';
import type { ToneBurst } from './tone-burst.js';
import { ToneTracker, type HeardTone } from './tone-tracker.js';

/** Words of the net that are remembered: 2.56 s, more than the longest beep. */
const REMEMBERED_FRAMES = 128;

/** Under it the net is sure that nobody speaks. */
const NO_VOICE = 0.3;
/** Of a tone the net is not sure that it is speech; noise under it leaves some doubt. */
const TONE_SPEECH_MAX = 0.9;
/** 60 ms, at most half of the shortest beep. */
const SETTLING_FRAMES = 3;

/** What the ear found at a frame. */
export interface Heard {
  /** A tone that is found over. */
  readonly ended: ToneBurst | undefined;
  /** A beep that is found over; the caller asks whether it stands apart from the talk. */
  readonly beep: ToneBurst | undefined;
}

/**
 * Listens to one call frame by frame: when someone talks, which tones sound,
 * what was a beep. It decides nothing.
 */
export class CallEar {
  readonly cadence = new SpeechCadence();
  readonly tones = new ToneTracker();
  readonly progress = new CallProgress();
  readonly #spectrum = new FrameSpectrum();
  readonly #activity = new SpeechActivity();
  readonly #beeps = new BeepDetector(this.progress);
  readonly #frame = { isActive: false, isPlain: false, isVoiced: false, pitchHz: 0, bandPower: 0, speechProbability: 0 };
  /** NaN where the net said nothing. */
  readonly #probabilities = new Float32Array(REMEMBERED_FRAMES).fill(NaN);
  #frameCount = 0;
  #unscoredFrames = 0;

  /** Frames heard. */
  get frameCount(): number {
    return this.#frameCount;
  }

  /** Audio heard. */
  get audioMs(): Ms {
    return this.#frameCount * FRAME_MS;
  }

  /** When the last tone ended, now while one sounds; 0 when there was none. */
  get toneEndMs(): Ms {
    if (this.tones.isConfirmed) return this.audioMs;
    return (this.progress.bursts.at(-1)?.endFrame ?? 0) * FRAME_MS;
  }

  /** Audio of which the neural net said nothing. */
  get unscoredMs(): Ms {
    return this.#unscoredFrames * FRAME_MS;
  }

  /**
   * Takes the next 20 ms. The frame is read at once and not kept.
   * @param speechProbability the neural net's word on this frame, 0..1; undefined where it did not listen.
   * @throws RangeError when the frame does not hold 160 samples.
   */
  step(frame: Int16Array, speechProbability: number | undefined): Heard {
    if (frame.length !== FRAME_SAMPLES) {
      throw new RangeError(`A frame holds ${FRAME_SAMPLES} samples, not ${frame.length}.`);
    }
    this.#probabilities[this.#frameCount % REMEMBERED_FRAMES] = speechProbability ?? NaN;
    this.#frameCount++;
    if (speechProbability === undefined) this.#unscoredFrames++;
    const spectrum = this.#spectrum;
    spectrum.step(frame);
    const mayBeVoice = speechProbability === undefined || speechProbability >= NO_VOICE;
    const tone = this.tones.step(spectrum, this.#activity.noisePower, mayBeVoice);
    this.#activity.step(spectrum, this.tones.isSuspected, speechProbability);
    if (tone.hasBegun) this.cadence.mark();
    if (tone.wasConfirmed) this.cadence.rewind();
    const isTone = this.tones.isConfirmed;
    const heard = this.#frame;
    heard.isActive = this.#activity.isActive && !isTone;
    heard.isPlain = this.#activity.isPlain && !isTone;
    heard.isVoiced = this.#activity.isVoiced && !isTone;
    heard.pitchHz = this.#activity.pitchHz;
    heard.bandPower = spectrum.bandPower;
    heard.speechProbability = speechProbability ?? 0;
    this.cadence.step(heard);
    const ended = tone.ended && this.#unlessVoice(tone.ended);
    if (ended !== undefined) this.progress.add(ended);
    return { ended, beep: this.#beeps.step(ended, this.tones.isSuspected, this.#frameCount - 1) };
  }

  /**
   * Mean of the net's words on the frames of a tone, 0..1; undefined where it did not listen
   * throughout. The first frames are left out: the net needs them to let go of a voice before.
   */
  #speechProbabilityIn({ startFrame, endFrame }: HeardTone): number | undefined {
    const from = Math.max(startFrame + SETTLING_FRAMES, this.#frameCount - REMEMBERED_FRAMES);
    let sum = 0;
    for (let frame = from; frame < endFrame; frame++) sum += this.#probabilities[frame % REMEMBERED_FRAMES]!;
    const mean = sum / (endFrame - from);
    return Number.isNaN(mean) ? undefined : mean;
  }

  /** The tone that sounds now, once it is sure to be one; for classing tones that never stop. */
  openTone(): ToneBurst | undefined {
    const open = this.tones.openBurst();
    return open && this.#unlessVoice(open);
  }

  /** A held vowel can pass for a tone; the net hears that it is a voice. */
  #unlessVoice(tone: HeardTone): ToneBurst | undefined {
    const speechProbability = this.#speechProbabilityIn(tone);
    return (speechProbability ?? 0) > TONE_SPEECH_MAX ? undefined : { ...tone, speechProbability };
  }

  /** Power of the background, relative to full scale. */
  get noisePower(): number {
    return this.#activity.noisePower;
  }

  /** Writes all figures but the count of beeps, which is the listener's. */
  writeFeatures(target: FeatureFigures): void {
    this.cadence.writeFeatures(target);
    target.noiseLevelDbfs = powerToDbfs(this.#activity.noisePower);
    target.toneMs = this.progress.toneMs + (this.tones.isConfirmed ? this.tones.runFrames * FRAME_MS : 0);
  }
}

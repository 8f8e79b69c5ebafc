/**
 * Follows tones through the frames. A run of frames whose power sits in one or
 * two steady peaks is a suspect; after 100 ms a fine spectrum says whether it
 * is a tone; when it stops, it becomes a burst.
 *
 *   none --tonal frame--> suspected --100 ms, fine spectrum agrees--> confirmed
 *   suspected --steadiness lost, save by lost packets--> none (it was speech)
 *   confirmed --60 ms without, or another tone--> none, burst reported
 */
import { dbfsToPower, powerToDbfs } from '../audio/level.js';
import type { FrameSpectrum } from './frame-spectrum.js';
import type { ToneBurst } from './tone-burst.js';
import { isToneSpectrum, ToneSpectrum } from './tone-spectrum.js';

/**
 * Share of a frame's power in its two strongest lobes for it to be tonal. Chosen:
 * loose, the fine spectrum decides.
 */
const TONAL_SHARE = 0.8;
/**
 * How far a peak may stand from where the run began: the waver of low beeps, and
 * of two close tones beating.
 */
const STEADY_HZ = 45;
/** Tone over background for a frame to count, 6 dB. */
const OVER_NOISE = dbfsToPower(6);
/** Fainter is nothing that anyone would play. */
const TONE_MIN_POWER = dbfsToPower(-60);
/**
 * A tone that falls this far, 10 dB, within a frame has ended, though its tail
 * still shapes the spectrum.
 */
const ENDED_FALL = dbfsToPower(-10);
/** Nothing but a packet that did not come is this silent. */
const LOST_POWER = dbfsToPower(-75);
/** Frames to be sure of a tone: 100 ms, the fine spectrum's span. */
const CONFIRM_FRAMES = 5;
/** A sent tone keeps its level; this, 6 dB, leaves room for noise and for a beep that fades. */
const LEVEL_RANGE = dbfsToPower(6);
/** Attempts end here: what does not prove a tone in 300 ms is a hummed vowel. */
const CONFIRM_FRAMES_MAX = 15;
/** Two lost packets must not cut a tone in half; the third frame without it ends it. */
const MISSES_MAX = 2;

/** What the frame did to the run, in the order a listener must hear it. */
export interface ToneStep {
  /** A confirmed tone ended; reported 60 ms after its end, at once when another tone follows. */
  ended: ToneBurst | undefined;
  /** A new suspect began with this frame. */
  hasBegun: boolean;
  /** The suspect was proved a tone at this frame: what was heard since it began was no speech. */
  wasConfirmed: boolean;
}

/** Tracks one tone at a time; allocates only when a burst ends. */
export class ToneTracker {
  readonly #fine = new ToneSpectrum();
  readonly #step: ToneStep = { ended: undefined, hasBegun: false, wasConfirmed: false };
  #frameIndex = -1;
  #runFrames = 0;
  #misses = 0;
  #isConfirmed = false;
  #startFrame = 0;
  #lastToneFrame = 0;
  #firstHz = 0;
  #secondHz = 0;
  #powerSum = 0;
  #powerFrames = 0;
  #leastPower = Infinity;
  #mostPower = 0;
  #lowHz = 0;
  #highHz = 0;
  #previousEndFrame = -Infinity;

  /**
   * A run of at least three tonal frames, 60 ms, is under way: hold decisions that a
   * tone would change.
   */
  get isSuspected(): boolean {
    return this.#runFrames >= 3;
  }

  /** A proved tone sounds now, or has stopped less than 60 ms ago. */
  get isConfirmed(): boolean {
    return this.#isConfirmed;
  }

  /** Frames that the present tone or suspect has sounded; 0 when there is none. */
  get runFrames(): number {
    return this.#runFrames;
  }

  /**
   * The tone that sounds now as a burst still open, once confirmed. For classing
   * tones that never stop.
   */
  openBurst(): ToneBurst | undefined {
    return this.#isConfirmed ? this.#burst() : undefined;
  }

  /** Takes the measures of the next frame. The answer is overwritten by the next call. */
  step(spectrum: FrameSpectrum, noisePower: number): ToneStep {
    const step = this.#step;
    step.ended = undefined;
    step.hasBegun = false;
    step.wasConfirmed = false;
    this.#frameIndex++;
    const isTonal = this.#isTonal(spectrum, noisePower);
    if (this.#runFrames > 0 && !(isTonal && this.#continues(spectrum)))
      this.#miss(isTonal, spectrum, step);
    if (!isTonal) return step;
    if (this.#runFrames === 0) {
      this.#begin(spectrum);
      step.hasBegun = true;
    } else if (this.#continues(spectrum)) {
      this.#extend(spectrum);
    }
    if (!this.#isConfirmed) step.wasConfirmed = this.#confirm(spectrum, noisePower);
    return step;
  }

  #isTonal(spectrum: FrameSpectrum, noisePower: number): boolean {
    const { bandPower, framePower } = spectrum;
    if (framePower < TONE_MIN_POWER || framePower < noisePower * OVER_NOISE) return false;
    if (this.#powerFrames >= 2 && framePower < (this.#powerSum / this.#powerFrames) * ENDED_FALL)
      return false;
    return spectrum.topPower + spectrum.nextPower >= TONAL_SHARE * (bandPower - noisePower);
  }

  #continues(spectrum: FrameSpectrum): boolean {
    const hz = spectrum.topHz;
    return Math.abs(hz - this.#firstHz) <= STEADY_HZ || Math.abs(hz - this.#secondHz) <= STEADY_HZ;
  }

  #miss(isOtherTone: boolean, spectrum: FrameSpectrum, step: ToneStep): void {
    // A frame across the seam of two tones shows both: not yet the next one.
    const isSeam =
      isOtherTone && this.#isNearRun(spectrum.nextHz) && spectrum.nextPower * 4 > spectrum.topPower;
    // A suspect survives lost packets only, a proved tone anything for a moment.
    const mayGoOn = this.#isConfirmed ? !isOtherTone || isSeam : spectrum.framePower < LOST_POWER;
    if (mayGoOn && ++this.#misses <= MISSES_MAX) return;
    if (this.#isConfirmed) {
      step.ended = this.#burst();
      this.#previousEndFrame = this.#lastToneFrame + 1;
    }
    this.#runFrames = 0;
    this.#isConfirmed = false;
    this.#powerSum = 0;
    this.#powerFrames = 0;
    this.#leastPower = Infinity;
    this.#mostPower = 0;
  }

  #isNearRun(hz: number): boolean {
    return Math.abs(hz - this.#firstHz) <= STEADY_HZ;
  }

  #begin(spectrum: FrameSpectrum): void {
    this.#runFrames = 1;
    this.#misses = 0;
    this.#startFrame = this.#frameIndex;
    this.#lastToneFrame = this.#frameIndex;
    this.#firstHz = spectrum.topHz;
    // A second peak belongs to the run only where it carries real power.
    this.#secondHz = spectrum.nextPower * 16 > spectrum.topPower ? spectrum.nextHz : spectrum.topHz;
  }

  #extend(spectrum: FrameSpectrum): void {
    this.#runFrames = this.#frameIndex - this.#startFrame + 1;
    this.#misses = 0;
    this.#lastToneFrame = this.#frameIndex;
    this.#powerSum += spectrum.framePower;
    this.#powerFrames++;
    this.#leastPower = Math.min(this.#leastPower, spectrum.framePower);
    this.#mostPower = Math.max(this.#mostPower, spectrum.framePower);
  }

  #confirm(spectrum: FrameSpectrum, noisePower: number): boolean {
    if (this.#runFrames < CONFIRM_FRAMES || this.#runFrames > CONFIRM_FRAMES_MAX) return false;
    if (this.#mostPower > this.#leastPower * LEVEL_RANGE) return false;
    const fine = this.#fine;
    fine.measure(spectrum.history, noisePower);
    if (!isToneSpectrum(fine, this.#runFrames)) return false;
    this.#isConfirmed = true;
    this.#lowHz = fine.lowHz;
    this.#highHz = fine.highHz;
    return true;
  }

  #burst(): ToneBurst {
    return {
      lowHz: this.#lowHz,
      highHz: this.#highHz,
      startFrame: this.#startFrame,
      endFrame: this.#lastToneFrame + 1,
      gapBeforeFrames:
        this.#previousEndFrame === -Infinity ? Infinity : this.#startFrame - this.#previousEndFrame,
      levelDbfs: powerToDbfs(this.#powerFrames > 0 ? this.#powerSum / this.#powerFrames : 0),
    };
  }
}

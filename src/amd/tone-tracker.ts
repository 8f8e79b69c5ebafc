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
/** Tone and background over background for a frame to count, 3 dB: the tone is then as loud as the noise. */
const OVER_NOISE = dbfsToPower(3);
/** Fainter is nothing that anyone would play. */
const TONE_MIN_POWER = dbfsToPower(-60);
/**
 * A tone that falls this far, 10 dB, within a frame has ended, though its tail
 * still shapes the spectrum.
 */
const ENDED_FALL = dbfsToPower(-10);
/** Nothing but a packet that did not come falls this far, 20 dB, from one frame to the next, or is this silent. */
const LOST_FALL = dbfsToPower(-20);
const LOST_POWER = dbfsToPower(-75);
/** Frames to be sure of a tone: 100 ms, the fine spectrum's span. */
const CONFIRM_FRAMES = 5;
/** A sent tone keeps its level; this, 6 dB, leaves room for noise and for a beep that fades. */
const LEVEL_RANGE = dbfsToPower(6);
/** Attempts end here: what does not prove a tone in 300 ms is a hummed vowel. */
const CONFIRM_FRAMES_MAX = 15;
/** Two lost packets must not cut a tone in half; the third frame without it ends it. */
const MISSES_MAX = 2;
/** A suspect waits longer where packets are plainly lost: nothing is told of it yet. */
const SUSPECT_MISSES_MAX = 5;

/** What is this far under a tone, 7 dB, is quiet beside it; so is what lies no more than 6 dB over the background. */
const QUIET_UNDER_TONE = dbfsToPower(-7);
const QUIET_OVER_NOISE = dbfsToPower(6);
/** Frames before a tone that are looked at, 80 ms; the one in which it begins holds some of it. */
const BEFORE_FRAMES = 4;
const EDGE_FRAMES = 1;

/** A run that begins so soon after a suspect was dropped is the same sound. */
const SEQUEL_FRAMES = 2;
/** By so many frames a pair has shown both its tones. */
const PAIR_SHOWS_FRAMES = 3;
/** A frame this far over the ones before, 10 dB, is the first whole one. */
const ONSET_RISE = dbfsToPower(10);

/** A burst before the neural net is asked about it. */
export type HeardTone = Omit<ToneBurst, 'speechProbability'>;

/** What the frame did to the run, in the order a listener must hear it. */
export interface ToneStep {
  /** A confirmed tone ended; reported 60 ms after its end, at once when another tone follows. */
  ended: HeardTone | undefined;
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
  /** Powers of the latest frames, and where the next one goes. */
  readonly #recent = new Float64Array(BEFORE_FRAMES + EDGE_FRAMES);
  #beforePower = 0;
  #afterPower = 0;
  #noisePower = 0;
  #mayBeVoice = true;

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
  openBurst(): HeardTone | undefined {
    return this.#isConfirmed ? this.#burst() : undefined;
  }

  /**
   * Takes the measures of the next frame. The answer is overwritten by the next call.
   * @param mayBeVoice false where the neural net is sure that nobody speaks.
   */
  step(spectrum: FrameSpectrum, noisePower: number, mayBeVoice: boolean): ToneStep {
    const step = this.#step;
    step.ended = undefined;
    step.hasBegun = false;
    step.wasConfirmed = false;
    this.#frameIndex++;
    this.#noisePower = noisePower;
    this.#mayBeVoice = mayBeVoice;
    this.#follow(spectrum, noisePower, step);
    this.#recent[this.#frameIndex % this.#recent.length] = spectrum.framePower;
    return step;
  }

  #follow(spectrum: FrameSpectrum, noisePower: number, step: ToneStep): void {
    const isTonal = this.#isTonal(spectrum, noisePower);
    if (this.#runFrames > 0 && !(isTonal && this.#continues(spectrum)))
      this.#miss(isTonal, spectrum, step);
    if (!isTonal) return;
    if (this.#runFrames === 0) {
      this.#begin(spectrum);
      step.hasBegun = true;
    } else if (this.#continues(spectrum)) {
      this.#extend(spectrum);
    }
    if (!this.#isConfirmed) step.wasConfirmed = this.#confirm(spectrum, noisePower);
  }

  #isTonal(spectrum: FrameSpectrum, noisePower: number): boolean {
    const { bandPower, framePower } = spectrum;
    if (framePower < TONE_MIN_POWER || framePower < noisePower * OVER_NOISE) return false;
    if (this.#powerFrames >= 2 && framePower < this.#meanPower * ENDED_FALL) return false;
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
    const isLost = spectrum.framePower < Math.max(LOST_POWER, this.#meanPower * LOST_FALL);
    const mayGoOn = this.#isConfirmed ? !isOtherTone || isSeam : isLost;
    // The first frame without it may still hold its tail.
    if (this.#misses > 0 || isOtherTone) this.#afterPower = Math.max(this.#afterPower, spectrum.framePower);
    if (mayGoOn && ++this.#misses <= (this.#isConfirmed ? MISSES_MAX : SUSPECT_MISSES_MAX)) return;
    if (this.#isConfirmed) {
      step.ended = this.#burst();
      this.#previousEndFrame = this.#lastToneFrame + 1;
    }
    this.#runFrames = 0;
    this.#isConfirmed = false;
    this.#forgetLevels();
  }

  #forgetLevels(): void {
    this.#powerSum = 0;
    this.#powerFrames = 0;
    this.#leastPower = Infinity;
    this.#mostPower = 0;
  }

  get #meanPower(): number {
    return this.#powerFrames > 0 ? this.#powerSum / this.#powerFrames : 0;
  }

  #isNearRun(hz: number): boolean {
    return Math.abs(hz - this.#firstHz) <= STEADY_HZ;
  }

  #begin(spectrum: FrameSpectrum): void {
    this.#runFrames = 1;
    this.#misses = 0;
    // A pair's first frames show now one and now the other: what was before the first run counts.
    const isSequel = this.#frameIndex - this.#lastToneFrame <= SEQUEL_FRAMES && this.#previousEndFrame <= this.#lastToneFrame;
    if (!isSequel) this.#beforePower = this.#powerBefore();
    this.#afterPower = 0;
    this.#startFrame = this.#frameIndex;
    this.#lastToneFrame = this.#frameIndex;
    this.#firstHz = spectrum.topHz;
    this.#secondHz = this.#secondOf(spectrum);
  }

  /** A second peak belongs to the run only where it carries real power. */
  #secondOf({ topHz, topPower, nextHz, nextPower }: FrameSpectrum): number {
    if (nextPower * 16 <= topPower) return this.#firstHz;
    return Math.abs(topHz - this.#firstHz) <= STEADY_HZ ? nextHz : topHz;
  }

  #extend(spectrum: FrameSpectrum): void {
    this.#runFrames = this.#frameIndex - this.#startFrame + 1;
    this.#misses = 0;
    this.#afterPower = 0;
    // The frame in which a pair began may have shown one of it only; later ones may show the next tone's beginning.
    if (this.#runFrames <= PAIR_SHOWS_FRAMES && this.#secondHz === this.#firstHz) this.#secondHz = this.#secondOf(spectrum);
    this.#lastToneFrame = this.#frameIndex;
    if (spectrum.framePower > this.#meanPower * ONSET_RISE) this.#forgetLevels();
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
    if (!isToneSpectrum(fine, this.#runFrames, this.#mayBeVoice)) return false;
    this.#isConfirmed = true;
    this.#lowHz = fine.lowHz;
    this.#highHz = fine.highHz;
    return true;
  }

  /** Mean of the frames before this one, without the nearest. */
  #powerBefore(): number {
    let sum = 0;
    let count = 0;
    for (let back = 1 + EDGE_FRAMES; back <= BEFORE_FRAMES + EDGE_FRAMES; back++) {
      const frame = this.#frameIndex - back;
      if (frame < 0) break;
      sum += this.#recent[frame % this.#recent.length]!;
      count++;
    }
    return count > 0 ? sum / count : 0;
  }

  #isQuiet(power: number): boolean {
    return power <= Math.max(this.#meanPower * QUIET_UNDER_TONE, this.#noisePower * QUIET_OVER_NOISE);
  }

  #burst(): HeardTone {
    const gapBeforeFrames = this.#previousEndFrame === -Infinity ? Infinity : this.#startFrame - this.#previousEndFrame;
    return {
      lowHz: this.#lowHz,
      highHz: this.#highHz,
      startFrame: this.#startFrame,
      endFrame: this.#lastToneFrame + 1,
      gapBeforeFrames,
      levelDbfs: powerToDbfs(this.#meanPower),
      risesFromQuiet: gapBeforeFrames <= BEFORE_FRAMES + EDGE_FRAMES || this.#isQuiet(this.#beforePower),
      fallsToQuiet: this.#isQuiet(this.#afterPower),
    };
  }
}

import { dbfsToPower } from '../audio/level.js';
import type { FrameSpectrum } from './frame-spectrum.js';
import { NoiseFloor } from './noise-floor.js';
import { Voicing } from './voicing.js';

/**
 * Probabilities of the neural net at which speech begins, goes on and is plain.
 * Chosen: one half, which the net was trained for; lower to go on, so that a
 * weak syllable does not break a word.
 */
const SPEECH_BEGINS = 0.5;
const SPEECH_GOES_ON = 0.35;
const SPEECH_IS_PLAIN = 0.65;

/**
 * Rise over the background that is speech whatever it sounds like. Chosen: 9 dB is
 * out of reach of steady noise.
 */
const LOUD_OVER_FLOOR = dbfsToPower(9);
/** Rise that is speech when it is voiced as well, for weak syllables on noisy lines. */
const VOICED_OVER_FLOOR = dbfsToPower(4.5);
/**
 * Speech this far under its own peaks is breath and room, not words. Chosen from
 * the 30 dB range of a talker's levels (ITU-T P.56).
 */
const UNDER_PEAK = dbfsToPower(-32);
/**
 * Nothing fainter is a talker; the weakest usable speech averages -45 dBFS and its
 * vowels lie above.
 */
const SPEECH_MIN_POWER = dbfsToPower(-57);
/**
 * Periodicity of a voiced frame. Chosen: white noise stays under 0.40 in 99.9 % of
 * frames at this span.
 */
const VOICED_PERIODICITY = 0.5;
/** Fall of the remembered peak per frame: 6 dB in a second, so that a click is soon forgotten. */
const PEAK_DECAY = dbfsToPower(-6 / 50);

/**
 * Is this frame speech? A neural net's word where there is one; without it,
 * energy over a background that is learnt as it goes, helped by voicing. Says
 * nothing of tones, which the tone tracker takes out.
 */
export class SpeechActivity {
  /** The frame is part of a word, or may be. */
  isActive = false;
  /** The frame is plainly speech. */
  isPlain = false;
  /** The frame is periodic like a vowel. Always false where `isActive` is. */
  isVoiced = false;
  /** Pitch of a voiced frame in hertz. */
  get pitchHz(): number {
    return this.#voicing.pitchHz;
  }
  /** Background power, relative to full scale. */
  get noisePower(): number {
    return this.#floor.power;
  }

  readonly #floor = new NoiseFloor();
  readonly #voicing = new Voicing();
  #peakPower = 0;

  /**
   * @param isTone the tone tracker follows a tone now: it is not background, so the
   * floor rests.
   * @param speechProbability what the neural net says of the frame, 0..1; undefined where it did not listen.
   */
  step(spectrum: FrameSpectrum, isTone: boolean, speechProbability: number | undefined): void {
    const power = spectrum.bandPower;
    if (!isTone) this.#floor.step(power);
    if (speechProbability === undefined) this.#stepByEnergy(spectrum, isTone);
    else this.#stepByNet(spectrum, speechProbability);
  }

  #stepByNet(spectrum: FrameSpectrum, probability: number): void {
    this.isActive = probability >= (this.isActive ? SPEECH_GOES_ON : SPEECH_BEGINS);
    this.isPlain = probability >= SPEECH_IS_PLAIN;
    this.isVoiced = this.isActive && this.#isPeriodic(spectrum);
  }

  #stepByEnergy(spectrum: FrameSpectrum, isTone: boolean): void {
    const power = spectrum.bandPower;
    const least = Math.max(SPEECH_MIN_POWER, this.#peakPower * UNDER_PEAK);
    const floor = this.#floor.power;
    this.#peakPower *= PEAK_DECAY;
    this.isActive = false;
    this.isPlain = false;
    this.isVoiced = false;
    if (power < least || power < floor * VOICED_OVER_FLOOR) return;
    this.isVoiced = this.#isPeriodic(spectrum);
    this.isPlain = this.isVoiced;
    this.isActive = this.isVoiced || power >= floor * LOUD_OVER_FLOOR;
    // Only a voice sets the peak: a click or a slammed door must not deafen us to the word
    // after it.
    if (this.isVoiced && !isTone) this.#peakPower = Math.max(this.#peakPower, power);
  }

  #isPeriodic(spectrum: FrameSpectrum): boolean {
    this.#voicing.measure(spectrum.history);
    return this.#voicing.periodicityRatio >= VOICED_PERIODICITY;
  }
}

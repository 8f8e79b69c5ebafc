/**
 * What a leg sends before it is answered: ringing, a tone or announcement of
 * the network, music in place of ringing. A number that the network says does
 * not exist is known here without an answer that would be billed.
 *
 *   nothing --ringing, music, speech that goes on--> heard as such, each once
 *   any --SIT, busy--> intercept | busy, and listening is over
 */
import { FRAME_MS } from '../audio/frame.js';
import { dbfsToPower, meanPower } from '../audio/level.js';
import type { Ms } from '../units/time.js';
import { CallEar, type Heard } from './call-ear.js';
import type { ToneFinding } from './call-progress.js';

/** What can be heard before an answer. */
export type EarlySound = 'ringing' | 'busy' | 'intercept' | 'announcement' | 'music';

/** One thing heard, told once. */
export interface EarlyMediaFinding {
  readonly heard: EarlySound;
  /** Which tone, or which class of special information tones. */
  readonly detail: string | undefined;
  readonly reason: string;
  /** Audio time since the listening began. */
  readonly atMs: Ms;
}

/** Listens to one leg until its answer or end. */
export interface EarlyMediaListener {
  /**
   * Takes the next 20 ms; see CallAnalyser.step.
   * @throws RangeError when the frame does not hold 160 samples.
   */
  step(frame: Int16Array, speechProbability?: number): readonly EarlyMediaFinding[];
  /** The network has said its last word. */
  readonly isDone: boolean;
}

/**
 * Speech that makes an announcement, 1.5 s. Chosen: over a word from a crossed line; songs in place
 * of ringing reach it seldom.
 */
const ANNOUNCEMENT_MS: Ms = 1500;
/** Sound that is neither tone nor speech and fills most of so long a time is music. Chosen: longer than a line's crackle. */
const MUSIC_MS: Ms = 3000;
const MUSIC_SHARE = 0.6;
/** Fainter is the line's own noise. */
const SOUND_MIN_POWER = dbfsToPower(-45);
/** Ringing, music and speech are looked for so often. */
const LOOK_EACH_FRAMES = 25;

const NO_FINDINGS: readonly EarlyMediaFinding[] = Object.freeze([]);

/** Starts to listen to a leg that has early media. */
export const createEarlyMediaListener = (): EarlyMediaListener => new FrameListener();

class FrameListener implements EarlyMediaListener {
  readonly #ear = new CallEar();
  readonly #told = new Set<EarlySound>();
  #soundFrames = 0;
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  step(frame: Int16Array, speechProbability?: number): readonly EarlyMediaFinding[] {
    const heard = this.#ear.step(frame, speechProbability);
    if (this.#isDone) return NO_FINDINGS;
    const { tones, cadence } = this.#ear;
    const isSound = !tones.isSuspected && meanPower(frame) >= SOUND_MIN_POWER;
    const isSpeech = cadence.hasTalk && cadence.trailingSilenceMs === 0;
    if (isSound && !isSpeech) this.#soundFrames++;
    const found = this.#lastWord(heard) ?? this.#soFar();
    if (found === undefined || this.#told.has(found.heard)) return NO_FINDINGS;
    this.#told.add(found.heard);
    return [found];
  }

  /** Tones after which nothing else comes. */
  #lastWord(heard: Heard): EarlyMediaFinding | undefined {
    const { tones, progress } = this.#ear;
    if (heard.ended === undefined && !tones.isConfirmed) return undefined;
    const tone = progress.settled(this.#ear.openTone());
    if (tone === undefined || tone.tone === 'fax') return undefined;
    this.#isDone = true;
    return this.#finding(tone.tone === 'sit' ? 'intercept' : 'busy', tone.reason, tone);
  }

  #soFar(): EarlyMediaFinding | undefined {
    const { progress, cadence, frameCount, audioMs } = this.#ear;
    if (frameCount % LOOK_EACH_FRAMES !== 0) return undefined;
    const tone = progress.atLimit(this.#ear.openTone());
    if (tone?.tone === 'ringback' && !this.#told.has('ringing')) return this.#finding('ringing', 'ringing before the answer', tone);
    if (cadence.talkMs >= ANNOUNCEMENT_MS && !this.#told.has('announcement')) {
      return this.#finding('announcement', `${(cadence.talkMs / 1000).toFixed(1)} s of speech before the answer`);
    }
    const isMusic = audioMs >= MUSIC_MS && this.#soundFrames * FRAME_MS >= MUSIC_SHARE * audioMs;
    return isMusic && cadence.talkMs < ANNOUNCEMENT_MS ? this.#finding('music', 'sound that is neither tone nor speech') : undefined;
  }

  #finding(heard: EarlySound, reason: string, tone?: ToneFinding): EarlyMediaFinding {
    return { heard, reason, detail: tone && (tone.sitClass ?? tone.tone), atMs: this.#ear.audioMs };
  }
}

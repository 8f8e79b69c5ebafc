/**
 * After a machine verdict: when may the message start? At the end of the beep;
 * without one, after silence; at the limit in any case. Listening goes on for
 * a while, since a beep may come seconds after the voice, and some menus talk
 * again after a beep: the message is then begun once more, and only once.
 */
import { FRAME_MS } from '../audio/frame.js';
import type { Ms } from '../units/time.js';
import type { AnalysisOptions } from './analysis-options.js';
import type { SpeechCadence } from './speech-cadence.js';
import type { ToneBurst } from './tone-burst.js';

/** The greeting is over, or so it seems. */
export interface GreetingEnded {
  readonly type: 'greeting-ended';
  /**
   * Audio time from which the message may be played: the end of the beep, or the
   * moment silence was long enough.
   */
  readonly atMs: Ms;
  readonly by: 'beep' | 'silence' | 'limit';
}

/** Greetings this short more often pause to think; their silence is waited for a quarter longer. */
const SHORT_TALK_MS = 3000;
const SHORT_TALK_SILENCE_RATIO = 1.25;
/** Late beeps have come up to 5 s after the voice; twice that is waited for. */
const LATE_BEEP_MS = 10_000;
/**
 * Talk this soon after a beep, and at least so much of it, means the beep was not
 * the last word.
 */
const RESUME_WITHIN_MS = 1000;
const RESUMED_TALK_MS = 300;
const ENDS_MAX = 2;

/** Watches one machine's greeting from the verdict on. */
export class GreetingEnd {
  readonly #options: AnalysisOptions;
  readonly #verdictAtMs: Ms;
  #endCount = 0;
  #endedBy: GreetingEnded['by'] | undefined;
  #endedAtMs: Ms = 0;
  #talkMsAtEnd: Ms = 0;
  #hasResumed = false;

  constructor(options: AnalysisOptions, verdictAtMs: Ms) {
    this.#options = options;
    this.#verdictAtMs = verdictAtMs;
  }

  /** Nothing more will come: the analyser may rest. */
  isOver(audioMs: Ms): boolean {
    return (
      this.#endCount >= ENDS_MAX || (this.#endCount > 0 && audioMs - this.#endedAtMs > LATE_BEEP_MS)
    );
  }

  /** Takes a frame's findings. @param mayWait a tone is sounding that may be the beep. */
  step(
    cadence: SpeechCadence,
    beep: ToneBurst | undefined,
    mayWait: boolean,
    audioMs: Ms,
  ): GreetingEnded | undefined {
    this.#watchResumption(cadence);
    if (beep !== undefined && this.#mayEndByBeep(beep)) {
      return this.#end('beep', beep.endFrame * FRAME_MS, cadence);
    }
    if (this.#endCount > 0) return undefined;
    if (audioMs - this.#verdictAtMs >= this.#options.greetingLimitMs)
      return this.#end('limit', audioMs, cadence);
    const silenceMs =
      this.#options.greetingSilenceMs *
      (cadence.talkMs < SHORT_TALK_MS ? SHORT_TALK_SILENCE_RATIO : 1);
    const isQuiet = !mayWait && cadence.trailingSilenceMs >= silenceMs;
    return isQuiet ? this.#end('silence', audioMs, cadence) : undefined;
  }

  /** The first beep, one after more talk, or the first one's rest after lost packets. */
  #mayEndByBeep(beep: ToneBurst): boolean {
    const isRest = beep.startFrame * FRAME_MS < this.#endedAtMs;
    return this.#endCount < ENDS_MAX && (this.#endedBy !== 'beep' || this.#hasResumed || isRest);
  }

  #watchResumption(cadence: SpeechCadence): void {
    if (this.#endedBy !== 'beep' || this.#hasResumed) return;
    const talkedMs = cadence.talkMs - this.#talkMsAtEnd;
    const beganMs = cadence.talkEndFrame * FRAME_MS - talkedMs;
    this.#hasResumed = talkedMs >= RESUMED_TALK_MS && beganMs - this.#endedAtMs <= RESUME_WITHIN_MS;
  }

  #end(by: GreetingEnded['by'], atMs: Ms, cadence: SpeechCadence): GreetingEnded {
    this.#endCount++;
    this.#endedBy = by;
    this.#endedAtMs = atMs;
    this.#talkMsAtEnd = cadence.talkMs;
    this.#hasResumed = false;
    return { type: 'greeting-ended', atMs, by };
  }
}

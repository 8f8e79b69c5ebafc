/**
 * The beep after a greeting: one tone or two, of any level, 380 to 2200 Hz,
 * 0.12 to 2.5 s long, that nothing but a machine would send. Found at its end,
 * because that is when the message may start.
 */
import { FRAME_MS } from '../audio/frame.js';
import { isNetworkTone, type CallProgress } from './call-progress.js';
import { isDtmf, isNetworkPair, isSingleNear, type ToneBurst } from './tone-burst.js';

/**
 * Beeps heard on real lines lie between 656 and 1492 Hz; the band is widened to
 * what other systems are known to send.
 */
const BEEP_HZ_MIN = 380;
const BEEP_HZ_MAX = 2200;
/** Upper tone of a two-tone beep. Chosen: a fifth above the band. */
const BEEP_PAIR_HZ_MAX = 3300;
/**
 * Shorter is a click or a vowel, longer a line tone. A frame is granted for where
 * the tone falls in the frames.
 */
const BEEP_FRAMES_MIN = 120 / FRAME_MS - 1;
const BEEP_FRAMES_MAX = 2500 / FRAME_MS;
/** Tones so close are one signal: SIT, a chime, a two-tone beep. */
const SEQUENCE_GAP_FRAMES = 5;
/** Three or more tones in a row are a signal or a tune. */
const SEQUENCE_TONES_MAX = 2;
/** When a tone ends in another, two frames show that one as a suspect. */
const QUIET_FRAMES = 2;
/** After a tone that could be the first of a European busy tone its gap (0.5 s) must pass. */
const BUSY_LIKE_QUIET_FRAMES = 30;
/** Tones of other pitch shortly before mean music on hold. */
const TUNE_FRAMES = 3000 / FRAME_MS;
const TUNE_TONES = 2;

/** Watches the tones of one call for beeps. */
export class BeepDetector {
  readonly #progress: CallProgress;
  #pending: ToneBurst | undefined;
  #sequenceTones = 0;

  /** @param progress the call's tones, to which each ended one is added before {@link step}. */
  constructor(progress: CallProgress) {
    this.#progress = progress;
  }

  /**
   * Takes a frame. @param ended a tone that was found over at this frame.
   * @param isToneOn another tone, or what may be one, sounds now.
   * @returns the beep, at the first moment that it is sure to be one and over.
   */
  step(ended: ToneBurst | undefined, isToneOn: boolean, frameIndex: number): ToneBurst | undefined {
    if (ended !== undefined) this.#add(ended);
    const pending = this.#pending;
    if (pending === undefined || isToneOn) return undefined;
    if (frameIndex - pending.endFrame < quietFrames(pending)) return undefined;
    this.#pending = undefined;
    const isSignal =
      this.#sequenceTones > SEQUENCE_TONES_MAX || this.#isTune(pending) || this.#isBusy(pending);
    return isBeepTone(pending) && !isSignal ? pending : undefined;
  }

  #add(ended: ToneBurst): void {
    const isSequel = ended.gapBeforeFrames <= SEQUENCE_GAP_FRAMES;
    this.#sequenceTones = isSequel ? this.#sequenceTones + 1 : 1;
    this.#pending = ended;
  }

  /** The same network tone sounded just before: a rhythm, not a beep. */
  #isBusy(beep: ToneBurst): boolean {
    return (
      isNetworkTone(beep) &&
      beep.gapBeforeFrames <= BUSY_LIKE_QUIET_FRAMES &&
      this.#progress.bursts.some(
        (burst) => burst !== beep && Math.abs(burst.lowHz - beep.lowHz) <= 20,
      )
    );
  }

  #isTune(beep: ToneBurst): boolean {
    let others = 0;
    for (const burst of this.#progress.bursts) {
      const isRecent = burst.endFrame > beep.startFrame - TUNE_FRAMES && burst !== beep;
      const isOtherPitch = Math.abs(burst.lowHz - beep.lowHz) > 0.04 * beep.lowHz;
      if (isRecent && isOtherPitch && !isDtmf(burst)) others++;
    }
    return others >= TUNE_TONES;
  }
}

/** Could this tone, taken by itself, be a machine's beep? */
export const isBeepTone = (burst: ToneBurst): boolean => {
  const frames = burst.endFrame - burst.startFrame;
  return (
    frames >= BEEP_FRAMES_MIN &&
    frames <= BEEP_FRAMES_MAX &&
    burst.lowHz >= BEEP_HZ_MIN &&
    burst.lowHz <= BEEP_HZ_MAX &&
    burst.highHz <= BEEP_PAIR_HZ_MAX &&
    !isDtmf(burst) &&
    !isNetworkPair(burst)
  );
};

const quietFrames = (burst: ToneBurst): number =>
  isSingleNear(burst, 412, 30) ? BUSY_LIKE_QUIET_FRAMES : QUIET_FRAMES;

/**
 * The beep after a greeting: one tone or two, of any level, 380 to 2200 Hz,
 * 0.12 to 2.5 s long, that nothing but a machine would send. Found at its end,
 * because that is when the message may start.
 */
import { FRAME_MS } from '../audio/frame.js';
import { isNetworkTone, type CallProgress } from './call-progress.js';
import { isDtmf, isNetworkPair, isNote, isSingleNear, isVoicePair, type ToneBurst } from './tone-burst.js';

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
/** A beep that sounds again so soon, at the same pitch, was cut by lost packets. Chosen: eight of them, under the gaps of any network tone. */
const CUT_FRAMES_MAX = 8;
/** After a tone that could be the first of a European busy tone its gap (0.5 s) must pass. */
const BUSY_LIKE_QUIET_FRAMES = 30;
/** A tone of other pitch shortly before means music, or a chime; unless the net half hears a voice in it. */
const TUNE_FRAMES = 5000 / FRAME_MS;
const TUNE_SPEECH_MAX = 0.4;

/** Watches the tones of one call for beeps. */
export class BeepDetector {
  readonly #progress: CallProgress;
  #pending: ToneBurst | undefined;
  /** The beep last told. */
  #told: ToneBurst | undefined;
  #sequenceTones = 0;

  /** @param progress the call's tones, to which each ended one is added before {@link step}. */
  constructor(progress: CallProgress) {
    this.#progress = progress;
  }

  /**
   * Takes a frame. @param ended a tone that was found over at this frame.
   * @param isToneOn another tone, or what may be one, sounds now.
   * @returns the beep, at the first moment that it is sure to be one and over; once more, whole,
   * when lost packets had cut it.
   */
  step(ended: ToneBurst | undefined, isToneOn: boolean, frameIndex: number): ToneBurst | undefined {
    if (ended !== undefined) this.#add(ended);
    const pending = this.#pending;
    if (pending === undefined || isToneOn) return undefined;
    if (frameIndex - pending.endFrame < quietFrames(pending)) return undefined;
    this.#pending = undefined;
    const isSignal =
      this.#sequenceTones > SEQUENCE_TONES_MAX || this.#isTune(pending) || this.#isBusy(pending);
    this.#told = isBeepTone(pending) && !isSignal ? pending : undefined;
    return this.#told;
  }

  #add(ended: ToneBurst): void {
    const cut = this.#pending ?? this.#told;
    if (cut !== undefined && isSameTone(cut, ended) && ended.gapBeforeFrames <= CUT_FRAMES_MAX) {
      this.#pending = { ...ended, startFrame: cut.startFrame, gapBeforeFrames: cut.gapBeforeFrames };
      return;
    }
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
    return this.#progress.bursts.some((burst) => {
      const isRecent = burst.endFrame > beep.startFrame - TUNE_FRAMES && burst.endFrame <= beep.startFrame;
      if ((burst.speechProbability ?? 0) > TUNE_SPEECH_MAX) return false;
      return isRecent && Math.abs(burst.lowHz - beep.lowHz) > 0.04 * beep.lowHz && !isDtmf(burst);
    });
  }
}

const isSameTone = (one: ToneBurst, other: ToneBurst): boolean =>
  Math.abs(one.lowHz - other.lowHz) <= 10 && Math.abs(one.highHz - other.highHz) <= 10;

/** Could this tone, taken by itself, be a machine's beep? */
export const isBeepTone = (burst: ToneBurst): boolean => {
  const frames = burst.endFrame - burst.startFrame;
  return (
    frames >= BEEP_FRAMES_MIN &&
    frames <= BEEP_FRAMES_MAX &&
    burst.lowHz >= BEEP_HZ_MIN &&
    burst.lowHz <= BEEP_HZ_MAX &&
    burst.highHz <= BEEP_PAIR_HZ_MAX &&
    burst.risesFromQuiet &&
    burst.fallsToQuiet &&
    !isDtmf(burst) &&
    !isNote(burst) &&
    !isNetworkPair(burst)
  );
};

/** On-times of single busy and reorder tones, each with a frame either way (E.180 supplement 2). */
const BUSY_ON_MS = [250, 333, 375, 500];

const quietFrames = (burst: ToneBurst): number => {
  const onMs = (burst.endFrame - burst.startFrame) * FRAME_MS;
  const isBusyLike = isSingleNear(burst, 412, 30) && BUSY_ON_MS.some((ms) => Math.abs(onMs - ms) <= 2 * FRAME_MS);
  return isBusyLike ? BUSY_LIKE_QUIET_FRAMES : QUIET_FRAMES;
};

/**
 * What is asked of a beep that makes a machine of a person. Chosen on calls of the training with
 * music, television and voices behind people: single tones of the band that real beeps lie in
 * (656 to 1492 Hz) need least, low ones and pairs are more often a note or a voice.
 */
const SURE_BEEP = {
  single: { lengthMsMin: 160, underSpeechDbMax: 12, speechMax: 0.35 },
  low: { lengthMsMin: 300, underSpeechDbMax: 12, speechMax: 0.1 },
  pair: { lengthMsMin: 240, underSpeechDbMax: 8, speechMax: 0.2 },
} as const;
const LOW_HZ = 500;

/** Sure enough of a beep that a person's verdict may hang on it. @param speechLevelDbfs of the talk before. */
export const isSureBeep = (beep: ToneBurst, speechLevelDbfs: number): boolean => {
  const isPair = beep.highHz > 0;
  const asked = beep.lowHz < LOW_HZ ? SURE_BEEP.low : isPair ? SURE_BEEP.pair : SURE_BEEP.single;
  return (
    (beep.endFrame - beep.startFrame) * FRAME_MS >= asked.lengthMsMin &&
    speechLevelDbfs - beep.levelDbfs <= asked.underSpeechDbMax &&
    (beep.speechProbability ?? 0) <= asked.speechMax &&
    !(isPair && isVoicePair(beep))
  );
};

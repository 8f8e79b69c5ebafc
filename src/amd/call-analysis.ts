/**
 * Who or what answered, heard from 20 ms frames of the call's audio alone.
 * Time is audio time: a caller with missing packets steps silence in their
 * place, and a recording is a complete test.
 *
 *   listening --talk judged--> person | machine      (judgeTalk, the model)
 *   listening --tone named--> tone                   (CallProgress)
 *   listening --wait over--> no-speech | tone | machine (a lone beep)
 *   machine   --beep | silence | limit--> greeting-ended, at most twice
 *
 * Exactly one verdict comes, at {@link verdictLimitMs} at the latest. Doubt
 * ends in `person`: a person called a machine is a silent call.
 */
import { FRAME_MS, FRAME_SAMPLES } from '../audio/frame.js';
import { powerToDbfs } from '../audio/level.js';
import type { Ms } from '../units/time.js';
import type { AnalysisFeatures } from './analysis-features.js';
import {
  analysisOptionFaults,
  DEFAULT_ANALYSIS_OPTIONS,
  TONE_PATIENCE_MS,
  type AnalysisOptions,
} from './analysis-options.js';
import { BeepDetector, isBeepTone } from './beep-detector.js';
import { CallProgress, isNetworkTone, type ToneKind } from './call-progress.js';
import { FrameSpectrum } from './frame-spectrum.js';
import { GreetingEnd, type GreetingEnded } from './greeting-end.js';
import { SpeechActivity } from './speech-activity.js';
import { SpeechCadence } from './speech-cadence.js';
import type { ToneBurst } from './tone-burst.js';
import { ToneTracker } from './tone-tracker.js';
import { judgeTalk } from './verdict-rule.js';

/** The first verdict on a call. */
export type Verdict = 'person' | 'machine' | 'no-speech' | 'tone';

/** A verdict with all that explains it. */
export interface AnalysisDecision {
  readonly verdict: Verdict;
  /**
   * How sure the model is of this verdict, 0..1; 1 for tones and silence, which are
   * matched and not weighed.
   */
  readonly probabilityRatio: number;
  /** Why, in plain words. */
  readonly reason: string;
  /** Audio time since the answer. */
  readonly decidedAtMs: Ms;
  /** What tone it was, with the verdict `tone`. */
  readonly tone?: ToneKind;
  /**
   * Audio time at which a person's talk ended: the two seconds of the
   * abandonment rule count from here. Absent while the person still talks, and
   * with other verdicts.
   */
  readonly greetingEndedAtMs?: Ms;
  /** Name of the model that judged. */
  readonly modelName: string;
  readonly features: AnalysisFeatures;
}

/** What stepping a frame can bring forth. */
export type AnalysisEvent =
  { readonly type: 'verdict'; readonly decision: AnalysisDecision } | GreetingEnded;

/** Listens to one call. */
export interface CallAnalyser {
  /**
   * Takes the next 20 ms. The frame is read at once and not kept.
   * @returns what was found, usually nothing; a verdict and a greeting's end can come together.
   * @throws RangeError when the frame does not hold 160 samples.
   */
  step(frame: Int16Array): readonly AnalysisEvent[];
  /** Audio heard so far. */
  readonly audioMs: Ms;
  /** Nothing more will come; stepping on is harmless and nearly free. */
  readonly isDone: boolean;
}

/**
 * Starts the analysis of a call at its answer. @throws RangeError naming every
 * option out of its range.
 */
export function createCallAnalyser(options: Partial<AnalysisOptions> = {}): CallAnalyser {
  const faults = analysisOptionFaults(options);
  if (faults.length > 0) throw new RangeError(faults.join(' '));
  return new FrameAnalyser({ ...DEFAULT_ANALYSIS_OPTIONS, ...options });
}

const NO_EVENTS: readonly AnalysisEvent[] = Object.freeze([]);

/**
 * Less voice than this before a beep is no greeting. Chosen: under the shortest
 * word, over a cough.
 */
const VOICE_BEFORE_BEEP_MS = 200;
/**
 * Pause before a beep that decides, 100 ms; before a short one that does not, 60
 * ms. Chosen: over the gaps in words that a tone's edge leaves.
 */
const BEEP_PAUSE_FRAMES = 5;
const SHORT_BEEP_PAUSE_FRAMES = 3;
/** No vowel holds still for 300 ms. */
const LASTING_BEEP_FRAMES = 15;
/** Tones that go on are looked at again this often, in frames. */
const LOOK_AGAIN_FRAMES = 5;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const blankFeatures = (): Mutable<AnalysisFeatures> => ({
  audioMs: 0,
  initialSilenceMs: 0,
  firstBurstMs: 0,
  talkMs: 0,
  burstCount: 0,
  longestGapMs: 0,
  trailingSilenceMs: 0,
  voicedRatio: 0,
  pitchHz: 0,
  pitchSpreadSemitones: 0,
  speechLevelDbfs: 0,
  noiseLevelDbfs: 0,
  toneMs: 0,
  hasBeep: false,
});

/** What a decision says beyond the moment and the features. */
type Finding = Pick<
  AnalysisDecision,
  'verdict' | 'probabilityRatio' | 'reason' | 'tone' | 'greetingEndedAtMs'
>;

class FrameAnalyser implements CallAnalyser {
  readonly #options: AnalysisOptions;
  readonly #spectrum = new FrameSpectrum();
  readonly #activity = new SpeechActivity();
  readonly #tones = new ToneTracker();
  readonly #cadence = new SpeechCadence();
  readonly #progress = new CallProgress();
  readonly #beeps = new BeepDetector(this.#progress);
  readonly #features = blankFeatures();
  readonly #heard = { isActive: false, isVoiced: false, pitchHz: 0, bandPower: 0 };
  #frameCount = 0;
  #greetingEnd: GreetingEnd | undefined;
  #isDone = false;

  constructor(options: AnalysisOptions) {
    this.#options = options;
  }

  get audioMs(): Ms {
    return this.#frameCount * FRAME_MS;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  step(frame: Int16Array): readonly AnalysisEvent[] {
    if (frame.length !== FRAME_SAMPLES) {
      throw new RangeError(`A frame holds ${FRAME_SAMPLES} samples, not ${frame.length}.`);
    }
    this.#frameCount++;
    if (this.#isDone) return NO_EVENTS;
    const beep = this.#listen(frame);
    return this.#greetingEnd === undefined
      ? this.#decide(beep)
      : this.#awaitGreetingEnd(this.#greetingEnd, beep);
  }

  /** Measures the frame and keeps the counts; answers with a beep that was found over. */
  #listen(frame: Int16Array): ToneBurst | undefined {
    const spectrum = this.#spectrum;
    spectrum.step(frame);
    const tone = this.#tones.step(spectrum, this.#activity.noisePower);
    this.#activity.step(spectrum, this.#tones.isSuspected);
    if (tone.hasBegun) this.#cadence.mark();
    if (tone.wasConfirmed) this.#cadence.rewind();
    const heard = this.#heard;
    heard.isActive = this.#activity.isActive && !this.#tones.isConfirmed;
    heard.isVoiced = this.#activity.isVoiced && !this.#tones.isConfirmed;
    heard.pitchHz = this.#activity.pitchHz;
    heard.bandPower = spectrum.bandPower;
    this.#cadence.step(heard);
    if (tone.ended !== undefined) this.#progress.add(tone.ended);
    const beep = this.#beeps.step(tone.ended, this.#tones.isSuspected, this.#frameCount - 1);
    return beep !== undefined && this.#isSetApart(beep) ? beep : undefined;
  }

  /**
   * A held vowel can pass for a short tone, but stands inside a word: a beep
   * comes after a pause, if a short one, or lasts. Before the verdict, where a
   * beep makes a machine of a person, the pause is always asked for.
   */
  #isSetApart(beep: ToneBurst): boolean {
    const pauseFrames = beep.startFrame - this.#cadence.talkEndFrame;
    if (this.#greetingEnd === undefined) return pauseFrames >= BEEP_PAUSE_FRAMES;
    const frames = beep.endFrame - beep.startFrame;
    return (
      pauseFrames >= SHORT_BEEP_PAUSE_FRAMES || (pauseFrames >= 0 && frames >= LASTING_BEEP_FRAMES)
    );
  }

  #decide(beep: ToneBurst | undefined): readonly AnalysisEvent[] {
    const finding =
      this.#findTone() ?? (this.#cadence.hasTalk ? this.#judgeTalk(beep) : this.#judgeSilence());
    if (finding === undefined) return NO_EVENTS;
    const events: AnalysisEvent[] = [{ type: 'verdict', decision: this.#decision(finding) }];
    if (finding.verdict !== 'machine') {
      this.#isDone = true;
      return events;
    }
    this.#greetingEnd = new GreetingEnd(this.#options, this.audioMs);
    const heardBeep = beep ?? (this.#cadence.hasTalk ? undefined : this.#loneBeep());
    return heardBeep === undefined
      ? events
      : [...events, ...this.#awaitGreetingEnd(this.#greetingEnd, heardBeep)];
  }

  /**
   * Tones after which nobody will come; looked for when a tone ends, and at times
   * while one lasts.
   */
  #findTone(): Finding | undefined {
    const isLooking = this.#tones.isConfirmed
      ? this.#tones.runFrames % LOOK_AGAIN_FRAMES === 0
      : this.#progress.bursts.at(-1)?.endFrame === this.#frameCount - 3;
    const found = isLooking ? this.#progress.settled(this.#tones.openBurst()) : undefined;
    return found && { verdict: 'tone', probabilityRatio: 1, ...found };
  }

  #judgeTalk(beep: ToneBurst | undefined): Finding | undefined {
    const features = this.#features;
    this.#writeFeatures();
    if (beep !== undefined && features.talkMs >= VOICE_BEFORE_BEEP_MS) features.hasBeep = true;
    const machine = this.#options.model.machineProbability(features);
    const mayWait = this.#tones.isSuspected || this.#cadence.isUndecided;
    const judged = judgeTalk(features, machine, mayWait, this.#options);
    if (judged === undefined) return undefined;
    if (judged.verdict === 'machine') return { ...judged, probabilityRatio: machine };
    // Talk within the last 200 ms may go on: its end is not known yet.
    const hasEnded = features.trailingSilenceMs >= 200;
    return {
      ...judged,
      probabilityRatio: 1 - machine,
      ...(hasEnded ? { greetingEndedAtMs: this.#cadence.talkEndFrame * FRAME_MS } : {}),
    };
  }

  #judgeSilence(): Finding | undefined {
    const overMs = this.audioMs - this.#options.noSpeechLimitMs;
    if (overMs < 0) return undefined;
    const isSounding = this.#tones.isSuspected || this.#cadence.isUndecided;
    if (isSounding && overMs < TONE_PATIENCE_MS) return undefined;
    if (this.#loneBeep() !== undefined) {
      return {
        verdict: 'machine',
        probabilityRatio: 0.9,
        reason: 'a lone beep and no voice: a machine without a greeting',
      };
    }
    const found = this.#progress.atLimit(this.#tones.openBurst());
    if (found !== undefined) return { verdict: 'tone', probabilityRatio: 1, ...found };
    return {
      verdict: 'no-speech',
      probabilityRatio: 1,
      reason: `no voice in ${(this.audioMs / 1000).toFixed(1)} s`,
    };
  }

  /**
   * The one tone of a call without talk, if it is of a beep's kind and no ringing or
   * busy tone's.
   */
  #loneBeep(): ToneBurst | undefined {
    const [only, ...more] = this.#progress.bursts;
    if (only === undefined || more.length > 0 || this.#tones.isConfirmed) return undefined;
    return isBeepTone(only) && !isNetworkTone(only) ? only : undefined;
  }

  #awaitGreetingEnd(
    greetingEnd: GreetingEnd,
    beep: ToneBurst | undefined,
  ): readonly AnalysisEvent[] {
    const event = greetingEnd.step(this.#cadence, beep, this.#tones.isSuspected, this.audioMs);
    this.#isDone = greetingEnd.isOver(this.audioMs);
    return event === undefined ? NO_EVENTS : [event];
  }

  #writeFeatures(): void {
    const features = this.#features;
    this.#cadence.writeFeatures(features);
    features.noiseLevelDbfs = powerToDbfs(this.#activity.noisePower);
    features.toneMs =
      this.#progress.toneMs + (this.#tones.isConfirmed ? this.#tones.runFrames * FRAME_MS : 0);
  }

  #decision(finding: Finding): AnalysisDecision {
    this.#writeFeatures();
    return {
      ...finding,
      decidedAtMs: this.audioMs,
      modelName: this.#options.model.name,
      features: { ...this.#features },
    };
  }
}

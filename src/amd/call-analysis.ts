/**
 * Who or what answered, heard from 20 ms frames of the call's audio and a
 * neural net's word on each. Time is audio time: a caller with missing packets
 * steps silence in their place, and a recording is a complete test.
 *
 *   listening --a person's pause begins--> (probable) --> listening
 *   listening --talk judged--> machine | person, unsure          (judgeTalk, the model)
 *   listening --tone named--> intercept | fax | busy | ringing   (CallProgress)
 *   listening --wait over--> silence | ringing | machine (a lone beep)
 *   person, unsure, silence --sure of a machine, in time--> machine (revised)
 *   silence, ringing --talk judged, in time--> person (revised)
 *   machine --it talks on like one--> menu | screening (revised)
 *   machine --beep | silence | limit--> greeting-ended, at most twice
 *
 * Exactly one verdict is `decided`, at {@link verdictLimitMs} at the latest.
 * Doubt ends in `unsure`, which is a person: a person called a machine is a
 * silent call.
 */
import type { AnswerVerdict, VerdictStage } from '../call/answer-verdict.js';
import { FRAME_MS } from '../audio/frame.js';
import type { Ms } from '../units/time.js';
import type { AnalysisDecision, AnalysisEvent } from './analysis-event.js';
import { blankFeatures } from './analysis-features.js';
import {
  analysisOptionFaults,
  DEFAULT_ANALYSIS_OPTIONS,
  TONE_PATIENCE_MS,
  type AnalysisOptions,
} from './analysis-options.js';
import { isBeepTone, isSureBeep } from './beep-detector.js';
import { CallEar, type Heard } from './call-ear.js';
import { isNetworkTone, type ToneFinding, type ToneKind } from './call-progress.js';
import { GreetingEnd } from './greeting-end.js';
import { isFaxCall, type ToneBurst } from './tone-burst.js';
import { judgeTalk, machineReason, type Weighed } from './verdict-rule.js';
import type { VerdictModel } from './verdict-model.js';

/** Listens to one call. */
export interface CallAnalyser {
  /**
   * Takes the next 20 ms. The frame is read at once and not kept.
   * @param speechProbability the neural net's word on this frame, 0..1; left out where it did
   *   not listen: energy and voicing take its place, and after half a second the rules judge.
   * @returns what was found, usually nothing; several findings can come together.
   * @throws RangeError when the frame does not hold 160 samples.
   */
  step(frame: Int16Array, speechProbability?: number): readonly AnalysisEvent[];
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

/** The model is asked so often, 100 ms. */
const JUDGED_EACH_FRAMES = 5;
/** From so much audio without the net's word on, the rules judge instead of the model that learnt from it. */
const UNSCORED_MS_MAX: Ms = 500;
/**
 * Less voice than this before a beep is no greeting. Chosen: under the shortest
 * word, over a cough.
 */
const VOICE_BEFORE_BEEP_MS: Ms = 200;
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
/** Kinds of machine are told apart by what comes after their first sentences. */
const KIND_TALK_MS: Ms = 5000;
/** In a longer silence all of them are alike. */
const KIND_SILENCE_MS: Ms = 1500;
const KIND_WORDS = { menu: 'menu', screening: 'call-screening assistant' } as const;
/** Talk within so long may go on: its end is not known yet. */
const TALK_END_MS: Ms = 200;

const VERDICT_OF_TONE: Readonly<Record<ToneKind, AnswerVerdict>> = {
  sit: 'intercept',
  busy: 'busy',
  reorder: 'busy',
  dial: 'busy',
  ringback: 'ringing',
  fax: 'fax',
  other: 'fax',
};

/** What a decision says beyond the moment and the features. */
type Finding = Pick<AnalysisDecision, 'verdict' | 'probabilityRatio' | 'reason' | 'detail'>;

const foundTone = ({ tone, reason, sitClass }: ToneFinding): Finding => ({
  verdict: VERDICT_OF_TONE[tone],
  probabilityRatio: 1,
  reason,
  detail: sitClass ?? tone,
});

class FrameAnalyser implements CallAnalyser {
  readonly #options: AnalysisOptions;
  readonly #ear = new CallEar();
  readonly #features = blankFeatures();
  #machineProbability = 0;
  #wasToldProbable = false;
  #verdict: AnswerVerdict | undefined;
  #decidedAtMs: Ms = 0;
  #greetingEnd: GreetingEnd | undefined;
  #isDone = false;

  constructor(options: AnalysisOptions) {
    this.#options = options;
  }

  get audioMs(): Ms {
    return this.#ear.audioMs;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  step(frame: Int16Array, speechProbability?: number): readonly AnalysisEvent[] {
    const heard = this.#ear.step(frame, speechProbability);
    if (this.#isDone) return NO_EVENTS;
    const beep = heard.beep !== undefined && this.#isSetApart(heard.beep) ? heard.beep : undefined;
    const isJudged = beep !== undefined || this.#ear.frameCount % JUDGED_EACH_FRAMES === 0 || this.#isPauseLongEnough;
    if (isJudged) this.#judge(beep);
    const events: AnalysisEvent[] = [];
    if (beep !== undefined) events.push(beepHeard(beep));
    if (this.#verdict === undefined) this.#decide(heard, isJudged, events);
    else if (this.#greetingEnd === undefined) this.#watch(isJudged, events);
    else if (isJudged) this.#nameMachine(events);
    if (this.#greetingEnd !== undefined) this.#awaitGreetingEnd(this.#greetingEnd, beep, events);
    return events;
  }

  /** One of the pauses that mean something has just become long enough. */
  get #isPauseLongEnough(): boolean {
    const { probableSilenceMs, personSilenceMs, turnEndSilenceMs } = this.#options;
    const overMs = this.#cadence.trailingSilenceMs;
    const isReached = (pauseMs: Ms): boolean => overMs >= pauseMs && overMs < pauseMs + FRAME_MS;
    return isReached(probableSilenceMs) || isReached(personSilenceMs) || isReached(turnEndSilenceMs);
  }

  get #cadence(): CallEar['cadence'] {
    return this.#ear.cadence;
  }

  /** Who learnt from the net is not asked where the net is missing. */
  get #model(): VerdictModel {
    return this.#ear.unscoredMs > UNSCORED_MS_MAX ? this.#options.rules : this.#options.model;
  }

  get #weighed(): Weighed {
    return { machineProbability: this.#machineProbability, modelMin: this.#model.machineProbabilityMin };
  }

  /** Measures what was heard and weighs it. */
  #judge(beep: ToneBurst | undefined): void {
    const features = this.#features;
    this.#ear.writeFeatures(features);
    if (beep !== undefined) features.beepCount++;
    this.#machineProbability = this.#cadence.hasTalk ? this.#model.machineProbability(features) : 0;
  }

  /**
   * A beep comes after talk. A held vowel can pass for a short tone: the net
   * tells them apart; without it a vowel is known by standing inside a word,
   * where a beep comes after a pause, if a short one, or lasts. Before the
   * verdict, where a beep makes a machine of a person, more is asked for.
   */
  #isSetApart(beep: ToneBurst): boolean {
    const isMachine = this.#greetingEnd !== undefined;
    const { talkMs, speechLevelDbfs, talkEndFrame } = this.#cadence;
    if (talkMs < VOICE_BEFORE_BEEP_MS) return false;
    if (!isMachine && !isSureBeep(beep, speechLevelDbfs)) return false;
    if (beep.speechProbability !== undefined) return true;
    const pauseFrames = beep.startFrame - talkEndFrame;
    if (!isMachine) return pauseFrames >= BEEP_PAUSE_FRAMES;
    const frames = beep.endFrame - beep.startFrame;
    return (
      pauseFrames >= SHORT_BEEP_PAUSE_FRAMES || (pauseFrames >= 0 && frames >= LASTING_BEEP_FRAMES)
    );
  }

  #decide(heard: Heard, isJudged: boolean, events: AnalysisEvent[]): void {
    const tone = this.#findTone(heard);
    if (tone !== undefined) this.#tell('decided', tone, events);
    else if (!this.#cadence.hasTalk) this.#decideSilence(events);
    else if (isJudged) this.#decideTalk('decided', events);
  }

  /** @param stage of a decision that comes of it. */
  #decideTalk(stage: Exclude<VerdictStage, 'probable'>, events: AnalysisEvent[]): void {
    const { tones } = this.#ear;
    const sounding = { isWaiting: tones.isSuspected || this.#cadence.isUndecided, isTone: tones.isConfirmed };
    const judged = judgeTalk(this.#features, this.#weighed, sounding, this.#options);
    if (judged === undefined) return;
    const machine = this.#machineProbability;
    const found = { ...judged, probabilityRatio: judged.verdict === 'machine' ? machine : 1 - machine };
    if (judged.stage !== 'probable') this.#tell(stage, found, events);
    else if (!this.#wasToldProbable) {
      this.#wasToldProbable = true;
      events.push({ type: 'verdict', decision: this.#decision('probable', found) });
    }
  }

  /**
   * Tones after which nobody will come; looked for when a tone ends, and at times
   * while one lasts.
   */
  #findTone(heard: Heard): Finding | undefined {
    const { tones, progress } = this.#ear;
    const isLooking = heard.ended !== undefined || (tones.isConfirmed && tones.runFrames % LOOK_AGAIN_FRAMES === 0);
    const found = isLooking ? progress.settled(this.#ear.openTone()) : undefined;
    return found && foundTone(found);
  }

  #decideSilence(events: AnalysisEvent[]): void {
    const overMs = this.audioMs - this.#options.silenceLimitMs;
    if (overMs < 0) return;
    const { tones, progress } = this.#ear;
    const isSounding = tones.isSuspected || this.#cadence.isUndecided;
    if (isSounding && overMs < TONE_PATIENCE_MS) return;
    const beep = this.#loneBeep();
    if (beep !== undefined) {
      const reason = 'a lone beep and no voice: a machine without a greeting';
      events.push(beepHeard(beep));
      this.#tell('decided', { verdict: 'machine', probabilityRatio: 0.9, reason }, events);
      this.#awaitGreetingEnd(this.#greetingEnd, beep, events);
      return;
    }
    const tone = progress.atLimit(this.#ear.openTone());
    const reason = `no voice in ${(this.audioMs / 1000).toFixed(1)} s`;
    this.#tell('decided', tone === undefined ? { verdict: 'silence', probabilityRatio: 1, reason } : foundTone(tone), events);
  }

  /**
   * The one tone of a call without talk, if it is of a beep's kind and no ringing or
   * busy tone's.
   */
  #loneBeep(): ToneBurst | undefined {
    const { tones, progress } = this.#ear;
    const [only, ...more] = progress.bursts;
    if (only === undefined || more.length > 0 || tones.isConfirmed) return undefined;
    const isFax = isFaxCall(only, (only.endFrame - only.startFrame) * FRAME_MS);
    return isBeepTone(only) && !isNetworkTone(only) && !isFax ? only : undefined;
  }

  /** After a verdict that is not a machine's: what is heard now may take it back. While it rings somebody may lift. */
  #watch(isJudged: boolean, events: AnalysisEvent[]): void {
    const ringingEndMs = this.#verdict === 'ringing' ? this.#ear.toneEndMs : 0;
    if (this.audioMs - Math.max(this.#decidedAtMs, ringingEndMs) >= this.#options.revisionWindowMs) {
      this.#isDone = true;
      return;
    }
    if (!isJudged) return;
    if (this.#cadence.hasTalk) {
      if (this.#verdict === 'silence' || this.#verdict === 'ringing') this.#decideTalk('revised', events);
      else this.#findMachine(events);
    } else if (this.#verdict === 'silence') this.#findLateTone(events);
  }

  #findMachine(events: AnalysisEvent[]): void {
    const reason = machineReason(this.#features, this.#weighed, this.#options);
    if (reason === undefined) return;
    this.#tell('revised', { verdict: 'machine', probabilityRatio: this.#machineProbability, reason }, events);
  }

  #findLateTone(events: AnalysisEvent[]): void {
    const { progress } = this.#ear;
    const open = this.#ear.openTone();
    const tone = progress.settled(open) ?? progress.atLimit(open);
    if (tone !== undefined) this.#tell('revised', foundTone(tone), events);
  }

  /** A machine that talks on shows which kind it is. */
  #nameMachine(events: AnalysisEvent[]): void {
    if (this.#verdict !== 'machine' || this.#features.talkMs < KIND_TALK_MS || this.#features.trailingSilenceMs > KIND_SILENCE_MS) return;
    const kind = this.#model.machineKind?.(this.#features);
    if (kind === undefined) return;
    this.#verdict = kind.verdict;
    const reason = `${(this.#features.talkMs / 1000).toFixed(1)} s of talk in the rhythm of a ${KIND_WORDS[kind.verdict]}`;
    events.push({ type: 'verdict', decision: this.#decision('revised', { ...kind, reason }) });
  }

  /** Gives the verdict, and sets out for what follows it. */
  #tell(stage: Exclude<VerdictStage, 'probable'>, finding: Finding, events: AnalysisEvent[]): void {
    this.#verdict = finding.verdict;
    this.#decidedAtMs = this.audioMs;
    events.push({ type: 'verdict', decision: this.#decision(stage, finding) });
    switch (finding.verdict) {
      case 'machine':
        this.#greetingEnd = new GreetingEnd(this.#options, this.audioMs);
        return;
      case 'person':
      case 'unsure':
      case 'silence':
      case 'ringing':
        return;
      default:
        this.#isDone = true;
    }
  }

  #awaitGreetingEnd(
    greetingEnd: GreetingEnd | undefined,
    beep: ToneBurst | undefined,
    events: AnalysisEvent[],
  ): void {
    if (greetingEnd === undefined) return;
    const ended = greetingEnd.step(this.#cadence, beep, this.#ear.tones.isSuspected, this.audioMs);
    this.#isDone = greetingEnd.isOver(this.audioMs);
    if (ended !== undefined) events.push(ended);
  }

  #decision(stage: VerdictStage, finding: Finding): AnalysisDecision {
    this.#ear.writeFeatures(this.#features);
    const isPerson = finding.verdict === 'person' || finding.verdict === 'unsure';
    const hasEnded = isPerson && this.#features.trailingSilenceMs >= TALK_END_MS;
    return {
      stage,
      verdict: finding.verdict,
      probabilityRatio: finding.probabilityRatio,
      machineProbabilityRatio: this.#machineProbability,
      reason: finding.reason,
      ...(finding.detail === undefined ? {} : { detail: finding.detail }),
      decidedAtMs: this.audioMs,
      ...(hasEnded ? { greetingEndedAtMs: this.#cadence.talkEndFrame * FRAME_MS } : {}),
      modelName: this.#model.name,
      features: { ...this.#features },
    };
  }
}

const beepHeard = ({ startFrame, endFrame, lowHz, highHz }: ToneBurst): AnalysisEvent => ({
  type: 'beep',
  startMs: startFrame * FRAME_MS,
  endMs: endFrame * FRAME_MS,
  frequenciesHz: highHz === 0 ? [lowHz] : [lowHz, highHz],
});

import type { Ms } from '../units/time.js';
import { createGreetingLengthModel } from './greeting-length-model.js';
import type { VerdictModel } from './verdict-model.js';

/**
 * How a campaign has its calls analysed; every field has a default in {@link
 * DEFAULT_ANALYSIS_OPTIONS}.
 */
export interface AnalysisOptions {
  /** Who judges the talk. */
  readonly model: VerdictModel;
  /** Probability from which talk is a machine's, 0.5..1. What is not that sure is a person. */
  readonly machineProbabilityMin: number;
  /**
   * Probability up to which a person is plain enough to be answered after the short
   * silence, 0..0.5.
   */
  readonly personProbabilityMax: number;
  /** Silence after talk that is plainly a person's, 300..2000. */
  readonly personSilenceMs: Ms;
  /**
   * Silence after which any speaker has finished and waits: not a sure machine is a
   * person. 500..3000.
   */
  readonly turnEndSilenceMs: Ms;
  /** Without talk for so long after the answer the verdict is no speech, 1000..15000. */
  readonly noSpeechLimitMs: Ms;
  /** Undecided for so long after talk began, it is taken for a person, 2000..20000. */
  readonly speechLimitMs: Ms;
  /** Silence that ends a machine's greeting when no beep comes, 1000..5000. */
  readonly greetingSilenceMs: Ms;
  /** A greeting that still runs so long after the verdict is given up waiting for, 5000..120000. */
  readonly greetingLimitMs: Ms;
}

/** Where each default comes from stands beside it. */
export const DEFAULT_ANALYSIS_OPTIONS: AnalysisOptions = {
  model: createGreetingLengthModel(),
  // One person in two hundred by the model's own lengths: what a 3 % abandonment cap can bear.
  machineProbabilityMin: 0.995,
  // Chosen: greetings up to 1.3 s are then answered after the short silence or little more.
  personProbabilityMax: 0.3,
  // Chosen: people leave 0.2 s between turns and grow uneasy near 1 s (Stivers et al.,
  // 2009); app_amd takes 0.8 s.
  personSilenceMs: 600,
  // Twilio's MachineDetectionSpeechEndThreshold; SignalWire's end_silence is 1.0 s.
  turnEndSilenceMs: 1200,
  // initial_timeout of SignalWire and initial silence of Plivo; app_amd's 2.5 s loses
  // people slow to lift.
  noSpeechLimitMs: 4500,
  // Chosen: the 3.9 s of talk that decide, and two thirds as much for pauses between phrases.
  speechLimitMs: 6500,
  // The middle of the 1.5 to 2.5 s that telephone greetings leave before a missing beep.
  greetingSilenceMs: 2000,
  // Twilio's MachineDetectionTimeout is 30 s.
  greetingLimitMs: 30_000,
};

const RANGES = {
  machineProbabilityMin: [0.5, 1],
  personProbabilityMax: [0, 0.5],
  personSilenceMs: [300, 2000],
  turnEndSilenceMs: [500, 3000],
  noSpeechLimitMs: [1000, 15_000],
  speechLimitMs: [2000, 20_000],
  greetingSilenceMs: [1000, 5000],
  greetingLimitMs: [5000, 120_000],
} as const satisfies Readonly<
  Record<Exclude<keyof AnalysisOptions, 'model'>, readonly [number, number]>
>;

/**
 * Everything wrong with a set of options, one line each naming the allowed range;
 * empty when all is well.
 */
export function analysisOptionFaults(options: Partial<AnalysisOptions>): readonly string[] {
  const faults: string[] = [];
  for (const key of Object.keys(RANGES) as (keyof typeof RANGES)[]) {
    const value = options[key];
    const [least, most] = RANGES[key];
    if (value !== undefined && !(value >= least && value <= most)) {
      faults.push(`${key} is ${value}; it must lie between ${least} and ${most}.`);
    }
  }
  return faults;
}

/**
 * A tone still sounding when the wait for speech runs out is heard out for so
 * long, to be named.
 */
export const TONE_PATIENCE_MS: Ms = 2500;

/** The latest audio time at which the first verdict comes, whatever is heard. */
export const verdictLimitMs = (options: AnalysisOptions): Ms =>
  options.noSpeechLimitMs + TONE_PATIENCE_MS + options.speechLimitMs;

import type { BeepHeard, AnalysisDecision } from '../../amd/analysis-event.js';
import { DEFAULT_ANALYSIS_OPTIONS, type AnalysisOptions } from '../../amd/analysis-options.js';
import { createCallAnalyser } from '../../amd/call-analysis.js';
import type { GreetingEnded } from '../../amd/greeting-end.js';
import type { VerdictModel } from '../../amd/verdict-model.js';
import { FRAME_MS, FRAME_SAMPLES } from '../../audio/frame.js';
import type { Ms } from '../../units/time.js';

/** The probability of a machine at one moment. */
export interface MachineProbability {
  /** Audio heard by then. */
  readonly atMs: Ms;
  /** 0..1 */
  readonly ratio: number;
}

/** What the service would have made of a recording, had it been a call. */
export interface RecordingAnalysis {
  /** In their order: at most one `probable`, one `decided`, then what was `revised`. */
  readonly decisions: readonly AnalysisDecision[];
  readonly beeps: readonly BeepHeard[];
  readonly greetingEnds: readonly GreetingEnded[];
  /** Each judgement of the model, as long as it was asked. */
  readonly machineProbabilities: readonly MachineProbability[];
  /** Its highest, 0..1; 0 when nobody talked. */
  readonly machineProbabilityMax: number;
  /** Length of the recording, without the silence put after it. */
  readonly audioMs: Ms;
  /** What was given: the neural net's word on each frame. */
  readonly speechProbabilities: Float32Array | undefined;
}

/**
 * The silence that follows a recording at most, as on a line that stays up:
 * until nothing more can come. Chosen: the ten seconds in which a verdict may
 * be revised, the wait for a late beep, and some more.
 */
const SILENCE_MS_MAX = 45_000;

/**
 * Analyses one recording, its first sample the answer of the call.
 * @param speechProbabilities the neural net's word on each whole frame, NaN where it has none; undefined where it did not listen.
 */
export function analyseRecording(
  samples: Int16Array,
  speechProbabilities: Float32Array | undefined,
  options: Partial<AnalysisOptions> = {},
): RecordingAnalysis {
  const watched = watchedModels(options);
  const analyser = createCallAnalyser({ ...options, ...watched.models });
  const decisions: AnalysisDecision[] = [];
  const beeps: BeepHeard[] = [];
  const greetingEnds: GreetingEnded[] = [];
  const hear = (frame: Int16Array, speechProbability: number | undefined): void => {
    for (const event of analyser.step(frame, speechProbability)) {
      if (event.type === 'verdict') decisions.push(event.decision);
      else if (event.type === 'beep') {
        // Told once more, whole, when lost packets had cut it.
        if (beeps.at(-1)?.startMs === event.startMs) beeps.pop();
        beeps.push(event);
      }
      else greetingEnds.push(event);
    }
  };
  const frameCount = Math.floor(samples.length / FRAME_SAMPLES);
  for (let index = 0; index < frameCount; index++) {
    const probability = speechProbabilities?.[index];
    hear(samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES), Number.isNaN(probability) ? undefined : probability);
  }
  const silence = new Int16Array(FRAME_SAMPLES);
  const silent = speechProbabilities === undefined ? undefined : 0;
  for (let ms = 0; ms < SILENCE_MS_MAX && !analyser.isDone; ms += FRAME_MS) hear(silence, silent);
  const machineProbabilityMax = watched.probabilities.reduce((most, { ratio }) => Math.max(most, ratio), 0);
  return { decisions, beeps, greetingEnds, machineProbabilities: watched.probabilities, machineProbabilityMax, audioMs: frameCount * FRAME_MS, speechProbabilities };
}

/** The models asked, and what they said. */
function watchedModels(options: Partial<AnalysisOptions>): {
  readonly models: Pick<AnalysisOptions, 'model' | 'rules'>;
  readonly probabilities: readonly MachineProbability[];
} {
  const probabilities: MachineProbability[] = [];
  const watched = (model: VerdictModel): VerdictModel => ({
    ...model,
    machineProbability: (features) => {
      const ratio = model.machineProbability(features);
      probabilities.push({ atMs: features.audioMs, ratio });
      return ratio;
    },
  });
  const { model, rules } = { ...DEFAULT_ANALYSIS_OPTIONS, ...options };
  return { models: { model: watched(model), rules: watched(rules) }, probabilities };
}

import { DEFAULT_ANALYSIS_OPTIONS, type AnalysisOptions } from '../../amd/analysis-options.js';
import { loadAnswerModel } from '../../inference/answer-model.js';
import { ModelFault } from '../../inference/model-fault.js';
import { openRecordingScorer } from '../../inference/score-recordings.js';
import { analyseRecording, type RecordingAnalysis } from './recording-analysis.js';

/** Analyses recordings as the service analyses calls. */
export interface RecordingAnalyst {
  /** By which it decides: the service's own, as they come. */
  readonly options: AnalysisOptions;
  /** The neural net listens; else energy and voicing say who talks, and the rules of greeting length judge. */
  readonly hasSpeechModel: boolean;
  /** What is missing, in sentences with the cure and what takes its place. */
  readonly faults: readonly string[];
  analyse(recordings: readonly Int16Array[]): Promise<readonly RecordingAnalysis[]>;
  close(): Promise<void>;
}

/** Opens the models that come with the project. Never throws for one that is missing or broken: it is told, and done without. */
export async function openAnalyst(): Promise<RecordingAnalyst> {
  const scorer = await orFault(openRecordingScorer);
  const model = await orFault(() => loadAnswerModel());
  const options: AnalysisOptions = { ...DEFAULT_ANALYSIS_OPTIONS, ...(model instanceof ModelFault ? {} : { model }) };
  const faults = [
    ...(scorer instanceof ModelFault ? [`${scorer.message} Energy and voicing say who talks, and the rules of greeting length judge.`] : []),
    ...(model instanceof ModelFault ? [`${model.message} The rules of greeting length judge in its place.`] : []),
  ];
  return {
    options,
    hasSpeechModel: !(scorer instanceof ModelFault),
    faults,
    async analyse(recordings) {
      const scores = scorer instanceof ModelFault ? undefined : await scorer.score(recordings);
      return recordings.map((samples, index) => analyseRecording(samples, scores?.[index], options));
    },
    async close() {
      if (!(scorer instanceof ModelFault)) await scorer.close();
    },
  };
}

async function orFault<T>(open: () => T | Promise<T>): Promise<T | ModelFault> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof ModelFault) return error;
    throw error;
  }
}

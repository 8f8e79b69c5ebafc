import type { AnalysisOptions } from '../../amd/analysis-options.js';
import type { RecordingAnalysis } from './recording-analysis.js';
import type { RecordingTrace } from './recording-trace.js';
import { secondsText } from './text-table.js';

/** Everything that explains one recording. */
export interface Explanation {
  readonly file: string;
  readonly samples: Int16Array;
  readonly analysis: RecordingAnalysis;
  readonly trace: RecordingTrace;
  readonly options: Pick<AnalysisOptions, 'machineProbabilityMin' | 'personProbabilityMax'>;
  /** What is missing of the models, in sentences. */
  readonly faults: readonly string[];
}

const STAGE_WORDS = { probable: 'Probably', decided: 'Decided', revised: 'Taken back, and then' } as const;

/** Frequencies for people: `1000 Hz`, `440 and 480 Hz`. */
export const hertzText = (frequenciesHz: readonly number[]): string => `${frequenciesHz.map((hz) => String(Math.round(hz))).join(' and ')} Hz`;

/** What was decided on a recording, and why, in sentences. */
export function explanationText({ file, analysis, trace, options, faults }: Explanation): string {
  const decisions = analysis.decisions.flatMap(({ stage, verdict, decidedAtMs, reason, detail, machineProbabilityRatio, greetingEndedAtMs }) => [
    `${STAGE_WORDS[stage]} ${verdict}${detail === undefined ? '' : ` (${detail})`} at ${secondsText(decidedAtMs)}: ${reason}.`,
    `    Probability of a machine ${machineProbabilityRatio.toFixed(3)}; a machine from ${options.machineProbabilityMin.toFixed(3)}, plainly a person up to ${options.personProbabilityMax.toFixed(2)}.`,
    ...(greetingEndedAtMs === undefined ? [] : [`    Their first speech ended at ${secondsText(greetingEndedAtMs)}.`]),
  ]);
  const last = analysis.decisions.at(-1);
  const beepTones = new Set(analysis.beeps.map(({ startMs }) => startMs));
  return [
    `${file}: ${secondsText(analysis.audioMs)} of sound, judged by ${last?.modelName ?? 'nobody'}.`,
    ...faults.map((fault) => `Note: ${fault}`),
    ...decisions,
    `Talk: ${trace.bursts.length === 0 ? 'none' : trace.bursts.map(({ startMs, endMs }) => `${secondsText(startMs)} to ${secondsText(endMs)}`).join(', ')}.`,
    ...analysis.beeps.map(({ startMs, endMs, frequenciesHz }) => `Beep: ${secondsText(startMs)} to ${secondsText(endMs)}, ${hertzText(frequenciesHz)}.`),
    ...trace.tones.filter(({ startMs }) => !beepTones.has(startMs)).map(({ startMs, endMs, frequenciesHz }) => `Tone: ${secondsText(startMs)} to ${secondsText(endMs)}, ${hertzText(frequenciesHz)}.`),
    ...analysis.greetingEnds.map(({ atMs, by }) => `A message may begin at ${secondsText(atMs)}, by ${by}${atMs > analysis.audioMs ? ' (silence follows the recording)' : ''}.`),
  ].join('\n');
}

/** The same for programs. */
export function explanationJson({ file, analysis, trace, options: { machineProbabilityMin, personProbabilityMax }, faults }: Explanation): object {
  const { speechProbabilities } = analysis;
  return {
    file,
    audioMs: analysis.audioMs,
    hasSpeechModel: speechProbabilities !== undefined,
    faults,
    machineProbabilityMin,
    personProbabilityMax,
    decisions: analysis.decisions,
    beeps: analysis.beeps,
    greetingEnds: analysis.greetingEnds,
    talk: trace.bursts,
    tones: trace.tones,
    machineProbabilityMax: analysis.machineProbabilityMax,
    machineProbabilities: analysis.machineProbabilities,
    speechProbabilities: speechProbabilities === undefined ? undefined : [...speechProbabilities].map((ratio) => Math.round(ratio * 1000) / 1000),
  };
}

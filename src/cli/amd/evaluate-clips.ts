import { HOLDING_OPTIONS } from '../../amd/analysis-options.js';
import { SAMPLE_RATE_HZ } from '../../audio/frame.js';
import type { BeepInstant } from './beep-score.js';
import { findingOf, type DetectorFinding } from './detector-finding.js';
import { scoreDetector, type ScoredClip } from './detector-score.js';
import type { ClipReport, EvaluationReport, JudgedDetector } from './evaluation-report.js';
import { groupScores } from './group-score.js';
import type { LoadedClip } from './labelled-clip.js';
import { analyseRecording, type RecordingAnalysis } from './recording-analysis.js';
import type { RecordingAnalyst } from './recording-analyst.js';

/** A detector's findings on the clips, in their order; undefined where it came to nothing. */
export interface DetectorRun {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly (DetectorFinding | undefined)[];
}

/** What is needed to write a report. */
export interface EvaluationInput {
  readonly folder: string;
  readonly clips: readonly LoadedClip[];
  readonly analyses: readonly RecordingAnalysis[];
  readonly analyst: Pick<RecordingAnalyst, 'options' | 'hasSpeechModel' | 'faults'>;
  /** Other detectors on the same clips. */
  readonly others: readonly DetectorRun[];
  readonly notes: readonly string[];
  readonly beepInstant: BeepInstant | undefined;
}

/** The report, and the clips of its first detector for the picture. */
export function evaluate(input: EvaluationInput): { readonly report: EvaluationReport; readonly scored: readonly ScoredClip[] } {
  const { clips, analyses } = input;
  const own: DetectorRun = { name: 'files', title: 'Outdial, on the files', findings: analyses.map(findingOf) };
  const others = [holdingRun(input), ...input.others];
  const scoredBy = ({ findings }: DetectorRun): readonly ScoredClip[] =>
    clips.map((clip, index) => ({ clip, audioMs: (clip.samples.length * 1000) / SAMPLE_RATE_HZ, finding: findings[index] }));
  const judged = (run: DetectorRun): JudgedDetector => ({ name: run.name, title: run.title, score: scoreDetector(scoredBy(run), input.beepInstant) });
  const scored = scoredBy(own);
  return {
    scored,
    report: {
      folder: input.folder,
      clipCount: clips.length,
      audioHours: clips.reduce((sum, { samples }) => sum + samples.length / SAMPLE_RATE_HZ, 0) / 3600,
      modelName: analyses.flatMap(({ decisions }) => decisions.map(({ modelName }) => modelName)).at(0) ?? '',
      machineProbabilityMin: input.analyst.options.machineProbabilityMin,
      hasSpeechModel: input.analyst.hasSpeechModel,
      notes: [...input.analyst.faults, ...input.notes],
      detectors: [judged(own), ...others.map(judged)],
      groups: groupScores(scored),
      clips: clips.map((clip, index) => clipReport(clip, analyses[index]!, [own, ...others], index)),
    },
  };
}

/** The same files for a campaign that connects nobody before it is decided. */
function holdingRun({ clips, analyses, analyst }: EvaluationInput): DetectorRun {
  const options = { ...analyst.options, ...HOLDING_OPTIONS };
  return {
    name: 'files-holding',
    title: 'Outdial, on the files, holding until decided',
    findings: clips.map(({ samples }, index) => findingOf(analyseRecording(samples, analyses[index]?.speechProbabilities, options))),
  };
}

function clipReport(clip: LoadedClip, analysis: RecordingAnalysis, runs: readonly DetectorRun[], index: number): ClipReport {
  const verdicts = runs.flatMap(({ name, findings }) => {
    const found = findings[index]?.verdicts.map(({ stage, verdict, atMs, reason }) => ({ stage, verdict, atMs, reason }));
    return found === undefined ? [] : [[name, found] as const];
  });
  return {
    file: clip.file,
    label: clip.label,
    verdicts: Object.fromEntries(verdicts),
    beeps: analysis.beeps.map(({ startMs, endMs }) => ({ startMs, endMs })),
    machineProbabilityMax: analysis.machineProbabilityMax,
  };
}

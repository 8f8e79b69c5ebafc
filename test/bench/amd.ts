/**
 * Who or what answered: what the detector gets right on recordings it has
 * never heard, beside Asterisk's own AMD() on real calls of the same
 * recordings, what it does with beeps, and what it costs. `npm run bench --
 * amd [--dir FOLDER] [--no-calls]`.
 */
import { evaluate, type DetectorRun } from '../../src/cli/amd/evaluate-clips.js';
import type { EvaluationReport } from '../../src/cli/amd/evaluation-report.js';
import { evaluationText } from '../../src/cli/amd/evaluation-text.js';
import { labelledFolder } from '../../src/cli/amd/labelled-folder.js';
import type { LoadedClip } from '../../src/cli/amd/labelled-clip.js';
import { openAnalyst } from '../../src/cli/amd/recording-analyst.js';
import type { DetectorScore } from '../../src/cli/amd/detector-score.js';
import type { RecordingAnalysis } from '../../src/cli/amd/recording-analysis.js';
import { runCalls } from '../../src/cli/amd/run-calls.js';
import { percentText, secondsText } from '../../src/cli/amd/text-table.js';
import { drawSet } from '../fixtures/analysis-score.js';
import { measureAnalysisCost, type AnalysisCost } from './analysis-cost.js';

/** What to measure. */
export interface AmdBenchOptions {
  /** Seed of the recordings drawn. Default 1. */
  readonly seed?: number;
  /** People drawn for each way of answering; machines and tones in proportion. Default 150, which makes 600 people. */
  readonly callsPerMode?: number;
  /** Recordings that are called, spread evenly over the set; 0, or `--no-calls`, calls none. Default 120. */
  readonly calls?: number;
  /** Recordings called at a time. Default 8. */
  readonly recordingsAtOnce?: number;
  /** Calls analysed at once when the cost is taken; 0 leaves it out. Default 200. */
  readonly callsAtOnce?: number;
}

/** The rows to print, and one object for `--json`. */
export interface AmdBenchReport {
  readonly table: readonly object[];
  readonly json: object;
}

/** Runs the bench. @param texts `dir`: a labelled folder in the place of recordings drawn. */
export async function run(options: AmdBenchOptions = {}, texts: { readonly dir?: string } = {}): Promise<AmdBenchReport> {
  const { seed = 1, callsPerMode = 150, calls = 120, recordingsAtOnce = 8, callsAtOnce = 200 } = options;
  const clips = texts.dir === undefined ? await drawnClips(seed, callsPerMode) : labelledFolder(texts.dir).clips;
  const name = texts.dir ?? `a synthetic set (seed ${seed}) of voices that neither models nor thresholds were made with`;
  const analyst = await openAnalyst();
  try {
    const analyses = await analyst.analyse(clips.map(({ samples }) => samples));
    const judged = (some: readonly LoadedClip[], of: readonly RecordingAnalysis[], others: readonly DetectorRun[]): EvaluationReport =>
      evaluate({ folder: name, clips: some, analyses: of, others, analyst, notes: [], beepInstant: texts.dir === undefined ? 'end' : undefined }).report;
    const all = judged(clips, analyses, []);
    console.log(evaluationText(all));
    const places = spread(clips.length, calls);
    const called = places.map((place) => clips[place]!);
    const { runs, notes } = called.length === 0 ? { runs: [], notes: [] } : await runCalls({
      recordings: called.map(({ samples }) => samples),
      recordingsAtOnce,
      say: (sentence) => console.log(sentence),
      progress: progressPrinter(),
    }, analyst);
    const beside = called.length === 0 ? undefined : judged(called, places.map((place) => analyses[place]!), runs);
    for (const note of notes) console.log(`Note: ${note}`);
    const cost = callsAtOnce === 0 || !analyst.hasSpeechModel ? undefined : await measureAnalysisCost(callsAtOnce);
    return {
      table: tableOf(all, beside, cost),
      json: { seed, ...figuresOf(all), sameCalls: beside === undefined ? undefined : figuresOf(beside), cost },
    };
  } finally {
    await analyst.close();
  }
}

async function drawnClips(seed: number, callsPerMode: number): Promise<readonly LoadedClip[]> {
  const clips: LoadedClip[] = [];
  const part = (divisor: number): number => Math.ceil(callsPerMode / divisor);
  const set = drawSet({
    seed, voices: 'judging', personsPerMode: callsPerMode, machinesPerMode: part(2.5), tonesPerMode: part(6), silences: part(4), tunes: part(3),
  });
  for await (const { truth, mode, samples, beepEndMs, talkEndMs } of set) {
    const file = `${mode} ${clips.length + 1}`;
    clips.push({ file, path: file, line: clips.length + 2, label: truth, samples, beepMs: beepEndMs, speechEndMs: talkEndMs, groups: { mode } });
  }
  return clips;
}

/** Places spread evenly over a set, so that each way of answering is among them. */
const spread = (size: number, count: number): readonly number[] => {
  const wanted = Math.min(size, count);
  return Array.from({ length: wanted }, (_, index) => Math.floor((index * size) / wanted));
};

function progressPrinter(): (text: string) => void {
  let toldCount = 0;
  return (text) => {
    if (++toldCount % 20 === 0) console.log(text);
  };
}

/** A report without what is told recording by recording. */
const figuresOf = ({ clips: _clips, ...figures }: EvaluationReport): object => figures;

/** One measure a row, one detector a column. */
function tableOf(all: EvaluationReport, beside: EvaluationReport | undefined, cost: AnalysisCost | undefined): readonly object[] {
  const columns = [
    { title: `all ${all.clipCount} as files`, score: all.detectors[0].score },
    ...(beside?.detectors.map(({ title, score }) => ({ title: `${beside.clipCount}: ${title}`, score })) ?? []),
  ];
  const row = (measure: string, of: (score: DetectorScore) => string): object =>
    ({ measure, ...Object.fromEntries(columns.map(({ title, score }) => [title, of(score)] as const)) });
  const first = columns[0]!.title;
  const falseRows = (['speech', 'tones', 'music and noise'] as const).map((kind) =>
    row(`false beeps an hour, ${kind}`, ({ beeps }) => {
      const found = beeps?.falseByKind.find((each) => each.kind === kind);
      return found === undefined ? '' : `${found.falsePerHour.toFixed(2)} (${found.falseCount} in ${found.audioHours.toFixed(2)} h)`;
    }),
  );
  return [
    row('people lost', ({ people }) => `${people.lostCount} of ${people.count}`),
    row('… by the first verdict', ({ people }) => String(people.lostFirstCount)),
    row('… at most, 95 %', ({ people }) => percentText(people.lostRatioUpperBound, 2)),
    row('machines caught before a connect', ({ machines }) => `${machines.caughtFirstCount} of ${machines.count}`),
    row('machines caught in all', ({ machines }) => `${machines.caughtFirstCount + machines.takenBackCount} of ${machines.count}`),
    row('caught at 0.5 % of people lost', ({ roc }) => percentText(roc?.at05Percent.machinesCaughtRatio)),
    row('area under the ROC', ({ roc }) => roc?.areaRatio.toFixed(4) ?? ''),
    row('people decided, p50 / p90', ({ peopleTimes: { afterAnswer } }) => `${secondsText(afterAnswer.p50Ms)} / ${secondsText(afterAnswer.p90Ms)}`),
    row('… after their speech, p50 / p90', ({ peopleTimes: { afterSpeech } }) => `${secondsText(afterSpeech.p50Ms)} / ${secondsText(afterSpeech.p90Ms)}`),
    row('machines decided, p50 / p90', ({ machineTimes: { afterAnswer } }) => `${secondsText(afterAnswer.p50Ms)} / ${secondsText(afterAnswer.p90Ms)}`),
    row('beeps found', ({ beeps }) => (beeps === undefined ? '' : `${beeps.hitCount} of ${beeps.beepCount}`)),
    row('… within 60 ms', ({ beeps }) => percentText(beeps?.within60MsRatio)),
    ...falseRows,
    row('came to nothing', ({ failedFiles }) => String(failedFiles.length)),
    ...(cost === undefined ? [] : [
      { measure: `cost of ${cost.callsAtOnce} calls at once`, [first]: `${cost.coreShare.toFixed(2)} of a core, ${cost.megabytesPerCall.toFixed(2)} MB a call` },
      { measure: 'scores, p50 / p99', [first]: `${cost.scoresP50Ms.toFixed(1)} / ${cost.scoresP99Ms.toFixed(1)} ms` },
    ]),
  ];
}

import { ANSWER_VERDICTS } from '../../call/answer-verdict.js';
import type { BeepScore } from './beep-score.js';
import { CLIP_LABELS } from './clip-label.js';
import type { DetectorScore } from './detector-score.js';
import type { EvaluationReport, JudgedDetector } from './evaluation-report.js';
import type { GroupScore } from './group-score.js';
import type { SpanQuantiles } from './quantiles.js';
import { percentText, secondsText, textTable } from './text-table.js';

/** What an evaluation found, for the terminal. */
export function evaluationText(report: EvaluationReport): string {
  const { detectors, groups, notes } = report;
  const [own] = detectors;
  const parts = [
    `${report.clipCount} recordings of ${report.folder}, ${(report.audioHours * 60).toFixed(1)} minutes of sound, judged by ${report.modelName}.`,
    ...notes.map((note) => `Note: ${note}`),
    titled('Truth (rows) and final verdict (columns)', matrixText(own.score)),
    titled('Main figures', mainText(own.score, report.machineProbabilityMin)),
    titled('Time to the first verdict', timesText(own.score)),
    ...(own.score.beeps === undefined ? [] : [titled('Beeps', beepText(own.score.beeps))]),
    ...(groups.length === 0 ? [] : [titled('By mode, source and split', groupText(groups))]),
    ...(detectors.length < 2 ? [] : [titled('The same recordings, detector by detector', detectorText(detectors))]),
  ];
  return `${parts.join('\n\n')}\n`;
}

const titled = (title: string, text: string): string => `${title}\n${text}`;

const count = (value: number): string => (value === 0 ? '·' : String(value));

function matrixText({ matrix }: DetectorScore): string {
  const labels = CLIP_LABELS.filter((label) => matrix[label] !== undefined);
  const always = new Set(['person', 'machine', 'silence', 'unsure']);
  const verdicts = ANSWER_VERDICTS.filter((verdict) => always.has(verdict) || labels.some((label) => (matrix[label]?.[verdict] ?? 0) > 0));
  return textTable(['', ...verdicts], labels.map((label) => [label, ...verdicts.map((verdict) => count(matrix[label]?.[verdict] ?? 0))]));
}

function mainText({ people, machines, roc, failedFiles }: DetectorScore, machineProbabilityMin: number): string {
  const claim = people.count >= people.neededForClaimCount
    ? `0.5 % may be claimed: it takes ${people.neededForClaimCount} people.`
    : `To claim 0.5 % with ${people.lostCount === 0 ? 'none' : String(people.lostCount)} lost takes ${people.neededForClaimCount} people; here are ${people.count}.`;
  const lines = [
    ...(people.count === 0
      ? ['There are no people in the set: nothing can be said of people lost.']
      : [
          `People lost          ${people.lostCount} of ${people.count}, with 95 % confidence at most ${percentText(people.lostRatioUpperBound, 2)} of people like these. ${claim}`,
          ...(people.lostCount === 0 ? [] : [`                     ${people.lostFirstCount} by the first verdict, ${people.lostCount - people.lostFirstCount} when it was taken back later: ${people.lostFiles.slice(0, 10).join(', ')}${people.lostFiles.length > 10 ? ' …' : ''}`]),
        ]),
    ...(machines.count === 0
      ? ['There are no machines in the set.']
      : [
          `Machines caught      ${machines.caughtFirstCount} of ${machines.count} (${percentText(machines.caughtFirstCount / machines.count)}) before anyone was connected`,
          `                     ${machines.caughtFirstCount + machines.takenBackCount} of ${machines.count} (${percentText((machines.caughtFirstCount + machines.takenBackCount) / machines.count)}) in all: on ${machines.takenBackCount} the first verdict was taken back later`,
          `                     ${machines.probablePersonCount} were told as a probable person before, which campaigns that connect early act on`,
        ]),
    ...(roc === undefined
      ? []
      : [
          `Area under the ROC   ${roc.areaRatio.toFixed(4)}; machines caught ${percentText(roc.at05Percent.machinesCaughtRatio)} while at most 0.5 % of people are lost, ${percentText(roc.at1Percent.machinesCaughtRatio)} at 1 %`,
          `                     (threshold in use ${machineProbabilityMin.toFixed(4)}; by the highest probability that each recording reached)`,
        ]),
    ...(failedFiles.length === 0 ? [] : [`Came to nothing      ${failedFiles.length}: ${failedFiles.slice(0, 10).join(', ')}`]),
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}

function timesText({ peopleTimes, peopleProbable, machineTimes }: DetectorScore): string {
  const row = (title: string, { count: of, p50Ms, p90Ms, maxMs }: SpanQuantiles): string[] =>
    [title, String(of), secondsText(p50Ms), secondsText(p90Ms), secondsText(maxMs)];
  const rows = [
    row('people, after the answer', peopleTimes.afterAnswer),
    row('people, after their first speech ends', peopleTimes.afterSpeech),
    row('people, probable or decided, after the answer', peopleProbable),
    row('machines, after the answer', machineTimes.afterAnswer),
    row('machines, after their first speech ends', machineTimes.afterSpeech),
  ];
  return textTable(['', 'recordings', 'p50', 'p90', 'max'], rows.filter(([, of]) => of !== '0'));
}

function beepText(beeps: BeepScore): string {
  const found = beeps.beepCount === 0
    ? 'There are no beeps in the set.'
    : `${beeps.hitCount} of ${beeps.beepCount} found, ${beeps.missCount} missed; ${percentText(beeps.within60MsRatio)} of all within 60 ms`;
  const errors = beeps.hitCount === 0 ? [] : [`Error of the ${beeps.instant} p50 ${secondsText(beeps.errorP50Ms, 3)}, p90 ${secondsText(beeps.errorP90Ms, 3)}: beep_time_s is taken as the ${beeps.instant} of the beep${beeps.isInstantGuessed ? ', which fits better; --beep-time fixes it' : ''}`];
  const byKind = beeps.falseByKind.map(({ kind, falseCount, audioHours, falsePerHour }) => `${kind} ${falseCount} in ${(audioHours * 60).toFixed(1)} minutes, ${falsePerHour.toFixed(2)} an hour`);
  const fired = `${beeps.falseCount} false: ${byKind.join('; ')}`;
  return [found, ...errors, fired].map((line) => `  ${line}`).join('\n');
}

function groupText(groups: readonly GroupScore[]): string {
  const head = ['group', 'truth', 'recordings', 'person', 'machine or tone', 'silence', 'people lost', 'decided p50', 'p90'];
  return textTable(head, groups.map((group) => [
    `${group.column}: ${group.value}`, group.label, String(group.count), count(group.personCount), count(group.machineCount), count(group.silenceCount),
    group.label === 'person' ? String(group.lostCount) : '', secondsText(group.decidedP50Ms), secondsText(group.decidedP90Ms),
  ]));
}

function detectorText(detectors: readonly JudgedDetector[]): string {
  const head = ['detector', 'people lost', 'at most (95 %)', 'machines caught', 'by first verdict', 'people decided p50', 'p90', 'machines decided p50', 'p90', 'failed'];
  return textTable(head, detectors.map(({ title, score }) => detectorRow(title, score)));
}

/** One detector as a row of the comparison. */
function detectorRow(title: string, { people, machines, peopleTimes, machineTimes, failedFiles }: DetectorScore): string[] {
  const caught = machines.caughtFirstCount + machines.takenBackCount;
  return [
    title, `${people.lostCount} of ${people.count}`, percentText(people.count === 0 ? undefined : people.lostRatioUpperBound, 2),
    `${caught} of ${machines.count}`, `${machines.caughtFirstCount} of ${machines.count}`,
    secondsText(peopleTimes.afterAnswer.p50Ms), secondsText(peopleTimes.afterAnswer.p90Ms),
    secondsText(machineTimes.afterAnswer.p50Ms), secondsText(machineTimes.afterAnswer.p90Ms), String(failedFiles.length),
  ];
}

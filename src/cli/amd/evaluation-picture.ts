import { ANSWER_VERDICTS } from '../../call/answer-verdict.js';
import { CLIP_LABELS } from './clip-label.js';
import { decidedOf } from './detector-finding.js';
import type { ScoredClip } from './detector-score.js';
import type { EvaluationReport, JudgedDetector } from './evaluation-report.js';
import type { RocPoint } from './roc-curve.js';
import {
  roundTicks, svgBottomAxis, svgLeftAxis, svgLine, svgPath, svgPicture, svgRect, svgScale, svgText,
  SVG_COLOURS, svgElement, type SvgBox, type SvgPoint,
} from './svg.js';
import { percentText, secondsText } from './text-table.js';

const WIDTH = 1040;
const HEIGHT = 800;
const BOLD = { 'font-weight': 600, 'font-size': 14 } as const;
const SMALL = { 'font-size': 11, 'fill': SVG_COLOURS.faint } as const;

/** The picture of an evaluation: ROC, times of decision, and the matrix. @param clips those of the first detector. */
export function evaluationPicture(report: EvaluationReport, clips: readonly ScoredClip[]): string {
  const [own, ...others] = report.detectors;
  return svgPicture(WIDTH, HEIGHT, `Answering machine detection on ${report.clipCount} recordings`, [
    ...header(report),
    ...rocPanel({ x: 80, y: 130, width: 380, height: 250 }, own, others),
    ...timesPanel({ x: 580, y: 130, width: 420, height: 250 }, clips),
    ...matrixPanel({ x: 150, y: 500, width: 430, height: 250 }, own),
    ...detectorPanel({ x: 640, y: 500, width: 360, height: 250 }, report.detectors),
  ]);
}

function header(report: EvaluationReport): readonly string[] {
  const { people, machines } = report.detectors[0].score;
  const lost = people.count === 0
    ? 'no people in the set'
    : `people lost ${people.lostCount} of ${people.count} (95 % confidence: at most ${percentText(people.lostRatioUpperBound, 2)})`;
  const caught = machines.count === 0 ? 'no machines in the set' : `machines caught ${machines.caughtFirstCount + machines.takenBackCount} of ${machines.count}`;
  return [
    svgText([40, 40], 'Who or what answered', { 'font-weight': 600, 'font-size': 20 }),
    svgText([40, 62], `${report.clipCount} recordings, ${(report.audioHours * 60).toFixed(0)} minutes; ${lost}; ${caught}`),
    svgText([40, 80], `${report.modelName}${report.hasSpeechModel ? '' : ', without the speech model'}`, SMALL),
  ];
}

/** The corner that matters: few people lost. The whole square would show an edge only. */
function rocPanel(box: SvgBox, own: JudgedDetector, others: readonly JudgedDetector[]): readonly string[] {
  const { roc } = own.score;
  const title = svgText([box.x, box.y - 14], 'Machines caught against people lost (ROC)', BOLD);
  if (roc === undefined) return [title, svgText([box.x, box.y + 30], 'It takes both people and machines.', SMALL)];
  const dots = others.flatMap(({ name: kind, title: name, score: { people, machines } }) =>
    people.count === 0 || machines.count === 0
      ? []
      : [{ name, colour: kind === 'calls' ? SVG_COLOURS.person : SVG_COLOURS.machine, lost: people.lostCount / people.count, caught: (machines.caughtFirstCount + machines.takenBackCount) / machines.count }],
  );
  const most = Math.max(0.1, ...dots.map(({ lost }) => lost * 1.15));
  const across = svgScale(0, Math.min(1, most), box.x, box.x + box.width);
  const up = svgScale(0, 1, box.y + box.height, box.y);
  const curve = stepped(roc.points.filter(({ peopleLostRatio }) => peopleLostRatio <= across.to))
    .map(([lost, caught]): SvgPoint => [across(lost), up(caught)]);
  const end = curve.at(-1)!;
  return [
    title,
    svgBottomAxis(box, across, roundTicks(0, across.to, 6), 'people lost', (value) => percentText(value, 0)),
    svgLeftAxis(box, up, roundTicks(0, 1, 5), 'machines caught', (value) => percentText(value, 0)),
    svgLine([across(0.005), box.y], [across(0.005), box.y + box.height], { 'stroke': SVG_COLOURS.faint, 'stroke-dasharray': '4 3' }),
    svgText([across(0.005) + 4, box.y + box.height - 6], '0.5 %', SMALL),
    svgPath([...curve, [box.x + box.width, end[1]]], { 'stroke': SVG_COLOURS.person, 'stroke-width': 2.2 }),
    svgText([box.x + box.width, box.y + box.height - 24], `area ${roc.areaRatio.toFixed(4)}`, { 'text-anchor': 'end', 'fill': SVG_COLOURS.person }),
    svgText([box.x + box.width, box.y + box.height - 8], `${percentText(roc.at05Percent.machinesCaughtRatio)} caught at 0.5 %, ${percentText(roc.at1Percent.machinesCaughtRatio)} at 1 %`, { 'text-anchor': 'end', 'fill': SVG_COLOURS.person }),
    ...dots.map(({ name, colour, lost, caught }) => [
      svgElement('circle', { cx: across(lost), cy: up(caught), r: 4.5, fill: colour, stroke: '#ffffff' }),
      svgText([across(lost) + (lost > across.to / 2 ? -8 : 8), up(caught) + 4], name, { 'font-size': 11, 'text-anchor': lost > across.to / 2 ? 'end' : 'start', 'fill': colour }),
    ].join('')),
  ];
}

/** Between two thresholds nothing is known: the curve goes across first, then up. */
const stepped = (points: readonly RocPoint[]): readonly SvgPoint[] =>
  points.flatMap(({ peopleLostRatio, machinesCaughtRatio }, index): readonly SvgPoint[] => {
    const before = points[index - 1];
    const here: SvgPoint = [peopleLostRatio, machinesCaughtRatio];
    return before === undefined ? [here] : [[peopleLostRatio, before.machinesCaughtRatio], here];
  });

const BAR_COUNT_MAX = 40;

function timesPanel(box: SvgBox, clips: readonly ScoredClip[]): readonly string[] {
  const timesOf = (label: string): readonly number[] =>
    clips.flatMap(({ clip, finding }) => (clip.label === label && finding !== undefined ? [decidedOf(finding)?.atMs ?? []].flat() : []));
  const series = [
    { name: 'people', colour: SVG_COLOURS.person, times: timesOf('person') },
    { name: 'machines', colour: SVG_COLOURS.machine, times: timesOf('machine') },
  ].filter(({ times }) => times.length > 0);
  const title = svgText([box.x, box.y - 14], 'First verdict, seconds after the answer', BOLD);
  const latest = Math.max(...series.flatMap(({ times }) => times), 1000);
  const stepMs = [100, 200, 250, 500, 1000, 2000, 5000].find((step) => latest / step <= BAR_COUNT_MAX) ?? 10_000;
  const barCount = Math.floor(latest / stepMs) + 1;
  const counts = series.map(({ times }) => Array.from({ length: barCount }, (_, bar) => times.filter((time) => Math.floor(time / stepMs) === bar).length));
  const most = Math.max(1, ...counts.flat());
  const across = svgScale(0, barCount * stepMs, box.x, box.x + box.width);
  const up = svgScale(0, most, box.y + box.height, box.y);
  const barWidth = (across(stepMs) - box.x - 1) / Math.max(1, series.length);
  const bars = series.flatMap(({ colour }, index) =>
    counts[index]!.flatMap((value, bar) => (value === 0 ? [] : [svgRect({ x: across(bar * stepMs) + index * barWidth, y: up(value), width: barWidth, height: box.y + box.height - up(value) }, { 'fill': colour, 'fill-opacity': 0.85 })])),
  );
  const legend = series.map(({ name, colour, times }, index) => {
    const middle = times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(times.length / 2) - 1)];
    return svgText([box.x + index * box.width, box.y + box.height + 33], `${name}: middle ${secondsText(middle)}`, { 'text-anchor': index === 0 ? 'start' : 'end', 'fill': colour });
  });
  return [
    title,
    svgBottomAxis(box, across, roundTicks(0, across.to, 8), 'seconds', (value) => String(value / 1000)),
    svgLeftAxis(box, up, roundTicks(0, most, 5).filter(Number.isInteger), 'recordings', String),
    ...bars, ...legend,
  ];
}

function matrixPanel(box: SvgBox, { score: { matrix } }: JudgedDetector): readonly string[] {
  const labels = CLIP_LABELS.filter((label) => matrix[label] !== undefined);
  const verdicts = ANSWER_VERDICTS.filter((verdict) => labels.some((label) => (matrix[label]?.[verdict] ?? 0) > 0));
  const cellWidth = Math.min(78, box.width / Math.max(1, verdicts.length));
  const cellHeight = Math.min(34, box.height / Math.max(1, labels.length));
  const cells = labels.flatMap((label, row) => {
    const counts = matrix[label]!;
    const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
    const y = box.y + row * cellHeight;
    return [
      svgText([box.x - 10, y + cellHeight / 2 + 4], `${label} (${total})`, { 'text-anchor': 'end' }),
      ...verdicts.flatMap((verdict, column) => {
        const value = counts[verdict];
        const ratio = total === 0 ? 0 : value / total;
        const x = box.x + column * cellWidth;
        const isRight = verdict === label || (label === 'person' && verdict === 'unsure');
        const colour = label === 'other' ? SVG_COLOURS.wave : isRight ? SVG_COLOURS.person : SVG_COLOURS.machine;
        return [
          svgRect({ x, y, width: cellWidth - 2, height: cellHeight - 2 }, { 'fill': colour, 'fill-opacity': value === 0 ? 0.04 : 0.15 + 0.75 * ratio }),
          ...(value === 0 ? [] : [svgText([x + cellWidth / 2 - 1, y + cellHeight / 2 + 4], String(value), { 'text-anchor': 'middle', 'fill': ratio > 0.55 ? '#ffffff' : SVG_COLOURS.ink })]),
        ];
      }),
    ];
  });
  const heads = verdicts.map((verdict, column) => svgText([box.x + (column + 0.5) * cellWidth, box.y - 8], verdict, { 'text-anchor': 'middle', ...SMALL }));
  return [svgText([box.x - 110, box.y - 34], 'Truth (rows) and final verdict (columns)', BOLD), ...heads, ...cells];
}

function detectorPanel(box: SvgBox, detectors: readonly JudgedDetector[]): readonly string[] {
  const columns = [box.x + 205, box.x + 285, box.x + box.width];
  const head = ['people lost', 'machines', 'decided p50'].map((words, index) => svgText([columns[index]!, box.y - 8], words, { 'text-anchor': 'end', ...SMALL }));
  const rows = detectors.flatMap(({ title, score }, index) => {
    const y = box.y + 18 + 40 * index;
    const { people, machines, peopleTimes } = score;
    const cells = [`${people.lostCount} of ${people.count}`, `${machines.caughtFirstCount + machines.takenBackCount} of ${machines.count}`, secondsText(peopleTimes.afterAnswer.p50Ms)];
    return [
      svgText([box.x, y], title, { 'font-weight': index === 0 ? 600 : 400 }),
      ...cells.map((words, column) => svgText([columns[column]!, y + 17], words, { 'text-anchor': 'end' })),
      svgLine([box.x, y + 25], [box.x + box.width, y + 25], { stroke: SVG_COLOURS.grid }),
    ];
  });
  return [svgText([box.x, box.y - 34], 'Detectors', BOLD), ...head, ...rows];
}

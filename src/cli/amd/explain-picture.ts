import type { AnalysisDecision } from '../../amd/analysis-event.js';
import { FRAME_MS, SAMPLE_RATE_HZ } from '../../audio/frame.js';
import { hertzText, type Explanation } from './explanation.js';
import {
  roundTicks, svgBottomAxis, svgElement, svgLeftAxis, svgLine, svgPath, svgPicture, svgRect, svgScale, svgText,
  SVG_COLOURS, type SvgBox, type SvgPoint, type SvgScale,
} from './svg.js';
import { secondsText } from './text-table.js';

const WIDTH = 1120;
const LEFT = 90;
const RIGHT = 40;
/** Height of one line of decisions below the title. */
const DECISION_LINE = 18;
const PANELS = { wave: 120, speech: 90, machine: 130, tones: 50 } as const;
const GAP = 26;
/** Chosen: more points than pixels show nothing more. */
const WAVE_COLUMN_COUNT = WIDTH - LEFT - RIGHT;
const NAME = { 'font-weight': 600 } as const;
const SMALL = { 'font-size': 11, 'fill': SVG_COLOURS.faint } as const;

/** The picture of one recording: what was heard, what was made of it, and when. */
export function explainPicture(explanation: Explanation): string {
  const { analysis, file } = explanation;
  const { decisions } = analysis;
  const endMs = Math.max(analysis.audioMs, ...decisions.map(({ decidedAtMs }) => decidedAtMs), ...analysis.greetingEnds.map(({ atMs }) => atMs)) + 200;
  const top = 66 + DECISION_LINE * Math.max(1, decisions.length);
  const boxes = stacked(top);
  const height = boxes.tones.y + boxes.tones.height + 50;
  const across = svgScale(0, endMs, LEFT, WIDTH - RIGHT);
  return svgPicture(WIDTH, height, `What was heard on ${file} and decided from it`, [
    svgText([40, 34], file, { 'font-weight': 600, 'font-size': 18 }),
    svgText([40, 52], `${secondsText(analysis.audioMs)} of sound, ${decisions.at(-1)?.modelName ?? ''}${analysis.speechProbabilities === undefined ? ', without the speech model' : ''}`, SMALL),
    ...decisions.map((decision, index) => svgText([40, 74 + DECISION_LINE * index], `${index + 1}. ${decisionWords(decision)}`, { fill: colourOf(decision) })),
    ...(analysis.audioMs < endMs - 300 ? [recordingEnd(across(analysis.audioMs), boxes)] : []),
    ...wavePanel(boxes.wave, explanation, across),
    ...speechPanel(boxes.speech, explanation, across),
    ...machinePanel(boxes.machine, explanation, across),
    ...tonePanel(boxes.tones, explanation, across),
    ...decisions.map((decision, index) => decisionMark(decision, index, across, boxes)),
  ]);
}

type Boxes = Readonly<Record<keyof typeof PANELS, SvgBox>>;

function stacked(top: number): Boxes {
  let y = top + 16;
  const boxes: Partial<Record<keyof typeof PANELS, SvgBox>> = {};
  for (const name of Object.keys(PANELS) as (keyof typeof PANELS)[]) {
    boxes[name] = { x: LEFT, y, width: WIDTH - LEFT - RIGHT, height: PANELS[name] };
    y += PANELS[name] + GAP;
  }
  return boxes as Boxes;
}

const decisionWords = ({ stage, verdict, decidedAtMs, reason, machineProbabilityRatio }: AnalysisDecision): string =>
  `${secondsText(decidedAtMs)}, ${stage}: ${verdict}; ${reason} (machine ${machineProbabilityRatio.toFixed(3)})`;

function colourOf({ verdict }: AnalysisDecision): string {
  if (verdict === 'person' || verdict === 'unsure') return SVG_COLOURS.person;
  return verdict === 'machine' || verdict === 'menu' || verdict === 'screening' ? SVG_COLOURS.machine : SVG_COLOURS.tone;
}

/** A vertical line through all panels, with the decision's number. */
function decisionMark(decision: AnalysisDecision, index: number, across: SvgScale, boxes: Boxes): string {
  const x = across(decision.decidedAtMs);
  const colour = colourOf(decision);
  const top = boxes.wave.y - 6;
  return [
    svgLine([x, top], [x, boxes.tones.y + boxes.tones.height], { 'stroke': colour, 'stroke-width': 1.6, ...(decision.stage === 'probable' ? { 'stroke-dasharray': '5 4' } : {}) }),
    svgElement('circle', { cx: x, cy: top - 4, r: 8, fill: colour }),
    svgText([x, top], String(index + 1), { 'text-anchor': 'middle', 'fill': '#ffffff', 'font-size': 11 }),
  ].join('');
}

const recordingEnd = (x: number, { wave, tones }: Boxes): string => [
  svgRect({ x, y: wave.y, width: WIDTH - RIGHT - x, height: tones.y + tones.height - wave.y }, { fill: '#f1f3f6' }),
  svgText([x - 6, wave.y + 14], 'end of the recording', { ...SMALL, 'text-anchor': 'end' }),
].join('');

function wavePanel(box: SvgBox, { samples, trace }: Explanation, across: SvgScale): readonly string[] {
  const middle = box.y + box.height / 2;
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  const bursts = trace.bursts.map(({ startMs, endMs }) =>
    svgRect({ x: across(startMs), y: box.y, width: Math.max(1, across(endMs) - across(startMs)), height: box.height }, { 'fill': SVG_COLOURS.person, 'fill-opacity': 0.1 }),
  );
  const perColumn = Math.max(1, Math.ceil(samples.length / WAVE_COLUMN_COUNT));
  const upper: SvgPoint[] = [];
  const lower: SvgPoint[] = [];
  for (let start = 0; start < samples.length; start += perColumn) {
    let most = 0;
    let least = 0;
    for (const sample of samples.subarray(start, start + perColumn)) {
      most = Math.max(most, sample);
      least = Math.min(least, sample);
    }
    const x = across((start * 1000) / SAMPLE_RATE_HZ);
    upper.push([x, middle - (most / peak) * (box.height / 2)]);
    lower.push([x, middle - (least / peak) * (box.height / 2)]);
  }
  const outline = [...upper, ...lower.reverse()].map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return [
    svgText([box.x, box.y - 6], 'Sound, talk shaded', NAME),
    ...bursts,
    svgElement('polygon', { points: outline, fill: SVG_COLOURS.wave }),
    svgLine([box.x, middle], [box.x + box.width, middle]),
  ];
}

const RATIO_TICKS = [0, 0.5, 1];

function speechPanel(box: SvgBox, { analysis: { speechProbabilities } }: Explanation, across: SvgScale): readonly string[] {
  const up = svgScale(0, 1, box.y + box.height, box.y);
  const name = svgText([box.x, box.y - 6], 'Probability of speech', NAME);
  const axis = svgLeftAxis(box, up, RATIO_TICKS, '', String);
  if (speechProbabilities === undefined) return [name, axis, svgText([box.x + 10, box.y + 40], 'There is no speech model: energy and voicing say who talks.', SMALL)];
  const points = [...speechProbabilities].map((ratio, index): SvgPoint => [across((index + 0.5) * FRAME_MS), up(Number.isNaN(ratio) ? 0 : ratio)]);
  return [name, axis, svgPath(points, { stroke: SVG_COLOURS.person })];
}

/** What the thresholds cut stands near 0 and 1: odds show it, ratios do not. */
const logOdds = (ratio: number): number => Math.log(ratio / (1 - ratio));
const ODDS_TICKS = [0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

function machinePanel(box: SvgBox, { analysis, options }: Explanation, across: SvgScale): readonly string[] {
  const place = svgScale(logOdds(0.004), logOdds(0.9995), box.y + box.height, box.y);
  const up: SvgScale = Object.assign((ratio: number) => place(logOdds(Math.min(0.99999, Math.max(0.00001, ratio)))), { from: 0.004, to: 0.9995 });
  const threshold = (value: number, words: string, colour: string): string => [
    svgLine([box.x, up(value)], [box.x + box.width, up(value)], { 'stroke': colour, 'stroke-dasharray': '6 4' }),
    svgText([box.x + box.width, up(value) + (value > 0.5 ? 14 : -5)], words, { 'text-anchor': 'end', 'font-size': 11, 'fill': colour }),
  ].join('');
  const points = analysis.machineProbabilities.map(({ atMs, ratio }): SvgPoint => [across(atMs), up(ratio)]);
  return [
    svgText([box.x, box.y - 6], 'Probability of a machine, on a scale of odds', NAME),
    svgLeftAxis(box, up, ODDS_TICKS, '', String),
    threshold(options.machineProbabilityMin, `machine from ${options.machineProbabilityMin.toFixed(3)}`, SVG_COLOURS.machine),
    threshold(options.personProbabilityMax, `plainly a person up to ${options.personProbabilityMax.toFixed(2)}`, SVG_COLOURS.person),
    svgPath(points, { 'stroke': SVG_COLOURS.machine, 'stroke-width': 2 }),
  ];
}

function tonePanel(box: SvgBox, { analysis, trace }: Explanation, across: SvgScale): readonly string[] {
  const beepStarts = new Set(analysis.beeps.map(({ startMs }) => startMs));
  const sounds = [
    ...trace.tones.filter(({ startMs }) => !beepStarts.has(startMs)).map((tone) => ({ ...tone, colour: SVG_COLOURS.tone, name: 'tone' })),
    ...analysis.beeps.map((beep) => ({ ...beep, colour: SVG_COLOURS.beep, name: 'beep' })),
  ];
  const bars = sounds.map(({ startMs, endMs, frequenciesHz, colour, name }) => [
    svgRect({ x: across(startMs), y: box.y + 22, width: Math.max(2, across(endMs) - across(startMs)), height: 18 }, { fill: colour }),
    svgText([across(startMs), box.y + 16], `${name} ${hertzText(frequenciesHz)}`, { 'font-size': 11, 'fill': colour }),
  ].join(''));
  const ends = analysis.greetingEnds.map(({ atMs, by }) => [
    svgElement('path', { d: `M ${across(atMs).toFixed(1)} ${box.y + 49} l -5 -8 h 10 z`, fill: SVG_COLOURS.ink }),
    svgText([across(atMs) - 8, box.y + 48], `message by ${by}`, { 'font-size': 11, 'text-anchor': 'end' }),
  ].join(''));
  return [
    svgText([box.x, box.y - 6], 'Tones', NAME),
    svgBottomAxis(box, across, roundTicks(0, across.to, 14), 'seconds after the answer', (value) => String(value / 1000)),
    ...bars, ...ends,
  ];
}

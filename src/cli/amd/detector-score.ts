import { ANSWER_VERDICTS, type AnswerVerdict } from '../../call/answer-verdict.js';
import { clopperPearson, trialsToClaim } from '../../units/binomial-bounds.js';
import type { Ms } from '../../units/time.js';
import { scoreBeeps, type BeepInstant, type BeepScore } from './beep-score.js';
import { CLIP_LABELS, type ClipLabel } from './clip-label.js';
import { decidedOf, finalOf, keepsThePerson, type DetectorFinding } from './detector-finding.js';
import type { LabelledClip } from './labelled-clip.js';
import { quantilesOf, type SpanQuantiles } from './quantiles.js';
import { caughtAt, rocCurve, type RocPoint } from './roc-curve.js';

/** A clip with what one detector made of it; undefined where it came to nothing, such as a call that failed. */
export interface ScoredClip {
  readonly clip: LabelledClip;
  readonly audioMs: Ms;
  readonly finding: DetectorFinding | undefined;
}

/** People lost: the figure that law and customers ask for. */
export interface PeopleScore {
  readonly count: number;
  /** By any verdict that gives them up. */
  readonly lostCount: number;
  /** Of these, by the first verdict: nobody was connected. The others were given up later. */
  readonly lostFirstCount: number;
  /** With 95 % confidence no larger share of people like these is lost: Clopper and Pearson's exact bound, one-sided. */
  readonly lostRatioUpperBound: number;
  readonly lostFiles: readonly string[];
  /** People it takes to claim at most 0.5 % when as many are lost as here. */
  readonly neededForClaimCount: number;
}

/** Machines caught. */
export interface MachineScore {
  readonly count: number;
  /** By the first verdict already: nobody was connected. */
  readonly caughtFirstCount: number;
  /** The first verdict was taken back: whoever was connected heard some seconds of a machine. */
  readonly takenBackCount: number;
  /** Told as a probable person before, which campaigns that connect early act on. */
  readonly probablePersonCount: number;
}

/** Time to the first verdict. */
export interface DecisionTimes {
  readonly afterAnswer: SpanQuantiles;
  /** After the end of the first speech; negative when it was decided while they talked. */
  readonly afterSpeech: SpanQuantiles;
}

/** What sweeping the highest probability of each clip gives. */
export interface RocScore {
  readonly areaRatio: number;
  readonly at05Percent: RocPoint;
  readonly at1Percent: RocPoint;
  readonly points: readonly RocPoint[];
}

/** Everything that is told of one detector on one set. */
export interface DetectorScore {
  readonly clipCount: number;
  /** Clips on which the detector came to nothing; they count nowhere else. */
  readonly failedFiles: readonly string[];
  /** By the truth, then by the verdict that stood in the end. */
  readonly matrix: Readonly<Partial<Record<ClipLabel, Readonly<Record<AnswerVerdict, number>>>>>;
  readonly people: PeopleScore;
  readonly machines: MachineScore;
  readonly peopleTimes: DecisionTimes;
  /** Until a person was told as probable, or decided where that came first. */
  readonly peopleProbable: SpanQuantiles;
  readonly machineTimes: DecisionTimes;
  readonly roc: RocScore | undefined;
  readonly beeps: BeepScore | undefined;
}

/** With which each bound holds. */
const CONFIDENCE = 0.95;
/** The share of people that a 3 % abandonment cap can bear to lose. */
const CLAIMED_RATIO = 0.005;

/** Scores one detector. @param beepInstant as `scoreBeeps` takes it. */
export function scoreDetector(clips: readonly ScoredClip[], beepInstant?: BeepInstant): DetectorScore {
  const judged = clips.flatMap((each) => (each.finding === undefined ? [] : [{ ...each, finding: each.finding }]));
  const people = judged.filter(({ clip }) => clip.label === 'person');
  const machines = judged.filter(({ clip }) => clip.label === 'machine');
  const lost = people.filter(({ finding }) => isLost(finding));
  return {
    clipCount: clips.length,
    failedFiles: clips.flatMap(({ clip, finding }) => (finding === undefined ? [clip.file] : [])),
    matrix: matrixOf(judged),
    people: {
      count: people.length,
      lostCount: lost.length,
      lostFirstCount: lost.filter(({ finding }) => isCaughtFirst(finding)).length,
      lostRatioUpperBound: clopperPearson(lost.length, people.length, CONFIDENCE).high,
      lostFiles: lost.map(({ clip }) => clip.file),
      neededForClaimCount: trialsToClaim(CLAIMED_RATIO, lost.length, CONFIDENCE),
    },
    machines: machineScore(machines.map(({ finding }) => finding)),
    peopleTimes: decisionTimes(people),
    peopleProbable: quantilesOf(people.flatMap(({ finding }) => finding.verdicts.slice(0, 1).map(({ atMs }) => atMs))),
    machineTimes: decisionTimes(machines),
    roc: rocScore(people, machines),
    beeps: beepScore(judged, beepInstant),
  };
}

interface JudgedClip {
  readonly clip: LabelledClip;
  readonly audioMs: Ms;
  readonly finding: DetectorFinding;
}

/** A person is lost by any verdict that gives him up, though it be taken back later. */
export const isLost = ({ verdicts }: DetectorFinding): boolean =>
  verdicts.some(({ stage, verdict }) => stage !== 'probable' && !keepsThePerson(verdict));

/** The first verdict gives up whoever answered. */
function isCaughtFirst(finding: DetectorFinding): boolean {
  const decided = decidedOf(finding);
  return decided !== undefined && !keepsThePerson(decided.verdict);
}

function matrixOf(judged: readonly JudgedClip[]): DetectorScore['matrix'] {
  const rows = CLIP_LABELS.map((label) => {
    const finals = judged.filter(({ clip }) => clip.label === label).map(({ finding }) => finalOf(finding)?.verdict);
    const counts = ANSWER_VERDICTS.map((verdict) => [verdict, finals.filter((each) => each === verdict).length] as const);
    return [label, finals.length, Object.fromEntries(counts)] as const;
  });
  return Object.fromEntries(rows.filter(([, count]) => count > 0).map(([label, , counts]) => [label, counts]));
}

function machineScore(findings: readonly DetectorFinding[]): MachineScore {
  const caught = findings.filter((finding) => {
    const final = finalOf(finding);
    return final !== undefined && !keepsThePerson(final.verdict);
  });
  const first = caught.filter(isCaughtFirst);
  return {
    count: findings.length,
    caughtFirstCount: first.length,
    takenBackCount: caught.length - first.length,
    probablePersonCount: findings.filter(({ verdicts }) => verdicts.some(({ stage }) => stage === 'probable')).length,
  };
}

function decisionTimes(judged: readonly JudgedClip[]): DecisionTimes {
  const afterAnswerMs: Ms[] = [];
  const afterSpeechMs: Ms[] = [];
  for (const { clip, finding } of judged) {
    const decided = decidedOf(finding);
    if (decided === undefined) continue;
    afterAnswerMs.push(decided.atMs);
    const speechEndMs = clip.speechEndMs ?? decided.speechEndedAtMs;
    if (speechEndMs !== undefined) afterSpeechMs.push(decided.atMs - speechEndMs);
  }
  return { afterAnswer: quantilesOf(afterAnswerMs), afterSpeech: quantilesOf(afterSpeechMs) };
}

function rocScore(people: readonly JudgedClip[], machines: readonly JudgedClip[]): RocScore | undefined {
  const reached = (judged: readonly JudgedClip[]): readonly number[] =>
    judged.flatMap(({ finding }) => (finding.machineProbabilityMax === undefined ? [] : [finding.machineProbabilityMax]));
  const curve = rocCurve(reached(people), reached(machines));
  if (curve === undefined) return undefined;
  return { areaRatio: curve.areaRatio, at05Percent: caughtAt(curve, 0.005), at1Percent: caughtAt(curve, 0.01), points: curve.points };
}

function beepScore(judged: readonly JudgedClip[], instant: BeepInstant | undefined): BeepScore | undefined {
  const clips = judged.flatMap(({ clip, audioMs, finding: { beeps } }) => (beeps === undefined ? [] : [{ label: clip.label, audioMs, beepMs: clip.beepMs, found: beeps }]));
  return clips.length === 0 ? undefined : scoreBeeps(clips, instant);
}

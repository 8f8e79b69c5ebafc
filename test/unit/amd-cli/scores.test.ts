import { describe, expect, it } from 'vitest';
import type { AnswerVerdict, VerdictStage } from '../../../src/call/answer-verdict.js';
import { scoreBeeps } from '../../../src/cli/amd/beep-score.js';
import type { ClipLabel } from '../../../src/cli/amd/clip-label.js';
import { findingOfAmd } from '../../../src/cli/amd/amd-baseline.js';
import { scoreDetector, type ScoredClip } from '../../../src/cli/amd/detector-score.js';
import { groupScores } from '../../../src/cli/amd/group-score.js';
import { quantilesOf } from '../../../src/cli/amd/quantiles.js';
import { caughtAt, rocCurve } from '../../../src/cli/amd/roc-curve.js';

type Said = readonly [stage: VerdictStage, verdict: AnswerVerdict, atMs: number];

let clipCount = 0;
/** A clip of 10 s on which the detector said this. */
function clip(label: ClipLabel, said: readonly Said[], more: { readonly probability?: number; readonly mode?: string; readonly speechEndMs?: number; readonly heardEndMs?: number } = {}): ScoredClip {
  const file = `${++clipCount}.wav`;
  return {
    audioMs: 10_000,
    clip: { file, path: file, line: clipCount, label, beepMs: undefined, speechEndMs: more.speechEndMs, groups: more.mode === undefined ? {} : { mode: more.mode } },
    finding: {
      verdicts: said.map(([stage, verdict, atMs]) => ({ stage, verdict, atMs, reason: '', speechEndedAtMs: more.heardEndMs })),
      machineProbabilityMax: more.probability,
      beeps: [],
    },
  };
}

describe('scoreDetector', () => {
  it('loses a person by whichever verdict gives him up, and by no other', () => {
    const score = scoreDetector([
      clip('person', [['probable', 'person', 800], ['decided', 'person', 1000]]),
      clip('person', [['decided', 'unsure', 3000]]),
      clip('person', [['decided', 'silence', 3000], ['revised', 'person', 4000]]),
      clip('person', [['decided', 'machine', 2000]]),
      clip('person', [['decided', 'machine', 2000], ['revised', 'person', 3000]]),
      clip('person', [['decided', 'person', 1000], ['revised', 'machine', 5000]]),
      clip('person', [['decided', 'ringing', 3000]]),
    ]);
    expect(score.people).toMatchObject({ count: 7, lostCount: 4, lostFirstCount: 3 });
    expect(score.matrix).toEqual({ person: expect.objectContaining({ person: 3, unsure: 1, machine: 2, ringing: 1, silence: 0 }) as object });
  });

  it('says how sure the share of people lost is, and how many people a claim takes', () => {
    const people = Array.from({ length: 600 }, () => clip('person', [['decided', 'person', 1000]]));
    expect(scoreDetector(people).people).toMatchObject({ lostCount: 0, lostRatioUpperBound: expect.closeTo(0.00498, 5) as number, neededForClaimCount: 598 });
    expect(scoreDetector([]).people).toMatchObject({ count: 0, lostRatioUpperBound: 1 });
  });

  it('tells machines caught before anyone was connected from those caught later', () => {
    const { machines } = scoreDetector([
      clip('machine', [['decided', 'machine', 3000]]),
      clip('machine', [['decided', 'machine', 3000], ['revised', 'menu', 6000]]),
      clip('machine', [['probable', 'person', 900], ['decided', 'person', 1200], ['revised', 'machine', 4000]]),
      clip('machine', [['decided', 'silence', 3000], ['revised', 'machine', 7000]]),
      clip('machine', [['decided', 'unsure', 3000]]),
    ]);
    expect(machines).toEqual({ count: 5, caughtFirstCount: 2, takenBackCount: 2, probablePersonCount: 1 });
  });

  it('measures times from the answer and from the end of speech, the manifest\'s first', () => {
    const { peopleTimes, peopleProbable } = scoreDetector([
      clip('person', [['probable', 'person', 700], ['decided', 'person', 1000]], { speechEndMs: 400, heardEndMs: 500 }),
      clip('person', [['decided', 'person', 2000]], { heardEndMs: 1500 }),
      clip('person', [['decided', 'unsure', 3000]]),
    ]);
    expect(peopleTimes.afterAnswer).toEqual({ count: 3, p50Ms: 2000, p90Ms: 3000, maxMs: 3000 });
    expect(peopleTimes.afterSpeech).toEqual({ count: 2, p50Ms: 500, p90Ms: 600, maxMs: 600 });
    expect(peopleProbable.p50Ms).toBe(2000);
  });

  it('counts clips that came to nothing apart', () => {
    const failed: ScoredClip = { ...clip('person', []), finding: undefined };
    const score = scoreDetector([failed, clip('person', [['decided', 'person', 1]])]);
    expect(score).toMatchObject({ clipCount: 2, failedFiles: [failed.clip.file], people: { count: 1 } });
  });

  it('takes AMD\'s word in ours, and its doubt for a person', () => {
    const said = (status: string) => findingOfAmd({ status, cause: 'X-1-2', decidedAfterMs: 2500 })?.verdicts.map(({ verdict, atMs }) => [verdict, atMs]);
    expect(['HUMAN', 'MACHINE', 'NOTSURE', 'HANGUP', ''].map(said)).toEqual([[['person', 2500]], [['machine', 2500]], [['unsure', 2500]], undefined, undefined]);
  });
});

describe('rocCurve', () => {
  it('knows the area of sets worked out by hand', () => {
    expect(rocCurve([0.1, 0.2], [0.8, 0.9])?.areaRatio).toBe(1);
    expect(rocCurve([0.8, 0.9], [0.1, 0.2])?.areaRatio).toBe(0);
    // Of six pairs four are in order and one is a tie.
    expect(rocCurve([0.1, 0.5], [0.5, 0.7, 0.3])?.areaRatio).toBeCloseTo(4.5 / 6, 12);
    expect(rocCurve([0.4, 0.4], [0.4])?.areaRatio).toBe(0.5);
    expect(rocCurve([], [0.4])).toBeUndefined();
  });

  it('gives the machines caught for the people that may be lost', () => {
    const people = Array.from({ length: 100 }, (_, index) => index / 1000);
    people[0] = 0.95;
    const curve = rocCurve(people, [0.99, 0.97, 0.9, 0.5, 0.001])!;
    expect(caughtAt(curve, 0.005)).toEqual({ threshold: 0.97, peopleLostRatio: 0, machinesCaughtRatio: 0.4 });
    expect(caughtAt(curve, 0.01)).toEqual({ threshold: 0.5, peopleLostRatio: 0.01, machinesCaughtRatio: 0.8 });
    expect(curve.points.at(-1)).toMatchObject({ peopleLostRatio: 1, machinesCaughtRatio: 1 });
  });

  it('catches nothing where the highest probability is a person\'s', () => {
    const curve = rocCurve([0.9], [0.9, 0.2])!;
    expect(caughtAt(curve, 0.5)).toMatchObject({ threshold: Infinity, machinesCaughtRatio: 0 });
  });
});

describe('scoreBeeps', () => {
  const beep = (startMs: number, endMs: number) => ({ startMs, endMs, frequenciesHz: [1000] });
  const heard = (beepMs: number | undefined, ...found: readonly ReturnType<typeof beep>[]) => ({ label: 'machine' as ClipLabel, audioMs: 36_000, beepMs, found });

  it('counts hits, misses and false ones, and their rate', () => {
    const score = scoreBeeps([
      heard(5000, beep(5010, 5500)),
      heard(5000, beep(5050, 5400), beep(9000, 9400)),
      heard(5000),
      heard(undefined, beep(1000, 1300)),
      { ...heard(undefined, beep(1000, 1300)), label: 'busy' },
    ], undefined);
    expect(score).toMatchObject({ beepCount: 3, hitCount: 2, missCount: 1, falseCount: 3, instant: 'start', errorP50Ms: 10, errorP90Ms: 50 });
    expect(score.within60MsRatio).toBeCloseTo(2 / 3, 12);
    expect(score.falsePerHour).toBeCloseTo(3 / (5 / 100), 9);
    expect(score.falseByKind.map(({ kind, falseCount }) => [kind, falseCount])).toEqual([['speech', 2], ['tones', 1]]);
  });

  it('takes the instant that the manifest fits, or the one it is told', () => {
    const ends = [heard(5500, beep(5010, 5500)), heard(4420, beep(4000, 4400))];
    expect(scoreBeeps(ends, undefined)).toMatchObject({ instant: 'end', hitCount: 2, errorP90Ms: 20, within60MsRatio: 1 });
    expect(scoreBeeps(ends, 'start')).toMatchObject({ instant: 'start', hitCount: 2, errorP90Ms: 490, within60MsRatio: 0 });
  });

  it('is no hit far from the beep', () => {
    expect(scoreBeeps([heard(5000, beep(6000, 6200))], undefined)).toMatchObject({ hitCount: 0, missCount: 1, falseCount: 1, errorP50Ms: undefined });
  });
});

describe('quantilesOf', () => {
  it('takes the nearest rank', () => {
    expect(quantilesOf([5, 1, 3, 2, 4])).toEqual({ count: 5, p50Ms: 3, p90Ms: 5, maxMs: 5 });
    expect(quantilesOf([-10, 7])).toEqual({ count: 2, p50Ms: -10, p90Ms: 7, maxMs: 7 });
    expect(quantilesOf([])).toEqual({ count: 0, p50Ms: undefined, p90Ms: undefined, maxMs: undefined });
  });
});

describe('groupScores', () => {
  it('has a row for each mode and label', () => {
    const rows = groupScores([
      clip('person', [['decided', 'person', 1000]], { mode: 'single word' }),
      clip('person', [['decided', 'machine', 2000]], { mode: 'single word' }),
      clip('machine', [['decided', 'silence', 3000]], { mode: 'late' }),
      clip('machine', [['decided', 'machine', 3000]]),
    ]);
    expect(rows).toEqual([
      { column: 'mode', value: 'single word', label: 'person', count: 2, personCount: 1, machineCount: 1, silenceCount: 0, lostCount: 1, decidedP50Ms: 1000, decidedP90Ms: 2000 },
      { column: 'mode', value: 'late', label: 'machine', count: 1, personCount: 0, machineCount: 0, silenceCount: 1, lostCount: 0, decidedP50Ms: 3000, decidedP90Ms: 3000 },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { blankFeatures } from '../../../src/amd/analysis-features.js';
import { createBoostedTreesModel, type BoostedTreeFigures, type TreeSum } from '../../../src/amd/boosted-trees.js';

const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Two trees: long talk adds 2, a long pause after it takes 3 off. */
const MACHINE: TreeSum = {
  trees: [
    { feature: [0, -1, -1], threshold: [3000, 0, 0], left: [1, 0, 0], right: [2, 0, 0], value: [0, -1, 2] },
    { feature: [1, -1, 1, -1, -1], threshold: [500, 0, 1000, 0, 0], left: [1, 0, 3, 0, 0], right: [2, 0, 4, 0, 0], value: [0, 0, 0, -1, -3] },
  ],
  baseLogOdds: 0.5,
  calibration: { slope: 2, offset: -0.25 },
};
/** A single leaf. */
const always = (logOdds: number): TreeSum => ({
  trees: [{ feature: [-1], threshold: [0], left: [0], right: [0], value: [logOdds] }],
  baseLogOdds: 0,
  calibration: { slope: 1, offset: 0 },
});
const kind = (logOdds: number) => ({ ...always(logOdds), probabilityMin: 0.9 });
const FIGURES: BoostedTreeFigures = {
  name: 'two-trees',
  machineProbabilityMin: 0.97,
  features: ['talkMs', 'trailingSilenceMs'],
  machine: MACHINE,
  kinds: { menu: kind(-4), screening: kind(3) },
};

describe('boosted trees', () => {
  const model = createBoostedTreesModel(FIGURES);

  it.each([
    [1000, 0, 2 * (0.5 - 1 + 0) - 0.25],
    [3000, 0, 2 * (0.5 + 2 + 0) - 0.25],
    [5000, 600, 2 * (0.5 + 2 - 1) - 0.25],
    [5000, 1000, 2 * (0.5 + 2 - 3) - 0.25],
  ])('sum their leaves for %d ms of talk and %d ms of silence, calibrated', (talkMs, trailingSilenceMs, logOdds) => {
    expect(model.machineProbability({ ...blankFeatures(), talkMs, trailingSilenceMs })).toBeCloseTo(logistic(logOdds), 12);
  });

  it('know that people do not beep', () => {
    expect(model.machineProbability({ ...blankFeatures(), talkMs: 300, beepCount: 1 })).toBe(0.999);
  });

  it('name a kind of machine only when they are sure of it', () => {
    expect(model.machineKind?.(blankFeatures())).toEqual({ verdict: 'screening', probabilityRatio: logistic(3) });
    const doubting = createBoostedTreesModel({ ...FIGURES, kinds: { menu: kind(1), screening: kind(2) } });
    expect(doubting.machineKind?.(blankFeatures())).toBeUndefined();
  });

  const [first] = MACHINE.trees;
  it.each<[string, Partial<TreeSum>, RegExp]>([
    ['no trees', { trees: [] }, /no trees for machine/],
    ['a calibration that is no number', { calibration: { slope: NaN, offset: 0 } }, /calibration for machine is no number/],
    ['a way down that comes back', { trees: [{ ...first!, left: [0, 0, 0] }] }, /tree 0 for machine is broken/],
    ['a child that is not there', { trees: [{ ...first!, right: [7, 0, 0] }] }, /tree 0 for machine is broken/],
    ['arrays of two lengths', { trees: [{ ...first!, value: [0] }] }, /tree 0 for machine is broken/],
    ['a figure that is not listed', { trees: [{ ...first!, feature: [5, -1, -1] }] }, /tree 0 for machine is broken/],
  ])('are refused with %s', (_, change, message) => {
    expect(() => createBoostedTreesModel({ ...FIGURES, machine: { ...MACHINE, ...change } })).toThrow(message);
  });

  it('are refused with a threshold that is none', () => {
    expect(() => createBoostedTreesModel({ ...FIGURES, machineProbabilityMin: 1 })).toThrow(/threshold 1 does not lie/);
  });

  it('are refused with a figure nobody measures', () => {
    expect(() => createBoostedTreesModel({ ...FIGURES, features: ['talkMs', 'mood'] })).toThrow(/mood, which is not measured/);
  });
});

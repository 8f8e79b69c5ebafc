import { describe, expect, it } from 'vitest';
import { blankFeatures } from '../../../src/amd/analysis-features.js';
import { createEitherModel } from '../../../src/amd/either-model.js';

const judge = (machineProbabilityMin: number, probability: number) => ({
  name: `judge-${machineProbabilityMin}`,
  machineProbabilityMin,
  machineProbability: () => probability,
});
const ofBoth = (first: number, second: number): number =>
  createEitherModel(judge(0.995, first), judge(0.9, second)).machineProbability(blankFeatures());

describe('two judges', () => {
  it('are sure when either is, on the scale of the first', () => {
    expect(ofBoth(0.996, 0.2)).toBe(0.996);
    expect(ofBoth(0.2, 0.9)).toBeCloseTo(0.995, 9);
    expect(ofBoth(0.2, 0.95)).toBeGreaterThan(0.995);
    expect(ofBoth(0.2, 0.95)).toBeLessThan(1);
  });

  it('are not sure when neither is', () => {
    expect(ofBoth(0.99, 0.89)).toBe(0.99);
    expect(ofBoth(0.1, 0.3)).toBe(0.3);
  });

  it('name kinds by the second', () => {
    const kind = { verdict: 'menu', probabilityRatio: 0.97 } as const;
    const model = createEitherModel(judge(0.995, 0), { ...judge(0.9, 0), machineKind: () => kind });
    expect(model.machineKind?.(blankFeatures())).toBe(kind);
    expect(createEitherModel(judge(0.995, 0), judge(0.9, 0)).machineKind).toBeUndefined();
  });
});

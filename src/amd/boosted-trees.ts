import { blankFeatures, type AnalysisFeatures } from './analysis-features.js';
import type { MachineKind, VerdictModel } from './verdict-model.js';

/** One decision tree as parallel arrays; node 0 is the root. */
export interface TreeFigures {
  /** Index of the figure looked at, into the model's `features`; -1 in a leaf. */
  readonly feature: readonly number[];
  /** A figure under it goes left. */
  readonly threshold: readonly number[];
  /** Node to go on with. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Of a leaf: what it adds, in log-odds. */
  readonly value: readonly number[];
}

/** Boosted decision trees: their sum, calibrated, is a log-odds. */
export interface TreeSum {
  readonly trees: readonly TreeFigures[];
  /** Log-odds before any tree. */
  readonly baseLogOdds: number;
  /** Platt's calibration: log-odds = slope × sum + offset. */
  readonly calibration: { readonly slope: number; readonly offset: number };
}

/** The learned judgement as it is written by the training in models/. */
export interface BoostedTreeFigures {
  /** Name and version. */
  readonly name: string;
  /** What 0.5 % of the people kept aside ever reach, 0.5..1. */
  readonly machineProbabilityMin: number;
  /** Names of the figures, each one of {@link AnalysisFeatures}. */
  readonly features: readonly string[];
  /** That it is a machine, against a person. */
  readonly machine: TreeSum;
  /** That it is this kind of machine, against the others; named from `probabilityMin` on, which one in a hundred of the others reaches. */
  readonly kinds: Readonly<Record<MachineKind['verdict'], TreeSum & { readonly probabilityMin: number }>>;
}

/** People do not beep. Chosen: below 1 for a line's own warning tones. */
const BEEP_PROBABILITY = 0.999;

/**
 * The learned judgement. @throws RangeError saying what is wrong with the
 * figures: they come from a file.
 */
export function createBoostedTreesModel(figures: BoostedTreeFigures): VerdictModel {
  const fault = faultOf(figures);
  if (fault !== undefined) throw new RangeError(`The model ${figures.name} cannot be used: ${fault}.`);
  const names = figures.features as readonly (keyof AnalysisFeatures)[];
  const inputs = new Float64Array(names.length);
  const read = (features: AnalysisFeatures): void => {
    for (let i = 0; i < names.length; i++) inputs[i] = features[names[i]!];
  };
  return {
    name: figures.name,
    machineProbabilityMin: figures.machineProbabilityMin,
    machineProbability: (features) => {
      if (features.beepCount > 0) return BEEP_PROBABILITY;
      read(features);
      return probabilityOf(figures.machine, inputs);
    },
    machineKind: (features) => {
      read(features);
      for (const verdict of ['menu', 'screening'] as const) {
        const probabilityRatio = probabilityOf(figures.kinds[verdict], inputs);
        if (probabilityRatio >= figures.kinds[verdict].probabilityMin) return { verdict, probabilityRatio };
      }
      return undefined;
    },
  };
}

function probabilityOf({ trees, baseLogOdds, calibration }: TreeSum, inputs: Float64Array): number {
  let sum = baseLogOdds;
  for (const tree of trees) sum += leafOf(tree, inputs);
  return 1 / (1 + Math.exp(-(calibration.slope * sum + calibration.offset)));
}

function leafOf(tree: TreeFigures, inputs: Float64Array): number {
  let node = 0;
  for (let feature = tree.feature[0]!; feature >= 0; feature = tree.feature[node]!) {
    node = inputs[feature]! < tree.threshold[node]! ? tree.left[node]! : tree.right[node]!;
  }
  return tree.value[node]!;
}

function faultOf({ features, machineProbabilityMin, machine, kinds }: BoostedTreeFigures): string | undefined {
  if (!(machineProbabilityMin >= 0.5 && machineProbabilityMin < 1)) return `its threshold ${machineProbabilityMin} does not lie between 0.5 and 1`;
  const known = Object.keys(blankFeatures());
  const unknown = features.filter((name) => !known.includes(name));
  if (unknown.length > 0) return `it looks at ${unknown.join(', ')}, which is not measured`;
  for (const [what, { trees, baseLogOdds, calibration }] of Object.entries({ machine, ...kinds })) {
    if (trees.length === 0) return `it has no trees for ${what}`;
    if (![baseLogOdds, calibration.slope, calibration.offset].every(Number.isFinite)) return `its calibration for ${what} is no number`;
    const broken = trees.findIndex((tree) => !isSound(tree, features.length));
    if (broken >= 0) return `tree ${broken} for ${what} is broken`;
  }
  return undefined;
}

/** Children stand after their parent, so that every way down ends. */
function isSound({ feature, threshold, left, right, value }: TreeFigures, featureCount: number): boolean {
  const count = feature.length;
  if (count === 0 || [threshold, left, right, value].some(({ length }) => length !== count)) return false;
  const isChild = (child: number, parent: number): boolean => Number.isInteger(child) && child > parent && child < count;
  return feature.every((index, node) => {
    if (index === -1) return Number.isFinite(value[node]);
    const isKnown = Number.isInteger(index) && index >= 0 && index < featureCount;
    return isKnown && Number.isFinite(threshold[node]) && isChild(left[node]!, node) && isChild(right[node]!, node);
  });
}

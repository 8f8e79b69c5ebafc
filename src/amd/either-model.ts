import type { VerdictModel } from './verdict-model.js';

const logOdds = (probability: number): number => Math.log(probability / (1 - probability));

/**
 * Two judges who see different things: talk is a machine's as soon as either
 * is sure, by his own least probability, which is brought to the scale of the
 * first. Who loses few people each lose few together: half of what may be
 * lost is left to each. Kinds of machine are named by the second.
 */
export function createEitherModel(first: VerdictModel, second: VerdictModel): VerdictModel {
  const shift = logOdds(first.machineProbabilityMin) - logOdds(second.machineProbabilityMin);
  return {
    name: `${first.name}+${second.name}`,
    machineProbabilityMin: first.machineProbabilityMin,
    machineProbability: (features) => {
      const own = second.machineProbability(features);
      const isSure = own >= second.machineProbabilityMin && own < 1;
      const scaled = isSure ? 1 / (1 + Math.exp(-(logOdds(own) + shift))) : Math.min(own, second.machineProbabilityMin);
      return Math.max(first.machineProbability(features), scaled);
    },
    ...(second.machineKind === undefined ? {} : { machineKind: (features) => second.machineKind?.(features) }),
  };
}

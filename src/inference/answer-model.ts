import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createBoostedTreesModel } from '../amd/boosted-trees.js';
import { createEitherModel } from '../amd/either-model.js';
import { createGreetingLengthModel } from '../amd/greeting-length-model.js';
import type { VerdictModel } from '../amd/verdict-model.js';
import { ModelFault } from './model-fault.js';

/** The learned judgement that comes with the project; beside the sources' folder and the build's alike. */
export const ANSWER_MODEL_FILE = new URL('../../models/answerer.json', import.meta.url);

const NUMBERS = z.array(z.number());
const TREE_SUM = z.object({
  trees: z.array(z.object({ feature: NUMBERS, threshold: NUMBERS, left: NUMBERS, right: NUMBERS, value: NUMBERS })),
  baseLogOdds: z.number(),
  calibration: z.object({ slope: z.number(), offset: z.number() }),
});
const KIND = TREE_SUM.extend({ probabilityMin: z.number() });
const FIGURES = z.object({
  name: z.string().min(1),
  machineProbabilityMin: z.number(),
  features: z.array(z.string()).min(1),
  machine: TREE_SUM,
  kinds: z.object({ menu: KIND, screening: KIND }),
});

/**
 * Reads the learned judgement of who talks, and joins it with that of greeting lengths.
 * @throws ModelFault in one sentence with the cure when there is none that can be used.
 */
export function loadAnswerModel(file: string | URL = ANSWER_MODEL_FILE): VerdictModel {
  const path = typeof file === 'string' ? file : fileURLToPath(file);
  try {
    return createEitherModel(createGreetingLengthModel(), createBoostedTreesModel(FIGURES.parse(JSON.parse(readFileSync(path, 'utf8')))));
  } catch (error) {
    const why = error instanceof z.ZodError ? 'it is not what the training writes' : error instanceof Error ? error.message : String(error);
    throw new ModelFault(`The answer model ${path} cannot be used (${why}); restore it from the release, or train it again by models/README.md.`);
  }
}

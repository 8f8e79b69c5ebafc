import { describe, expect, test } from 'vitest';
import { houseFile, projectFiles } from './house-file.js';
import type { HouseRule } from './house-rule.js';
import { FICTION_NUMBERS, NO_MACHINE_PATHS } from './rules/content.js';
import { NO_DEAD_EXPORTS } from './rules/dead-exports.js';
import { ENV_IN_CONFIG, PURE_DECIDING } from './rules/purity.js';
import { NAMED_ROOMS, NO_BARRELS, NO_CYCLES, ONE_IMPORTER, ROOM_IMPORTS } from './rules/rooms.js';
import { DOCUMENTED_EXPORTS, FILE_LENGTH, KEBAB_CASE, NO_ANY, NOTHING_UNFINISHED, UNITS_IN_NAMES } from './rules/style.js';

/** The rules of the house; docs/CONTRIBUTING.md tells why. */
const RULES: readonly HouseRule[] = [
  NAMED_ROOMS, ROOM_IMPORTS, NO_CYCLES, NO_BARRELS, ONE_IMPORTER, PURE_DECIDING, ENV_IN_CONFIG,
  KEBAB_CASE, FILE_LENGTH, NOTHING_UNFINISHED, NO_ANY, UNITS_IN_NAMES, DOCUMENTED_EXPORTS, NO_DEAD_EXPORTS, FICTION_NUMBERS, NO_MACHINE_PATHS,
];

/** The first rule reads and parses the whole project, on a machine that may be busy. */
const READING_LIMIT_MS = 60_000;

const sampleFiles = (sample: Readonly<Record<string, string>>) => Object.entries(sample).map(([path, text]) => houseFile(path, text));

describe.each(RULES)('$name', (rule) => {
  test('holds', () => {
    const breaches = rule.breaches(projectFiles());
    expect(breaches.length, `${rule.name}, but:\n  ${breaches.join('\n  ')}\nCure: ${rule.cure}\n`).toBe(0);
  }, READING_LIMIT_MS);

  test('bites on each bad sample', () => {
    const breaches = rule.breaches(sampleFiles(rule.badSample));
    for (const path of Object.keys(rule.badSample)) {
      expect(breaches.some((breach) => breach.includes(path)), `${path} was not found among: ${breaches.join(', ')}`).toBe(true);
    }
  });

  test('leaves good ones alone', () => {
    expect(rule.breaches(sampleFiles(rule.goodSample))).toEqual([]);
  });
});

test('the rules look at the whole project', () => {
  const paths = projectFiles().map(({ path }) => path);
  for (const path of ['src/dialer/config.ts', 'test/house/house.test.ts', 'package.json', 'docs/ARCHITECTURE.md']) {
    expect(paths).toContain(path);
  }
});

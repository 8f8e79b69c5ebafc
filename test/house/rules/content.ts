import { projectFolder } from '../../../src/cli/lab/project-folder.js';
import type { HouseFile } from '../house-file.js';
import type { HouseRule } from '../house-rule.js';

/** A `+` and at least eight digits with the usual marks between them; not inside a longer word or sum. */
const INTERNATIONAL_NUMBER = /(?<![\w)\]+])\+(?=(?:[\s().-]?\d){8,15}(?!\d))\d(?:[ ().-]{0,2}\d){7,14}/g;

/**
 * Numbers nobody can have, and their beginnings: 555-0100 to 0199 in any North
 * American area (NANPA), also with digits too many; Ofcom's numbers for drama
 * in London, without area and for mobiles; the country code 999, kept free.
 */
const FICTION = [/^1[2-9]\d{2}55501\d*$/, /^44207946\d{0,4}$/, /^441632960\d{0,3}$/, /^447700900\d{0,3}$/, /^999/];

const isFiction = (number: string): boolean => FICTION.some((range) => range.test(number.replace(/\D/g, '')));

const numberedLines = ({ path, text }: HouseFile, found: (line: string) => readonly string[]): string[] =>
  text.split('\n').flatMap((line, index) => found(line).map((what) => `${path}:${index + 1} ${what}`));

export const FICTION_NUMBERS: HouseRule = {
  name: 'telephone numbers are from the ranges kept for fiction',
  cure: 'Use +1 202 555 0100 to 0199 (or that in another area), or +44 20 7946 0000 to 0999.',
  breaches: (files) =>
    files.flatMap((file) =>
      numberedLines(file, (line) => [...line.matchAll(INTERNATIONAL_NUMBER)].map(([number]) => number).filter((number) => !isFiction(number))),
    ),
  // Put together, so that this file does not break its own rule.
  badSample: {
    'docs/a.md': `Call +1 202 555 ${'2143'} now.`,
    'test/a.ts': `const n = '+4420${'79470000'}';`,
    'sounds/a.csv': `Ann,+1202${'5552143'}`,
  },
  goodSample: { 'docs/a.md': 'Call +1 202 555 0143 or +44 20 7946 0958; see 1750000000000+86400000.', 'test/a.ts': `const n = '+13035550107';` },
};

export const NO_MACHINE_PATHS: HouseRule = {
  name: 'nothing names a path of the machine it was written on',
  cure: 'Find paths from the project folder (src/cli/lab/project-folder.ts) or take them from the configuration.',
  breaches: (files) => files.flatMap((file) => numberedLines(file, (line) => (line.includes(`${projectFolder()}/`) ? ['the project folder'] : []))),
  badSample: { 'docs/a.md': `Run ${projectFolder()}/dist/main.js.` },
  goodSample: { 'docs/a.md': 'Run dist/main.js.' },
};

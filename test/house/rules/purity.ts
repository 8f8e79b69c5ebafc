import ts from 'typescript';
import { isSource, nodesOf, placeOf, type HouseFile } from '../house-file.js';
import { importsOf, packageOf, roomOf } from '../imports.js';
import type { HouseRule } from '../house-rule.js';
import { DECIDE_ROOMS } from './rooms.js';

const isDeciding = (file: HouseFile): boolean => isSource(file) && DECIDE_ROOMS.includes(roomOf(file.path) ?? '');

/** Globals that read a clock, make chance, wait, or reach outside. */
const IMPURE_GLOBALS = new Set([
  'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'process', 'fetch', 'console', 'crypto', 'WebSocket', 'Worker',
]);
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random']);

function impurity(node: ts.Node): string | undefined {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return 'await';
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isPropertyAccessExpression(node)) {
    const member = node.getText().replace(/\s/g, '');
    return IMPURE_MEMBERS.has(member) ? member : undefined;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0) return 'new Date()';
  if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && isUsedAsGlobal(node)) return node.text;
  return undefined;
}

/** Not the name of a member, a property or something declared here. */
function isUsedAsGlobal(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isVariableDeclaration(parent);
}

export const PURE_DECIDING: HouseRule = {
  name: 'deciding rooms are pure and synchronous',
  cure: 'Take time as `now` (src/units/time.ts), chance as a Random (src/units/random.ts), waiting as a `wakeAt`; do the rest in a doing room.',
  breaches: (files) =>
    files.filter(isDeciding).flatMap((file) => [
      ...importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('node:') || packageOf(specifier) !== undefined)
        .map(({ node, specifier }) => `${placeOf(file, node)} imports ${specifier}`),
      ...[...nodesOf(file.tree)].flatMap((node) => {
        const what = impurity(node);
        return what === undefined ? [] : [`${placeOf(file, node)} uses ${what}`];
      }),
    ]),
  badSample: {
    'src/call/a.ts': `import { readFileSync } from 'node:fs';`,
    'src/call/b.ts': `import { z } from 'zod';`,
    'src/agent/a.ts': `export const at = Date.now();`,
    'src/pacing/a.ts': `export const at = new Date();`,
    'src/amd/a.ts': `export const chance = (): number => Math.random();`,
    'src/dialer/a.ts': `setTimeout(() => {}, 5);`,
    'src/units/a.ts': `export const at = performance.now();`,
    'src/simulation/a.ts': `export async function run(): Promise<void> {}`,
  },
  goodSample: {
    'src/compliance/a.ts': `export const f = (ms: number): string => new Intl.DateTimeFormat('en').format(new Date(ms));`,
    'src/loop/a.ts': `export const at = Date.now();`,
    'src/call/a.ts': `export const a = { process: 1, performance: 2 }.process;`,
  },
};

export const ENV_IN_CONFIG: HouseRule = {
  name: 'only config/ reads the environment',
  cure: 'Add it to the configuration in src/config, and take it from there.',
  breaches: (files) =>
    files
      // Programs in .mjs are run by hand, before there is a build or a configuration.
      .filter((file) => isSource(file) && roomOf(file.path) !== 'config' && !file.path.endsWith('.mjs'))
      .flatMap((file) =>
        [...nodesOf(file.tree)]
          .filter((node) => ts.isPropertyAccessExpression(node) && /^(globalThis\.)?process\.env$/.test(node.getText(file.tree)))
          .map((node) => placeOf(file, node)),
      ),
  badSample: { 'src/store/a.ts': `export const path = process.env['STORE'];` },
  goodSample: { 'src/config/a.ts': `export const path = process.env['STORE'];`, 'src/cli/bootstrap.mjs': `process.env.CI;` },
};

import ts from 'typescript';
import { isCode, isGenerated, isSource, nodesOf, placeOf, type HouseFile } from '../house-file.js';
import type { HouseRule } from '../house-rule.js';

const LINES_MAX = 400;

export const KEBAB_CASE: HouseRule = {
  name: 'files and folders are named in kebab-case',
  cure: 'Rename it, e.g. call-state.ts.',
  breaches: (files) =>
    files
      .filter(isCode)
      .filter(({ path }) => !path.split('/').every((part) => /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part)))
      .map(({ path }) => path),
  badSample: { 'src/call/CallState.ts': '', 'src/call/call_state.ts': '', 'src/Call/state.ts': '' },
  goodSample: { 'src/call/call-state.ts': '', 'vitest.config.ts': '' },
};

export const FILE_LENGTH: HouseRule = {
  name: `files have at most ${LINES_MAX} lines`,
  cure: 'A file that long holds more than one thing: give each a file of its own.',
  breaches: (files) =>
    files
      .filter((file) => isCode(file) && !file.path.startsWith('src/web/') && !isGenerated(file))
      .flatMap(({ path, text }) => {
        const lineCount = text.split('\n').length - 1;
        return lineCount > LINES_MAX ? [`${path} has ${lineCount}`] : [];
      }),
  badSample: { 'src/call/a.ts': '\n'.repeat(LINES_MAX + 1) },
  goodSample: { 'src/call/a.ts': '\n'.repeat(LINES_MAX), 'src/call/b.ts': `// Generated from a schema.\n${'\n'.repeat(500)}` },
};

/** Written apart, so that this file does not break its own rule. */
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
const SILENCED = new RegExp(`@ts-(ignore|nocheck|expect-error)|${'eslint' + '-disable'}`);

export const NOTHING_UNFINISHED: HouseRule = {
  name: 'nothing is left unfinished or silenced',
  cure: 'Finish it, or leave it out; mend what the compiler or linter found.',
  breaches: (files) =>
    files.filter(isCode).flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) =>
        UNFINISHED.test(line) || (SILENCED.test(line) && !path.startsWith('test/house/rules/')) ? [`${path}:${index + 1}`] : [],
      ),
    ),
  badSample: { 'src/call/a.ts': `// ${'TO' + 'DO'} later`, 'src/call/b.ts': `// @ts-${'ignore'}`, 'test/a.test.ts': `/* ${'eslint' + '-disable'} */` },
  goodSample: { 'src/call/a.ts': '/** Lists what is to do. */' },
};

export const NO_ANY: HouseRule = {
  name: 'no `any`, no `enum`, no empty catch',
  cure: 'Use unknown and check it; a union of string literals; a catch that says what it does about the failure.',
  breaches: (files) =>
    files.filter(isCode).flatMap((file) =>
      [...nodesOf(file.tree)]
        .filter(
          (node) =>
            node.kind === ts.SyntaxKind.AnyKeyword ||
            ts.isEnumDeclaration(node) ||
            (ts.isCatchClause(node) && node.block.statements.length === 0),
        )
        .map((node) => placeOf(file, node)),
    ),
  badSample: {
    'src/call/a.ts': 'export const a = (b: any): void => {};',
    'src/call/b.ts': 'export enum State { On }',
    'src/call/c.ts': 'try { f(); } catch { }',
  },
  goodSample: { 'src/call/a.ts': `export const any: unknown = 'any'; try { f(); } catch { g(); }` },
};

const UNITLESS = /(^|[a-z0-9])(timeout|Timeout|duration|Duration|delay|Delay)$/;

/** Names we give; names of others' options are theirs. */
function declaredName(node: ts.Node): ts.Identifier | undefined {
  if (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    (ts.isBindingElement(node) && node.propertyName === undefined)
  ) {
    return ts.isIdentifier(node.name) ? node.name : undefined;
  }
  return undefined;
}

/** A function is no span of time, whatever it is called. */
const isFunctionValued = (node: ts.Node): boolean =>
  (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isArrowFunction(node.initializer)) ||
  ((ts.isParameter(node) || ts.isPropertySignature(node)) && node.type !== undefined && ts.isFunctionTypeNode(node.type));

export const UNITS_IN_NAMES: HouseRule = {
  name: 'spans of time carry their unit',
  cure: 'Name the unit last: ringTimeoutMs, audioMs, redialAfterMs.',
  breaches: (files) =>
    files.filter((file) => isCode(file) && !file.path.startsWith('src/web/') && !isGenerated(file)).flatMap((file) =>
      [...nodesOf(file.tree)].flatMap((node) => {
        const name = declaredName(node);
        return name !== undefined && UNITLESS.test(name.text) && !isFunctionValued(node) ? [`${placeOf(file, node)} ${name.text}`] : [];
      }),
    ),
  badSample: {
    'src/call/a.ts': 'export const timeout = 5;',
    'src/call/b.ts': 'export interface A { readonly ringTimeout: number }',
    'src/call/c.ts': 'export const f = (delay: number): number => delay;',
  },
  goodSample: { 'src/call/a.ts': 'export const ringTimeoutMs = 5; g({ timeout: ringTimeoutMs }); export const onTimeout = (): void => {};' },
};

export const DOCUMENTED_EXPORTS: HouseRule = {
  name: 'every export has a doc comment',
  cure: 'Say what it is in the domain, its unit and range, and what happens at the edge.',
  breaches: (files) =>
    files.filter((file) => isSource(file) && file.path.endsWith('.ts') && !isGenerated(file)).flatMap((file) =>
      file.tree.statements
        .filter((statement) => isExportedDeclaration(statement) && !hasDocComment(file, statement))
        .map((statement) => `${placeOf(file, statement)} ${nameOf(file, statement)}`),
    ),
  badSample: {
    'src/call/a.ts': 'export const a = 1;',
    'src/call/b.ts': '// Not a doc comment.\nexport function b(): void {}',
    'src/call/c.ts': 'import x from "./x.js";\nexport interface C {}',
  },
  goodSample: { 'src/call/a.ts': '/** A thing. */\nexport const a = 1;\nconst b = 2;\nexport { b };' },
};

function isExportedDeclaration(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

/** Overloads share the first one's comment. */
function hasDocComment(file: HouseFile, statement: ts.Statement): boolean {
  const comments = ts.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
  const last = comments.at(-1);
  if (last !== undefined && file.text.startsWith('/**', last.pos)) return true;
  const before = file.tree.statements[file.tree.statements.indexOf(statement) - 1];
  return ts.isFunctionDeclaration(statement) && before !== undefined && ts.isFunctionDeclaration(before) && before.name?.text === statement.name?.text;
}

function nameOf(file: HouseFile, statement: ts.Statement): string {
  const match = /export\s+(?:declare\s+|abstract\s+|async\s+|default\s+)*(?:const|let|function\*?|class|interface|type)\s+(\w+)/.exec(statement.getText(file.tree));
  return match?.[1] ?? '';
}

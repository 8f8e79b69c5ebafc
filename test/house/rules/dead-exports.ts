import ts from 'typescript';
import { isCode, isGenerated, isSource, nodesOf, placeOf, type HouseFile } from '../house-file.js';
import { importsOf } from '../imports.js';
import type { HouseRule } from '../house-rule.js';

/** One name a file exports. */
interface Export {
  readonly name: string;
  readonly node: ts.Node;
  /** Types may be exported for the sake of the exported signatures they stand in. */
  readonly isType: boolean;
}

function exportsOf(file: HouseFile): readonly Export[] {
  return file.tree.statements.flatMap((statement): readonly Export[] => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isNamed = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) && !modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    if (!isNamed) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [{ name: name.text, node: statement, isType: false }] : []));
    }
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    if (isType || ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      return statement.name === undefined ? [] : [{ name: statement.name.text, node: statement, isType }];
    }
    return [];
  });
}

/** Imports name `.js`, whatever the source is. */
const withoutEnding = (path: string): string => path.replace(/\.(ts|tsx|mjs)$/, '');

/** `path name` for each name taken from a file, `path *` where all may be. */
function takenNames(files: readonly HouseFile[]): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const file of files) {
    for (const { node, target } of importsOf(file)) {
      for (const name of namesIn(node)) if (target !== undefined) taken.add(`${withoutEnding(target)} ${name}`);
    }
  }
  return taken;
}

function namesIn(node: ts.Node): readonly string[] {
  if (ts.isImportDeclaration(node)) {
    const bindings = node.importClause?.namedBindings;
    if (bindings === undefined) return [];
    return ts.isNamedImports(bindings) ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text) : ['*'];
  }
  if (ts.isExportDeclaration(node) && node.exportClause !== undefined && ts.isNamedExports(node.exportClause)) {
    return node.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
  }
  return ['*'];
}

/** How often a name is written in its own file. */
function useCount(file: HouseFile, name: string): number {
  let count = 0;
  for (const node of nodesOf(file.tree)) if (ts.isIdentifier(node) && node.text === name) count += 1;
  return count;
}

/** An export nobody imports is dead, or is no business of other files. */
export const NO_DEAD_EXPORTS: HouseRule = {
  name: 'what is exported is imported somewhere',
  cure: 'Delete it when its own file does not use it either; otherwise take `export` away.',
  breaches: (files) => {
    const taken = takenNames(files.filter(isCode));
    return files.filter((file) => isSource(file) && /\.tsx?$/.test(file.path) && !isGenerated(file)).flatMap((file) => {
      const isTaken = (name: string): boolean => taken.has(`${withoutEnding(file.path)} ${name}`);
      if (isTaken('*')) return [];
      return exportsOf(file)
        .filter(({ name, isType }) => !isTaken(name) && !(isType && useCount(file, name) > 1))
        .map(({ name, node }) => `${placeOf(file, node)} ${name}`);
    });
  },
  badSample: { 'src/call/a.ts': 'export const a = 1;', 'src/call/b.ts': 'export interface B {}', 'src/call/c.ts': 'export function c(): void { c(); }' },
  goodSample: {
    'src/call/a.ts': 'export const a = 1; export interface A {} export interface B { readonly a: A }',
    'test/a.test.ts': `import { a, type B } from '../src/call/a.js';`,
    'src/call/b.ts': `export const b = 1;`,
    'src/call/c.ts': `const b = await import('./b.js');`,
  },
};

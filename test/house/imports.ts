import { posix } from 'node:path';
import ts from 'typescript';
import type { HouseFile } from './house-file.js';
import { nodesOf } from './house-file.js';

/** One import or re-export, static or dynamic. */
export interface Import {
  readonly node: ts.Node;
  readonly specifier: string;
  /** Erased when compiled. */
  readonly isTypeOnly: boolean;
  /** The source file meant, from the project's folder; undefined for packages. */
  readonly target: string | undefined;
}

/** Everything a file imports. */
export function importsOf(file: HouseFile): readonly Import[] {
  const found: Import[] = [];
  for (const node of nodesOf(file.tree)) {
    const specifier = specifierOf(node);
    if (specifier === undefined) continue;
    found.push({ node, specifier, isTypeOnly: isTypeOnly(node), target: targetOf(file.path, specifier) });
  }
  return found;
}

/** The package a specifier names, e.g. `@fastify/static`; undefined for files and for Node's own. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** `src/store/queue.ts` is of room `store`; files directly in src/ are rooms of their own. */
export function roomOf(path: string): string | undefined {
  const [top, room, ...rest] = path.split('/');
  if (top !== 'src' || room === undefined) return undefined;
  return rest.length === 0 ? room.replace(/\.[a-z]+$/, '') : room;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return textOf(node.arguments[0]);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
  const { phaseModifier, name, namedBindings } = node.importClause;
  if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function targetOf(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  return path.replace(/\.js$/, '.ts').replace(/\.jsx$/, '.tsx');
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { projectFolder } from '../../src/cli/lab/project-folder.js';

/** One file of the project as the rules see it. */
export interface HouseFile {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Parsed once, when a rule first asks. */
  readonly tree: ts.SourceFile;
}

/** A file from its text; samples in tests are made so, too. */
export function houseFile(path: string, text: string): HouseFile {
  let tree: ts.SourceFile | undefined;
  return {
    path,
    text,
    get tree() {
      tree ??= ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, scriptKind(path));
      return tree;
    },
  };
}

/** Kept out: not ours, or made by a machine. */
const OUTSIDE = new Set(['node_modules', 'dist', '.git', '.outdial', 'package-lock.json']);
const TEXT_FILE = /\.(ts|tsx|mjs|js|json|md|conf|css|html|yaml|yml|csv|txt|example|in)$/;

let read: readonly HouseFile[] | undefined;

/** Every text file of the project, in order of their paths; read once. */
export function projectFiles(): readonly HouseFile[] {
  const root = projectFolder();
  read ??= [...textFilesBelow(root)]
    .map((path) => houseFile(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  return read;
}

function* textFilesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (OUTSIDE.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* textFilesBelow(path);
    else if (entry.isFile() && TEXT_FILE.test(entry.name)) yield path;
  }
}

function scriptKind(path: string): ts.ScriptKind {
  if (path.endsWith('.tsx')) return ts.ScriptKind.TSX;
  return path.endsWith('.mjs') || path.endsWith('.js') ? ts.ScriptKind.JS : ts.ScriptKind.TS;
}

/** Whether a file holds program text that the rules of style are for. */
export function isCode({ path }: HouseFile): boolean {
  return /\.(ts|tsx|mjs|js)$/.test(path) && !path.endsWith('.d.ts');
}

/** Whether it is part of the product, not of its tests. */
export function isSource(file: HouseFile): boolean {
  return isCode(file) && file.path.startsWith('src/');
}

/** Whether a program wrote it. */
export function isGenerated({ text }: HouseFile): boolean {
  return /^(\/\*\*?|\/\/|<!--)[^\n]*\n?[^\n]*\b(generated|written by generate-)/i.test(text.slice(0, 300));
}

/** `path:line`, where an editor jumps to. */
export function placeOf(file: HouseFile, node: ts.Node): string {
  return `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1}`;
}

/** Every node below, in the order of the text. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) {
    yield child;
    yield* nodesOf(child);
  }
}

/**
 * Module hooks that let a worker thread run from the TypeScript sources:
 * `./x.js` resolves to `./x.ts` where only that exists, and is compiled as it
 * is loaded. Used by spawn-worker.ts when there is no build, that is in tests;
 * the `typescript` package is a development dependency.
 */
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** Maps the build's `.js` names to the sources. */
export async function resolve(specifier, context, nextResolve) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.startsWith('file:')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  if (specifier.startsWith('file:') && specifier.endsWith('.ts')) {
    return { url: specifier, format: 'module', shortCircuit: true };
  }
  return nextResolve(specifier, context);
}

/** Compiles one source file; types are checked elsewhere. */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const { outputText } = ts.transpileModule(readFileSync(new URL(url), 'utf8'), {
    fileName: url,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}

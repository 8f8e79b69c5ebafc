/**
 * Node's arguments for a child process that runs a TypeScript file of the
 * sources, by the same hooks as worker threads under the test runner.
 */
export function childArguments(script: URL, parameters: readonly string[]): string[] {
  const hooks = new URL('../../../src/loop/typescript-hooks.mjs', import.meta.url);
  const entry = `import { register } from 'node:module'; register(${JSON.stringify(hooks.href)});`;
  const run = `await import(${JSON.stringify(script.href)});`;
  return ['--input-type=module', '--import', `data:text/javascript,${encodeURIComponent(entry)}`, '--eval', run, '--', ...parameters];
}

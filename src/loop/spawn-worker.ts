import { existsSync } from 'node:fs';
import { Worker, type Transferable } from 'node:worker_threads';

/** What a worker thread is started with. */
export interface SpawnWorkerOptions {
  /** Shown by debuggers and profilers. */
  readonly name: string;
  /** Structured-cloneable; the worker reads it as `workerData`. */
  readonly workerData: unknown;
  /** Parts of `workerData` that are moved, not copied. */
  readonly transferList?: readonly Transferable[];
}

/**
 * Starts a worker thread from a module of ours, named as the build names it:
 * `spawnWorker(new URL('./media-worker.js', import.meta.url), …)`. From the
 * build that file runs as it is. From the sources, as under the test runner,
 * only the `.ts` beside it exists; then the thread first gets hooks that
 * compile TypeScript as it is imported, since Node 20 cannot.
 * @throws Error when neither file exists.
 */
export function spawnWorker(file: URL, options: SpawnWorkerOptions): Worker {
  const { transferList, ...rest } = options;
  const workerOptions = { ...rest, ...(transferList && { transferList: [...transferList] }) };
  if (existsSync(file)) return new Worker(file, workerOptions);
  const source = new URL(file.href.replace(/\.js$/, '.ts'));
  if (!existsSync(source)) throw new Error(`There is no worker module ${file.href}.`);
  const hooks = new URL('./typescript-hooks.mjs', import.meta.url);
  const entry = [
    `import { register } from 'node:module';`,
    `register(${JSON.stringify(hooks.href)});`,
    `await import(${JSON.stringify(source.href)});`,
  ].join('\n');
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(entry)}`), workerOptions);
}

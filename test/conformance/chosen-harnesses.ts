import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { simulatedHarness } from './simulated-harness.js';
import type { SwitchHarness } from './switch-harness.js';

/** A backend that the suite can be run on. */
export interface HarnessChoice {
  readonly backend: string;
  readonly load: () => Promise<SwitchHarness>;
}

/** What a `<backend>-harness.ts` beside this file exports. */
interface HarnessModule {
  readonly createHarness: () => SwitchHarness;
}

const isHarnessModule = (module: unknown): module is HarnessModule =>
  typeof module === 'object' && module !== null && 'createHarness' in module && typeof module.createHarness === 'function';

/** Backends that need a program of their own, by file `<backend>-harness.ts` exporting `createHarness()`. */
const OUTSIDE_BACKENDS = ['asterisk'] as const;

const all = (): readonly HarnessChoice[] => [
  { backend: 'simulated', load: () => Promise.resolve(simulatedHarness()) },
  {
    backend: 'simulated-late-replies',
    load: () => Promise.resolve(simulatedHarness({ config: { replyOrder: 'after-news', jitterMsMax: 40, seed: 2 } })),
  },
  ...OUTSIDE_BACKENDS.flatMap((backend) => {
    const file = path.join(import.meta.dirname, `${backend}-harness.ts`);
    if (!existsSync(file)) return [];
    const load = async (): Promise<SwitchHarness> => {
      const module: unknown = await import(pathToFileURL(file).href);
      if (!isHarnessModule(module)) throw new Error(`${file} must export createHarness().`);
      return module.createHarness();
    };
    return [{ backend, load }];
  }),
];

/**
 * The backends named by SWITCHES, comma between them; without it, all.
 * @throws Error naming the ones there are when one is not known.
 */
export function chosenHarnesses(): readonly HarnessChoice[] {
  const choices = all();
  const wanted = process.env['SWITCHES']?.split(',').map((name) => name.trim());
  if (wanted === undefined) return choices;
  const unknown = wanted.filter((name) => !choices.some(({ backend }) => backend === name));
  if (unknown.length > 0) {
    const known = choices.map(({ backend }) => backend).join(', ');
    throw new Error(`SWITCHES names ${unknown.join(', ')}; there are ${known}.`);
  }
  return choices.filter(({ backend }) => wanted.includes(backend));
}

import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { missingFreeswitch } from './freeswitch-under-test.js';
import { simulatedHarness } from './simulated-harness.js';
import type { SwitchHarness } from './switch-harness.js';

/** A backend that the suite can be run on. */
export interface HarnessChoice {
  readonly backend: BackendName;
  readonly load: () => Promise<SwitchHarness>;
  /** Why it cannot be run on here; undefined when it can. */
  readonly missing: () => Promise<string | undefined>;
}

/** What a harness file beside this one exports. */
interface HarnessModule {
  /** @param backend which of the file's backends. */
  readonly createHarness: (backend: string) => SwitchHarness;
}

const isHarnessModule = (module: unknown): module is HarnessModule =>
  typeof module === 'object' && module !== null && 'createHarness' in module && typeof module.createHarness === 'function';

const isAlwaysThere = (): Promise<undefined> => Promise.resolve(undefined);

/** Loaded only when it is run on: it needs programs of its own. */
const outside = (file: string, backend: BackendName, missing: HarnessChoice['missing'] = isAlwaysThere): HarnessChoice => ({
  backend,
  missing,
  load: async () => {
    const module: unknown = await import(pathToFileURL(path.join(import.meta.dirname, file)).href);
    if (!isHarnessModule(module)) throw new Error(`${file} must export createHarness().`);
    return module.createHarness(backend);
  },
});

/** Every backend, in the order of the table's columns. */
export const BACKENDS = ['simulated', 'simulated-late-replies', 'asterisk-22', 'asterisk-16', 'freeswitch-wire', 'freeswitch-real'] as const;

/** A column of the table. */
export type BackendName = (typeof BACKENDS)[number];

const CHOICES: Readonly<Record<BackendName, HarnessChoice>> = {
  simulated: { backend: 'simulated', missing: isAlwaysThere, load: () => Promise.resolve(simulatedHarness()) },
  'simulated-late-replies': {
    backend: 'simulated-late-replies',
    missing: isAlwaysThere,
    load: () => Promise.resolve(simulatedHarness({ config: { replyOrder: 'after-news', jitterMsMax: 40, seed: 2 } })),
  },
  'asterisk-22': outside('asterisk-harness.ts', 'asterisk-22'),
  'asterisk-16': outside('asterisk-harness.ts', 'asterisk-16'),
  'freeswitch-wire': outside('freeswitch-wire-harness.ts', 'freeswitch-wire'),
  'freeswitch-real': outside('freeswitch-harness.ts', 'freeswitch-real', () => missingFreeswitch()),
};

/** One backend by its name. */
export const harnessOf = (backend: BackendName): HarnessChoice => CHOICES[backend];

const isBackend = (name: string): name is BackendName => Object.hasOwn(CHOICES, name);

/**
 * The backends that `names` names, comma between them; without it, all.
 * @throws Error naming the ones there are when one is not known.
 */
export async function chosenHarnesses(names: string | undefined): Promise<{
  readonly chosen: readonly HarnessChoice[];
  readonly absent: readonly { readonly backend: BackendName; readonly why: string }[];
}> {
  const wanted = names === undefined ? BACKENDS : names.split(',').map((name) => backendNamed(name.trim()));
  const looked = await Promise.all(wanted.map(async (backend) => ({ choice: CHOICES[backend], why: await CHOICES[backend].missing() })));
  return {
    chosen: looked.flatMap(({ choice, why }) => (why === undefined ? [choice] : [])),
    absent: looked.flatMap(({ choice, why }) => (why === undefined ? [] : [{ backend: choice.backend, why }])),
  };
}

function backendNamed(name: string): BackendName {
  if (isBackend(name)) return name;
  throw new Error(`There is no backend ${name}; there are ${BACKENDS.join(', ')}.`);
}

import { isSource, placeOf, type HouseFile } from '../house-file.js';
import { importsOf, packageOf, roomOf, type Import } from '../imports.js';
import type { HouseRule } from '../house-rule.js';

/** Pure rooms: facts and the time in, commands and events out. */
export const DECIDE_ROOMS: readonly string[] = [
  'units', 'call', 'agent', 'campaign', 'compliance', 'pacing', 'dialer', 'audio', 'amd', 'conversation', 'simulation',
];

/**
 * Which rooms a room may import, besides itself and `units`. `types:` before a
 * path allows its types alone. A room that is not named here may not exist.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  units: [],
  call: [],
  agent: ['types:call'],
  // The table of end causes is call/'s to write and everyone's to read.
  campaign: ['types:call', 'types:agent', 'call/end-cause'],
  compliance: ['types:call', 'types:agent'],
  pacing: ['types:call', 'types:agent'],
  dialer: ['call', 'agent', 'campaign', 'compliance', 'pacing', 'types:telephony/switch'],
  audio: [],
  // A verdict is a word of the call's life.
  amd: ['audio', 'types:call'],
  conversation: ['audio', 'amd'],
  simulation: ['call', 'agent', 'campaign', 'compliance', 'pacing', 'dialer', 'audio', 'amd', 'types:telephony/switch'],
  loop: ['call', 'agent', 'campaign', 'compliance', 'dialer', 'types:telephony/switch', 'types:store', 'types:media'],
  telephony: ['call', 'audio', 'simulation'],
  media: [
    'audio', 'amd', 'loop/spawn-worker', 'types:call', 'types:telephony/call-audio',
    'inference/score-batch', 'inference/answer-model', 'inference/model-fault',
  ],
  inference: ['audio', 'amd', 'loop/spawn-worker'],
  speech: ['audio', 'conversation'],
  store: ['call', 'agent', 'campaign', 'compliance', 'types:dialer', 'loop/spawn-worker'],
  // It makes what each room takes out of one file. A campaign is written there as it is sent to the API: one schema.
  config: [
    'call', 'agent', 'campaign', 'compliance', 'pacing', 'dialer', 'amd',
    'types:telephony', 'types:store', 'types:media', 'api/contract', 'api/campaign-input',
  ],
  api: ['call', 'agent', 'campaign', 'compliance', 'dialer', 'store', 'loop', 'types:config'],
  web: ['api/contract'],
};

/** They construct everything and see everything but the browser's rooms. */
const JOINING_ROOMS = ['main', 'cli'];

const isBelow = (path: string, part: string): boolean =>
  path === `src/${part}.ts` || path.startsWith(`src/${part}/`) || path === `src/${part}.tsx`;

function isAllowed(from: string, found: Import): boolean {
  const { target } = found;
  const room = roomOf(from);
  if (room === undefined || target === undefined) return true;
  const targetRoom = roomOf(target);
  if (targetRoom === room || JOINING_ROOMS.includes(room)) return true;
  if (targetRoom === 'units') return room !== 'web';
  return (MAY_IMPORT[room] ?? []).some((entry) =>
    entry.startsWith('types:') ? found.isTypeOnly && isBelow(target, entry.slice('types:'.length)) : isBelow(target, entry),
  );
}

export const ROOM_IMPORTS: HouseRule = {
  name: 'rooms import only the rooms below them',
  cure: 'Take what is needed as an argument or a local structural type, or move the code to the room that may know both (dialer joins the deciding rooms, loop joins deciding to doing, main constructs). The table is in test/house/rules/rooms.ts.',
  breaches: (files) =>
    files.filter(isSource).flatMap((file) =>
      importsOf(file)
        .filter((found) => !isAllowed(file.path, found))
        .map((found) => `${placeOf(file, found.node)} imports ${found.target ?? found.specifier}`),
    ),
  badSample: {
    'src/pacing/a.ts': `import { x } from '../dialer/dialer.js';`,
    'src/campaign/a.ts': `import { mayCallAt } from '../compliance/calling-hours.js';`,
    'src/call/a.ts': `import type { Store } from '../store/store.js';`,
    'src/telephony/asterisk/a.ts': `export { open } from '../../store/open.js';`,
    'src/api/a.ts': `const a = await import('../telephony/switch.js');`,
    'src/web/a.tsx': `import type { Command } from '../dialer/command.js';`,
    'src/agent/a.ts': `import { CALL_TABLE, type CallState } from '../call/call-state.js';`,
  },
  goodSample: {
    'src/agent/a.ts': `import type { CallState } from '../call/call-state.js';`,
    'src/web/wallboard/a.tsx': `import type { Feed } from '../../api/contract/feed.js';`,
    'src/campaign/a.ts': `import { endCause } from '../call/end-cause.js'; import { x } from './b.js';`,
    'src/main.ts': `import { open } from './store/open.js';`,
  },
};

export const NAMED_ROOMS: HouseRule = {
  name: 'src/ has only the rooms that are named in the house',
  cure: 'Put the file into the room it helps; a new room is added to test/house/rules/rooms.ts and docs/ARCHITECTURE.md with its imports. There is no core, utils, helpers, common, services or managers.',
  breaches: (files) =>
    files
      .filter(isSource)
      .filter(({ path }) => {
        const room = roomOf(path);
        return room === undefined || !(room in MAY_IMPORT || JOINING_ROOMS.includes(room));
      })
      .map(({ path }) => path),
  badSample: { 'src/utils/a.ts': '', 'src/helpers.ts': '' },
  goodSample: { 'src/pacing/a.ts': '', 'src/main.ts': '' },
};

export const NO_CYCLES: HouseRule = {
  name: 'imports make no cycles',
  cure: 'Move what both files need into a third one.',
  breaches: cycles,
  badSample: {
    'src/call/a.ts': `import { b } from './b.js'; export const a = b;`,
    'src/call/b.ts': `import { a } from './a.js'; export const b = a;`,
  },
  goodSample: {
    'src/call/a.ts': `import { b } from './b.js'; export const a = b;`,
    'src/call/b.ts': `export const b = 1;`,
  },
};

/** Depth first; each cycle is told once, for every file in it. */
function cycles(files: readonly HouseFile[]): readonly string[] {
  const sources = files.filter(isSource);
  const known = new Set(sources.map(({ path }) => path));
  const targets = new Map(
    sources.map((file) => [
      file.path,
      importsOf(file).flatMap(({ target }) => (target !== undefined && known.has(target) ? [target] : [])),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) walk(path, []);
  return found;
}

/** Packages that hand out a handle to the outside world, or a way to read it. */
const HANDLE_PACKAGES = [
  'ari-client', 'asterisk-manager', 'better-sqlite3', 'ws', 'pino', 'csv-parse', 'libphonenumber-js', 'yaml',
  'commander', 'onnxruntime-node', '@fastify/websocket', '@fastify/static', '@fastify/swagger',
];

export const ONE_IMPORTER: HouseRule = {
  name: 'a package that reaches outside is imported by one file of a room',
  cure: 'Let that one file wrap it, and take its handle as a local structural type elsewhere.',
  breaches: (files) => {
    const importers = new Map<string, Set<string>>();
    for (const file of files.filter(isSource)) {
      for (const { specifier } of importsOf(file)) {
        const name = packageOf(specifier);
        if (name === undefined || !HANDLE_PACKAGES.includes(name)) continue;
        const key = `${name} in src/${roomOf(file.path)}`;
        importers.set(key, (importers.get(key) ?? new Set()).add(file.path));
      }
    }
    return [...importers].flatMap(([key, paths]) => (paths.size > 1 ? [`${key}: ${[...paths].join(', ')}`] : []));
  },
  badSample: { 'src/store/a.ts': `import Database from 'better-sqlite3';`, 'src/store/b.ts': `import type { Database } from 'better-sqlite3';` },
  goodSample: { 'src/store/a.ts': `import Database from 'better-sqlite3';`, 'src/api/b.ts': `import type { Database } from 'better-sqlite3';` },
};

export const NO_BARRELS: HouseRule = {
  name: 'no barrel files',
  cure: 'Import each thing from the file that defines it.',
  breaches: (files) =>
    files.filter(isSource).flatMap((file) => {
      const reExports = file.tree.statements.filter(
        (statement) => 'moduleSpecifier' in statement && statement.getText(file.tree).startsWith('export'),
      );
      const isBarrel = reExports.length > 0 && reExports.length === file.tree.statements.length;
      const hasStar = reExports.some((statement) => /^export\s+(type\s+)?\*/.test(statement.getText(file.tree)));
      return isBarrel || hasStar ? [file.path] : [];
    }),
  badSample: { 'src/call/a.ts': `export { a } from './b.js';`, 'src/call/c.ts': `export * from './b.js'; export const c = 1;` },
  goodSample: { 'src/call/a.ts': `import { b } from './b.js'; export const a = b;` },
};

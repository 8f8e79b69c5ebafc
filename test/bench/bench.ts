/**
 * `npm run bench -- NAME [--json] [--option value …]`: one measurement at a
 * time, printed as a table; with `--json` the last line is one line of JSON.
 */
import { run as runAmd } from './amd.js';
import { run as runConnect } from './connect.js';
import { run as runMemory } from './memory.js';
import { run as runOriginate } from './originate.js';
import { run as runSimulate } from './simulate.js';

/** What a bench has found. */
export interface BenchReport {
  readonly table: readonly object[];
  readonly json: object;
}

/** Options of a bench by name; each bench has defaults for all of them. */
type BenchOptions = Readonly<Record<string, number>>;

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchReport> | BenchReport>> = {
  amd: runAmd,
  connect: runConnect,
  memory: runMemory,
  originate: runOriginate,
  simulate: runSimulate,
};

async function main(argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) {
    process.stderr.write(`Usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json] [--option number …]\n`);
    return 2;
  }
  const report = await bench(optionsOf(rest.filter((word) => word !== '--json')));
  console.table(report.table);
  if (rest.includes('--json')) process.stdout.write(`${JSON.stringify(report.json)}\n`);
  return 0;
}

/** `--seconds 60 --calls-per-second 100` as `{ seconds: 60, callsPerSecond: 100 }`. */
function optionsOf(words: readonly string[]): BenchOptions {
  const options: Record<string, number> = {};
  for (let index = 0; index < words.length; index += 2) {
    const name = (words[index] ?? '').replace(/^--/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = Number(words[index + 1]);
    if (name === '' || !Number.isFinite(value)) throw new Error(`Not an option with a number: ${words.slice(index, index + 2).join(' ')}`);
    options[name] = value;
  }
  return options;
}

process.exitCode = await main(process.argv.slice(2));

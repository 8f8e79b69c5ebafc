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

/** Options of a bench by name; each bench has defaults for all of them. `--no-calls` is `calls: 0`. */
type BenchOptions = Readonly<Record<string, number>>;
/** Options whose value is no number. */
type BenchTexts = Readonly<Record<string, string>>;

const BENCHES: Readonly<Record<string, (options: BenchOptions, texts: BenchTexts) => Promise<BenchReport> | BenchReport>> = {
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
    process.stderr.write(`Usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json] [--option value …]\n`);
    return 2;
  }
  const { options, texts } = optionsOf(rest.filter((word) => word !== '--json'));
  const report = await bench(options, texts);
  console.table(report.table);
  if (rest.includes('--json')) process.stdout.write(`${JSON.stringify(report.json)}\n`);
  return 0;
}

/** `--seconds 60 --calls-per-second 100 --no-calls` as `{ seconds: 60, callsPerSecond: 100, calls: 0 }`; what is no number is a text. */
function optionsOf(words: readonly string[]): { readonly options: BenchOptions; readonly texts: BenchTexts } {
  const options: Record<string, number> = {};
  const texts: Record<string, string> = {};
  for (let index = 0; index < words.length; index++) {
    const [, no, kebab] = /^--(no-)?([a-z].*)$/.exec(words[index] ?? '') ?? [];
    if (kebab === undefined) throw new Error(`Not an option: ${words[index] ?? ''}`);
    const name = kebab.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (no !== undefined) {
      options[name] = 0;
      continue;
    }
    const value = words[++index];
    if (value === undefined) throw new Error(`The option --${kebab} lacks its value.`);
    if (Number.isFinite(Number(value))) options[name] = Number(value);
    else texts[name] = value;
  }
  return { options, texts };
}

process.exitCode = await main(process.argv.slice(2));

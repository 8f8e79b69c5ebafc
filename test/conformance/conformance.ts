/**
 * `npm run conformance [-- --switches a,b] [--json file]`: every check on every
 * backend there is, printed as one table; exit status 1 when a check fails
 * anywhere or is off everywhere.
 */
import { writeFileSync } from 'node:fs';
import { chosenHarnesses } from './chosen-harnesses.js';
import type { HarnessChoice } from './chosen-harnesses.js';
import { conformanceTable, tableFaults } from './conformance-table.js';
import type { BackendResults } from './conformance-table.js';
import { runCheck } from './run-check.js';
import { SWITCH_CHECKS } from './switch-suite.js';

async function main(argv: readonly string[]): Promise<number> {
  const { chosen, absent } = await chosenHarnesses(optionOf(argv, '--switches'));
  for (const { backend, why } of absent) process.stderr.write(`${backend} is left out: ${why}\n`);
  const backends: BackendResults[] = [];
  for (const choice of chosen) backends.push(await runSuite(choice));
  const faults = tableFaults(backends);
  process.stdout.write(`${conformanceTable(backends)}\n`);
  for (const check of faults.offEverywhere) process.stdout.write(`Off everywhere: ${check}\n`);
  const jsonFile = optionOf(argv, '--json');
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify({ backends, absent, ...faults }, undefined, 2)}\n`);
  return faults.failed.length + faults.offEverywhere.length === 0 ? 0 : 1;
}

async function runSuite({ backend, load }: HarnessChoice): Promise<BackendResults> {
  const startedAtMs = performance.now();
  const harness = await load();
  await harness.begin();
  const description = harness.description();
  const results = [];
  try {
    for (const check of SWITCH_CHECKS) {
      results.push(await runCheck(harness, check));
      if (process.stderr.isTTY) process.stderr.write(`\r${backend}: ${String(results.length)} of ${String(SWITCH_CHECKS.length)} checks`);
    }
  } finally {
    process.stderr.write(process.stderr.isTTY ? '\n' : `${backend}: ${String(results.length)} checks\n`);
    await harness.end();
  }
  return { backend, description: description, results, tookMs: performance.now() - startedAtMs };
}

function optionOf(argv: readonly string[], name: string): string | undefined {
  const index = argv.indexOf(name);
  if (index < 0) return undefined;
  const value = argv[index + 1];
  if (value === undefined) throw new Error(`${name} needs a value.`);
  return value;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

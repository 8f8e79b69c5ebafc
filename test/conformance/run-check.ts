import { openLine } from './open-line.js';
import type { CheckLine, SwitchCheck, SwitchHarness } from './switch-harness.js';

/** How one check went on one backend. */
export type CheckResult =
  | { readonly check: string; readonly outcome: 'passed' }
  | { readonly check: string; readonly outcome: 'failed'; readonly why: string }
  | { readonly check: string; readonly outcome: 'skipped'; readonly why: string };

/** Runs one check on a fresh bench of a harness that has begun. */
export async function runCheck(harness: SwitchHarness, check: SwitchCheck): Promise<CheckResult> {
  const bench = await harness.openBench();
  const abort = new AbortController();
  let line: CheckLine | undefined;
  try {
    const skipped = check.skip?.(bench, bench.createSwitch());
    if (skipped !== undefined) return { check: check.name, outcome: 'skipped', why: skipped };
    line = await openLine(bench, () => bench.createSwitch(), abort.signal);
    await check.run(line);
    if (line.faults.length > 0) {
      return { check: check.name, outcome: 'failed', why: `The guard had to step in: ${line.faults.join(' | ')}` };
    }
    return { check: check.name, outcome: 'passed' };
  } catch (error) {
    const faults = line === undefined || line.faults.length === 0 ? '' : ` (guard: ${line.faults.join(' | ')})`;
    const why = `${error instanceof Error ? error.message : String(error)}${faults}`;
    return { check: check.name, outcome: 'failed', why };
  } finally {
    abort.abort();
    await line?.switch.close();
    await bench.close();
  }
}

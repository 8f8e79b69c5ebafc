import type { CheckResult } from './run-check.js';

/** How the whole suite went on one backend. */
export interface BackendResults {
  /** Column head, e.g. `asterisk-22`. */
  readonly backend: string;
  /** Which switch it was, as it says itself. */
  readonly description: string;
  readonly results: readonly CheckResult[];
  readonly tookMs: number;
}

/** A check that no backend was held to proves nothing. */
export interface TableFaults {
  readonly failed: readonly string[];
  /** Checks that are off on every backend that ran. */
  readonly offEverywhere: readonly string[];
}

const CELLS = { passed: 'pass', failed: 'FAIL', skipped: 'off' } as const;

/** One line a check, one column a backend, then why each cell that is not `pass` is not. */
export function conformanceTable(backends: readonly BackendResults[]): string {
  const checks = checksOf(backends);
  const width = Math.max(...checks.map((check) => check.length), 'check'.length);
  const line = (head: string, cells: readonly string[]): string =>
    [head.padEnd(width), ...cells.map((cell, index) => cell.padEnd(columnWidth(backends[index])))].join('  ').trimEnd();
  return [
    line('check', backends.map(({ backend }) => backend)),
    line('-'.repeat(width), backends.map((one) => '-'.repeat(columnWidth(one)))),
    ...checks.map((check) => line(check, backends.map(({ results }) => cellOf(results, check)))),
    line('', backends.map(({ results }) => countLine(results))),
    '',
    ...backends.map(({ backend, description, tookMs }) => `${backend}: ${description}, ${(tookMs / 1000).toFixed(0)} s`),
    '',
    ...reasons(backends),
  ].join('\n');
}

/** What of a table must not be. */
export function tableFaults(backends: readonly BackendResults[]): TableFaults {
  const isOff = (check: string): boolean =>
    backends.every(({ results }) => results.every((result) => result.check !== check || result.outcome === 'skipped'));
  return {
    failed: backends.flatMap(({ backend, results }) =>
      results.flatMap((result) => (result.outcome === 'failed' ? [`${backend}: ${result.check}: ${result.why}`] : [])),
    ),
    offEverywhere: checksOf(backends).filter(isOff),
  };
}

const checksOf = (backends: readonly BackendResults[]): readonly string[] => [...new Set(backends.flatMap(({ results }) => results.map(({ check }) => check)))];

const columnWidth = (backend: BackendResults | undefined): number => Math.max(backend?.backend.length ?? 0, 'pass 00/00'.length);

function cellOf(results: readonly CheckResult[], check: string): string {
  const result = results.find((one) => one.check === check);
  return result === undefined ? '-' : CELLS[result.outcome];
}

function countLine(results: readonly CheckResult[]): string {
  const passedCount = results.filter(({ outcome }) => outcome === 'passed').length;
  return `pass ${String(passedCount)}/${String(results.length)}`;
}

/** Each reason once, with the checks and backends it holds for. */
function reasons(backends: readonly BackendResults[]): readonly string[] {
  return backends.flatMap(({ backend, results }) =>
    results.flatMap((result) => (result.outcome === 'passed' ? [] : [`${CELLS[result.outcome]} on ${backend}: ${result.check}: ${result.why}`])),
  );
}

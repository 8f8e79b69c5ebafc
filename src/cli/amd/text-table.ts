/** Rows of cells as lines of text, columns aligned; the first row is the head, the first column words, the others figures. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[], indent = '  '): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `${indent}${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')}`.trimEnd();
  const rule = `${indent}${widths.map((width) => '-'.repeat(width)).join('  ')}`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** A span for people: `1.62 s`, or `–` where there is none. */
export const secondsText = (ms: number | undefined, digits = 2): string => (ms === undefined ? '–' : `${(ms / 1000).toFixed(digits)} s`);

/** A ratio for people: `0.50 %`, or `–` where there is none. */
export const percentText = (ratio: number | undefined, digits = 1): string => (ratio === undefined ? '–' : `${(100 * ratio).toFixed(digits)} %`);

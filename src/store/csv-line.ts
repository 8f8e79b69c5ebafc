import type { Delimiter } from './csv-delimiter.js';

/** One row of a CSV file, with its line end (RFC 4180). */
export function csvLine(cells: readonly string[], delimiter: Delimiter): string {
  const quoted = cells.map((cell) =>
    /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(delimiter)}\r\n`;
}

import { parse } from 'csv-parse/sync';

/** One row of a CSV file. */
export interface CsvRow {
  /** The line on which it ends, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV text, cells without the space around them; rows of any
 * length, blank ones left out. @throws Error where a quote is out of place.
 */
export function csvRows(text: string, delimiter = ','): readonly CsvRow[] {
  const records: unknown = parse(text, { delimiter, relaxColumnCount: true, skipEmptyLines: true, trim: true, info: true });
  return (records as readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[])
    .map(({ record, info }) => ({ cells: record, line: info.lines }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

/** The same as objects by the names in the first row; what a row lacks is empty. */
export function csvObjects(text: string, delimiter = ','): readonly Readonly<Record<string, string>>[] {
  const [head, ...rows] = csvRows(text, delimiter);
  return rows.map(({ cells }) => Object.fromEntries((head?.cells ?? []).map((name, column) => [name, cells[column] ?? ''])));
}

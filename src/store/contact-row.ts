import type { ColumnPlan } from './csv-columns.js';
import { readPhoneNumber } from './phone-number.js';

/** One row of a file, read. */
export type ContactRow =
  | {
      readonly kind: 'contact';
      readonly number: string;
      readonly name: string;
      /** Cells that are not empty, by their column. */
      readonly fields: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly why: string };

/** Reads a row; empty cells beyond the header's last do not matter. */
export function readContactRow(cells: readonly string[], plan: ColumnPlan, country: string): ContactRow {
  const extra = cells.slice(plan.names.length);
  if (cells.length < plan.names.length || extra.some((cell) => cell.trim() !== '')) {
    return { kind: 'refused', why: `has ${String(cells.length)} cells where the header has ${String(plan.names.length)}` };
  }
  const cellAt = (index: number): string => (cells[index] ?? '').trim();
  const reading = readPhoneNumber(cellAt(plan.phoneIndex), country);
  if (reading.kind === 'refused') return reading;
  const fields: Record<string, string> = {};
  for (const index of plan.fieldIndexes) {
    const value = cellAt(index);
    if (value !== '') fields[plan.names[index] ?? ''] = value;
  }
  const name = plan.nameIndexes.map(cellAt).filter((part) => part !== '').join(' ');
  return { kind: 'contact', number: reading.number, name, fields };
}

/** UDP ports, first and last included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** `27000-27999` as numbers, whatever they are; the schema has seen to the form. */
export function portRangeOf(text: string): PortRange {
  const [first = Number.NaN, last = Number.NaN] = text.split('-').map(Number);
  return { first, last };
}

/** How like two answers are: byte for byte, but for ids and numbers that the server counts, or in the fields that they have. */
export type Likeness = 'exact' | 'but-for-numbers' | 'same-fields' | 'different';

const withoutIds = (text: string): string => text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>');
const withoutNumbers = (text: string): string => withoutIds(text).replace(/\d+/g, '#').replace(/#(?: (?:year|day|hour|minute|second|millisecond|microsecond)s?)/g, '# unit');

/** Compares what the double answered with what was recorded. Ids that the server mints do not count. */
export function likeness(recorded: string, replayed: string): Likeness {
  if (withoutIds(recorded) === withoutIds(replayed)) return 'exact';
  if (withoutNumbers(recorded) === withoutNumbers(replayed)) return 'but-for-numbers';
  const fields = fieldsOf(recorded);
  return fields !== undefined && fields === fieldsOf(replayed) ? 'same-fields' : 'different';
}

/** Names of all fields of a JSON text, in order; undefined where it is none. */
function fieldsOf(text: string): string | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  const names: string[] = [];
  JSON.parse(text, (name, value: unknown) => {
    if (!/^\d*$/.test(name)) names.push(name);
    return value;
  });
  return names.sort().join(' ');
}

/** An application that is to run, with its argument. */
export interface PlannedApplication {
  readonly name: string;
  readonly data: string;
}

/**
 * The applications of an `inline` extension: `app:args,app:args`, with another
 * separator than the comma as `m:^:app:args^app:args`. Quotes keep a separator.
 */
export function parseInline(text: string): readonly PlannedApplication[] {
  const own = /^m:(.):/.exec(text);
  const separator = own?.[1] ?? ',';
  return splitOutsideQuotes(own === null ? text : text.slice(4), separator).map((part) => {
    const colon = part.indexOf(':');
    return colon < 0 ? { name: part.trim(), data: '' } : { name: part.slice(0, colon).trim(), data: part.slice(colon + 1) };
  });
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts = [''];
  let isQuoted = false;
  for (const letter of text) {
    if (letter === "'") isQuoted = !isQuoted;
    else if (letter === separator && !isQuoted) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

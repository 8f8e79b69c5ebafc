/** What may stand between the cells of a row. */
export type Delimiter = ',' | ';' | '\t' | '|';

/** In the order in which they are preferred when nothing tells them apart. */
export const DELIMITERS: readonly Delimiter[] = [',', ';', '\t', '|'];

/** Names for messages. */
export const DELIMITER_NAMES: Readonly<Record<Delimiter, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'vertical bar',
};

/** Chosen: enough rows to outvote a few odd ones. */
const SAMPLE_ROW_COUNT_MAX = 50;

/**
 * The delimiter that divides the first rows of a file most evenly, and of
 * those the one that gives the header most cells; undefined when none divides
 * the header: the file then has one column.
 */
export function detectDelimiter(sample: string): Delimiter | undefined {
  let best: { readonly delimiter: Delimiter; readonly evenRatio: number; readonly cellCount: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const [headerCount, ...rowCounts] = cellCounts(sample, delimiter);
    if (headerCount === undefined || headerCount < 2) continue;
    const evenCount = rowCounts.filter((count) => count === headerCount).length;
    const evenRatio = rowCounts.length === 0 ? 1 : evenCount / rowCounts.length;
    const isBetter =
      best === undefined || evenRatio > best.evenRatio || (evenRatio === best.evenRatio && headerCount > best.cellCount);
    if (isBetter) best = { delimiter, evenRatio, cellCount: headerCount };
  }
  return best?.delimiter;
}

/** How many cells the first rows have; blank lines are no rows, and quoted cells may hold anything. */
function cellCounts(text: string, delimiter: Delimiter): number[] {
  const counts: number[] = [];
  let count = 1;
  let isQuoted = false;
  let isCellEmpty = true;
  let isRowBlank = true;
  const endRow = (): void => {
    if (!isRowBlank) counts.push(count);
    count = 1;
    isCellEmpty = true;
    isRowBlank = true;
  };
  for (const character of text) {
    if (character === '"' && (isQuoted || isCellEmpty)) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '\n' || character === '\r') {
      endRow();
      if (counts.length === SAMPLE_ROW_COUNT_MAX) return counts;
      continue;
    } else if (character === delimiter) {
      count += 1;
      isCellEmpty = true;
      isRowBlank = false;
      continue;
    }
    isCellEmpty = false;
    isRowBlank = false;
  }
  endRow();
  return counts;
}

/** Chosen: two slips of the finger, or a swapped pair of letters. */
const EDITS_MAX = 2;

/**
 * The known name that `name` was most likely meant to be: equal but for case,
 * hyphens and underscores, or no more than two edits away; undefined when none
 * is near.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = plainOf(name);
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const candidate of known) {
    const edits = editCount(plain, plainOf(candidate));
    // In a short name two edits make another word.
    if (edits <= Math.min(EDITS_MAX, Math.floor(candidate.length / 3)) && (best === undefined || edits < best.edits)) {
      best = { name: candidate, edits };
    }
  }
  return best?.name ?? known.find((candidate) => isPartOf(plain, plainOf(candidate)));
}

const plainOf = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '');

/** `lines` for `linesMax`, `ringTimeout` for `ringTimeoutSeconds`. */
const isPartOf = (short: string, long: string): boolean => short.length >= 4 && long.startsWith(short);

/** Levenshtein's distance: insertions, deletions and replacements from one to the other. */
function editCount(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

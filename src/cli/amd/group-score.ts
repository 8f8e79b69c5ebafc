import { decidedOf, finalOf, keepsThePerson } from './detector-finding.js';
import { isLost, type ScoredClip } from './detector-score.js';
import type { ClipLabel } from './clip-label.js';
import { quantile } from './quantiles.js';

/** The clips of one label that share a failure mode, a source or a split. */
export interface GroupScore {
  /** The column of the manifest: `mode`, `source` or `split`. */
  readonly column: string;
  readonly value: string;
  readonly label: ClipLabel;
  readonly count: number;
  /** By the verdict that stood in the end; `machine` counts every kind of machine and tone. */
  readonly personCount: number;
  readonly machineCount: number;
  readonly silenceCount: number;
  /** Of people: by any verdict. */
  readonly lostCount: number;
  readonly decidedP50Ms: number | undefined;
  readonly decidedP90Ms: number | undefined;
}

/** One row for each value of each column, in the order of their first clips. */
export function groupScores(clips: readonly ScoredClip[]): readonly GroupScore[] {
  const groups = new Map<string, { readonly column: string; readonly value: string; readonly clips: ScoredClip[] }>();
  for (const each of clips) {
    for (const [column, value] of Object.entries(each.clip.groups)) {
      const key = JSON.stringify([column, value, each.clip.label]);
      const group = groups.get(key) ?? { column, value, clips: [] };
      groups.set(key, group);
      group.clips.push(each);
    }
  }
  const rows = [...groups.values()].map(({ column, value, clips: members }) => groupScore(column, value, members));
  const columns = [...new Set(rows.map(({ column }) => column))];
  return columns.flatMap((column) => rows.filter((row) => row.column === column));
}

function groupScore(column: string, value: string, clips: readonly ScoredClip[]): GroupScore {
  const label = clips[0]!.clip.label;
  const findings = clips.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
  const finals = findings.flatMap((finding) => finalOf(finding)?.verdict ?? []);
  const decidedMs = findings.flatMap((finding) => decidedOf(finding)?.atMs ?? []);
  const silenceCount = finals.filter((verdict) => verdict === 'silence').length;
  return {
    column, value, label,
    count: findings.length,
    personCount: finals.filter(keepsThePerson).length - silenceCount,
    machineCount: finals.filter((verdict) => !keepsThePerson(verdict)).length,
    silenceCount,
    lostCount: label === 'person' ? findings.filter(isLost).length : 0,
    decidedP50Ms: quantile(decidedMs, 0.5),
    decidedP90Ms: quantile(decidedMs, 0.9),
  };
}

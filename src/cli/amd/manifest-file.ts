import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { csvDecoder, EncodingDetector } from '../../store/csv-encoding.js';
import { detectDelimiter } from '../../store/csv-delimiter.js';
import { CLIP_LABELS, clipLabelOf } from './clip-label.js';
import { csvRows, type CsvRow } from './csv-rows.js';
import type { LabelledClip } from './labelled-clip.js';

/** The name of the file that says what each recording is; found in any case. */
const MANIFEST_NAME = 'MANIFEST.csv';

/** Names of a column, the first ours; compared without case, spaces and signs. */
const COLUMNS = {
  file: ['file', 'filename', 'path', 'wav', 'clip', 'recording'],
  label: ['label', 'truth', 'class', 'category', 'verdict'],
  beep: ['beep_time_s', 'beep_time', 'beep_s', 'beep', 'beep_at_s'],
  speechEnd: ['speech_end_s', 'speech_end', 'greeting_end_s', 'talk_end_s', 'first_speech_end_s'],
  mode: ['mode', 'failure_mode', 'kind'],
  source: ['source', 'origin', 'carrier'],
  split: ['split', 'group', 'fold'],
} as const;

type ColumnName = keyof typeof COLUMNS;
const GROUP_COLUMNS = ['mode', 'source', 'split'] as const satisfies readonly ColumnName[];

/** What stands in a cell where there is nothing to tell. */
const NOTHING = new Set(['', '-', 'none', 'na', 'n/a', 'nan', 'null', 'no', 'false']);

/** What was read, and what is wrong; with a fault nothing of it is to be used. */
export interface ManifestReading {
  readonly clips: readonly LabelledClip[];
  /** One sentence each, with the line and the cure. */
  readonly faults: readonly string[];
  /** Recordings of the folder that the manifest does not name. */
  readonly unlistedCount: number;
}

/** Reads the manifest of a folder of recordings; the recordings themselves are not opened. */
export function readManifest(folder: string): ManifestReading {
  const fault = (sentence: string): ManifestReading => ({ clips: [], faults: [sentence], unlistedCount: 0 });
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    return fault(`There is no folder ${folder}; give one that holds WAV files and a ${MANIFEST_NAME}.`);
  }
  const names = readdirSync(folder);
  const name = names.find((each) => each.toLowerCase() === MANIFEST_NAME.toLowerCase());
  if (name === undefined) {
    return fault(`${folder} holds no ${MANIFEST_NAME}; write one with the columns file,label,beep_time_s and a row for each WAV file.`);
  }
  const text = textOf(readFileSync(join(folder, name)));
  if (typeof text !== 'string') return fault(`${name}: ${text.why}`);
  const rows = rowsOf(text);
  if (typeof rows === 'string') return fault(`${name}: ${rows}`);
  const [header, ...body] = rows;
  if (header === undefined) return fault(`${name} is empty; its first line names the columns file,label,beep_time_s.`);
  const places = placesOf(header.cells);
  const missing = (['file', 'label'] as const).filter((column) => places[column] === undefined);
  if (missing.length > 0) {
    return fault(`${name} line ${header.line}: there is no column ${missing.join(' and no column ')}; the first line names the columns, as in file,label,beep_time_s.`);
  }
  if (body.length === 0) return fault(`${name} names no recording; add a row for each WAV file.`);
  return readRows(folder, name, body, places, names);
}

type Places = Readonly<Partial<Record<ColumnName, number>>>;

function textOf(bytes: Uint8Array): string | { readonly why: string } {
  if (bytes.length === 0) return '';
  const detector = new EncodingDetector();
  detector.push(bytes);
  const finding = detector.end();
  if (finding.kind === 'not-text') return { why: finding.why };
  const decoder = csvDecoder(finding.encoding);
  return decoder.push(bytes) + decoder.end();
}

function rowsOf(text: string): readonly CsvRow[] | string {
  try {
    return csvRows(text, detectDelimiter(text)).filter(({ cells }) => cells[0]?.startsWith('#') !== true);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `it is no CSV (${words}); a quote inside a quoted cell is written twice.`;
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

function placesOf(header: readonly string[]): Places {
  const given = header.map(plain);
  const places: Partial<Record<ColumnName, number>> = {};
  for (const column of Object.keys(COLUMNS) as ColumnName[]) {
    const at = COLUMNS[column].map((name) => given.indexOf(plain(name))).find((index) => index >= 0);
    if (at !== undefined) places[column] = at;
  }
  return places;
}

function readRows(folder: string, name: string, rows: readonly CsvRow[], places: Places, names: readonly string[]): ManifestReading {
  const faults: string[] = [];
  const clips: LabelledClip[] = [];
  const lineOfPath = new Map<string, number>();
  for (const { line, cells } of rows) {
    const say = (sentence: string): void => void faults.push(`${name} line ${line}: ${sentence}`);
    const cell = (column: ColumnName): string => {
      const at = places[column];
      return at === undefined ? '' : (cells[at] ?? '');
    };
    const file = cell('file');
    if (file === '') {
      say('no file is named; fill in the column file or delete the line.');
      continue;
    }
    const path = resolve(folder, file);
    const isThere = existsSync(path);
    if (!isThere) say(`there is no file ${file} in ${folder}; put it there or delete the line.`);
    const earlier = lineOfPath.get(path);
    if (earlier !== undefined) say(`${file} is named on line ${earlier} too, and would count twice; delete one of the lines.`);
    lineOfPath.set(path, line);
    const label = clipLabelOf(cell('label'));
    if (label === undefined) say(`the label "${cell('label')}" of ${file} is not known; take one of ${CLIP_LABELS.join(', ')}.`);
    const beepMs = instantMs(cell('beep'));
    if (beepMs === 'no-time') say(`the beep_time_s "${cell('beep')}" of ${file} is no time; write seconds such as 4.25, or nothing where there is no beep.`);
    const speechEndMs = instantMs(cell('speechEnd'));
    if (speechEndMs === 'no-time') say(`the end of speech "${cell('speechEnd')}" of ${file} is no time; write seconds such as 1.8, or nothing.`);
    if (!isThere || label === undefined || beepMs === 'no-time' || speechEndMs === 'no-time') continue;
    const groups = GROUP_COLUMNS.map((column) => [column, cell(column)] as const).filter(([, value]) => value !== '');
    clips.push({ file, path, line, label, beepMs, speechEndMs, groups: Object.fromEntries(groups) });
  }
  const isUnlisted = (each: string): boolean => each.toLowerCase().endsWith('.wav') && !lineOfPath.has(resolve(folder, each));
  return { clips, faults, unlistedCount: names.filter(isUnlisted).length };
}

/** Seconds in a cell, with a point or a comma; undefined where nothing stands. */
function instantMs(text: string): number | undefined | 'no-time' {
  if (NOTHING.has(text.toLowerCase())) return undefined;
  if (!/^\d*[.,]?\d+(e[+-]?\d+)?$|^\d+[.,]$/i.test(text)) return 'no-time';
  const seconds = Number(text.replace(',', '.'));
  return Number.isFinite(seconds) ? seconds * 1000 : 'no-time';
}

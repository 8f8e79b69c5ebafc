import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ContactFileError } from './contact-import.js';
import { csvDecoder, EncodingDetector, type CsvEncoding } from './csv-encoding.js';
import { detectDelimiter, DELIMITER_NAMES, DELIMITERS, type Delimiter } from './csv-delimiter.js';

/** How a file is to be read. */
export interface CsvShape {
  readonly file: string;
  readonly encoding: CsvEncoding;
  readonly delimiter: Delimiter;
}

/** One row, with the line of the file on which it ends. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What of a file is looked at for its delimiter. */
const SAMPLE_BYTES = 64 * 1024;
/** A quote that is never closed would otherwise take the rest of the file for one cell. */
const ROW_CHARACTERS_MAX = 100_000;

/**
 * Finds out how to read a file, from all of it for the encoding and from its
 * first rows for the delimiter.
 * @param given what is known already.
 * @throws ContactFileError
 */
export async function findCsvShape(
  file: string,
  given: { readonly encoding?: CsvEncoding | undefined; readonly delimiter?: Delimiter | undefined },
): Promise<CsvShape> {
  const encoding = given.encoding ?? (await findEncoding(file));
  const sample = await readSample(file, encoding);
  const found = detectDelimiter(sample);
  const { delimiter } = given;
  if (delimiter !== undefined && found !== undefined && found !== delimiter && !firstLine(sample).includes(delimiter)) {
    throw new ContactFileError(
      `The header "${firstLine(sample)}" has no ${DELIMITER_NAMES[delimiter]}: ` +
        `the columns are divided by ${DELIMITER_NAMES[found]}; give that as the delimiter, or none.`,
    );
  }
  return { file, encoding, delimiter: delimiter ?? found ?? ',' };
}

/** What to say of a file whose header has one column, and that one no telephone number. */
export function oneColumnFault(header: string): string {
  const tried = DELIMITERS.map((delimiter) => DELIMITER_NAMES[delimiter]).join(', ');
  return (
    `The file has one column only, "${header}", which is not named like a telephone number: ` +
    `divide its columns by one of ${tried}, or name the column "phone".`
  );
}

async function findEncoding(file: string): Promise<CsvEncoding> {
  const detector = new EncodingDetector();
  for await (const chunk of createReadStream(file)) detector.push(chunk as Uint8Array);
  const finding = detector.end();
  if (finding.kind === 'not-text') throw new ContactFileError(finding.why);
  return finding.encoding;
}

async function readSample(file: string, encoding: CsvEncoding): Promise<string> {
  const handle = await open(file);
  try {
    const buffer = new Uint8Array(SAMPLE_BYTES);
    const { bytesRead } = await handle.read(buffer);
    const text = csvDecoder(encoding).push(buffer.subarray(0, bytesRead));
    // The last row may be cut: it would count for less cells than it has.
    return bytesRead < SAMPLE_BYTES ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}

const firstLine = (text: string): string => text.trimStart().split(/\r|\n/, 1)[0] ?? '';

/**
 * Gives a file's rows one after the other, the header first; blank rows are
 * passed over.
 * @throws ContactFileError when a quote is never closed.
 */
export async function readCsvRows({ file, encoding, delimiter }: CsvShape, onRow: (row: CsvRow) => void): Promise<void> {
  const decoder = csvDecoder(encoding);
  const text = async function* (): AsyncGenerator<string> {
    for await (const chunk of createReadStream(file)) {
      const piece = decoder.push(chunk as Uint8Array);
      if (piece !== '') yield piece;
    }
    const rest = decoder.end();
    if (rest !== '') yield rest;
  };
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: ROW_CHARACTERS_MAX,
  });
  const source = Readable.from(text());
  source.on('error', (error) => parser.destroy(error));
  let lastLine = 0;
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<ParsedRow>) {
      lastLine = info.lines;
      onRow({ line: info.lines, cells: record });
    }
  } catch (error) {
    throw error instanceof CsvError ? new ContactFileError(csvFault(error, lastLine)) : error;
  } finally {
    source.destroy();
  }
}

/** What the parser gives for a row. */
interface ParsedRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function csvFault(error: CsvError, lastLine: number): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return `The row after line ${String(lastLine)} opens a quotation mark that is never closed: close it, or remove it.`;
    default:
      return `The row after line ${String(lastLine)} cannot be read as CSV: ${error.message}.`;
  }
}

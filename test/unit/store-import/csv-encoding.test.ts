import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { csvDecoder, EncodingDetector, type EncodingFinding } from '../../../src/store/csv-encoding.js';

function findingOf(bytes: Uint8Array, pieceBytes = bytes.length): EncodingFinding {
  const detector = new EncodingDetector();
  for (let at = 0; at < bytes.length; at += pieceBytes) detector.push(bytes.subarray(at, at + pieceBytes));
  return detector.end();
}
const fixture = (name: string): Uint8Array => readFileSync(new URL(`../../fixtures/csv/${name}`, import.meta.url));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['comma-utf8.csv', 'utf-8', 'Zoë'],
  ['semicolon-utf8-bom.csv', 'utf-8-bom', 'Köln'],
  ['semicolon-latin1.csv', 'iso-8859-1', 'Orléans'],
  ['comma-windows1252.csv', 'windows-1252', '“curly”'],
  ['tab-utf16le.csv', 'utf-16le', 'Åsa'],
] as const)('%s is %s, also byte by byte', (name, encoding, word) => {
  const bytes = fixture(name);
  expect(findingOf(bytes)).toEqual({ kind: 'text', encoding });
  expect(findingOf(bytes, 1)).toEqual({ kind: 'text', encoding });
  const decoder = csvDecoder(encoding);
  const text = decoder.push(bytes) + decoder.end();
  expect(text).toContain(word);
  expect(text.startsWith('\uFEFF')).toBe(false);
});

test('one byte that cannot be UTF-8 at the very end decides, also when a character is cut there', () => {
  const start = utf8('phone,name\n'.repeat(1000));
  expect(findingOf(new Uint8Array([...start, 0xe9]))).toEqual({ kind: 'text', encoding: 'iso-8859-1' });
  expect(findingOf(new Uint8Array([...start, 0x93]))).toEqual({ kind: 'text', encoding: 'windows-1252' });
});

test('UTF-16 is known without a mark, in either order', () => {
  const text = 'phone,name\n+12025550143,Ann\n';
  const little = new Uint8Array(text.length * 2);
  const big = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    little[2 * index] = text.charCodeAt(index);
    big[2 * index + 1] = text.charCodeAt(index);
  }
  expect(findingOf(little)).toEqual({ kind: 'text', encoding: 'utf-16le' });
  expect(findingOf(big)).toEqual({ kind: 'text', encoding: 'utf-16be' });
});

test('a workbook, binary data and an empty file are no text, and it is said what to do', () => {
  const why = (bytes: Uint8Array): string => {
    const finding = findingOf(bytes);
    return finding.kind === 'not-text' ? finding.why : finding.encoding;
  };
  expect(why(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 8]))).toContain('save the sheet as CSV');
  expect(why(new Uint8Array([0x7f, 0x45, 0, 0, 0, 0, 0, 9, 200]))).toContain('binary data');
  expect(why(new Uint8Array(0))).toBe('The file is empty.');
});

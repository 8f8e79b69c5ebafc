import { expect, test } from 'vitest';
import { csvLine } from '../../../src/store/csv-line.js';
import { detectDelimiter, DELIMITERS } from '../../../src/store/csv-delimiter.js';

test.each(DELIMITERS)('a plain file divided by %j', (delimiter) => {
  const rows = [['phone', 'name', 'city'], ['+12025550143', 'Ann', 'Ulm'], ['+12025550144', 'Bo', 'Bonn']];
  expect(detectDelimiter(rows.map((row) => row.join(delimiter)).join('\n'))).toBe(delimiter);
});

test('other delimiters inside cells, quoted or not, do not mislead', () => {
  expect(detectDelimiter('name;phone\nDoe, Jane;+12025550143\nRoe, Rick;+12025550144\n')).toBe(';');
  expect(detectDelimiter('"last, first",phone\r\n"Doe; Jane",+12025550143\r\n')).toBe(',');
  expect(detectDelimiter('phone|note\n1|"a\nb;c;d"\n2|x,y\n')).toBe('|');
});

test('the most even rows win over the most cells', () => {
  expect(detectDelimiter('phone;name, title, address\n1;a\n2;b, c\n3;d\n')).toBe(';');
});

test('blank lines and a header alone are no obstacle, and one column has none', () => {
  expect(detectDelimiter('\n\nphone,name\n')).toBe(',');
  expect(detectDelimiter('phone\n1\n2\n')).toBeUndefined();
  expect(detectDelimiter('')).toBeUndefined();
});

test('a row that is written is read as it was', () => {
  expect(csvLine(['1', 'a "b"', 'c,d', 'e\nf', ''], ',')).toBe('1,"a ""b""","c,d","e\nf",\r\n');
  expect(csvLine(['c,d', 'g;h'], ';')).toBe('c,d;"g;h"\r\n');
});

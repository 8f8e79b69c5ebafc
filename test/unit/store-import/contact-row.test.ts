import { expect, test } from 'vitest';
import { planColumns, type ColumnMapping, type ColumnPlan } from '../../../src/store/csv-columns.js';
import { readContactRow } from '../../../src/store/contact-row.js';
import { readPhoneNumber } from '../../../src/store/phone-number.js';

function planOf(header: readonly string[], mapping: ColumnMapping = {}): ColumnPlan {
  const finding = planColumns(header, mapping, 'US');
  if (finding.kind === 'fault') throw new Error(finding.why);
  return finding.plan;
}
function faultOf(header: readonly string[], mapping: ColumnMapping = {}): string {
  const finding = planColumns(header, mapping, 'US');
  return finding.kind === 'fault' ? finding.why : 'a plan was made';
}

test.each([
  [['Phone', 'Name'], 0, [1]],
  [['First Name', 'Last Name', 'Phone Number'], 2, [0, 1]],
  [['id', 'Mobile', 'Telephone'], 2, []],
  [['Vorname', 'Nachname', 'Telefonnummer'], 2, [0, 1]],
  [['Nom', 'Prénom', 'Téléphone'], 2, [1, 0]],
  [['E-mail', 'Número', 'Apellido'], 1, [2]],
] as const)('columns are guessed from %j', (header, phoneIndex, nameIndexes) => {
  const plan = planOf(header);
  expect(plan.phoneIndex).toBe(phoneIndex);
  expect(plan.nameIndexes).toEqual(nameIndexes);
  const all = [plan.phoneIndex, ...plan.nameIndexes, ...plan.fieldIndexes].sort();
  expect(all).toEqual(header.map((_, index) => index));
});

test('a mapping goes before the guess, whatever the case', () => {
  const plan = planOf(['phone', 'Second Line', 'who', 'whom'], { phone: 'second line', name: ['WHOM', 'who'] });
  expect(plan).toMatchObject({ phoneIndex: 1, nameIndexes: [3, 2], fieldIndexes: [0] });
});

test('what is missing is named, with the columns there are', () => {
  expect(faultOf(['customer', 'reference'])).toBe(
    'No column is named like a telephone number; the file has "customer", "reference": say which one it is, as phone=<column>.',
  );
  expect(faultOf(['phone', 'x'], { name: 'y' })).toBe('There is no column "y"; the file has "phone", "x".');
  expect(faultOf(['+12025550143', 'Ann'])).toContain('put a line such as "phone,name" above it');
});

test('empty and double headers still name every cell', () => {
  const plan = planOf(['phone', '', 'note', 'note']);
  expect(plan.names).toEqual(['phone', 'column 2', 'note', 'note 2']);
  expect(readContactRow(['+12025550143', 'a', 'b', 'c'], plan, 'US')).toEqual({
    kind: 'contact',
    number: '+12025550143',
    name: '',
    fields: { 'column 2': 'a', note: 'b', 'note 2': 'c' },
  });
});

test('a row with too few or too many cells is refused; empty ones at its end do not matter', () => {
  const plan = planOf(['phone', 'name']);
  expect(readContactRow(['+12025550143'], plan, 'US')).toMatchObject({ why: 'has 1 cells where the header has 2' });
  expect(readContactRow(['+12025550143', 'a', 'b'], plan, 'US')).toMatchObject({ why: 'has 3 cells where the header has 2' });
  expect(readContactRow(['+12025550143', ' a ', '', ''], plan, 'US')).toMatchObject({ number: '+12025550143', name: 'a' });
});

test.each([
  ['+12025550143', 'US', '+12025550143'],
  ['(202) 555-0143', 'US', '+12025550143'],
  ['1-202.555.0143', 'US', '+12025550143'],
  ["'+12025550143", 'US', '+12025550143'],
  ['tel:+1-202-555-0143', 'GB', '+12025550143'],
  ['020 7946 0123', 'GB', '+442079460123'],
  ['+44 (0)20 7946 0123', 'US', '+442079460123'],
  ['0044 20 7946 0123', 'US', '+442079460123'],
  ['011 44 20 7946 0123', 'US', '+442079460123'],
])('%s in %s is %s', (cell, country, number) => {
  expect(readPhoneNumber(cell, country)).toEqual({ kind: 'number', number });
});

test.each([
  ['', 'no number'],
  ['   ', 'no number'],
  ['555-0143', 'too short for a telephone number'],
  ['+1202555014399', 'too long for a telephone number'],
  ['202-555-0143 / 202-555-0144', 'too long for a telephone number'],
  ['ask reception', 'not a telephone number'],
  ['1.20256E+10', 'a spreadsheet has rounded the number: format the column as text and export it again'],
  ['+999123456789', 'no country has this code'],
  ['0000000000', 'no number of its country begins like this'],
  ['+12025550143 ext. 12', 'has an extension, which cannot be dialled'],
])('%j is refused: %s', (cell, why) => {
  expect(readPhoneNumber(cell, 'US')).toEqual({ kind: 'refused', why });
});

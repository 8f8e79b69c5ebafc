import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ContactFileError, type ContactImport, type ContactImportResult } from '../../../src/store/contact-import.js';
import { openSqlite } from '../../../src/store/open-sqlite.js';
import type { Store } from '../../../src/store/store.js';
import { campaignId } from '../../../src/units/ids.js';
import { emptyStoreFile, makeFolder, NOON_MS, openTestStore, putTestCampaign, SPRING, type Told } from './store-harness.js';
import { childArguments } from './typescript-child.js';

let folder: ReturnType<typeof makeFolder>;
let storeFile: string;
let store: Store;
let told: Told;

beforeAll(async () => {
  folder = makeFolder();
  storeFile = join(folder.folder, 'outdial.sqlite');
  ({ store, told } = await openTestStore(storeFile));
});

beforeEach(async () => {
  emptyStoreFile(storeFile);
  await putTestCampaign(store);
});

afterAll(async () => {
  await store.close();
  folder.remove();
});

/** A copy of a fixture, so that what is written beside it stays in the test's folder. */
function fixture(name: string): string {
  const copy = join(folder.folder, name);
  copyFileSync(fileURLToPath(new URL(`../../fixtures/csv/${name}`, import.meta.url)), copy);
  return copy;
}

const importFixture = (name: string, more: Partial<ContactImport> = {}): Promise<ContactImportResult> =>
  store.importContacts({ campaignId: SPRING, csvFile: fixture(name), ...more });

const contacts = async () =>
  (await store.listContacts({ campaignId: SPRING, limit: 1000 })).items.map(({ number, name, fields }) => ({ number, name, fields }));

test.each([
  ['comma-utf8.csv', 'utf-8', ',', [
    { number: '+12025550143', name: 'Zoë Okonkwo-Testa', fields: { city: 'Springfield' } },
    { number: '+12025550144', name: 'Quill, Jr. Nemo', fields: { city: 'Old\r\nTown' } },
  ]],
  ['semicolon-utf8-bom.csv', 'utf-8-bom', ';', [
    { number: '+442079460101', name: 'Änne Mustermann', fields: { Ort: 'Köln' } },
  ]],
  ['semicolon-latin1.csv', 'iso-8859-1', ';', [
    { number: '+442079460103', name: 'Renée Éxemple', fields: { Town: 'Orléans' } },
    { number: '+442079460104', name: 'José Ejemplo', fields: { Town: 'Málaga' } },
  ]],
  ['comma-windows1252.csv', 'windows-1252', ',', [{ number: '+12025550145', name: 'Zoë Test', fields: { note: '“curly”' } }]],
  ['tab-utf16le.csv', 'utf-16le', '\t', [{ number: '+12025550146', name: 'Åsa Exempel', fields: {} }]],
  ['bar-utf8.csv', 'utf-8', '|', [
    { number: '+12025550147', name: 'Ann Invented', fields: { segment: 'gold' } },
    { number: '+12025550148', name: 'Bo Invented', fields: { segment: 'a,b;c' } },
  ]],
  ['numbers-only.csv', 'utf-8', ',', [
    { number: '+12025550149', name: '', fields: {} },
    { number: '+12025550150', name: '', fields: {} },
  ]],
])('%s is read as %s, divided by %j', async (name, encoding, delimiter, expected) => {
  const result = await importFixture(name);
  expect(result).toMatchObject({ encoding, delimiter, importedCount: expected.length });
  expect(await contacts()).toEqual(expected);
});

test('the country of numbers without a code is the campaign’s', async () => {
  const gb = campaignId('britain');
  const { config } = (await store.getCampaign(SPRING))!;
  await store.putCampaign({ config: { ...config, campaignId: gb }, name: 'Britain', callerNumber: '+442079460000', defaultCountry: 'GB' });
  const result = await store.importContacts({ campaignId: gb, csvFile: fixture('semicolon-utf8-bom.csv') });
  expect(result).toMatchObject({ importedCount: 2, refusedCount: 0, refusedFile: undefined, columns: { phone: 'Telefon', name: ['Name'], fields: ['Ort'] } });
  expect((await store.listContacts({ campaignId: gb, limit: 10 })).items.map(({ number }) => number)).toEqual(['+442079460101', '+442079460102']);
});

test('bad and double rows go to a file with line, reason and the row as it was', async () => {
  await store.addDoNotCall({ who: { number: '+12025550164' }, source: 'api', atMs: NOON_MS });
  await store.addContact({ campaignId: SPRING, number: '+12025550165', name: 'Known', fields: {}, priority: 0, dueAtMs: NOON_MS });
  const result = await importFixture('good-and-bad-rows.csv', { priority: 7 });
  expect(result).toMatchObject({ importedCount: 3, refusedCount: 14, columns: { phone: 'phone', name: ['name'], fields: ['note'] } });
  expect(result.refusedFile).toBe(join(folder.folder, 'good-and-bad-rows.refused.csv'));
  const [header, ...rows] = readFileSync(result.refusedFile!, 'utf8').replace('\uFEFF', '').trimEnd().split('\r\n');
  expect(header).toBe('line,reason,phone,name,note');
  expect(rows).toEqual([
    '4,double: line 2 has this number,+1 (202) 555-0160,Double In File,same as line 2',
    '5,too short for a telephone number,555-0143,Short,',
    '6,too long for a telephone number,+1 202 555 014377,Long,',
    '7,not a telephone number,call me,Garbage,',
    '8,a spreadsheet has rounded the number: format the column as text and export it again,1.20256E+10,Rounded,',
    '9,no number,,Nobody,no number',
    '10,no country has this code,+999123456789,Nowhere,',
    '11,has 4 cells where the header has 3,+12025550162,Too,many,cells',
    '12,has 1 cells where the header has 3,+12025550163',
    '13,no number of its country begins like this,0000000000,Zeroes,',
    '15,on the do-not-call list,+12025550164,Listed,on the do-not-call list',
    '16,double: the campaign has this number already,+12025550165,Known,the campaign has it',
    '17,"has an extension, which cannot be dialled",+12025550166 ext. 12,Extended,',
    '19,double: line 3 has this number,2025550161,Last Double,',
  ]);
  const { items } = await store.listContacts({ campaignId: SPRING, limit: 10 });
  expect(items.map(({ number, priority, sourceLine }) => [number, priority, sourceLine])).toEqual([
    ['+12025550165', 0, undefined],
    ['+12025550160', 7, 2],
    ['+12025550161', 7, 3],
    ['+442079460199', 7, 18],
  ]);
  expect(await store.listImports(SPRING)).toMatchObject([
    { importId: result.importId, fileName: 'good-and-bad-rows.csv', importedCount: 3, refusedCount: 14, encoding: 'utf-8', delimiter: ',' },
  ]);
});

test('the same file again is refused row by row, and a file that is now clean leaves no refused file', async () => {
  await importFixture('bar-utf8.csv');
  const again = await importFixture('bar-utf8.csv');
  expect(again).toMatchObject({ importedCount: 0, refusedCount: 2 });
  expect(existsSync(again.refusedFile!)).toBe(true);
  emptyStoreFile(storeFile);
  await putTestCampaign(store);
  expect(await importFixture('bar-utf8.csv')).toMatchObject({ importedCount: 2, refusedFile: undefined });
  expect(existsSync(again.refusedFile!)).toBe(false);
});

test.each([
  ['wrong-delimiter.csv', {}, 'The file has one column only, "phone^name"'],
  ['no-phone-column.csv', {}, 'the file has "customer", "reference": say which one it is, as phone=<column>.'],
  ['no-header.csv', {}, 'The first line holds a telephone number'],
  ['open-quote.csv', {}, 'The row after line 1 opens a quotation mark that is never closed'],
  ['semicolon-latin1.csv', { delimiter: ',' as const }, 'the columns are divided by semicolon'],
  ['comma-utf8.csv', { columns: { phone: 'handy' } }, 'There is no column "handy"; the file has "phone"'],
  ['comma-utf8.csv', { campaignId: campaignId('nowhere') }, 'There is no campaign "nowhere"'],
])('%s with %j: one sentence, and nothing is imported', async (name, more, sentence) => {
  const error = await importFixture(name, more).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ContactFileError);
  expect((error as Error).message).toContain(sentence);
  expect(await contacts()).toEqual([]);
  expect(await store.listImports()).toEqual([]);
});

test('a workbook, an empty file, a missing one and a folder are refused in words', async () => {
  const refusal = async (name: string, content?: string | Uint8Array): Promise<string> => {
    const csvFile = join(folder.folder, name);
    if (content !== undefined) writeFileSync(csvFile, content);
    const error = await store.importContacts({ campaignId: SPRING, csvFile }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ContactFileError);
    return (error as Error).message;
  };
  expect(await refusal('list.xlsx', new Uint8Array([0x50, 0x4b, 3, 4, 0]))).toContain('save the sheet as CSV');
  expect(await refusal('empty.csv', '')).toBe('The file is empty.');
  expect(await refusal('blank.csv', '\n\n\n')).toContain('has no rows');
  expect(await refusal('absent.csv')).toContain('absent.csv');
  expect(told.failed).toEqual([]);
});

test('kill -9 in the middle of an import leaves nothing of it', async () => {
  const csvFile = join(folder.folder, 'large.csv');
  const lines = ['phone,name'];
  for (const areaCode of [201, 202, 203, 205, 206, 207, 208, 209, 210, 212]) {
    for (let n = 0; n < 100; n += 1) lines.push(`+1${String(areaCode)}55501${String(n).padStart(2, '0')},Person ${String(n)}`);
  }
  for (let n = 0; n < 60_000; n += 1) lines.push(`none,Nobody ${String(n)}`);
  writeFileSync(csvFile, lines.join('\n'));
  // Refused rows are written while the transaction holds the good ones, uncommitted.
  const partFile = join(folder.folder, 'large.refused.csv.part');
  const watcher = watch(folder.folder);
  const partSeen = new Promise<void>((resolve) => {
    watcher.on('change', (_, name) => {
      if (name === 'large.refused.csv.part') resolve();
    });
  });
  const child = spawn(process.execPath, childArguments(new URL('./import-child.ts', import.meta.url), [storeFile, csvFile]), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([partSeen, ended]);
  child.kill('SIGKILL');
  await ended;
  watcher.close();
  // It was in the middle: neither was the file in place nor the transaction committed.
  expect(existsSync(partFile)).toBe(true);
  expect(existsSync(join(folder.folder, 'large.refused.csv'))).toBe(false);
  expect(await contacts()).toEqual([]);
  expect(await store.listImports()).toEqual([]);
  const check = openSqlite({ file: storeFile, isReadOnly: false });
  expect(check.pragma('integrity_check')).toBe('ok');
  check.close();
  // The whole file goes in afterwards.
  expect(await store.importContacts({ campaignId: SPRING, csvFile })).toMatchObject({ importedCount: 1_000, refusedCount: 60_000 });
}, 120_000);

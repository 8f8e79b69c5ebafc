import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createContactQueue } from '../../../src/store/contact-queue.js';
import { UnusableStoreError } from '../../../src/store/migration.js';
import { openSqlite } from '../../../src/store/open-sqlite.js';
import type { SqliteDatabase } from '../../../src/store/sqlite-database.js';
import { MIGRATIONS, openReadableStoreFile, openWritableStoreFile } from '../../../src/store/store-file.js';
import { makeFolder, openTestStore } from './store-harness.js';

let folder: ReturnType<typeof makeFolder>;
let file: string;

beforeEach(() => {
  folder = makeFolder();
  file = join(folder.folder, 'sub', 'outdial.sqlite');
});

afterEach(() => {
  folder.remove();
});

function changed(change: (sqlite: SqliteDatabase) => void): void {
  const sqlite = openSqlite({ file, isReadOnly: false });
  change(sqlite);
  sqlite.close();
}

test('a new file has this version’s shape, is in WAL mode, and its owner’s alone', () => {
  const sqlite = openWritableStoreFile({ file });
  expect(sqlite.pragma('user_version')).toBe(MIGRATIONS.length);
  expect(sqlite.pragma('journal_mode')).toBe('wal');
  expect(sqlite.pragma('synchronous')).toBe(2);
  expect(sqlite.pragma('foreign_keys')).toBe(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  sqlite.close();
  openWritableStoreFile({ file }).close();
});

test('every table but the tenants’ own names its tenant', () => {
  const sqlite = openWritableStoreFile({ file });
  const tables = sqlite
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .all() as { readonly name: string }[];
  expect(tables.length).toBeGreaterThan(8);
  for (const { name } of tables) {
    const columns = sqlite.prepare(`select name, "notnull" as isRequired from pragma_table_info('${name}')`).all();
    expect(columns, name).toContainEqual({ name: 'tenant_id', isRequired: 1 });
  }
  sqlite.close();
});

test('a file of a newer version is refused in words, and left as it is', async () => {
  openWritableStoreFile({ file }).close();
  changed((sqlite) => sqlite.pragma(`user_version = ${String(MIGRATIONS.length + 3)}`));
  expect(() => openWritableStoreFile({ file })).toThrow(UnusableStoreError);
  await expect(openTestStore(file)).rejects.toThrow(/newer version of Outdial .*Install that version again/);
  await expect(openTestStore(file)).rejects.toBeInstanceOf(UnusableStoreError);
  changed((sqlite) => {
    expect(sqlite.pragma('user_version')).toBe(MIGRATIONS.length + 3);
  });
});

test('a database of another program and a file that is none are refused in words', () => {
  openWritableStoreFile({ file }).close();
  changed((sqlite) => sqlite.pragma('application_id = 7'));
  expect(() => openWritableStoreFile({ file })).toThrow(/another program/);
  const text = join(folder.folder, 'notes.txt');
  writeFileSync(text, 'not a database, however long it may be. '.repeat(100));
  expect(() => openWritableStoreFile({ file: text })).toThrow(/not a database/);
});

test('a step that fails leaves the file as it was', () => {
  openWritableStoreFile({ file }).close();
  changed((sqlite) => {
    sqlite.exec('drop table alarms');
    sqlite.exec('create table agents_again (id integer)');
    sqlite.pragma('user_version = 0');
  });
  expect(() => openWritableStoreFile({ file })).toThrow(/already exists/);
  changed((sqlite) => {
    expect(sqlite.prepare("select count(*) as count from sqlite_schema where name = 'alarms'").get()).toEqual({ count: 0 });
  });
});

test('the reading connection cannot write', () => {
  openWritableStoreFile({ file }).close();
  const reader = openReadableStoreFile(file);
  expect(() => {
    reader.exec("insert into tenants values ('x', 1)");
  }).toThrow(/readonly/);
  reader.close();
});

test('contacts are fetched by the index of those who wait, without a scan or a sort', () => {
  const sqlite = openWritableStoreFile({ file });
  const statements: string[] = [];
  createContactQueue({
    ...sqlite,
    prepare: (text) => {
      statements.push(text);
      return sqlite.prepare(text);
    },
  });
  const plans = statements.map((text) => sqlite.prepare(`explain query plan ${text}`).all(...Array<string>(text.split('?').length - 1).fill('0')) as { readonly detail: string }[]);
  expect(plans).toHaveLength(3);
  for (const { detail } of plans.flat()) expect(detail).toMatch(/^SEARCH contacts USING (COVERING INDEX contacts_by_turn|INTEGER PRIMARY KEY)/);
  expect(plans.flat().filter(({ detail }) => detail.includes('contacts_by_turn'))).toHaveLength(2);
  sqlite.close();
});

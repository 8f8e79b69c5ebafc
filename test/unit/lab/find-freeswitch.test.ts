import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findFreeswitch } from '../../../src/cli/lab/find-freeswitch.js';

const folder = mkdtempSync(join(tmpdir(), 'outdial-find-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says this when it is asked for its version. */
function programSaying(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${text}'\n`);
  chmodSync(path, mode);
  return path;
}

const SAID = 'FreeSWITCH version: 1.10.12-release~64bit ( 64bit)';

describe('a FreeSWITCH is looked for', () => {
  test('where FREESWITCH_BIN says, before PATH', async () => {
    const named = programSaying('named/my-switch', SAID);
    programSaying('in-path/freeswitch', SAID.replace('.12', '.11'));
    const environment = { FREESWITCH_BIN: named, PATH: join(folder, 'in-path') };
    expect(await findFreeswitch(environment)).toEqual({ program: { path: named, version: '1.10.12' } });
  });

  test('in PATH, past folders that hold none', async () => {
    const path = programSaying('second/freeswitch', SAID);
    programSaying('first/freeswitch', SAID, 0o644);
    mkdirSync(join(folder, 'third/freeswitch'), { recursive: true });
    const environment = { PATH: ['', 'first', 'third', 'second'].map((name) => name && join(folder, name)).join(delimiter) };
    expect(await findFreeswitch(environment)).toEqual({ program: { path, version: '1.10.12' } });
  });

  test('and what FREESWITCH_BIN names wrongly is said, not passed over', async () => {
    const other = programSaying('other', 'Another switch 3.0');
    programSaying('in-path/freeswitch', SAID);
    for (const named of [other, join(folder, 'nothing')]) {
      const { program, missing } = await findFreeswitch({ FREESWITCH_BIN: named, PATH: join(folder, 'in-path') });
      expect(program).toBeUndefined();
      expect(missing).toContain(named);
    }
  });
});

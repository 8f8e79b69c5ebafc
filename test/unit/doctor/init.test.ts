import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CliCommand } from '../../../src/cli/cli-command.js';
import { defineInit } from '../../../src/cli/init.js';
import { parseConfig } from '../../../src/config/load-config.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-init-'));
  mkdirSync(join(folder, 'recording'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `outdial init` as the command line would; gives what it prints. */
function init(options: { readonly file: string; readonly switch?: string; readonly force?: boolean }): string {
  const defaults: Record<string, unknown> = {};
  let run: ((given: unknown) => unknown) | undefined;
  const command: CliCommand = {
    description: () => command,
    argument: () => command,
    requiredOption: () => command,
    option: (flags, _, fallback) => {
      defaults[/--(\w+)/.exec(flags)?.[1] ?? ''] = fallback;
      return command;
    },
    readOption: () => command,
    repeatedOption: () => command,
    action: (given) => {
      run = given as (given: unknown) => unknown;
      return command;
    },
  };
  defineInit(command, 'outdial.yaml');
  let printed = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    run?.({ ...defaults, ...options });
    return printed;
  } finally {
    spy.mockRestore();
  }
}

const passwordsIn = (text: string): readonly string[] => [...text.matchAll(/password: ([0-9a-f]{32})$/gm)].map(([, password]) => password ?? '');

it('writes a configuration for FreeSWITCH that its owner alone can read, and says what is next', () => {
  const file = join(folder, 'freeswitch.yaml');
  const printed = init({ file, switch: 'freeswitch' });
  const text = readFileSync(file, 'utf8');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(passwordsIn(text)).toHaveLength(1);
  const { switch: section } = parseConfig(text.replace(/recordingsFolder: .*/, 'recordingsFolder: recording'), { file, environment: {} });
  expect(section).toMatchObject({ kind: 'freeswitch', esl: { password: passwordsIn(text)[0] } });
  expect(text).toContain('recordingsFolder: /var/lib/freeswitch/recordings');
  expect(printed).toContain('freeswitch-conf/');
  expect(printed).toContain(`"outdial doctor --config ${file}"`);
  expect(printed).not.toMatch(/ari|ami\b/i);
});

it('writes one for Asterisk when no switch is named', () => {
  const file = join(folder, 'asterisk.yaml');
  const printed = init({ file });
  const text = readFileSync(file, 'utf8');
  expect(new Set(passwordsIn(text)).size).toBe(2);
  expect(text).toContain('recordingsFolder: /var/spool/asterisk/recording');
  expect(printed).toContain('dialplan/site/');
});

it('writes neither over a file that is there, nor for a switch that it does not know', () => {
  const file = join(folder, 'once.yaml');
  init({ file, switch: 'freeswitch' });
  expect(() => init({ file, switch: 'freeswitch' })).toThrow(/there already/);
  expect(() => init({ file: join(folder, 'other.yaml'), switch: 'nosuch' })).toThrow(/--switch asterisk or --switch freeswitch/);
  expect(() => init({ file, switch: 'asterisk', force: true })).not.toThrow();
  expect(readFileSync(file, 'utf8')).toContain('  ari:');
});

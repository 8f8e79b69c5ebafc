import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { ConfigError, type ConfigFault } from '../../../src/config/config-fault.js';
import { configFileSchema } from '../../../src/config/config-schema.js';
import { cureOf, KEY_CURES, patternOf } from '../../../src/config/key-cures.js';
import { parseConfig } from '../../../src/config/load-config.js';
import { sampleConfig } from '../../../src/config/sample-config.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-config-'));
  mkdirSync(join(folder, 'recording'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = (): string => sampleConfig({ kind: 'asterisk', ariPassword: 'ari-secret', amiPassword: 'ami-secret', recordingsFolder: 'recording' });

function load(text: string, environment: Record<string, string> = {}) {
  return parseConfig(text, { file: join(folder, 'outdial.yaml'), environment });
}

function faultsOf(text: string, environment: Record<string, string> = {}): readonly ConfigFault[] {
  try {
    load(text, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('No fault was found.');
}

/** The sample with some text replaced; the replacement must take effect. */
function changed(from: string | RegExp, to: string, text = sample()): string {
  const result = text.replace(from, to);
  expect(result).not.toBe(text);
  return result;
}

describe('the sample', () => {
  it('is a whole configuration as it stands', () => {
    const config = load(sample());
    expect(config.trunks).toEqual([
      expect.objectContaining({ name: 'trunk', endpoint: 'trunk', numberForm: 'e164-plus', linesMax: 60, callerNumber: '+12025550100' }),
    ]);
    const [campaign] = config.campaigns;
    expect(campaign?.settings).toMatchObject({
      ringTimeoutMs: 25_000,
      linesMax: 60,
      callsPerSecondMax: 5,
      callerNumber: '+12025550100',
      callingHours: { timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1200 },
      recycle: { busy: { redialAfterMs: 600_000, attemptsMax: 3 } },
    });
    expect(config.agents.map(({ phone }) => phone)).toEqual(['1001', '1002']);
    expect(config.store.file).toBe(join(folder, 'outdial-data/outdial.sqlite'));
  });

  it('is frozen to its leaves', () => {
    const config = load(sample());
    expect(Object.isFrozen(config.campaigns[0]?.settings.callingHours.weekdays)).toBe(true);
  });

  it('is as good with every default written out, and says the defaults', () => {
    const written = sample()
      .split('\n')
      .filter((line) => !/^\s*#(?:apiKeys|numberPrefix|whisper|machineMessage|recordingsFolderOnSwitch)/.test(line))
      .map((line) => line.replace(/^(\s*)#((?: {2})?[A-Za-z]+:(?: |$))/, '$1$2'))
      .join('\n');
    expect(parseDocument(written).errors).toEqual([]);
    expect(load(written)).toEqual(load(sample()));
  });

  it('explains every key there is', () => {
    const both = sample() + sampleConfig({ kind: 'freeswitch', eslPassword: 'x', recordingsFolder: 'recording' });
    const keys = new Set([...both.matchAll(/(?:^|[{,#-])\s*([A-Za-z]+):/gm)].map((match) => match[1]));
    const known = Object.keys(KEY_CURES).filter((pattern) => !pattern.endsWith('[]') && !pattern.endsWith('>') && pattern !== '');
    for (const pattern of known) expect(keys, pattern).toContain(pattern.split('.').at(-1));
  });
});

describe('keys that were renamed', () => {
  it('are refused with their new name', () => {
    const faults = faultsOf(
      sample()
        .replace('    #answerHandling: hold', '    onNoSpeech: connect')
        .replace('      busy: { redial', '      no-speech: { redialAfterMinutes: 1, attemptsMax: 1 }\n      busy: { redial'),
    );
    expect(faults.map(({ path, cure }) => [path, cure])).toEqual([
      ['campaigns[0].onNoSpeech', 'It is called onSilence now: rename it.'],
      ['campaigns[0].recycle.no-speech', 'This cause is called false-answer now: rename it.'],
    ]);
  });
});

describe('cures', () => {
  it('stand beside every key of the schema', () => {
    const content = parse(sample().replace('media:', '').replace('#numberPrefix', 'numberPrefix').replace('#whisper', 'whisper')) as unknown;
    const paths: PropertyKey[][] = [];
    const walk = (value: unknown, path: PropertyKey[]): void => {
      paths.push(path);
      if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index]));
      else if (typeof value === 'object' && value !== null) for (const [key, below] of Object.entries(value)) walk(below, [...path, key]);
    };
    walk(configFileSchema.parse(content), []);
    expect(paths.length).toBeGreaterThan(100);
    for (const path of paths) {
      const pattern = patternOf(path);
      const isItem = pattern.endsWith('[]');
      expect(KEY_CURES[pattern] ?? (isItem ? cureOf(path) : undefined), pattern).toBeDefined();
    }
  });
});

describe('faults', () => {
  it('are all found in one pass, each with line, cure and no more', () => {
    const text = sample()
      .replace('port: 8080', 'port: 99999')
      .replace('linesMax: 60', 'linesMax: many')
      .replace('ringTimeoutSeconds: 25', 'ringTimeoutSeconds: 9')
      .replace('timeZone: America/New_York', 'timeZone: America/Newyork')
      .replace('phone: "1002"', 'phone: "1001"')
      .replace('tenant: main', 'tenat: main')
      .replace('level: info', 'level: chatty');
    const faults = faultsOf(text);
    expect(faults.map(({ path }) => path)).toEqual([
      'tenat',
      'http.port',
      'trunks[0].linesMax',
      'campaigns[0].ringTimeoutSeconds',
      'campaigns[0].callingHours.timeZone',
      'agents[1].phone',
      'log.level',
    ]);
    for (const fault of faults) {
      expect(text.split('\n')[(fault.line ?? 0) - 1]).toContain(fault.path.split('.').at(-1)?.replace(/\[\d+\]/, ''));
      expect(fault.fault).toMatch(/\.$/);
      expect(fault.cure.length).toBeGreaterThan(5);
    }
    expect(faults[0]?.cure).toBe('Perhaps "tenant" is meant.');
  });

  it('are one message', () => {
    const error = new ConfigError('outdial.yaml', faultsOf(changed('port: 8080', 'port: 99999')));
    expect(error.message).toContain('outdial.yaml has one fault; nothing was started.');
    expect(error.message).toContain('http.port (line 13): 99999 is more than 65535.\n   Use a free TCP port');
  });

  const cases: readonly (readonly [string, string | RegExp, string, string, RegExp])[] = [
    ['a trunk that is not there', 'trunk: trunk\n    #callerNumber', 'trunk: trunc\n    #callerNumber', 'campaigns[0].trunk', /There is no trunk "trunc"/],
    ['ringing under 15 s', 'ringTimeoutSeconds: 25', 'ringTimeoutSeconds: 14.9', 'campaigns[0].ringTimeoutSeconds', /15 s to 120 s/],
    ['more lines than the trunk', '#linesMax: 60', 'linesMax: 61', 'campaigns[0].linesMax', /trunk trunk has 60/],
    ['a higher rate than the trunk', '#callsPerSecondMax: 5', 'callsPerSecondMax: 6', 'campaigns[0].callsPerSecondMax', /takes 5/],
    ['a message that is not named', '#onMachine: hang-up', 'onMachine: leave-message', 'campaigns[0].machineMessage', /none is named/],
    ['a person kept waiting', '#agentWaitSeconds: 2', 'agentWaitSeconds: 3', 'campaigns[0].agentWaitSeconds', /2000 ms is allowed/],
    ['a campaign without a number to show', '    callerNumber: "+12025550100"', '', 'campaigns[0].callerNumber', /number to show/],
    ['an agent of no campaign', 'campaign: spring\n    pin: "1357"', 'campaign: autumn\n    pin: "1357"', 'agents[1].campaign', /no campaign "autumn"/],
    ['a PIN longer than the keypad takes', '"1357"', '"1357135"', 'agents[1].pin', /7 digits/],
    ['two agents of one name', 'id: ben', 'id: ana', 'agents[1].id', /another agent "ana"/],
    ['AMI on the port of ARI', 'port: 5038', 'port: 8088', 'switch.ami.port', /also that of switch.ari.url/],
    ['HTTP on the port of ARI', 'port: 8080', 'port: 8088', 'http.port', /also that of switch.ari.url/],
    ['an open door', 'host: 127.0.0.1\n  port: 8080', 'host: 0.0.0.0\n  port: 8080', 'http.apiKeys', /everyone in that network/],
    ['audio that cannot arrive', 'http://127.0.0.1:8088', 'http://192.0.2.7:8088', 'media.host', /cannot send call audio/],
    ['a number without quotes', '"+12025550100"', '+12025550100', 'trunks[0].callerNumber', /quotes/],
    ['hours that never open', 'to: "20:00"', 'to: "08:00"', 'campaigns[0].callingHours', /never opens/],
    ['a prefix that is not used', '#numberPrefix', 'numberPrefix', 'trunks[0].numberPrefix', /uses none/],
    ['an unknown cause', 'busy: {', 'buzy: {', 'campaigns[0].recycle.buzy', /not known/],
    ['a missing password', /^ {4}password: ari-secret\n/m, '', 'switch.ari.password', /missing/],
    ['no trunk at all', /trunks:[^]*?(?=\n# Campaigns)/, 'trunks: []\n', 'trunks', /empty/],
    ['a recordings folder that is not there', 'recordingsFolder: recording', 'recordingsFolder: nowhere', 'switch.recordingsFolder', /There is no folder/],
    ['a store that is a folder', 'outdial-data/outdial.sqlite', 'recording', 'store.file', /is not a file/],
  ];
  it.each(cases)('%s', (_, from, to, path, words) => {
    const faults = faultsOf(changed(from, to));
    const found = faults.find((fault) => fault.path === path);
    expect(found?.fault, JSON.stringify(faults)).toMatch(words);
    expect(found?.cure).not.toBe('');
  });

  it('in one key do not hide those in others that hang on it', () => {
    const text = changed('ringTimeoutSeconds: 25', 'ringTimeoutSeconds: 9', changed('linesMax: 60', 'linesMax: 0'));
    expect(faultsOf(text).map(({ path }) => path)).toEqual(['trunks[0].linesMax', 'campaigns[0].ringTimeoutSeconds']);
  });

  it('never show a secret', () => {
    const text = changed('pin: "1357"', 'pin: "sesame"', changed('password: ari-secret', 'password: 1234567'));
    const message = new ConfigError('x', faultsOf(text)).message;
    expect(message).not.toMatch(/sesame|1234567/);
  });

  it('tell YAML that is not well formed by its line', () => {
    const [fault] = faultsOf('tenant: main\nhttp: {port: 1\nstore:\n\tfile: x\n');
    expect(fault?.fault).toContain('not well-formed YAML');
    expect(fault?.line).toBeGreaterThan(1);
  });

  it.each(['', '# nothing\n', '- a\n- b\n', 'just words'])('tell a file that is no configuration: %j', (text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0);
  });

  it.skipIf(process.getuid?.() === 0)('tell a store that may not be written', () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    expect(faultsOf(changed('outdial-data/', 'locked/'))[0]?.fault).toContain('may not be written');
  });

  it('tell a store below a file', () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(faultsOf(changed('outdial-data/', 'plain/'))[0]?.fault).toContain('is not a folder');
  });
});

describe('the environment', () => {
  it('stands in the place of the file', () => {
    const config = load(changed(/^ {4}password: ari-secret\n/m, ''), {
      OUTDIAL_ARI_PASSWORD: 'from-outside',
      OUTDIAL_HTTP_PORT: '9090',
      OUTDIAL_API_KEYS: 'first-key-of-many-signs, second-key-of-many-signs',
    });
    expect(config.switch).toMatchObject({ ari: { password: 'from-outside' } });
    expect(config.http).toMatchObject({ port: 9090, apiKeys: ['first-key-of-many-signs', 'second-key-of-many-signs'] });
  });

  it('is named when its value is at fault', () => {
    const [fault] = faultsOf(sample(), { OUTDIAL_HTTP_PORT: 'eighty' });
    expect(fault).toMatchObject({ path: 'http.port (from OUTDIAL_HTTP_PORT)', line: undefined });
  });

  it('is told when a variable is misspelt, and left alone when it is not ours', () => {
    const [fault] = faultsOf(sample(), { OUTDIAL_ARI_PASWORD: 'x' });
    expect(fault?.cure).toContain('OUTDIAL_ARI_PASSWORD');
    expect(() => load(sample(), { OUTDIAL_SOMETHING_ELSE: 'x' })).not.toThrow();
  });
});

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { ConfigError, type ConfigFault } from '../../../src/config/config-fault.js';
import { configFileSchema } from '../../../src/config/config-schema.js';
import { asteriskConfig } from '../../../src/config/asterisk-config-of.js';
import { freeswitchConfig } from '../../../src/config/freeswitch-config-of.js';
import { KEY_CURES, patternOf } from '../../../src/config/key-cures.js';
import { parseConfig } from '../../../src/config/load-config.js';
import { sampleConfig } from '../../../src/config/sample-config.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-config-'));
  mkdirSync(join(folder, 'recording'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = (): string => sampleConfig({ kind: 'freeswitch', eslPassword: 'esl-secret', recordingsFolder: 'recording' });
const load = (text: string, environment: Record<string, string> = {}) => parseConfig(text, { file: join(folder, 'outdial.yaml'), environment });

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

describe('the sample for FreeSWITCH', () => {
  it('is a whole configuration as it stands', () => {
    const { switch: section, trunks } = load(sample());
    expect(section).toEqual({
      kind: 'freeswitch',
      esl: { host: '127.0.0.1', port: 8021, password: 'esl-secret' },
      soundsFolder: '/usr/share/freeswitch/sounds/outdial',
      recordingsFolder: join(folder, 'recording'),
      recordingsFolderOnSwitch: undefined,
      audioPorts: { first: 27_000, last: 27_999 },
      audioHost: '127.0.0.1',
      conferenceProfile: 'outdial',
      holdingMusic: 'local_stream://outdial-hold',
    });
    expect(trunks[0]?.endpoint).toBe('trunk');
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

  it('has a cure beside every key of its section', () => {
    const { switch: section } = configFileSchema.parse(parse(changed('media:', '', changed('#recordingsFolderOnSwitch', 'recordingsFolderOnSwitch', changed('#audioHost', 'audioHost'))))) as { readonly switch: object };
    const keys = Object.keys(section).map((key) => patternOf(['switch', key]));
    expect(keys.length).toBe(9);
    for (const key of [...keys, 'switch.esl.host', 'switch.esl.port', 'switch.esl.password']) expect(KEY_CURES[key], key).toBeDefined();
  });

  it('is the rest of the file as it is for Asterisk', () => {
    const other = sampleConfig({ kind: 'asterisk', ariPassword: 'a', amiPassword: 'b', recordingsFolder: 'recording' });
    const rest = (text: string): unknown => ({ ...(parse(text) as object), switch: undefined });
    expect(rest(sample())).toEqual(rest(other));
    expect(sample()).not.toMatch(/asterisk|pjsip|ari\b|ami\b|dialplan\//i);
    expect(other).not.toMatch(/freeswitch|gateway|ESL/i);
  });
});

describe('what the backend is told', () => {
  it('is the section, with gateways for endpoints', () => {
    const text = changed('#endpoint: trunk', 'endpoint: carrier', changed('#recordingsFolderOnSwitch: ', 'recordingsFolderOnSwitch: ', changed('#soundsFolder: /usr/share/freeswitch/sounds/outdial', 'soundsFolder: /srv/sounds/')));
    expect(freeswitchConfig(load(text))).toEqual({
      name: 'freeswitch',
      esl: { host: '127.0.0.1', port: 8021, password: 'esl-secret' },
      app: 'outdial',
      trunks: [{ name: 'trunk', gateway: 'carrier', numberForm: 'e164-plus', numberPrefix: '' }],
      conferenceProfile: 'outdial',
      holdingMusic: 'local_stream://outdial-hold',
      soundsFolder: '/srv/sounds',
      recordings: { folder: join(folder, 'recording'), folderOnSwitch: '/var/lib/freeswitch/recordings' },
      audioPorts: { host: '127.0.0.1', first: 27_000, last: 27_999 },
    });
  });

  it('is refused for the other kind of switch, which is a bug', () => {
    expect(() => asteriskConfig(load(sample()))).toThrow(TypeError);
    expect(() => freeswitchConfig(load(sampleConfig({ kind: 'asterisk', ariPassword: 'a', amiPassword: 'b', recordingsFolder: 'recording' })))).toThrow(TypeError);
  });
});

describe('faults of a FreeSWITCH section', () => {
  const remote = (text = sample()): string => changed('host: 127.0.0.1\n    port: 8021', 'host: 192.0.2.7\n    port: 8021', text);

  const cases: readonly (readonly [string, () => string, string, RegExp, RegExp])[] = [
    ['a missing password', () => changed(/^ {4}password: esl-secret\n/m, ''), 'switch.esl.password', /missing/, /OUTDIAL_ESL_PASSWORD/],
    ['a missing event socket', () => changed(/^ {2}esl:\n(?: {4}.*\n)+/m, ''), 'switch.esl', /missing/, /event_socket\.conf/],
    ['a kind that is misspelt', () => changed('kind: freeswitch', 'kind: freeswich'), 'switch.kind', /"freeswich" is not known/, /asterisk or freeswitch/],
    ['a key that is misspelt', () => changed('#soundsFolder', 'soundFolder'), 'switch.soundFolder', /not known/, /"soundsFolder" is meant/],
    ['a key below esl that is misspelt', () => changed('    password: esl', '    passwort: esl'), 'switch.esl.passwort', /not known/, /"password" is meant/],
    ['a key of Asterisk', () => changed('#soundsFolder: /usr/share/freeswitch/sounds/outdial', 'soundsPrefix: outdial'), 'switch.soundsPrefix', /one of kind asterisk/, /kind: asterisk/],
    ['a key that nothing is like', () => changed('#soundsFolder: /usr/share/freeswitch/sounds/outdial', 'zebra: 1'), 'switch.zebra', /not known/, /known here are kind, esl, soundsFolder,(?!.*ari)/],
    ['a folder with a space', () => changed('#soundsFolder: /usr', 'soundsFolder: /us r'), 'switch.soundsFolder', /holds no spaces/, /as the switch names it/],
    ['a folder that is not absolute', () => changed('#recordingsFolderOnSwitch: /var', 'recordingsFolderOnSwitch: var'), 'switch.recordingsFolderOnSwitch', /begins with \//, /as the switch names it/],
    ['ports that are no range', () => changed('#audioPorts: 27000-27999', 'audioPorts: 27000'), 'switch.audioPorts', /is not text/, /27000-27999/],
    ['ports the wrong way round', () => changed('#audioPorts: 27000-27999', 'audioPorts: 27999-27000'), 'switch.audioPorts', /above the last/, /first and the last/],
    ['ports that only root has', () => changed('#audioPorts: 27000-27999', 'audioPorts: 80-27999'), 'switch.audioPorts', /1024 to 65535/, /UDP port/],
    ['ports above the last there is', () => changed('#audioPorts: 27000-27999', 'audioPorts: 27000-70000'), 'switch.audioPorts', /1024 to 65535/, /UDP port/],
    ['ports that hold ours', () => changed('#port: 0', 'port: 27500'), 'switch.audioPorts', /also that of media\.port/, /out of the range/],
    ['an audio host by name', () => changed('#audioHost: 127.0.0.1', 'audioHost: pbx.example'), 'switch.audioHost', /IPv4 address in digits/, /in digits/],
    ['a switch by name alone', () => changed('#host: 127.0.0.1', 'host: 192.0.2.1', changed('host: 127.0.0.1\n    port: 8021', 'host: pbx.example\n    port: 8021')), 'switch.audioHost', /esl\.host is pbx\.example/, /IPv4 address of the switch/],
    ['an audio host that is another machine\'s own', () => changed('#audioHost', 'audioHost', remote()), 'switch.audioHost', /192\.0\.2\.7/, /leave it out/],
    ['audio that cannot arrive', () => remote(), 'media.host', /cannot send call audio/, /switch reaches/],
    ['audio over IPv6', () => changed('#host: 127.0.0.1', 'host: "::1"'), 'media.host', /IPv4 alone/, /IPv4 address of this machine/],
    ['HTTP on the port of the event socket', () => changed('port: 8080', 'port: 8021'), 'http.port', /also that of switch\.esl\.port/, /another port/],
    ['a profile that is no name', () => changed('#conferenceProfile: outdial', 'conferenceProfile: "a b"'), 'switch.conferenceProfile', /not the name of a conference profile/, /conference\.conf/],
    ['music that would be two', () => changed('#holdingMusic: local_stream://outdial-hold', 'holdingMusic: a.wav,hangup'), 'switch.holdingMusic', /without spaces, commas/, /local_stream:\/\//],
    ['a recordings folder that is not there', () => changed('recordingsFolder: recording', 'recordingsFolder: nowhere'), 'switch.recordingsFolder', /There is no folder/, /\/var\/lib\/freeswitch/],
  ];
  it.each(cases)('%s', (_, text, path, words, cure) => {
    const faults = faultsOf(text());
    const found = faults.find((fault) => fault.path === path);
    expect(found?.fault, JSON.stringify(faults)).toMatch(words);
    expect(found?.cure).toMatch(cure);
    expect(found?.line).toBeGreaterThan(0);
  });

  it('name a folder whose name the switch would not take', () => {
    const spaced = join(folder, 'two words');
    mkdirSync(spaced);
    const text = changed('recordingsFolder: recording', `recordingsFolder: ${spaced}`);
    expect(faultsOf(text)).toEqual([expect.objectContaining({ path: 'switch.recordingsFolder', cure: expect.stringContaining('recordingsFolderOnSwitch') as string })]);
    expect(() => load(changed('#recordingsFolderOnSwitch', 'recordingsFolderOnSwitch', text))).not.toThrow();
  });

  it('show below a kind that is misspelt, too', () => {
    const text = changed('kind: freeswitch', 'kind: FreeSWITCH', changed('port: 8021', 'port: 99999'));
    expect(faultsOf(text).map(({ path }) => path)).toEqual(['switch.kind', 'switch.esl.port']);
  });

  it('say that esl belongs to a kind that was not written', () => {
    const esl = faultsOf(changed(/^ {2}kind: freeswitch\n/m, '')).find(({ path }) => path === 'switch.esl');
    expect(esl).toMatchObject({ fault: 'This key is one of kind freeswitch, and the switch is of kind asterisk.', cure: 'Remove it, or write kind: freeswitch beside it.' });
  });

  it('never show the password', () => {
    const message = new ConfigError('x', faultsOf(changed('password: esl-secret', 'password: "two\\nlines"'))).message;
    expect(message).toMatch(/switch\.esl\.password/);
    expect(message).not.toMatch(/lines"/);
  });
});

describe('the environment of a FreeSWITCH', () => {
  it('stands in the place of the file', () => {
    const config = load(changed(/^ {4}password: esl-secret\n/m, ''), { OUTDIAL_ESL_PASSWORD: 'from-outside', OUTDIAL_ESL_PORT: '18021' });
    expect(config.switch).toMatchObject({ esl: { password: 'from-outside', port: 18_021 } });
  });

  it('is named when its value is at fault', () => {
    expect(faultsOf(sample(), { OUTDIAL_ESL_PORT: 'x' })[0]).toMatchObject({ path: 'switch.esl.port (from OUTDIAL_ESL_PORT)', line: undefined });
  });

  it('may hold what is meant for an Asterisk, and the other way round', () => {
    expect(load(sample(), { OUTDIAL_ARI_PASSWORD: 'x', OUTDIAL_AMI_PORT: '1' })).toEqual(load(sample()));
    const other = sampleConfig({ kind: 'asterisk', ariPassword: 'a', amiPassword: 'b', recordingsFolder: 'recording' });
    expect(load(other, { OUTDIAL_ESL_PASSWORD: 'x' })).toEqual(load(other));
  });

  it('is told when a variable is misspelt', () => {
    expect(faultsOf(sample(), { OUTDIAL_ESL_PASWORD: 'x' })[0]?.cure).toContain('OUTDIAL_ESL_PASSWORD');
  });
});

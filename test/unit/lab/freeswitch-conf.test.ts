/**
 * The files of freeswitch-conf/ read as text: what a FreeSWITCH would only say
 * in its log, or not at all. test/integration/freeswitch runs on the same files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectFolder } from '../../../src/cli/lab/project-folder.js';
import { elementsOf, readXml, type XmlElement } from './xml-reader.js';

const FOLDER = join(projectFolder(), 'freeswitch-conf');
const xmlFiles = readdirSync(FOLDER).filter((name) => name.endsWith('.xml'));
const samples = readdirSync(join(FOLDER, 'site'));
const paths = [...xmlFiles, ...samples.map((name) => join('site', name))];
const textOf = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');
const readme = textOf('README.md');

const elements = (path: string): XmlElement[] => [...elementsOf(readXml(textOf(path)))];
const named = (path: string, name: string): XmlElement[] => elements(path).filter((element) => element.name === name);
const everywhere = (name: string): XmlElement[] => paths.flatMap((path) => named(path, name));
const valueOf = (element: XmlElement, attribute: string): string => element.attributes[attribute] ?? '';

describe('the files of freeswitch-conf/', () => {
  test.each(paths)('%s is well formed', (path) => {
    expect(() => readXml(textOf(path))).not.toThrow();
  });

  test.each(paths)('%s has its instructions on lines of their own and no tag of one in a comment', (path) => {
    // FreeSWITCH obeys instructions line by line, before it reads the text as XML: inside a comment, too.
    const lines = textOf(path).split('\n').filter((line) => line.includes('X-PRE-PROCESS'));
    expect(lines.filter((line) => !/^\s*<X-PRE-PROCESS cmd="(?:set|include)" data="[^"]+"\/>$/.test(line))).toEqual([]);
    expect(lines.length).toBe(named(path, 'X-PRE-PROCESS').length);
  });

  test('include what exists, and all of it', () => {
    const included = everywhere('X-PRE-PROCESS').filter((each) => valueOf(each, 'cmd') === 'include').map((each) => valueOf(each, 'data'));
    const existing = [
      ...xmlFiles.filter((name) => name !== 'freeswitch.xml').map((name) => `$\${conf_dir}/outdial/${name}`),
      ...samples.map((name) => `$\${conf_dir}/outdial-site/${name.replace('.sample', '')}`),
    ];
    expect([...new Set(included)].sort()).toEqual(existing.sort());
  });

  test('use the values of the site, and all of them', () => {
    const set = named('site/vars-site.xml.sample', 'X-PRE-PROCESS').map((each) => valueOf(each, 'data').split('=')[0] ?? '');
    const used = paths.flatMap((path) => [...textOf(path).matchAll(/\$\$\{(outdial_\w+)\}/g)].map(([, name]) => name));
    expect([...new Set(used)].sort()).toEqual([...new Set(set)].sort());
  });

  test('name no address, port or password of their own', () => {
    const values = xmlFiles.flatMap(elements).flatMap(({ attributes }) => Object.values(attributes));
    expect(values.filter((value) => /\d+\.\d+\.\d+\.\d+|^(?:5060|5080|8021)$|password=/.test(value))).toEqual([]);
    const secrets = xmlFiles.flatMap((path) => named(path, 'param')).filter((param) => /password/.test(valueOf(param, 'name')));
    expect(secrets.map((param) => valueOf(param, 'value'))).toEqual(['$${outdial_esl_password}']);
  });

  test('load every module that they and the service use', () => {
    const loaded = named('modules-outdial.xml', 'load').map((each) => valueOf(each, 'module'));
    const text = xmlFiles.filter((name) => name !== 'modules-outdial.xml').map(textOf).join('\n');
    const provider: readonly (readonly [RegExp, string])[] = [
      [/configuration name="sofia\.conf"/, 'mod_sofia'],
      [/configuration name="event_socket\.conf"/, 'mod_event_socket'],
      [/configuration name="conference\.conf"/, 'mod_conference'],
      [/local_stream:\/\//, 'mod_local_stream'],
      [/configuration name="logfile\.conf"/, 'mod_logfile'],
      [/name="dialplan" value="XML"/, 'mod_dialplan_xml'],
      [/application="(?:set|park)"/, 'mod_dptools'],
    ];
    for (const [use, module] of provider) {
      expect(use.test(text), String(use)).toBe(true);
      expect(loaded).toContain(module);
    }
    // Commands of the event socket, WAV files and tones have no trace in the files.
    expect(loaded).toEqual(expect.arrayContaining(['mod_commands', 'mod_sndfile', 'mod_tone_stream']));
    expect(new Set(loaded).size).toBe(loaded.length);
  });

  test('are all placed by the README', () => {
    for (const path of paths) expect(readme, path).toContain(path.replace('site/', '').replace('.sample', ''));
  });
});

describe('the dialplan', () => {
  const extensions = named('dialplan-outdial.xml', 'extension');
  const actions = named('dialplan-outdial.xml', 'action');

  test('holds no policy: it marks calls and parks them, and does nothing else', () => {
    expect([...new Set(actions.map((action) => valueOf(action, 'application')))].sort()).toEqual(['park', 'set']);
    const variables = actions.filter((action) => valueOf(action, 'application') === 'set').map((action) => valueOf(action, 'data').split('=')[0]);
    expect([...new Set(variables)].sort()).toEqual([
      'media_hold_timeout', 'media_timeout', 'outdial_app', 'outdial_phone', 'outdial_request', 'playback_terminators', 'send_silence_when_idle',
    ]);
  });

  test.each([
    ['*50', 'feature:log-in'], ['*51', 'feature:pause'], ['*510', 'feature:pause:0'], ['*519', 'feature:pause:9'], ['*52', 'feature:resume'],
    ['*53', 'feature:log-out'], ['1002', 'feature:dialled:1002'], ['+12025550123', 'feature:dialled:+12025550123'],
    ['*54', undefined], ['*5123', undefined], ['', undefined], ['12$' + '{x}', undefined], ['alice', undefined],
  ])('hands %s of a phone over as %s', (dialled, request) => {
    expect(requestOf('outdial-phones', dialled)).toBe(request);
  });

  test.each([
    ['+12025550100', 'inbound:+12025550100'], ['12025550100', 'inbound:12025550100'], ['*50', undefined], ['mod_sofia', undefined],
  ])('hands %s of the trunk over as %s', (dialled, request) => {
    expect(requestOf('outdial-trunk', dialled)).toBe(request);
  });

  test('puts what is dialled nowhere that it would be obeyed', () => {
    // `$1` holds digits by its pattern; `${destination_number}` could hold a function to call.
    expect(actions.filter((action) => /destination_number/.test(valueOf(action, 'data')))).toEqual([]);
    expect(extensions.length).toBeGreaterThan(6);
  });

  /** What the first extension that parks says; FreeSWITCH reads expressions as Perl does, and so does JavaScript these. */
  function requestOf(context: string, dialled: string): string | undefined {
    const inContext = named('dialplan-outdial.xml', 'context').find((each) => valueOf(each, 'name') === context);
    for (const extension of inContext?.children ?? []) {
      const [condition] = extension.children;
      const match = new RegExp(condition === undefined ? '' : valueOf(condition, 'expression')).exec(dialled);
      if (match === null || condition === undefined) continue;
      const set = condition.children.map((action) => valueOf(action, 'data')).find((data) => data.startsWith('outdial_request='));
      if (set !== undefined) return set.replace('outdial_request=', '').replace('$1', match[1] ?? '');
    }
    return undefined;
  }
});

describe('the reader of XML', () => {
  test.each([
    '<a><b></a></b>', '<a>', '</a>', '<a/><b/>', '<a b="1" b="2"/>', '<a b=1/>', '<a b="x & y"/>', '<a>text</a>', '<!-- a -- b --><a/>', '<a b="<"/>', '',
  ])('refuses %s', (text) => {
    expect(() => readXml(text)).toThrow();
  });

  test('reads what is well formed', () => {
    expect(readXml('<?xml version="1.0"?>\n<!-- c --><a b="1 &amp; 2"><c/></a>')).toEqual({
      name: 'a', attributes: { b: '1 &amp; 2' }, children: [{ name: 'c', attributes: {}, children: [] }],
    });
  });
});

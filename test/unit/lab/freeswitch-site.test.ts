import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFreeswitchSite } from '../../../src/cli/lab/freeswitch-site.js';
import { elementsOf, readXml } from './xml-reader.js';

const folder = mkdtempSync(join(tmpdir(), 'outdial-site-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  writeFreeswitchSite(folder, {
    ports: { esl: 21_001, sip: 21_003, trunkSip: 21_005, rtp: { first: 12_000, last: 15_999 }, audio: { first: 30_000, last: 30_399 } },
    eslPassword: 'socket-password',
    holdFolder: '/music',
    trunk: { host: '127.0.0.1', port: 21_007 },
    trunkQualifySeconds: 5,
    phones: [{ name: '1001', password: 'one' }, { name: '1002', password: 'two' }],
  });
});

const valuesIn = (name: string): readonly string[] =>
  [...elementsOf(readXml(readFileSync(join(folder, name), 'utf8')))].flatMap(({ attributes }) => Object.values(attributes));

test('the samples, filled in, are well formed and hold no example any more', () => {
  const values = readdirSync(folder).flatMap(valuesIn);
  expect(values.filter((value) => /192\.0\.2|198\.51\.100|change-this|=(?:5060|5080|8021)$/.test(value))).toEqual([]);
});

test('each phone is a user with its own name and password', () => {
  const values = valuesIn('phones-site.xml');
  for (const value of ['1001', 'one', 'Agent 1001', '1002', 'two', 'Agent 1002']) expect(values).toContain(value);
});

test('what comes last in a gateway counts, so its own ping is behind what is shared', () => {
  const names = [...elementsOf(readXml(readFileSync(join(folder, 'gateways-site.xml'), 'utf8')))].map(({ name, attributes }) => attributes['name'] ?? name);
  expect(names.indexOf('ping')).toBeGreaterThan(names.indexOf('X-PRE-PROCESS'));
  expect(valuesIn('gateways-site.xml')).toContain('127.0.0.1:21007');
});

test('addresses and ports are those that were asked for', () => {
  expect(valuesIn('vars-site.xml')).toEqual(expect.arrayContaining([
    'outdial_esl_port=21001', 'outdial_esl_password=socket-password', 'outdial_phones_port=21003', 'outdial_trunk_port=21005',
    'outdial_rtp_first=12000', 'outdial_rtp_last=15998', 'outdial_hold_folder=/music', 'outdial_trunk_ip=127.0.0.1',
  ]));
  expect(valuesIn('acl-trunk-site.xml')).toContain('127.0.0.1/32');
});

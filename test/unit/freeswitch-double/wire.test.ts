import { afterEach, describe, expect, test } from 'vitest';
import type { FreeswitchDoubleOptions } from '../../support/freeswitch-double/double-options.js';
import { FreeswitchDouble } from '../../support/freeswitch-double/freeswitch-double.js';
import { CommandReader } from '../../support/freeswitch-double/wire/command-reader.js';
import { recordedFlow, splitMessage } from '../../support/freeswitch-double/recorded/recorded-flow.js';
import { EslProbe } from './esl-probe.js';

const NUMBER = '+12025550101';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startDouble(options: FreeswitchDoubleOptions = {}): Promise<FreeswitchDouble> {
  const double = await FreeswitchDouble.start({ timeScale: 0.02, numbers: { [NUMBER]: 'answers-at-once' }, ...options });
  open.push(double);
  return double;
}

async function connected(double: FreeswitchDouble, subscription = 'event json ALL'): Promise<EslProbe> {
  const probe = await EslProbe.open(double.port);
  open.push(probe);
  await probe.logIn(subscription);
  return probe;
}

const originate = (uuid: string, more = ''): string =>
  `bgapi originate {origination_uuid=${uuid},ignore_early_media=true${more}}sofia/gateway/carrier/${NUMBER} &park()`;

const named = (probe: EslProbe, name: string): EslProbe['events'] => probe.events.filter((event) => event['Event-Name'] === name);

test('the stream is cut where it hurts: in heads, in bodies, inside a letter of several bytes', async () => {
  const double = await startDouble({ pieceBytesMax: 64 });
  const probe = await EslProbe.open(double.port);
  open.push(probe);
  const pieces: number[] = [];
  probe.onPiece = (bytes) => pieces.push(bytes);
  await probe.logIn('event json ALL');
  await probe.ask(originate('cut-1', ",note='Zoë — ünï'"));
  await probe.until('the park', () => named(probe, 'CHANNEL_PARK').length === 1);
  const park = named(probe, 'CHANNEL_PARK')[0];
  expect(park?.['variable_note']).toBe('Zoë — ünï');
  expect(pieces.length).toBeGreaterThan(probe.messages.length * 2);
  expect(Math.min(...pieces)).toBeLessThan(8);
});

test('lengths count bytes, and a byte that is no UTF-8 arrives as it is', async () => {
  const double = await startDouble();
  const probe = await connected(double, 'event json CHANNEL_CREATE');
  double.outside.nameNextCaller('Zoë Jos\uf8e9');
  double.outside.dialFeature('1001', 'log-in');
  await probe.until('the call', () => probe.events.length === 1);
  const raw = probe.rawBodies[0] ?? Buffer.alloc(0);
  expect(raw.includes(Buffer.from('Zoë Jos', 'utf8'))).toBe(true);
  expect(raw[raw.indexOf(Buffer.from('Jos')) + 3]).toBe(0xe9);
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(raw)).toThrow();
});

describe('plain events', () => {
  test('are the JSON ones as header lines, percent-encoded, with a length of their own for a job', async () => {
    const double = await startDouble();
    const [json, plain] = [await connected(double, 'event json ALL'), await connected(double, 'event plain ALL')];
    await json.ask(originate('plain-1'));
    const wanted = (probe: EslProbe): readonly string[] => probe.messages.filter(({ type }) => type.startsWith('text/event')).map(({ body }) => body);
    await json.until('the job', () => named(json, 'BACKGROUND_JOB').length === 1 && named(json, 'CHANNEL_PARK').length === 1);
    await plain.until('as much in plain', () => wanted(plain).length === wanted(json).length);
    const decoded = wanted(plain).map(decodePlain);
    expect(decoded).toEqual(json.events);
    expect(wanted(plain).find((body) => body.includes('Event-Name: CHANNEL_PARK'))).toContain('Event-Date-GMT: ');
  });

  test('are encoded like the recorded ones', () => {
    const { records } = recordedFlow('02-originate-answer-park.plain');
    const heads = records.flatMap((record) => (record.kind === 'received' && splitMessage(record.bytes).head.includes('event-plain') ? [splitMessage(record.bytes).body] : []));
    expect(heads.length).toBeGreaterThan(20);
    expect(heads.some((body) => body.includes('FreeSWITCH-IPv6: 2001%3Adb8%3A%3A10'))).toBe(true);
  });
});

function decodePlain(body: string): Record<string, string> {
  const end = body.indexOf('\n\n');
  const fields = Object.fromEntries(
    body.slice(0, end).split('\n').map((line): [string, string] => [line.slice(0, line.indexOf(': ')), decodeURIComponent(line.slice(line.indexOf(': ') + 2))]),
  );
  return fields['Content-Length'] === undefined ? fields : { ...fields, _body: body.slice(end + 2) };
}

test('a client that is not on the list is turned away, and another one later is not', async () => {
  const double = await startDouble();
  double.refuseConnections(true);
  const refused = await EslProbe.open(double.port);
  await refused.until('the end', () => refused.isClosed);
  expect(refused.messages.map(({ type }) => type)).toEqual(['text/rude-rejection', 'text/disconnect-notice']);
  double.refuseConnections(false);
  const probe = await connected(double);
  expect((await probe.ask('api echo hello')).body).toBe('hello');
});

test('api blocks its connection until it has its answer: no reply and no event meanwhile', async () => {
  const double = await startDouble({ numbers: { [NUMBER]: { ringsAfterMs: 4, answersAfterMs: 2_000 } } });
  const [blocked, free] = [await connected(double), await connected(double)];
  blocked.write(`api originate {origination_uuid=block-1,ignore_early_media=true}sofia/gateway/carrier/${NUMBER} &park()\n\napi echo behind\n\n`);
  await free.until('the ringing elsewhere', () => named(free, 'CHANNEL_PROGRESS').length === 1);
  expect(blocked.events).toHaveLength(0);
  await blocked.until('both answers', () => blocked.replies.length === 4);
  expect(blocked.replies.slice(2).map(({ body }) => body)).toEqual(['+OK block-1\n', 'behind']);
  await blocked.until('the events', () => named(blocked, 'CHANNEL_PROGRESS').length === 1);
});

test('a job is told to every connection, also to one that came later', async () => {
  const double = await startDouble({ numbers: { [NUMBER]: { ringsAfterMs: 4, answersAfterMs: 3_000 } } });
  const first = await connected(double, 'event json BACKGROUND_JOB');
  await first.ask(`${originate('job-1')}\nJob-UUID: own-job`);
  const later = await connected(double, 'event json BACKGROUND_JOB');
  await later.until('the job', () => later.events.length === 1);
  expect(later.events[0]?.['Job-UUID']).toBe('own-job');
  expect(later.events[0]?.['_body']).toBe('+OK job-1\n');
});

test('filters pass what any of them fits; a filter on a variable loses the events that carry none', async () => {
  const double = await startDouble();
  const probe = await connected(double);
  await probe.ask('filter variable_batch one');
  await probe.ask('filter Unique-ID filter-2');
  const other = await connected(double, 'event json CHANNEL_PARK');
  await probe.ask(originate('filter-1', ',batch=one'));
  await probe.ask(originate('filter-2', ',batch=two'));
  await probe.ask(originate('filter-3', ',batch=three'));
  await other.until('three parks', () => other.events.length === 3);
  await probe.until('the parks', () => named(probe, 'CHANNEL_PARK').length === 2);
  expect(new Set(named(probe, 'CHANNEL_CALLSTATE').map((event) => event['Unique-ID']))).toEqual(new Set(['filter-2']));
  expect(named(probe, 'BACKGROUND_JOB')).toHaveLength(0);
});

test('commands may come in any pieces, with LF or CR LF', () => {
  const bytes = Buffer.from('api one\r\n\r\nsendmsg two\ncall-command: execute\nContent-Length: 3\n\nabc\n\napi zoë\n\n', 'utf8');
  for (let size = 1; size < 9; size++) {
    const reader = new CommandReader();
    const commands = [];
    for (let at = 0; at < bytes.length; at += size) commands.push(...reader.read(bytes.subarray(at, at + size)));
    expect(commands.map(({ line }) => line)).toEqual(['api one', 'sendmsg two', 'api zoë']);
    expect(commands[1]?.body).toBe('abc');
    expect(commands[1]?.headers.get('call-command')).toBe('execute');
  }
});

import { afterEach, expect, test } from 'vitest';
import type { FreeswitchDoubleOptions } from '../../support/freeswitch-double/double-options.js';
import { FreeswitchDouble } from '../../support/freeswitch-double/freeswitch-double.js';
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

async function connected(double: FreeswitchDouble): Promise<EslProbe> {
  const probe = await EslProbe.open(double.port);
  open.push(probe);
  await probe.logIn('event json ALL');
  return probe;
}

const originate = (uuid: string, more = ''): string =>
  `bgapi originate {origination_uuid=${uuid},ignore_early_media=true${more}}sofia/gateway/carrier/${NUMBER} &park()`;
const named = (probe: EslProbe, name: string): EslProbe['events'] => probe.events.filter((event) => event['Event-Name'] === name);

async function parkedCall(probe: EslProbe, uuid: string): Promise<void> {
  await probe.ask(originate(uuid));
  await probe.until('the park', () => named(probe, 'CHANNEL_PARK').some((event) => event['Unique-ID'] === uuid));
}

test('a cut loses the events of the gap, and the legs live on', async () => {
  const double = await startDouble();
  const first = await connected(double);
  await parkedCall(first, 'kept');
  double.cut();
  await first.until('the end of the connection', () => first.isClosed);
  const refused = await EslProbe.open(double.port);
  await refused.until('the end at once', () => refused.isClosed);
  expect(refused.messages).toHaveLength(0);
  double.allow();
  const second = await connected(double);
  expect((await second.ask('api uuid_exists kept')).body).toBe('true');
});

test('a restart in good order tells it, ends the legs and comes back under another Core-UUID', async () => {
  const double = await startDouble();
  const first = await connected(double);
  await parkedCall(first, 'doomed');
  const before = first.events[0]?.['Core-UUID'];
  await double.restart('orderly');
  expect(named(first, 'SHUTDOWN')).toHaveLength(1);
  expect(named(first, 'CHANNEL_HANGUP_COMPLETE')[0]?.['Hangup-Cause']).toBe('SYSTEM_SHUTDOWN');
  expect(first.messages.at(-1)?.body).toBe('The system is being shut down.\n');
  const second = await connected(double);
  expect((await second.ask('api uuid_exists doomed')).body).toBe('false');
  expect((await second.ask('api show channels as json')).body).toBe('{"row_count": 0}\n');
  await parkedCall(second, 'next');
  expect(second.events[0]?.['Core-UUID']).not.toBe(before);
});

test('unicast on a leg that rings kills the server without a word; on an answered one it does not', async () => {
  const double = await startDouble();
  const probe = await connected(double);
  const uuid = double.outside.dialFeature('1001', 'log-in');
  await probe.until('the park', () => named(probe, 'CHANNEL_PARK').length === 1);
  const eventCount = probe.events.length;
  await probe.ask(`sendmsg ${uuid}\ncall-command: unicast\nlocal-ip: 127.0.0.1\nlocal-port: 0\nremote-ip: 127.0.0.1\nremote-port: 9\ntransport: udp`);
  await probe.until('the end of the connection', () => probe.isClosed);
  expect(double.crashCount).toBe(1);
  expect(probe.events).toHaveLength(eventCount);
  await expect(EslProbe.open(double.port)).rejects.toThrow(/ECONNREFUSED/);
  await double.restart();
  const next = await connected(double);
  expect((await next.ask(`api uuid_exists ${uuid}`)).body).toBe('false');
});

test('a gateway that goes is told of, refuses calls and comes back', async () => {
  const double = await startDouble();
  const probe = await connected(double);
  double.setGatewayReachable('carrier', false);
  await probe.until('the news', () => named(probe, 'CUSTOM').length === 1);
  expect(probe.events.at(-1)).toMatchObject({ 'Event-Subclass': 'sofia::gateway_state', Gateway: 'carrier', 'Ping-Status': 'DOWN' });
  expect((await probe.ask('api sofia xmlstatus gateway carrier')).body).toContain('<status>DOWN</status>');
  await probe.ask(originate('refused'));
  await probe.until('the job', () => named(probe, 'BACKGROUND_JOB').length === 1);
  expect(named(probe, 'BACKGROUND_JOB')[0]?.['_body']).toBe('-ERR GATEWAY_DOWN\n');
  expect(named(probe, 'CHANNEL_CREATE')).toHaveLength(0);
  double.setGatewayReachable('carrier', true);
  await parkedCall(probe, 'taken');
});

test('events that are to be dropped are dropped, as many as were named', async () => {
  const double = await startDouble();
  const probe = await connected(double);
  double.dropNext('CHANNEL_ANSWER', 1);
  await parkedCall(probe, 'unanswered');
  await parkedCall(probe, 'answered');
  expect(named(probe, 'CHANNEL_ANSWER').map((event) => event['Unique-ID'])).toEqual(['answered']);
});

test('over ten sessions a second, forty calls at twenty a second pass as recorded: about 26', async () => {
  const double = await startDouble({ timeScale: 'manual', sessionsPerSecondMax: 10 });
  const probe = await connected(double);
  for (let call = 0; call < 40; call++) {
    await probe.ask(originate(`rate-${String(call)}`));
    double.advanceTo(double.nowMs + 50);
  }
  double.advanceTo(double.nowMs + 500);
  await probe.until('forty jobs', () => named(probe, 'BACKGROUND_JOB').length === 40);
  const passed = named(probe, 'BACKGROUND_JOB').filter((event) => String(event['_body']).startsWith('+OK')).length;
  // Flow 19b: 26; where the second begins makes it 18 to 27.
  expect(passed).toBeGreaterThanOrEqual(18);
  expect(passed).toBeLessThanOrEqual(27);
});

test('the free orders are free: some seed has the job first, another the park', async () => {
  const firstOf = async (seed: number): Promise<string> => {
    const double = await startDouble({ seed, timeScale: 'manual' });
    const probe = await connected(double);
    await probe.ask(originate('order'));
    double.advanceTo(500);
    const both = (): readonly string[] => probe.events.map((event) => String(event['Event-Name'])).filter((name) => /^(BACKGROUND_JOB|CHANNEL_PARK)$/.test(name));
    await probe.until('both', () => both().length === 2);
    return both()[0] ?? '';
  };
  const firsts = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) firsts.add(await firstOf(seed));
  expect(firsts).toEqual(new Set(['BACKGROUND_JOB', 'CHANNEL_PARK']));
});

test('sounds sent by message play over each other, and one break ends all of them (seen on 1.10.12)', async () => {
  const double = await startDouble({ timeScale: 'manual', soundMs: () => 3_000 });
  const probe = await connected(double);
  await probe.ask(originate('nested', ',playback_terminators=none'));
  double.advanceTo(200);
  const play = (id: string): string => `sendmsg nested\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: /s/${id}.wav\nevent-uuid: ${id}`;
  await probe.ask(play('below'));
  await probe.ask(play('above'));
  double.advanceTo(1_000);
  await probe.ask('api uuid_break nested');
  double.advanceTo(1_200);
  const ended = (): readonly unknown[] => named(probe, 'CHANNEL_EXECUTE_COMPLETE').map((event) => event['Application-UUID']);
  await probe.until('both ends', () => ended().length === 2);
  expect(ended()).toEqual(['above', 'below']);
});

test('a sound over which another one played goes on where it stood', async () => {
  const double = await startDouble({ timeScale: 'manual', soundMs: (path) => (path.includes('long') ? 3_000 : 1_000) });
  const probe = await connected(double);
  await probe.ask(originate('paused', ',playback_terminators=none'));
  double.advanceTo(200);
  for (const name of ['long', 'short']) {
    await probe.ask(`sendmsg paused\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: /s/${name}.wav`);
    double.advanceTo(500);
  }
  const stops = (): EslProbe['events'] => named(probe, 'PLAYBACK_STOP');
  double.advanceTo(3_900);
  expect(stops().length).toBeLessThanOrEqual(1);
  double.advanceTo(4_600);
  await probe.until('both ends', () => stops().length === 2);
  expect(stops()[1]?.['Playback-File-Path']).toBe('/s/long.wav');
});

/**
 * A real FreeSWITCH on exactly the files of freeswitch-conf/, with the public
 * network on its trunk and SIP phones: what the files promise to the service
 * and to admins is seen from outside, over a plain event socket.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toneLevelDbfs } from '../../../src/audio/goertzel.js';
import { readWav } from '../../../src/audio/wav.js';
import type { DeskPhones } from '../../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../../src/cli/lab/desk-phones.js';
import { findFreeswitch } from '../../../src/cli/lab/find-freeswitch.js';
import { FIXED_NUMBERS } from '../../../src/cli/lab/fixed-numbers.js';
import { startFreeswitchPbx, type FreeswitchPbx } from '../../../src/cli/lab/freeswitch-pbx.js';
import { FreeswitchSocket, type FreeswitchEvent } from '../../../src/cli/lab/freeswitch-socket.js';
import { startPublicNetwork, type PublicNetwork } from '../../../src/cli/lab/public-network.js';
import { FreeswitchEvents } from './freeswitch-events.js';

const PHONES = [
  { name: '1001', password: 'first-phone-password', voice: { kind: 'tone', frequencyHz: 600 } },
  { name: '1002', password: 'second-phone-password', voice: { kind: 'tone', frequencyHz: 700 } },
] as const;
const NETWORK_TONE_HZ = 1000;
const CALLER = '+442079460001';
const EVENTS =
  'CHANNEL_PARK CHANNEL_ANSWER CHANNEL_HANGUP_COMPLETE DTMF CUSTOM sofia::register sofia::expire sofia::gateway_state conference::maintenance';

const { program, missing } = await findFreeswitch();
if (missing !== undefined) process.stdout.write(`Skipped, the lab with FreeSWITCH: ${missing}\n`);

let folder: string;
let network: PublicNetwork;
let pbx: FreeswitchPbx;
let phones: DeskPhones;
let console: FreeswitchSocket;
const events = new FreeswitchEvents();
let callCount = 0;

/** The phone's next call that is parked. */
async function callOf(phone: string, dialled: string): Promise<{ readonly park: FreeswitchEvent; readonly uuid: string; readonly answered: Promise<void> }> {
  const from = events.count;
  const answered = phones.phone(phone).call(dialled);
  const park = await events.first({ 'Event-Name': 'CHANNEL_PARK', variable_outdial_phone: phone }, from);
  return { park, uuid: String(park['Unique-ID']), answered };
}

/** Calls out over the gateway; resolves when the far side has answered. */
async function callOut(number: string): Promise<string> {
  const uuid = `outdial-lab-${String(++callCount)}`;
  const said = await console.api(
    `originate {origination_uuid=${uuid},ignore_early_media=true,originate_timeout=20,origination_caller_id_number=${CALLER}}sofia/gateway/${pbx.gatewayName}/${number} &park()`,
  );
  expect(said).toBe(`+OK ${uuid}`);
  return uuid;
}

/** Two seconds and a bit, measured by a call that the far side ends. */
async function aWhile(): Promise<void> {
  await ended(await callOut(FIXED_NUMBERS.tone(2)));
}

const ended = (uuid: string, waitMsMax?: number): Promise<FreeswitchEvent> =>
  events.first({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': uuid }, 0, waitMsMax);

/** Puts a call into a conference of the product's profile. */
async function enter(uuid: string, room: string): Promise<void> {
  const from = events.count;
  await console.api(`uuid_transfer ${uuid} conference:${room}@outdial inline`);
  await events.first({ 'Event-Subclass': 'conference::maintenance', Action: 'add-member', 'Unique-ID': uuid }, from);
}

/** What a phone heard in its last call, µ-law's own noise at silence included. */
function lastHeardBy(phone: string): { readonly samples: Int16Array; readonly rateHz: number } {
  const file = phones.phone(phone).heardFiles().at(-1) ?? '';
  const wav = readWav(readFileSync(file));
  if (!wav.ok) throw new Error(`${file}: ${wav.fault}`);
  return { samples: wav.audio.samples, rateHz: wav.audio.sampleRateHz };
}

const loudest = (samples: Int16Array): number => samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

/** Whether a leg was sent as much audio as its life is long. */
function expectAudioSent(end: FreeswitchEvent): void {
  const expected = Number(end['variable_billmsec']) / 20;
  expect(expected).toBeGreaterThan(50);
  expect(Number(end['variable_rtp_audio_out_media_packet_count'])).toBeGreaterThan(expected * 0.8);
}

describe.skipIf(program === undefined)('a FreeSWITCH on the files of freeswitch-conf/', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outdial-fs-lab-'));
    network = await startPublicNetwork({ folder: join(folder, 'network'), seed: 7, timeScaleRatio: 0.2 });
    pbx = await startFreeswitchPbx({ folder: join(folder, 'pbx'), phones: PHONES, trunk: { host: network.host, port: network.sipPort }, program: program! });
    console = await FreeswitchSocket.open({ host: pbx.host, port: pbx.eslPort, password: pbx.eslPassword }, events.take);
    await console.subscribe(EVENTS);
    phones = await startDeskPhones({
      kind: 'baresip', pbx: { host: pbx.host, port: pbx.sipPort }, phones: PHONES, folder: join(folder, 'phones'), recordsHeard: true,
    });
  }, 300_000);

  afterAll(async () => {
    console?.close();
    await phones?.stop();
    await pbx?.stop();
    await network?.stop();
    const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(folder));
    rmSync(folder, { recursive: true, force: true });
    expect(left.map(commandLine)).toEqual([]);
  });

  test('loads them without a complaint', () => {
    const complaints = readFileSync(pbx.messagesFile, 'utf8').split('\n').filter((line) => /\[(ERR|CRIT|ALERT)\]/.test(line));
    expect(complaints).toEqual([]);
  });

  test('lets nobody onto the event socket without the password', async () => {
    await expect(FreeswitchSocket.open({ host: pbx.host, port: pbx.eslPort, password: 'ClueCon' })).rejects.toThrow('refused');
  });

  test('takes registrations of the phones, two minutes at most', async () => {
    const registered = await events.first({ 'Event-Subclass': 'sofia::register', 'from-user': '1001' });
    expect(registered).toMatchObject({ 'profile-name': 'outdial-phones', realm: 'outdial' });
    expect(Number(registered['expires'])).toBeLessThanOrEqual(120);
    expect(await console.api('sofia_contact outdial-phones/1001@outdial')).toMatch(/^sofia\/outdial-phones\/sip:1001.*@127\.0\.0\.1:/);
  });

  test.each([
    ['*50', 'feature:log-in'],
    ['*51', 'feature:pause'],
    ['*512', 'feature:pause:2'],
    ['*52', 'feature:resume'],
    ['*53', 'feature:log-out'],
    ['+12025550123', 'feature:dialled:+12025550123'],
  ])('parks %s, unanswered, as %s', async (dialled, request) => {
    const { park, uuid, answered } = await callOf('1001', dialled);
    expect(park).toMatchObject({
      'Answer-State': 'ringing',
      variable_outdial_app: 'outdial', variable_outdial_request: request, variable_outdial_phone: '1001', variable_playback_terminators: 'none',
    });
    await console.api(`uuid_answer ${uuid}`);
    await answered;
    await phones.phone('1001').hangUp();
    await ended(uuid);
  });

  test('has no extension for other signs', async () => {
    await expect(phones.phone('1001').call('*54')).rejects.toThrow();
  });

  test('parks a call from the network, unanswered, with the number it was for', async () => {
    const from = events.count;
    await network.callPbx({ host: pbx.host, sipPort: pbx.trunkSipPort }, '+12025550100', CALLER);
    const park = await events.first({ 'Event-Name': 'CHANNEL_PARK', variable_outdial_request: 'inbound:+12025550100' }, from);
    expect(park).toMatchObject({ 'Answer-State': 'ringing', variable_outdial_app: 'outdial', 'Caller-Caller-ID-Number': CALLER, variable_media_timeout: '60000' });
    await console.api(`uuid_kill ${String(park['Unique-ID'])} CALL_REJECTED`);
    await ended(String(park['Unique-ID']));
  });

  test('calls out over the gateway, and sends silence while nobody talks to the far side', async () => {
    const uuid = await callOut(FIXED_NUMBERS.tone(3));
    expect(await console.api(`uuid_getvar ${uuid} media_timeout`)).toBe('60000');
    const end = await ended(uuid);
    expect(end).toMatchObject({ 'Hangup-Cause': 'NORMAL_CLEARING', variable_sip_hangup_disposition: 'recv_bye' });
    expectAudioSent(end);
  });

  test('lets an agent hear silence alone and the contact in the same conference, keys included', async () => {
    const { uuid: agent, answered } = await callOf('1001', '*50');
    await console.api(`uuid_answer ${agent}`);
    await answered;
    await enter(agent, 'outdial-room-lab');
    await aWhile();
    const contact = await callOut(FIXED_NUMBERS.tone(0));
    await enter(contact, 'outdial-room-lab');
    const from = events.count;
    await phones.phone('1001').keys('#');
    await events.first({ 'Event-Name': 'DTMF', 'Unique-ID': agent, 'DTMF-Digit': '#' }, from);
    // The key did nothing to the call, which hears the contact until it is ended.
    await aWhile();
    await console.api(`uuid_kill ${agent}`);
    await phones.phone('1001').callEnded();
    expectAudioSent(await ended(agent));
    expect(await console.api(`uuid_exists ${contact}`)).toBe('true');
    await console.api(`uuid_kill ${contact}`);
    const { samples, rateHz } = lastHeardBy('1001');
    expect(loudest(samples.subarray(0, 1.5 * rateHz))).toBeLessThan(20);
    expect(toneLevelDbfs(samples.subarray(-1.2 * rateHz, -0.2 * rateHz), NETWORK_TONE_HZ, rateHz)).toBeGreaterThan(-30);
  });

  test('rings a registered phone by its name, and plays holding music', async () => {
    const said = await console.api('originate {origination_uuid=outdial-lab-ring,originate_timeout=15}user/1002 &playback(local_stream://outdial-hold)');
    expect(said).toBe('+OK outdial-lab-ring');
    expect(await console.api('uuid_getvar outdial-lab-ring media_timeout')).toBe('10000');
    // The switch begins its music a second or two after its own start.
    await aWhile();
    await aWhile();
    await console.api('uuid_kill outdial-lab-ring');
    await phones.phone('1002').callEnded();
    expect(loudest(lastHeardBy('1002').samples)).toBeGreaterThan(300);
  });

  test('says when the trunk goes and when it is back', async () => {
    const from = events.count;
    await network.stop();
    const down = await events.first({ 'Event-Subclass': 'sofia::gateway_state', Gateway: pbx.gatewayName, 'Ping-Status': 'DOWN' }, from, 25_000);
    expect(await console.api(`originate sofia/gateway/${pbx.gatewayName}/${FIXED_NUMBERS.tone(0)} &park()`)).toBe('-ERR GATEWAY_DOWN');
    await network.restart();
    const up = await events.first({ 'Event-Subclass': 'sofia::gateway_state', Gateway: pbx.gatewayName, 'Ping-Status': 'UP' }, from, 25_000);
    expect([down['State'], up['State']]).toEqual(['NOREG', 'NOREG']);
  });

  test('ends the call of a phone that lost its power, and forgets the phone', async () => {
    const { uuid, answered } = await callOf('1002', '*50');
    await console.api(`uuid_answer ${uuid}`);
    await answered;
    // Its audio has begun: only then can it be missed.
    const from = events.count;
    await phones.phone('1002').keys('1');
    await events.first({ 'Event-Name': 'DTMF', 'Unique-ID': uuid }, from);
    const droppedAtMs = performance.now();
    await phones.phone('1002').drop();
    const end = await ended(uuid, 20_000);
    expect(end).toMatchObject({ 'Hangup-Cause': 'MEDIA_TIMEOUT' });
    expect(performance.now() - droppedAtMs).toBeLessThan(13_000);
    await events.first({ 'Event-Subclass': 'sofia::expire', user: '1002' }, from, 20_000);
    expect(performance.now() - droppedAtMs).toBeLessThan(20_000);
  });

  test('starts again on the same ports after a power cut', async () => {
    const before = pbx.pid;
    await pbx.kill();
    expect(pbx.pid).toBeUndefined();
    await pbx.restart();
    expect(pbx.pid).not.toBe(before);
    console.close();
    console = await FreeswitchSocket.open({ host: pbx.host, port: pbx.eslPort, password: pbx.eslPassword }, events.take);
    expect(await console.api(`sofia status gateway ${pbx.gatewayName}`)).toMatch(/^Status\s+UP/m);
  });
});

function commandLine(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
}

/**
 * The Asterisk backend by ear: real calls through a real PBX, each side with a
 * tone of its own, and what arrives is measured. The order of events and
 * replies is the conformance suite's; here it is the audio, the taps and what
 * outlives the service. `SWITCH_SUITE=bullseye` takes Asterisk 16 as the PBX.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { toneLevelDbfs } from '../../src/audio/goertzel.js';
import { channelOf } from '../../src/audio/stereo.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import type { DeskPhones } from '../../src/cli/lab/desk-phone.js';
import { findAsterisk } from '../../src/cli/lab/find-asterisk.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import { startPbx } from '../../src/cli/lab/pbx.js';
import type { Pbx } from '../../src/cli/lab/pbx.js';
import { startPublicNetwork } from '../../src/cli/lab/public-network.js';
import type { PublicNetwork } from '../../src/cli/lab/public-network.js';
import { FileStereoMerger } from '../../src/media/stereo-merger.js';
import type { AsteriskConfig } from '../../src/telephony/asterisk/asterisk-config.js';
import { AsteriskSwitch } from '../../src/telephony/asterisk/asterisk-switch.js';
import type { SwitchCommandBody } from '../../src/telephony/switch.js';
import { bridgeId, callId, playbackId, soundName, trunkName } from '../../src/units/ids.js';
import type { CallId } from '../../src/units/ids.js';
import { TcpRelay } from '../conformance/tcp-relay.js';
import { Line, ListeningTaps, peakDbfs, samplesOf, until } from './asterisk-line.js';

const PHONE = { name: '1001', password: 'first-phone-password', voice: { kind: 'tone', frequencyHz: 600 } } as const;
const AGENT_HZ = 600;
const CONTACT_HZ = 1000;
/** connect-beep.wav */
const BEEP_HZ = 850;
/** A tone that is there measures about -12 dBFS; one that is not, below -50. */
const THERE_DBFS = -30;
const ABSENT_DBFS = -45;

let folder: string;
let network: PublicNetwork;
let pbx: Pbx;
let phones: DeskPhones;
let relay: TcpRelay;
let socket: Socket;
let taps: ListeningTaps;
let idCount = 0;
const opened: { readonly line: Line; readonly abort: AbortController }[] = [];

const freshCall = (): CallId => callId(`it-${String(process.pid)}-${String(++idCount)}`);
const freshBridge = () => bridgeId(`it-room-${String(process.pid)}-${String(++idCount)}`);
const freshPlayback = () => playbackId(`it-playback-${String(process.pid)}-${String(++idCount)}`);

function config(): AsteriskConfig {
  return {
    name: 'asterisk',
    ari: { url: `http://127.0.0.1:${String(relay.port)}`, user: pbx.ariUser, password: pbx.ariPassword, app: 'outdial' },
    ami: { host: '127.0.0.1', port: pbx.amiPort, user: pbx.amiUser, password: pbx.amiPassword },
    transport: 'auto',
    trunks: [{ name: trunkName('carrier'), endpoint: pbx.trunkName, numberForm: 'e164-plus', numberPrefix: '' }],
    soundsPrefix: 'outdial/',
    recordings: { folder: pbx.recordingsFolder },
    tuning: { heartbeatMs: 500 },
  };
}

async function openLine(): Promise<Line> {
  const line = new Line(new AsteriskSwitch(config(), { taps, merger: new FileStereoMerger() }));
  const abort = new AbortController();
  opened.push({ line, abort });
  await line.backend.start((event) => line.events.push(event), abort.signal);
  return line;
}

async function closeLines(): Promise<void> {
  for (const { line, abort } of opened.splice(0)) {
    await line.backend.close();
    abort.abort();
  }
}

async function ari(method: string, what: string): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${pbx.ariUser}:${pbx.ariPassword}`).toString('base64')}`;
  const answer = await fetch(`${pbx.ariUrl}/ari/${what}`, { method, headers: { authorization } });
  return answer.status === 200 ? await answer.json() : undefined;
}

const idsOf = async (what: 'channels' | 'bridges'): Promise<readonly string[]> =>
  ((await ari('GET', what)) as readonly { readonly id: string }[]).map(({ id }) => id);

async function contact(line: Line, number: string): Promise<CallId> {
  const call = freshCall();
  await line.order({
    type: 'originate',
    callId: call,
    trunk: trunkName('carrier'),
    destination: number,
    callerNumber: '+12025550100',
    ringTimeoutMs: 20_000,
  });
  await line.seen('call-answered', (event) => event.callId === call);
  return call;
}

async function agent(line: Line): Promise<CallId> {
  const from = line.events.length;
  void phones.phone(PHONE.name).call('*50');
  const { callId: call } = await line.seen('call-offered', () => true, from);
  await line.order({ type: 'answer', callId: call });
  await line.seen('call-answered', (event) => event.callId === call);
  return call;
}

async function room(line: Line, ...calls: readonly CallId[]) {
  const bridge = freshBridge();
  await line.order({ type: 'open-bridge', bridgeId: bridge });
  for (const call of calls) {
    await line.order({ type: 'bridge', bridgeId: bridge, callId: call });
    await line.seen('call-bridged', (event) => event.callId === call && event.bridgeId === bridge);
  }
  return bridge;
}

async function hangUp(line: Line, call: CallId): Promise<void> {
  await line.order({ type: 'hang-up', callId: call, q850: 16 });
  await line.seen('call-ended', (event) => event.callId === call);
}

/** What the contact at `toneAndRecord` heard in its last call. */
async function heardByContact(): Promise<Int16Array> {
  const newest = (): string | undefined =>
    readdirSync(network.heardFolder)
      .filter((name) => name.startsWith(FIXED_NUMBERS.toneAndRecord) && name.endsWith('-heard.wav'))
      .sort()
      .at(-1);
  const file = await until('the contact\'s recording', () => {
    const name = newest();
    if (name === undefined) return undefined;
    const path = join(network.heardFolder, name);
    return readFileSync(path).length > 8000 && samplesOf(path).length > 4000 ? path : undefined;
  });
  return samplesOf(file);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-switch-'));
  const program = await findAsterisk();
  network = await startPublicNetwork({ folder: join(folder, 'network'), seed: 3, program });
  pbx = await startPbx({
    folder: join(folder, 'pbx'),
    program: process.env['SWITCH_SUITE'] === 'bullseye' ? await findAsterisk({ suite: 'bullseye' }) : program,
    trunk: { host: network.host, port: network.sipPort },
    phones: [PHONE],
    trunkQualifySeconds: 1,
  });
  phones = await startDeskPhones({
    kind: 'baresip',
    folder: join(folder, 'phones'),
    pbx: { host: pbx.host, port: pbx.sipPort },
    phones: [PHONE],
    recordsHeard: true,
  });
  relay = await TcpRelay.open(pbx.httpPort);
  socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  taps = new ListeningTaps(socket);
}, 180_000);

afterEach(async () => {
  relay.allow();
  await closeLines();
  for (const id of await idsOf('channels')) await ari('DELETE', `channels/${id}`);
  await until('an idle phone', () => (phones.phone(PHONE.name).state === 'registered' ? true : undefined));
});

afterAll(async () => {
  socket.close();
  await phones.stop();
  await Promise.all([relay.close(), pbx.stop(), network.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

describe('call audio', () => {
  test('a tapped call is heard under its own id, a bridged one no more, and the tap is used again', async () => {
    const line = await openLine();
    const first = await contact(line, FIXED_NUMBERS.tone(0));
    await line.order({ type: 'tap', callId: first });
    await until('audio', () => (taps.heard(first).length > 4000 ? true : undefined));
    expect(toneLevelDbfs(taps.heard(first), CONTACT_HZ)).toBeGreaterThan(THERE_DBFS);
    const tapIds = (await idsOf('bridges')).filter((id) => id.startsWith('outdial-tap-'));

    await room(line, first);
    expect([...taps.callByPort.values()]).not.toContain(first);
    const atMove = taps.heard(first).length;
    const second = await contact(line, FIXED_NUMBERS.tone(0));
    await line.order({ type: 'tap', callId: second });
    await until('audio of the second', () => (taps.heard(second).length > 4000 ? true : undefined));
    expect(taps.heard(first).length).toBe(atMove);
    expect((await idsOf('bridges')).filter((id) => id.startsWith('outdial-tap-'))).toEqual(tapIds);
    await hangUp(line, first);
    await hangUp(line, second);
  });

  test('forty taps at one time are made as they are needed', async () => {
    const line = await openLine();
    const calls = await Promise.all(Array.from({ length: 40 }, () => contact(line, FIXED_NUMBERS.tone(0))));
    await Promise.all(calls.map((call) => line.order({ type: 'tap', callId: call })));
    await until('forty calls heard', () => (calls.every((call) => taps.heard(call).length > 1600) ? true : undefined));
    await Promise.all(calls.map((call) => hangUp(line, call)));
    expect(taps.callByPort.size).toBe(0);
  });

  test('taps of a former run are removed and show nowhere', async () => {
    await ari('POST', `channels/externalMedia?channelId=outdial-tap-ffffffff-1&app=outdial&external_host=${taps.address}&format=ulaw`);
    await ari('POST', 'bridges/outdial-tap-ffffffff-1-bridge?type=mixing&name=outdial');
    const line = await openLine();
    const { snapshot } = await line.seen('switch-snapshot');
    expect(snapshot.calls).toEqual([]);
    expect(snapshot.bridges.filter(({ bridgeId: id }) => id.includes('-tap-'))).toEqual([]);
    await expect.poll(() => idsOf('channels')).not.toContain('outdial-tap-ffffffff-1');
    await expect.poll(() => idsOf('bridges')).not.toContain('outdial-tap-ffffffff-1-bridge');
  });

  test('a tap lives through a cut of the connection', async () => {
    const line = await openLine();
    const call = await contact(line, FIXED_NUMBERS.tone(0));
    await line.order({ type: 'tap', callId: call });
    relay.cut();
    await line.seen('switch-lost');
    const heardAtLoss = taps.heard(call).length;
    const from = line.events.length;
    relay.allow();
    await line.seen('switch-snapshot', () => true, from);
    await until('audio after the gap', () => (taps.heard(call).length > heardAtLoss + 8000 ? true : undefined));
    await room(line, call);
    expect([...taps.callByPort.values()]).not.toContain(call);
    await hangUp(line, call);
  });
});

describe('conversation', () => {
  test('contact and agent hear each other, a whisper reaches one of them, and the recording has them left and right', async () => {
    const line = await openLine();
    const desk = await agent(line);
    const bridge = await room(line, desk);
    const call = await contact(line, FIXED_NUMBERS.toneAndRecord);
    await line.order({ type: 'tap', callId: call });
    const path = 'campaign-1/2026-11-20/talk.wav';
    await line.order({ type: 'start-recording', callId: call, path });
    await line.order({ type: 'bridge', bridgeId: bridge, callId: call });
    const whisper = freshPlayback();
    await line.order({ type: 'play', playbackId: whisper, callId: desk, sounds: [soundName('connect-beep')], mixing: 'whisper' });
    const finished = await line.seen('playback-finished', (event) => event.playbackId === whisper);
    expect(finished).toMatchObject({ outcome: 'played', callId: desk });
    await wait(1500); // the length of talk that is measured below
    await hangUp(line, call);
    const recorded = await line.seen('recording-finished', (event) => event.path === path);
    expect(recorded.outcome).toBe('recorded');
    expect(recorded.audioMs).toBeGreaterThan(1500);
    await hangUp(line, desk);

    const stereo = samplesOf(join(pbx.recordingsFolder, path));
    const left = channelOf(stereo, 2, 0);
    const right = channelOf(stereo, 2, 1);
    expect(peakDbfs(left, CONTACT_HZ)).toBeGreaterThan(THERE_DBFS);
    expect(peakDbfs(left, AGENT_HZ)).toBeLessThan(ABSENT_DBFS);
    expect(peakDbfs(right, AGENT_HZ)).toBeGreaterThan(THERE_DBFS);
    expect(peakDbfs(right, CONTACT_HZ)).toBeLessThan(ABSENT_DBFS);
    expect(readdirSync(join(pbx.recordingsFolder, '.partial'))).toEqual([]);

    const contactHeard = await heardByContact();
    expect(peakDbfs(contactHeard, AGENT_HZ)).toBeGreaterThan(THERE_DBFS);
    expect(peakDbfs(contactHeard, BEEP_HZ)).toBeLessThan(ABSENT_DBFS);
    const heardFile = await until('what the phone heard', () => phones.phone(PHONE.name).heardFiles().at(-1));
    const phoneHeard = samplesOf(heardFile);
    expect(peakDbfs(phoneHeard, CONTACT_HZ)).toBeGreaterThan(THERE_DBFS);
    expect(peakDbfs(phoneHeard, BEEP_HZ)).toBeGreaterThan(THERE_DBFS);
  });

  test('a call that is played to is bridged at once, and no other request waits', async () => {
    const line = await openLine();
    const call = await contact(line, FIXED_NUMBERS.tone(0));
    const playback = freshPlayback();
    await line.order({ type: 'play', playbackId: playback, callId: call, sounds: [soundName('safe-harbour')], mixing: 'replace' });
    const beganAtMs = performance.now();
    await room(line, call);
    expect(performance.now() - beganAtMs).toBeLessThan(1000);
    expect(await line.seen('playback-finished')).toMatchObject({ playbackId: playback, outcome: 'stopped' });
    await hangUp(line, call);
  });
});

describe('what outlives the service', () => {
  test('a recording whose call ended while nobody was there is finished by the next start', async () => {
    const line = await openLine();
    const call = await contact(line, FIXED_NUMBERS.tone(0));
    const path = 'campaign-1/left-over.wav';
    await line.order({ type: 'start-recording', callId: call, path });
    await wait(500); // the length of audio that is looked for below
    await closeLines();
    await ari('DELETE', `channels/${call}`);
    await expect.poll(() => idsOf('channels')).not.toContain(call);
    expect(existsSync(join(pbx.recordingsFolder, path))).toBe(false);
    const next = await openLine();
    expect(await next.seen('recording-finished')).toMatchObject({ callId: call, path, outcome: 'recorded' });
    expect(peakDbfs(channelOf(samplesOf(join(pbx.recordingsFolder, path)), 2, 0), CONTACT_HZ)).toBeGreaterThan(THERE_DBFS);
  });

  test('a ringing call and a phone that waits are found by the next start', async () => {
    const line = await openLine();
    const ringing = freshCall();
    await line.order({
      type: 'originate', callId: ringing, trunk: trunkName('carrier'), destination: FIXED_NUMBERS.noAnswer, callerNumber: '+12025550100', ringTimeoutMs: 30_000,
    });
    await line.seen('call-ringing', (event) => event.callId === ringing);
    phones.phone(PHONE.name).call('*50').catch(() => undefined);
    const offered = await line.seen('call-offered');
    await closeLines();
    const next = await openLine();
    const { snapshot } = await next.seen('switch-snapshot');
    expect(snapshot.calls.map(({ callId: id, state }) => ({ id, state }))).toEqual([{ id: ringing, state: 'ringing' }]);
    const again = await next.seen('call-offered');
    expect(again).toMatchObject({ callId: offered.callId, phone: PHONE.name, request: { kind: 'feature', feature: 'log-in' } });
    await hangUp(next, ringing);
    await hangUp(next, offered.callId);
  });
});

describe('what is refused', () => {
  test.each<[string, SwitchCommandBody]>([
    ['a destination that would add to the dial string', { type: 'originate', callId: callId('evil-1'), trunk: trunkName('carrier'), destination: '+12025550143@elsewhere', callerNumber: '+12025550100', ringTimeoutMs: 1000 }],
    ['a caller number with a line break', { type: 'originate', callId: callId('evil-2'), trunk: trunkName('carrier'), destination: '+12025550143', callerNumber: '1\r\nX: y', ringTimeoutMs: 1000 }],
    ['a call id with a path in it', { type: 'hang-up', callId: callId('../bridges/x'), q850: 16 }],
    ['a recording outside the folder', { type: 'start-recording', callId: callId('evil-3'), path: '../../etc/x.wav' }],
    ['a sound that is another kind of media', { type: 'play', playbackId: playbackId('p'), callId: callId('evil-4'), sounds: [soundName('x,recording:y')], mixing: 'replace' }],
  ])('%s', async (_name, body) => {
    const line = await openLine();
    expect(await line.ask(body)).toMatchObject({ type: 'command-failed', failure: 'refused' });
    expect((await idsOf('channels')).filter((id) => !id.startsWith('outdial-tap-'))).toEqual([]);
  });

  test('a wrong password ends the start with one sentence and its cure', async () => {
    const wrong = new AsteriskSwitch({ ...config(), ari: { ...config().ari, password: 'wrong' } });
    await expect(wrong.start(() => undefined, new AbortController().signal)).rejects.toThrow(/refuses user .* compare user and password with ari.conf/);
    await wrong.close();
  });
});

/**
 * The laboratory that demo, tests and benchmarks stand on: a real PBX running
 * exactly the files of dialplan/, a second Asterisk as the public network, and
 * SIP desk phones. What others build on it is only as true as this.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toneLevelDbfs } from '../../src/audio/goertzel.js';
import { readWav } from '../../src/audio/wav.js';
import { AriConnection, type AriEvent } from '../../src/cli/lab/ari-connection.js';
import { AsteriskInstance, pickAsteriskPorts } from '../../src/cli/lab/asterisk-instance.js';
import type { DeskPhones } from '../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import { fictitiousNumbers } from '../../src/cli/lab/fictitious-numbers.js';
import { findAsterisk, type AsteriskProgram } from '../../src/cli/lab/find-asterisk.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import { adminFiles, startPbx, type Pbx } from '../../src/cli/lab/pbx.js';
import { projectFolder } from '../../src/cli/lab/project-folder.js';
import { startPublicNetwork, type PublicNetwork } from '../../src/cli/lab/public-network.js';

const PHONES = [
  { name: '1001', password: 'first-phone-password', voice: { kind: 'tone', frequencyHz: 600 } },
  { name: '1002', password: 'second-phone-password', voice: { kind: 'tone', frequencyHz: 700 } },
] as const;
const NETWORK_TONE_HZ = 1000;
const SEED = 7;

/** The events of one ARI connection, kept, so that none is missed by asking late. */
class Events {
  readonly #kept: AriEvent[] = [];
  readonly #waiting = new Set<() => void>();

  readonly take = (event: AriEvent): void => {
    this.#kept.push(event);
    for (const look of [...this.#waiting]) look();
  };

  all(matches: (event: AriEvent) => boolean): AriEvent[] {
    return this.#kept.filter(matches);
  }

  first(matches: (event: AriEvent) => boolean, what: string, waitMsMax = 15_000): Promise<AriEvent> {
    return this.count(1, matches, what, waitMsMax).then(([event]) => event!);
  }

  count(wanted: number, matches: (event: AriEvent) => boolean, what: string, waitMsMax = 15_000): Promise<AriEvent[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`${what} did not happen within ${waitMsMax / 1000} s.`));
      }, waitMsMax);
      const look = (): void => {
        const found = this.all(matches);
        if (found.length < wanted) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

let folder: string;
let program: AsteriskProgram;
let network: PublicNetwork;
let pbx: Pbx;
let phones: DeskPhones;
let ari: AriConnection;
const events = new Events();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-lab-'));
  program = await findAsterisk();
  network = await startPublicNetwork({
    folder: join(folder, 'network'), program, seed: SEED, numbers: fictitiousNumbers(500), timeScaleRatio: 0.2,
  });
  pbx = await startPbx({
    folder: join(folder, 'pbx'), program, phones: PHONES, trunk: { host: network.host, port: network.sipPort },
  });
  ari = await AriConnection.open(pbx, 'outdial', events.take);
  phones = await startDeskPhones({
    kind: 'baresip', pbx: { host: pbx.host, port: pbx.sipPort }, phones: PHONES, folder: join(folder, 'phones'), recordsHeard: true,
  });
}, 300_000);

afterAll(async () => {
  ari.close();
  await phones.stop();
  await pbx.stop();
  await network.stop();
  rmSync(folder, { recursive: true, force: true });
});

const of = (type: string, channelId: string) => (event: AriEvent): boolean =>
  event.type === type && event.channel?.id === channelId;

/** Places a call on the trunk. */
async function dial(channelId: string, number: string, ringSeconds = 30): Promise<void> {
  await ari.request('POST', 'channels', {
    endpoint: `PJSIP/${number}@${pbx.trunkName}`, app: 'outdial', channelId, timeout: String(ringSeconds), callerId: '+442079460001',
  });
}

const endCause = async (channelId: string): Promise<number | undefined> =>
  (await events.first(of('ChannelDestroyed', channelId), `the end of ${channelId}`)).cause;

/** The phone's next call that reaches Stasis. */
async function callOf(phone: string, dialled: string): Promise<AriEvent> {
  const isIts = (event: AriEvent): boolean => event.type === 'StasisStart' && event.channel?.name.startsWith(`PJSIP/${phone}-`) === true;
  const before = events.all(isIts).length;
  const answered = phones.phone(phone).call(dialled);
  const start = (await events.count(before + 1, isIts, `${phone} calls ${dialled}`)).at(-1)!;
  await ari.request('POST', `channels/${start.channel!.id}/answer`);
  await answered;
  return start;
}

/** Level of a tone in the middle of a recording. */
function levelIn(file: string, frequencyHz: number): number {
  const wav = readWav(readFileSync(file));
  if (!wav.ok) throw new Error(`${file}: ${wav.fault}`);
  const { samples } = wav.audio;
  return toneLevelDbfs(samples.subarray(Math.floor(samples.length * 0.4), Math.floor(samples.length * 0.8)), frequencyHz, wav.audio.sampleRateHz);
}

describe('the public network', () => {
  test('answers, refuses and rings by the number dialled', async () => {
    await Promise.all([
      dial('answered', FIXED_NUMBERS.tone(1)),
      dial('busy', FIXED_NUMBERS.busy(0)),
      dial('unallocated', FIXED_NUMBERS.unallocated(0)),
      dial('congestion', FIXED_NUMBERS.congestion(0)),
      dial('declined', FIXED_NUMBERS.declined),
      dial('not-in-plan', '+12025550199'),
      dial('no-answer', FIXED_NUMBERS.noAnswer, 2),
    ]);
    await events.first(of('StasisStart', 'answered'), 'the answer');
    expect(await endCause('answered')).toBe(16);
    expect(await endCause('busy')).toBe(17);
    expect(await endCause('unallocated')).toBe(1);
    expect(await endCause('congestion')).toBe(34);
    expect(await endCause('declined')).toBe(21);
    expect(await endCause('not-in-plan')).toBe(1);
    expect(await endCause('no-answer')).toBe(19);
    expect(events.all(of('StasisStart', 'busy')).concat(events.all(of('StasisStart', 'no-answer')))).toEqual([]);
  });

  test('sends audio and keys', async () => {
    await Promise.all([dial('tone', FIXED_NUMBERS.tone(0)), dial('nine', FIXED_NUMBERS.pressesNine(0))]);
    await events.first(of('StasisStart', 'tone'), 'the answer');
    await ari.request('POST', 'channels/tone/record', { name: 'tone', format: 'wav', maxDurationSeconds: '1' });
    await events.first((event) => event.type === 'RecordingFinished' && event.recording?.name === 'tone', 'the recording');
    const heard = join(pbx.recordingsFolder, 'tone.wav');
    expect(levelIn(heard, NETWORK_TONE_HZ)).toBeGreaterThan(-30);
    expect(levelIn(heard, 600)).toBeLessThan(-50);
    expect((await events.first(of('ChannelDtmfReceived', 'nine'), 'the key')).digit).toBe('9');
    await ari.request('DELETE', 'channels/tone');
    await ari.request('DELETE', 'channels/nine');
  });

  test('calls the PBX, whose dialplan hands the call to the service with its number', async () => {
    await network.callPbx(pbx, '+442079460555', '+442079460777');
    const start = await events.first((event) => event.type === 'StasisStart' && event.args?.[0] === 'inbound', 'the inbound call');
    expect(start.args).toEqual(['inbound', '+442079460555']);
    await ari.request('DELETE', `channels/${start.channel!.id}`);
  });

  test('plays what its truth says', async () => {
    const number = [...network.truth.values()].find((truth) => truth.kind === 'busy')!.number;
    await dial('planned-busy', number);
    expect(await endCause('planned-busy')).toBe(17);
  });
});

describe('a desk phone', () => {
  test('reaches the service by each feature code, and its keys arrive', async () => {
    const features: readonly [string, readonly string[]][] = [
      ['*51', ['feature', 'pause']],
      ['*512', ['feature', 'pause', '2']],
      ['*52', ['feature', 'resume']],
      ['*53', ['feature', 'log-out']],
      ['5551234', ['dialled', '5551234']],
      ['*50', ['feature', 'log-in']],
    ];
    for (const [code, args] of features) {
      const start = await callOf('1001', code);
      expect(start.args).toEqual(args);
      if (code !== '*50') {
        await phones.phone('1001').hangUp();
        continue;
      }
      await phones.phone('1001').keys('4711#');
      const isKey = of('ChannelDtmfReceived', start.channel!.id);
      const keys = await events.count(5, isKey, 'five keys');
      expect(keys.map((event) => event.digit).join('')).toBe('4711#');
    }
    await phones.phone('1001').hangUp();
  });

  test('and a contact on the trunk hear each other, and the product\'s prompts play', async () => {
    const agent = await callOf('1002', '*50');
    const agentId = agent.channel!.id;
    await ari.request('POST', `channels/${agentId}/play`, { media: 'sound:outdial/logged-in' });
    await events.first((event) => event.type === 'PlaybackFinished' && event.playback?.target_uri === `channel:${agentId}`, 'the prompt');
    await dial('contact', FIXED_NUMBERS.toneAndRecord);
    await events.first(of('StasisStart', 'contact'), 'the answer');
    await ari.request('POST', 'bridges/talk', { type: 'mixing' });
    await ari.request('POST', 'bridges/talk/addChannel', { channel: `${agentId},contact` });
    await ari.request('POST', 'bridges/talk/record', { name: 'talk', format: 'wav', maxDurationSeconds: '3' });
    await events.first((event) => event.type === 'RecordingFinished' && event.recording?.name === 'talk', 'three seconds of talk');
    await ari.request('DELETE', 'channels/contact');
    await phones.phone('1002').hangUp();
    await endCause('contact');
    const atContact = readdirSync(network.heardFolder).find((name) => name.endsWith('-heard.wav'))!;
    expect(levelIn(join(network.heardFolder, atContact), 700)).toBeGreaterThan(-30);
    expect(levelIn(phones.phone('1002').heardFiles().at(-1)!, NETWORK_TONE_HZ)).toBeGreaterThan(-30);
  });

  test('that unregisters is offline at once', async () => {
    await ari.request('POST', 'applications/outdial/subscription', { eventSource: 'endpoint:PJSIP/1002' });
    await phones.phone('1002').unregister();
    await events.first((event) => event.type === 'PeerStatusChange' && event.peer?.peer_status === 'Unreachable', 'offline', 5_000);
    expect(await ari.request('GET', 'endpoints/PJSIP/1002')).toMatchObject({ state: 'offline' });
    await phones.phone('1002').register();
    expect(phones.phone('1002').state).toBe('registered');
  });

  test('that loses its power says nothing, and the PBX ends its call when the audio stops', async () => {
    const channelId = (await callOf('1001', '*50')).channel!.id;
    // Asterisk times a line's audio from its first packet on: let the phone be heard first.
    await ari.request('POST', `channels/${channelId}/record`, { name: 'line', format: 'wav', maxDurationSeconds: '1' });
    await events.first((event) => event.type === 'RecordingFinished' && event.recording?.name === 'line', 'the phone is heard');
    await phones.phone('1001').drop();
    expect(phones.phone('1001').state).toBe('gone');
    await events.first(of('StasisEnd', channelId), 'the end of the dead line', 20_000);
  });
});

test('a PBX that was killed comes back on the same ports', async () => {
  const before = pbx.pid;
  await pbx.kill();
  expect(pbx.pid).toBeUndefined();
  await pbx.restart();
  expect(pbx.pid).not.toBe(before);
  const again = await AriConnection.open(pbx, 'outdial', () => undefined);
  const info = (await again.request('GET', 'asterisk/info')) as { system: { version: string } };
  expect(info.system.version).toContain(program.version);
  again.close();
});

test('a bank of phones registers, calls, keys and hears', async () => {
  const banked = [{ name: '1001', password: PHONES[0].password }, { name: '1002', password: PHONES[1].password }];
  await phones.stop();
  const heard = new Events();
  const control = await AriConnection.open(pbx, 'outdial', heard.take);
  const bank = await startDeskPhones({
    kind: 'bank', pbx: { host: pbx.host, port: pbx.sipPort }, phones: banked, folder: join(folder, 'bank'), program, recordsHeard: true,
  });
  try {
    const answered = bank.phone('1001').call('*50');
    const start = await heard.first((event) => event.type === 'StasisStart', 'the call');
    const channelId = start.channel!.id;
    await control.request('POST', `channels/${channelId}/answer`);
    await answered;
    await bank.phone('1001').keys('4711#');
    const keys = await heard.count(5, of('ChannelDtmfReceived', channelId), 'five keys');
    expect(keys.map((event) => event.digit).join('')).toBe('4711#');
    await control.request('POST', `channels/${channelId}/play`, { media: 'sound:outdial/enter-pin' });
    await heard.first((event) => event.type === 'PlaybackFinished', 'the prompt');
    await bank.phone('1001').hangUp();
    const wav = readWav(readFileSync(bank.phone('1001').heardFiles()[0]!));
    expect(wav.ok && wav.audio.samples.some((sample) => Math.abs(sample) > 3000)).toBe(true);
  } finally {
    control.close();
    await bank.stop();
  }
});

test('the samples of the site files load as they stand', async () => {
  const ports = await pickAsteriskPorts();
  const site = join(projectFolder(), 'dialplan/site');
  // Only what another Asterisk of this machine may hold is replaced.
  const samples = readdirSync(site).map((name): [string, string] => [
    `outdial-site/${name.replace('.sample', '')}`,
    readFileSync(join(site, name), 'utf8')
      .replace('bind=0.0.0.0:5060', `bind=127.0.0.1:${ports.sip}`)
      .replace('bindport=8088', `bindport=${ports.http}`)
      .replace('port=5038', `port=${ports.ami}`),
  ]);
  const login = { user: 'outdial', password: 'change-this-long-random-password' };
  const instance = await AsteriskInstance.start({
    program, ports, ami: login, folder: join(folder, 'samples'), files: { ...adminFiles(), ...Object.fromEntries(samples) },
    sounds: {}, dialplanFolder: join(projectFolder(), 'dialplan'),
  });
  try {
    const connection = await AriConnection.open(
      { ariUrl: `http://127.0.0.1:${ports.http}`, ariUser: login.user, ariPassword: login.password }, 'outdial', () => undefined,
    );
    const endpoints = (await connection.request('GET', 'endpoints')) as { resource: string }[];
    connection.close();
    expect(endpoints.map((endpoint) => endpoint.resource).sort()).toEqual(['1001', 'trunk']);
    const messages = readFileSync(join(folder, 'samples/log/messages.log'), 'utf8');
    expect(messages.split('\n').filter((line) => line.includes('ERROR'))).toEqual([]);
  } finally {
    await instance.stop();
  }
});

test('what is started is bound to its starter, even when that is killed outright', async () => {
  const hooks = pathToFileURL(join(projectFolder(), 'src/loop/typescript-hooks.mjs')).href;
  const boundProcess = pathToFileURL(join(projectFolder(), 'src/cli/lab/bound-process.ts')).href;
  const script = `import { register } from 'node:module'; register(${JSON.stringify(hooks)});
    const { BoundProcess } = await import(${JSON.stringify(boundProcess)});
    const bound = await BoundProcess.start({ argv: ['sleep', '600'], workingFolder: '/', logFile: '/dev/null' });
    process.stdout.write(String(bound.pid) + '\\n');
    setInterval(() => undefined, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => starter.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))));
  expect(isRunning(pid)).toBe(true);
  starter.kill('SIGKILL');
  await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
});

test('nothing is left when the lab is stopped', async () => {
  ari.close();
  await phones.stop();
  await pbx.stop();
  await network.stop();
  const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(folder));
  expect(left.map(commandLine)).toEqual([]);
});

/** A process that has ended but not been reaped is not running. */
function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function commandLine(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
}

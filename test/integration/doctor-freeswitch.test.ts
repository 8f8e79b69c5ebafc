import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { examine } from '../../src/cli/doctor/examine.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import type { DeskPhones } from '../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import { findFreePorts } from '../../src/cli/lab/free-ports.js';
import { findFreeswitch } from '../../src/cli/lab/find-freeswitch.js';
import { startFreeswitchPbx, type FreeswitchPbx } from '../../src/cli/lab/freeswitch-pbx.js';
import { FreeswitchSocket } from '../../src/cli/lab/freeswitch-socket.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { OutdialConfig } from '../../src/config/outdial-config.js';
import { outdialArguments } from '../fixtures/served-process.js';
import { until } from '../fixtures/until.js';

const { program, missing } = await findFreeswitch();
if (missing !== undefined) process.stdout.write(`Skipped, the doctor on a FreeSWITCH: ${missing}\n`);
/** A FreeSWITCH that somebody else has set up: `host:port:password`. */
const NAMED = process.env['FREESWITCH_ESL'];

const of = (findings: readonly Finding[], check: string): readonly Finding[] => findings.filter((finding) => finding.check === check);
const failures = (findings: readonly Finding[]): readonly string[] => findings.filter(({ result }) => result === 'fail').map(({ check, what }) => `${check}: ${what}`);

type Content = Record<string, unknown> & { readonly switch: Record<string, unknown> };

/** A carrier's answer to OPTIONS, which is all that a trunk in peace hears of it. */
async function answerOptions(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (packet, sender) => {
    const request = packet.toString();
    const kept = request.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line));
    socket.send(['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n'), sender.port, sender.address);
  });
  return socket;
}

describe.skipIf(program === undefined)('doctor on a FreeSWITCH', () => {
  let folder = '';
  let pbx: FreeswitchPbx;
  let carrierPort = 0;
  let carrier: Socket | undefined;
  let phones: DeskPhones | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outdial-fsdoctor-'));
    [carrierPort = 0] = await findFreePorts(1);
    carrier = await answerOptions(carrierPort);
    const accounts = ['1001', '1002'].map((name) => ({ name, password: `secret-of-${name}` }));
    pbx = await startFreeswitchPbx({ folder: below('pbx'), trunk: { host: '127.0.0.1', port: carrierPort }, phones: accounts, ...(program && { program }) });
    phones = await startDeskPhones({ pbx: { host: pbx.host, port: pbx.sipPort }, phones: accounts, folder: below('phones'), kind: 'bank' });
    await until('the trunk is known to answer', async () => (await api('sofia xmlstatus gateway trunk')).includes('<status>UP') && !(await api('sofia xmlstatus gateway trunk')).includes('<pingtime>0.00'), 20_000);
  }, 120_000);
  afterAll(async () => {
    await phones?.stop();
    await pbx.stop();
    carrier?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function below(name: string): string {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  }

  async function api(command: string): Promise<string> {
    const socket = await FreeswitchSocket.open({ host: pbx.host, port: pbx.eslPort, password: pbx.eslPassword });
    try {
      return await socket.api(command);
    } finally {
      socket.close();
    }
  }

  const configFile = (): string => join(folder, 'outdial.yaml');

  /** The configuration of this switch with what differs. */
  function configWith(change: (content: Content) => Record<string, unknown> = (content) => content): OutdialConfig {
    const content = {
      store: { file: join(below('data'), 'outdial.sqlite') },
      switch: {
        kind: 'freeswitch',
        esl: { port: pbx.eslPort, password: pbx.eslPassword },
        soundsFolder: pbx.soundsFolder,
        recordingsFolder: pbx.recordingsFolder,
        audioPorts: `${String(pbx.audioPorts.first)}-${String(pbx.audioPorts.last)}`,
      },
      trunks: [{ name: 'carrier', endpoint: pbx.gatewayName, callsPerSecondMax: 5, linesMax: 60, callerNumber: '+12025550100' }],
      campaigns: [{ id: 'spring', trunk: 'carrier' }],
      agents: ['1001', '1002'].map((phone) => ({ id: `agent-${phone}`, phone, campaign: 'spring', pin: '2468' })),
    };
    writeFileSync(configFile(), stringify(change(content)));
    return loadConfig({ file: configFile(), environment: {} });
  }
  const switchWith = (keys: Record<string, unknown>) => (content: Content) => ({ ...content, switch: { ...content.switch, ...keys } });

  /** Runs a console command, looks, and takes it back. */
  async function withCommand(command: string, undo: string): Promise<readonly Finding[]> {
    // A module is in use until the leg before has quite gone.
    await until(command, async () => (await api(command)).startsWith('+OK'), 10_000);
    try {
      return await examine(configWith());
    } finally {
      await api(undo);
    }
  }

  /** Changes a file of the switch's own copy of freeswitch-conf/, looks, and takes it back. */
  async function withFile(name: string, change: (text: string) => string): Promise<readonly Finding[]> {
    const product = join(pbx.configFolder, 'outdial');
    const original = join(folder, 'original');
    cpSync(product, original, { recursive: true, dereference: true });
    rmSync(product, { recursive: true });
    cpSync(original, product, { recursive: true });
    const file = join(product, name);
    const text = readFileSync(file, 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(file, change(text));
    try {
      await api('reloadxml');
      return await examine(configWith());
    } finally {
      writeFileSync(file, text);
      await api('reloadxml');
    }
  }

  test('finds nothing to mend when it is set up as freeswitch-conf/ says', async () => {
    const findings = await examine(configWith());
    expect(findings.filter(({ result, check }) => result !== 'ok' && check !== 'receive-buffer' && check !== 'open-files')).toEqual([]);
    for (const check of ['esl', 'version', 'ready', 'clock', 'modules', 'rate', 'sessions', 'rtp-ports', 'audio-ports', 'trunk', 'name-lookup', 'phone', 'conference', 'dialplan', 'sounds', 'holding-music', 'recording', 'audio', 'open-files', 'disk']) {
      expect(of(findings, check).length, check).toBeGreaterThan(0);
    }
    expect(of(findings, 'phone')[0]?.what).toBe('2 of 2 phones are registered.');
    expect(of(findings, 'recording')[0]).toMatchObject({ result: 'ok', what: 'A trial recording of the switch is found by the service.' });
    expect(of(findings, 'audio')[0]).toMatchObject({ result: 'ok', what: 'Call audio of the switch reaches 127.0.0.1.' });
  });

  test('leaves nothing behind on the switch', async () => {
    await examine(configWith());
    await until('its leg is gone', async () => (await api('show channels count')).includes('0 total.'), 5_000);
  });

  test('tells a wrong password', async () => {
    const findings = await examine(configWith(switchWith({ esl: { port: pbx.eslPort, password: 'wrong' } })));
    expect(failures(findings)).toEqual([`esl: The event socket at 127.0.0.1:${String(pbx.eslPort)} refuses the password.`]);
  });

  test('tells a module that was unloaded', async () => {
    const findings = await withCommand('unload mod_local_stream', 'load mod_local_stream');
    expect(failures(findings)).toEqual(['modules: mod_local_stream is not loaded: there is no holding music.']);
    expect(of(findings, 'holding-music')[0]?.result).toBe('warn');
  });

  test('looks for sounds where the switch makes no leg', async () => {
    const findings = await withCommand('unload mod_loopback', 'load mod_loopback');
    expect(failures(findings)).toEqual([]);
    expect(findings.filter(({ result }) => result === 'warn').map(({ check }) => check)).toEqual(expect.arrayContaining(['trial', 'recording', 'audio']));
    expect(of(findings, 'sounds')[0]?.result).toBe('ok');
  });

  test('tells limits of the switch that are too low', async () => {
    const rate = await withCommand('fsctl sps 5', 'fsctl sps 200');
    expect(failures(rate)).toEqual([expect.stringContaining('rate: The switch takes 4 new legs a second')]);
    const sessions = await withCommand('fsctl max_sessions 61', 'fsctl max_sessions 5000');
    expect(failures(sessions)).toEqual([expect.stringContaining('sessions: The switch takes 61 legs at once')]);
    const paused = await withCommand('fsctl pause', 'fsctl resume');
    expect(failures(paused)).toEqual(['ready: The switch takes no calls: it is paused or stopping.']);
    expect(of(paused, 'trial')[0]).toMatchObject({ result: 'warn', what: 'The switch makes no leg to try sounds, recording and audio on: -ERR DESTINATION_OUT_OF_ORDER.' });
  });

  test('tells a trunk, phones and a profile that are not there', async () => {
    const findings = await examine(
      configWith((content) => ({
        ...switchWith({ conferenceProfile: 'nosuch' })(content),
        trunks: [{ name: 'carrier', endpoint: 'nosuch', linesMax: 5, callerNumber: '+12025550100' }],
        agents: [{ id: 'zoe', phone: '1999', campaign: 'spring', pin: '2468' }],
      })),
    );
    expect(failures(findings)).toEqual([
      'trunk: Trunk carrier: the switch has no gateway "nosuch".',
      'phone: Phone 1999 of agent zoe: the switch has no such user in domain outdial.',
      'conference: The switch has no conference profile "nosuch": contacts and agents cannot be joined.',
    ]);
  });

  test('tells conference keys that hang up, and a dialplan that is not there', async () => {
    const keys = await withFile('conference-outdial.xml', (text) => text.replace('"caller-controls" value="none"', '"caller-controls" value="default"'));
    expect(failures(keys)).toEqual([expect.stringContaining('conference: In the conference profile "outdial" keys have a meaning of their own (caller-controls default)')]);
    const dialplan = await withFile('dialplan-outdial.xml', (text) => text.replace('context name="outdial-phones"', 'context name="other"'));
    expect(failures(dialplan)).toEqual(['dialplan: The dialplan has no context outdial-phones: agents cannot log in.']);
  });

  test('tells sounds that nobody recorded, or that are none', async () => {
    const sounds = below('sounds');
    cpSync(pbx.soundsFolder, sounds, { recursive: true });
    writeFileSync(join(sounds, 'paused.wav'), 'no sound at all');
    rmSync(join(sounds, 'safe-harbour.wav'));
    const findings = await examine(configWith(switchWith({ soundsFolder: sounds })));
    expect(failures(findings)).toEqual([
      `sounds: The switch cannot play ${sounds}/paused.wav (keypad.sounds.paused).`,
      `sounds: The switch cannot play ${sounds}/safe-harbour.wav (campaign spring).`,
    ]);
  });

  test('tells two recordings folders of one meaning, and one that the switch does not have', async () => {
    const here = below('here');
    const there = below('there');
    const lost = await examine(configWith(switchWith({ recordingsFolder: here, recordingsFolderOnSwitch: there })));
    // The switch makes folders on the way, so it records, and elsewhere.
    expect(failures(lost)).toEqual([expect.stringMatching(/^recording: The switch recorded to .*\/there\/.*, and nothing came to .*\/here\//)]);
    const refused = await examine(configWith(switchWith({ recordingsFolderOnSwitch: '/proc/nosuch' })));
    expect(failures(refused)).toEqual([expect.stringContaining('recording: The switch does not record to /proc/nosuch/')]);
  });

  test('tells an address that the switch does not have for call audio', async () => {
    const findings = await examine(configWith(switchWith({ audioHost: '192.0.2.1' })));
    expect(failures(findings)).toEqual(['audio: No call audio of the switch comes to 127.0.0.1: who answered cannot be analysed.']);
  });

  test('the command exits 1 when something fails, and speaks JSON', () => {
    configWith(switchWith({ esl: { port: pbx.eslPort, password: 'wrong' } }));
    const { status, stdout } = spawnSync(process.execPath, outdialArguments(['doctor', '--config', configFile(), '--json']), { encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(1);
    expect(failures((JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings)).toHaveLength(1);
  });

  test('tells a trunk that does not answer', async () => {
    carrier?.close();
    carrier = undefined;
    await until('the switch has noticed', async () => (await api('sofia xmlstatus gateway trunk')).includes('<status>DOWN'), 40_000);
    expect(failures(await examine(configWith()))).toEqual(['trunk: Trunk carrier is down: it does not answer OPTIONS.']);
    carrier = await answerOptions(carrierPort);
    await until('the trunk is back', async () => (await api('sofia xmlstatus gateway trunk')).includes('<status>UP'), 40_000);
  }, 120_000);

  test('tells an access list that does not let this machine in', async () => {
    const file = join(pbx.configFolder, 'outdial-site/acl-service-site.xml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('127.0.0.1/32', '192.0.2.1/32'));
    await api('reloadacl');
    const findings = await examine(configWith());
    expect(failures(findings)).toEqual([`esl: The event socket at 127.0.0.1:${String(pbx.eslPort)} turns this machine away.`]);
    expect(of(findings, 'esl')[0]?.cure).toMatch(/acl-service-site\.xml.*reloadacl/);
    // Nobody can tell the switch any more that the list is right again.
    writeFileSync(file, text);
    await pbx.restart();
    expect(of(await examine(configWith()), 'esl')[0]?.result).toBe('ok');
  }, 60_000);
});

describe.skipIf(NAMED === undefined)('doctor on the FreeSWITCH that FREESWITCH_ESL names', () => {
  test('comes to an end, and has a cure for whatever it finds', async () => {
    const [host = '', port = '', ...password] = (NAMED ?? '').split(':');
    const folder = mkdtempSync(join(tmpdir(), 'outdial-fsdoctor-'));
    const file = join(folder, 'outdial.yaml');
    try {
      writeFileSync(
        file,
        stringify({
          store: { file: join(folder, 'outdial.sqlite') },
          switch: { kind: 'freeswitch', esl: { host, port: Number(port), password: password.join(':') }, recordingsFolder: folder },
          trunks: [{ name: 'trunk', linesMax: 10, callerNumber: '+12025550100' }],
        }),
      );
      const findings = await examine(loadConfig({ file, environment: {} }));
      expect(of(findings, 'esl')[0]?.result).toBe('ok');
      expect(of(findings, 'modules')[0]).toBeDefined();
      for (const { result, what, cure } of findings) {
        expect(what).not.toBe('');
        expect(cure === undefined).toBe(result === 'ok');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

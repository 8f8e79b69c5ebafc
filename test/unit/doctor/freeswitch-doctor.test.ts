import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { examineFreeswitch } from '../../../src/cli/doctor/freeswitch/examine-freeswitch.js';
import { checkTrunks } from '../../../src/cli/doctor/freeswitch/check-trunks.js';
import { EslProbe } from '../../../src/cli/doctor/freeswitch/esl-probe.js';
import type { Finding } from '../../../src/cli/doctor/finding.js';
import type { FreeswitchSite } from '../../../src/cli/doctor/site.js';
import { parseConfig } from '../../../src/config/load-config.js';
import { sampleConfig } from '../../../src/config/sample-config.js';
import { findFreePorts } from '../../../src/cli/lab/free-ports.js';
import { HEALTHY_ANSWERS } from './healthy-answers.js';
import { ScriptedEventSocket, type Script } from './scripted-event-socket.js';

let folder = '';
let audioPort = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-doctor-'));
  mkdirSync(join(folder, 'recording'));
  [audioPort = 0] = await findFreePorts(1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let socket: ScriptedEventSocket | undefined;
afterEach(async () => {
  await socket?.close();
  socket = undefined;
});

type Section = Record<string, unknown>;

/** The sample, pointed at this port, with what differs. */
function siteAt(port: number, change: (content: Record<string, unknown> & { readonly switch: Section }) => Record<string, unknown> = (content) => content): FreeswitchSite {
  const content = parse(sampleConfig({ kind: 'freeswitch', eslPassword: 'secret', recordingsFolder: 'recording' })) as Record<string, unknown> & { readonly switch: Section };
  const pointed = {
    ...content,
    media: {},
    switch: { ...content.switch, esl: { port, password: 'secret' }, audioPorts: `${String(audioPort)}-${String(audioPort + 999)}` },
  };
  const config = parseConfig(stringify(change(pointed)), { file: join(folder, 'outdial.yaml'), environment: {} });
  if (config.switch.kind !== 'freeswitch') throw new Error('The sample is one for FreeSWITCH.');
  return { ...config, switch: config.switch };
}

/** What the doctor finds on a switch of this script. */
async function found(script: Script = {}, change?: Parameters<typeof siteAt>[1]): Promise<readonly Finding[]> {
  socket = await ScriptedEventSocket.open(script);
  return examineFreeswitch(siteAt(socket.port, change));
}

const of = (findings: readonly Finding[], check: string): readonly Finding[] => findings.filter((finding) => finding.check === check);
const bad = (findings: readonly Finding[]): readonly string[] => findings.filter(({ result }) => result !== 'ok').map(({ check, result, what }) => `${result} ${check}: ${what}`);

const healthy = (command: string): string => HEALTHY_ANSWERS[command] ?? '';
/** An answer of a healthy switch with some text replaced; the replacement must take effect. */
function answer(command: string, from: string | RegExp, to: string): Readonly<Record<string, string>> {
  const changed = healthy(command).replace(from, to);
  expect(changed).not.toBe(healthy(command));
  return { [command]: changed };
}

const SWITCH_CONF = 'xml_locate configuration configuration name switch.conf';
const CONFERENCE_CONF = 'xml_locate configuration configuration name conference.conf';
const SOFIA_CONF = 'xml_locate configuration configuration name sofia.conf';
const GATEWAY = 'sofia xmlstatus gateway trunk';

describe('the doctor on FreeSWITCH', () => {
  it('finds nothing wrong with a switch that is set up as freeswitch-conf/ says', async () => {
    const findings = await found();
    expect(bad(findings)).toEqual([]);
    for (const check of ['esl', 'version', 'ready', 'clock', 'modules', 'rate', 'sessions', 'rtp-ports', 'audio-ports', 'trunk', 'name-lookup', 'phone', 'conference', 'dialplan', 'sounds', 'holding-music', 'recording', 'audio']) {
      expect(of(findings, check).length, check).toBeGreaterThan(0);
    }
    for (const { what } of findings) expect(what).toMatch(/\.$/);
  });

  it('ends its leg, removes its recording, and dials nobody', async () => {
    await found();
    const [originate = ''] = socket?.commands.filter((command) => command.includes('originate ')) ?? [];
    expect(originate).toMatch(/\}null\/outdial-doctor &park\(\)$/);
    expect(socket?.commands.filter((command) => command.includes('originate '))).toHaveLength(1);
    const [, id = ''] = /origination_uuid=([^,]+)/.exec(originate) ?? [];
    expect(socket?.commands.at(-1)).toBe(`api uuid_kill ${id}`);
    expect(readdirSync(join(folder, 'recording'))).toEqual([]);
  });

  it('sends no order for audio before the leg has been played to', async () => {
    await found();
    const orders = socket?.commands.filter((command) => command.startsWith('sendmsg') || command.includes('uuid_break')) ?? [];
    expect(orders.findIndex((command) => command.includes('uuid_break'))).toBeLessThan(orders.length - 1);
    expect(orders.at(-1)).toMatch(/^sendmsg/);
  });
});

describe('the door', () => {
  it('that is not there', async () => {
    const [port = 0] = await findFreePorts(1);
    const findings = await examineFreeswitch(siteAt(port));
    expect(findings).toEqual([expect.objectContaining({ check: 'esl', result: 'fail', what: expect.stringContaining('does not answer: connect ECONNREFUSED') as string })]);
  });

  it('that turns us away, with how to be let in', async () => {
    const findings = await found({ greeting: 'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\nContent-Type: text/disconnect-notice\nContent-Length: 0\n\n' });
    expect(bad(findings)).toEqual([`fail esl: The event socket at 127.0.0.1:${String(socket?.port)} turns this machine away.`]);
    expect(findings[0]?.cure).toMatch(/apply-inbound-acl.*reloadacl/);
  });

  it('that wants another password', async () => {
    const findings = await found({ password: 'other' });
    expect(bad(findings)).toEqual([`fail esl: The event socket at 127.0.0.1:${String(socket?.port)} refuses the password.`]);
  });

  it('of some other server', async () => {
    const findings = await found({ greeting: 'HTTP/1.1 400 Bad Request\r\n\r\n\n\n' });
    expect(bad(findings)).toEqual([`fail esl: What answers at 127.0.0.1:${String(socket?.port)} is no event socket.`]);
  });

  it('that closes at once', async () => {
    const server = createServer((closing) => closing.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const findings = await examineFreeswitch(siteAt((server.address() as AddressInfo).port));
    server.close();
    expect(findings[0]?.what).toMatch(/is no event socket/);
  });
});

const inTwoHours = (): string => String(Math.floor(Date.now() / 1000) + 7_200);

/** Each fault by the answers that show it, with what is said and the words of the cure. */
const FAULTS: readonly (readonly [string, () => Script, string, RegExp])[] = [
  ['an old version', () => ({ answers: { version: 'FreeSWITCH Version 1.8.7~64bit ( 64bit)\n' } }), 'fail version: FreeSWITCH 1.8.7 is too old.', /1\.10/],
  ['a paused switch', () => ({ answers: answer('status', 'is ready', 'is not ready') }), 'fail ready: The switch takes no calls: it is paused or stopping.', /fsctl resume/],
  ['a clock that is ahead', () => ({ answers: { strepoch: inTwoHours() } }), 'warn clock: The clocks of switch and service differ by 719', /NTP/],
  ['a missing module', () => ({ answers: { 'module_exists mod_conference': 'false' } }), 'fail modules: mod_conference is not loaded: contacts and agents cannot be joined.', /load mod_conference/],
  ['a rate of which one less passes', () => ({ answers: { 'fsctl sps': '+OK sessions per second: 5\n' } }), 'fail rate: The switch takes 4 new legs a second, but the trunks are given 5 calls a second: the rest is refused.', /of N, N-1 legs pass/],
  ['too few sessions', () => ({ answers: { 'fsctl max_sessions': '+OK max sessions: 61\n' } }), 'fail sessions: The switch takes 61 legs at once, but lines and phones need up to 62.', /max-sessions to 124/],
  ['too few RTP ports', () => ({ answers: answer(SWITCH_CONF, '19999', '10121') }), 'fail rtp-ports: RTP ports 10000-10121 are enough for 61 legs, but lines and phones need up to 62.', /124 and more/],
  ['a trunk that is not there', () => ({ answers: { [GATEWAY]: 'Invalid Gateway!\n' } }), 'fail trunk: Trunk trunk: the switch has no gateway "trunk".', /gateways-site\.xml\.sample/],
  ['a trunk that does not answer', () => ({ answers: answer(GATEWAY, '<status>UP', '<status>DOWN') }), 'fail trunk: Trunk trunk is down: it does not answer OPTIONS.', /firewall/],
  ['a trunk that nobody watches', () => ({ answers: answer(GATEWAY, '<pingfreq>15', '<pingfreq>0') }), 'warn trunk: Trunk trunk is not watched: a dead one shows only in calls that fail.', /name="ping"/],
  ['a trunk not yet asked', () => ({ answers: answer(GATEWAY, '<pingtime>1.16', '<pingtime>0.00') }), 'warn trunk: Trunk trunk has not answered OPTIONS yet.', /half a minute/],
  ['a registration that failed', () => ({ answers: answer(GATEWAY, '<state>NOREG', '<state>FAIL_WAIT') }), 'fail trunk: Trunk trunk is not registered at the carrier (FAIL_WAIT).', /password/],
  ['a registration under way', () => ({ answers: answer(GATEWAY, '<state>NOREG', '<state>TRYING') }), 'warn trunk: Trunk trunk is registering at the carrier (TRYING).', /again/],
  ['a trunk that hides our number', () => ({ answers: answer(SOFIA_CONF, '"caller-id-in-from" value="true"', '"caller-id-in-from" value="false"') }), 'warn caller-number: Trunk trunk shows the gateway\'s user to contacts, not the number of the campaign.', /caller-id-in-from/],
  ['calls that come in elsewhere', () => ({ answers: answer(GATEWAY, '<context>outdial-trunk', '<context>public') }), 'warn inbound: Calls that come in on trunk trunk go to the context public of the dialplan, not to the service.', /context to outdial-trunk/],
  ['no conference profile', () => ({ answers: answer(CONFERENCE_CONF, 'profile name="outdial"', 'profile name="default"') }), 'fail conference: The switch has no conference profile "outdial": contacts and agents cannot be joined.', /conference-outdial\.xml/],
  ['conference keys by omission', () => ({ answers: answer(CONFERENCE_CONF, /<param name="caller-controls".*/, '') }), 'fail conference: In the conference profile "outdial" keys have a meaning of their own (caller-controls default): an agent\'s or contact\'s # may hang up.', /caller-controls to none/],
  ['a conference with sounds', () => ({ answers: answer(CONFERENCE_CONF, '</profile>', '<param name="alone-sound" value="a.wav"/><param name="moh-sound" value="local_stream://moh"/><param name="exit-sound" value=""/></profile>') }), 'warn conference: The conference profile "outdial" plays sounds of its own: alone-sound, moh-sound.', /wait in silence/],
  ['a conference at another rate', () => ({ answers: answer(CONFERENCE_CONF, '"rate" value="8000"', '"rate" value="48000"') }), 'warn conference: The conference profile "outdial" mixes at 48000 Hz: every call is converted twice.', /rate to 8000/],
  ['a conference with a gate', () => ({ answers: answer(CONFERENCE_CONF, '"energy-level" value="0"', '"energy-level" value="300"') }), 'warn conference: The conference profile "outdial" cuts what is softer than its energy-level 300: quiet speakers and beginnings of words.', /energy-level to 0/],
  ['no context for phones', () => ({ answers: { 'xml_locate dialplan context name outdial-phones': "can't find anything\n" } }), 'fail dialplan: The dialplan has no context outdial-phones: agents cannot log in.', /dialplan-outdial\.xml/],
  ['a context that hands nothing over', () => ({ answers: answer('xml_locate dialplan context name outdial-trunk', 'outdial_request=', 'other=') }), 'warn dialplan: The context outdial-trunk of the dialplan sets no outdial_request: nobody who calls back reaches the service.', /reloadxml/],
  ['a phone that is off', () => ({ answers: { 'show registrations as json': JSON.stringify({ row_count: 1, rows: [{ reg_user: '1002' }] }) } }), 'warn phone: Phone 1001 of agent ana is not registered.', /Switch it on/],
  ['a phone whose calls go elsewhere', () => ({ answers: { 'user_data 1002@outdial var user_context': 'default' } }), 'fail phone-context: Calls of phone 1002 go to the context default of the dialplan: its agent cannot log in.', /user_context/],
  ['a sound that nobody recorded', () => ({ missingFiles: ['/usr/share/freeswitch/sounds/outdial/safe-harbour.wav'] }), 'fail sounds: The switch cannot play /usr/share/freeswitch/sounds/outdial/safe-harbour.wav (campaign spring).', /sounds\//],
  ['no holding music', () => ({ missingFiles: ['local_stream://outdial-hold'] }), 'warn holding-music: The switch does not play local_stream://outdial-hold: who is on hold hears nothing.', /local-stream-outdial\.xml/],
  ['a folder the switch may not write', () => ({ recordAnswer: '-ERR Cannot record session!\n' }), 'fail recording: The switch does not record to ', /recordingsFolderOnSwitch/],
];

describe('a fault', () => {
  it.each(FAULTS)('%s', async (_, script, what, cure) => {
    const findings = await found(script());
    const wrong = findings.filter(({ result }) => result !== 'ok');
    expect(bad(findings)).toEqual([expect.stringContaining(what)]);
    expect(wrong[0]?.cure).toMatch(cure);
    expect(wrong[0]?.what).toMatch(/[.!]$/);
  });

  it('phones that the switch does not know', async () => {
    const findings = await found({ answers: { 'show registrations as json': '{"row_count":0}\n', 'user_exists id 1002 outdial': 'false' } });
    expect(bad(findings)).toEqual(['warn phone: Phone 1001 of agent ana is not registered.', 'fail phone: Phone 1002 of agent ben: the switch has no such user in domain outdial.']);
  });

  it('two recordings folders of one meaning', async () => {
    const findings = await found({ placeOf: () => undefined });
    expect(bad(findings)).toEqual([expect.stringMatching(/^fail recording: The switch recorded to .*trial\.wav, and nothing came to .*trial\.wav\.$/)]);
  });

  it('no fault where the switch names the folder otherwise', async () => {
    const findings = await found({ placeOf: (file) => file.replace('/mnt/switch', join(folder, 'recording')) }, (content) => ({ ...content, switch: { ...content.switch, recordingsFolderOnSwitch: '/mnt/switch' } }));
    expect(bad(findings)).toEqual([]);
    expect(socket?.commands.find((command) => command.includes('uuid_record'))).toContain(' start /mnt/switch/outdial-doctor-');
  });

  it('audio that does not come', async () => {
    const findings = await found({ takenPorts: [audioPort, audioPort + 499, audioPort + 999] });
    expect(bad(findings)).toEqual(['fail audio: No call audio of the switch comes to 127.0.0.1: who answered cannot be analysed.']);
  }, 15_000);

  it('no fault where a running service has some of the audio ports', async () => {
    expect(bad(await found({ takenPorts: [audioPort + 999] }))).toEqual([]);
  }, 15_000);

  it('an address that is not of this machine', async () => {
    const findings = await found({}, (content) => ({ ...content, media: { host: '192.0.2.1' } }));
    expect(of(findings, 'audio')[0]).toMatchObject({ result: 'fail', what: expect.stringMatching(/^This machine cannot receive call audio on 192\.0\.2\.1: bind EADDRNOTAVAIL/) as string });
  });

  it('audio ports among those of RTP, and fewer than lines', async () => {
    const script = { answers: answer(SWITCH_CONF, /<param name="rtp-(?:start|end)-port".*\n/g, '') };
    const findings = await found(script, (content) => ({ ...content, switch: { ...content.switch, audioPorts: '27000-27009' } }));
    expect(bad(findings)).toEqual([
      'warn audio-ports: switch.audioPorts 27000-27009 and the switch\'s RTP ports 16384-32768 overlap: now and then a call is not heard.',
      'warn audio-ports: 10 calls can be listened to at once, and there are 60 lines: the rest is not analysed.',
    ]);
  });
});

/** The names of all sounds that the sample uses. */
const SOUNDS = ['enter-pin', 'wrong-pin', 'logged-in', 'logged-out', 'paused', 'resumed', 'connect-beep', 'wrap-up-tone', 'not-possible', 'safe-harbour'] as const;

describe('a switch that makes no leg', () => {
  const WITHOUT: Script = {
    originateAnswer: '-ERR CHAN_NOT_IMPLEMENTED\n',
    answers: { 'local_stream show outdial-hold': 'outdial-hold\n  location: /srv/music\n  ready:    true\n' },
  };
  const sounds = SOUNDS.map((sound) => `file_exists /usr/share/freeswitch/sounds/outdial/${sound}.wav`);

  it('is told so, and its files are looked for instead', async () => {
    const answers = { ...WITHOUT.answers, ...Object.fromEntries(sounds.map((command) => [command, 'true'])), 'file_exists /usr/share/freeswitch/sounds/outdial/paused.wav': 'false' };
    const findings = await found({ ...WITHOUT, answers });
    expect(bad(findings)).toEqual([
      'warn trial: The switch makes no leg to try sounds, recording and audio on: -ERR CHAN_NOT_IMPLEMENTED.',
      'fail sounds: The switch has no /usr/share/freeswitch/sounds/outdial/paused.wav (keypad.sounds.paused).',
      'warn recording: Whether the service finds what the switch records could not be tried.',
      'warn audio: Whether call audio reaches the service could not be tried.',
    ]);
    expect(of(findings, 'trial')[0]?.cure).toContain('mod_loopback');
    expect(of(findings, 'holding-music')[0]?.result).toBe('ok');
  });

  it('for another reason is not told to load a module', async () => {
    const findings = await found({ originateAnswer: '-ERR DESTINATION_OUT_OF_ORDER\n' });
    expect(of(findings, 'trial')[0]?.cure).toMatch(/refuses new legs/);
  });
});

describe('a carrier by name', () => {
  async function nameFindings(lookUp: () => Promise<unknown>): Promise<readonly Finding[]> {
    socket = await ScriptedEventSocket.open({ answers: answer(GATEWAY, '<proxy>sip:192.0.2.10:5060', '<proxy>sip:carrier.example:5060;transport=tcp') });
    const site = siteAt(socket.port);
    const esl = await EslProbe.open(site.switch);
    if (!(esl instanceof EslProbe)) throw new Error(esl.reason);
    try {
      return of(await checkTrunks(esl, site, lookUp), 'name-lookup');
    } finally {
      esl.close();
    }
  }

  it('is looked up as the switch would', async () => {
    expect((await nameFindings(() => Promise.reject(new Error('ENOTFOUND'))))[0]).toMatchObject({ result: 'fail', what: 'The carrier carrier.example of trunk trunk does not resolve.' });
    await socket?.close();
    expect((await nameFindings(() => new Promise((resolve) => setTimeout(resolve, 120))))[0]).toMatchObject({ result: 'warn' });
    await socket?.close();
    expect((await nameFindings(() => Promise.resolve()))[0]?.result).toBe('ok');
  });
});

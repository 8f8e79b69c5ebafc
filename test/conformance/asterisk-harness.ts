import { createSocket } from 'node:dgram';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import type { DeskPhone, DeskPhones } from '../../src/cli/lab/desk-phone.js';
import { findAsterisk } from '../../src/cli/lab/find-asterisk.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import { startPbx } from '../../src/cli/lab/pbx.js';
import type { Pbx } from '../../src/cli/lab/pbx.js';
import { startPublicNetwork } from '../../src/cli/lab/public-network.js';
import type { PublicNetwork } from '../../src/cli/lab/public-network.js';
import { FileStereoMerger } from '../../src/media/stereo-merger.js';
import type { AsteriskConfig, RtpTaps } from '../../src/telephony/asterisk/asterisk-config.js';
import { AsteriskSwitch } from '../../src/telephony/asterisk/asterisk-switch.js';
import type { Switch } from '../../src/telephony/switch.js';
import { phoneName, soundName, trunkName } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';
import type { SwitchBench, SwitchHarness, TestPhone } from './switch-harness.js';
import { TcpRelay } from './tcp-relay.js';

const WITHIN_MS_DEFAULT: Ms = 15_000;
const LOOK_EVERY_MS: Ms = 5;
const PHONE = '1001';
const PASSWORD = 'phone-password';
const DOWN_TRUNK = 'trunk-down';
/** Leads nowhere: nobody listens on the discard port. */
const NOBODY = '127.0.0.1:9';
const DIGITS_NUMBER = '+442079460930';
const FEATURE_CODES: Readonly<Record<string, string>> = { 'log-in': '*50', pause: '*51', resume: '*52', 'log-out': '*53' };

/** A trunk whose peer never answers, on the same PBX. */
const DOWN_TRUNK_CONF = `
[${DOWN_TRUNK}](outdial-trunk-endpoint)
aors=${DOWN_TRUNK}
media_address=127.0.0.1
[${DOWN_TRUNK}](outdial-trunk-aor)
contact=sip:${NOBODY}
qualify_frequency=1
qualify_timeout=0.5
`;
const DIGITS_CONF = `
[network](+)
exten => ${DIGITS_NUMBER},1,Answer(,i)
 same => n,Wait(1)
 same => n,SendDTMF(123#,200)
 same => n,Wait(600)
`;

/** Everything that all checks share. */
interface Lab {
  readonly folder: string;
  readonly pbx: Pbx;
  readonly network: PublicNetwork;
  readonly ariRelay: TcpRelay;
  readonly amiRelay: TcpRelay;
  readonly taps: RtpTaps;
  readonly closeTaps: () => void;
  phones: DeskPhones;
}

/**
 * A real PBX, a second Asterisk as the public network and a desk phone.
 * `SWITCH_TRANSPORT=http` sends commands the older way; `SWITCH_SUITE=bullseye`
 * takes Debian's Asterisk 16 as the PBX, which knows no other.
 */
export function createHarness(): SwitchHarness {
  let lab: Lab | undefined;
  const need = (): Lab => {
    if (lab === undefined) throw new Error('The harness has not begun.');
    return lab;
  };
  return {
    backend: 'asterisk',
    async begin() {
      lab = await openLab();
    },
    openBench: () => openBench(need()),
    async end() {
      if (lab === undefined) return;
      await lab.phones.stop();
      await Promise.all([lab.pbx.stop(), lab.network.stop(), lab.ariRelay.close(), lab.amiRelay.close()]);
      lab.closeTaps();
      rmSync(lab.folder, { recursive: true, force: true });
    },
  };
}

async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(path.join(tmpdir(), 'outdial-conformance-'));
  const program = await findAsterisk();
  const networkFolder = path.join(folder, 'network');
  const pbxFolder = path.join(folder, 'pbx');
  mkdirSync(networkFolder);
  mkdirSync(pbxFolder);
  const network = await startPublicNetwork({ folder: networkFolder, seed: 1, program });
  appendFileSync(path.join(networkFolder, 'etc/extensions.conf'), DIGITS_CONF);
  await network.restart();
  const pbx = await startPbx({
    folder: pbxFolder,
    program: process.env['SWITCH_SUITE'] === 'bullseye' ? await findAsterisk({ suite: 'bullseye' }) : program,
    trunk: { host: network.host, port: network.sipPort },
    phones: [{ name: PHONE, password: PASSWORD }],
    trunkQualifySeconds: 1,
    phoneQualifySeconds: 2,
  });
  appendFileSync(path.join(pbx.configFolder, 'outdial-site/pjsip-site.conf'), DOWN_TRUNK_CONF);
  await pbx.restart();
  const { taps, close } = await openTaps();
  return {
    folder,
    pbx,
    network,
    ariRelay: await TcpRelay.open(pbx.httpPort),
    amiRelay: await TcpRelay.open(pbx.amiPort),
    taps,
    closeTaps: close,
    phones: await startPhones(folder, pbx),
  };
}

/** Call audio has a socket to go to; what is in it the integration tests hear. */
async function openTaps(): Promise<{ readonly taps: RtpTaps; readonly close: () => void }> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const taps: RtpTaps = {
    address: `127.0.0.1:${String(socket.address().port)}`,
    attach: () => undefined,
    detach: () => undefined,
  };
  return { taps, close: () => socket.close() };
}

const startPhones = (folder: string, pbx: Pbx): Promise<DeskPhones> =>
  startDeskPhones({
    kind: 'baresip',
    folder: path.join(folder, 'phones'),
    pbx: { host: pbx.host, port: pbx.sipPort },
    phones: [{ name: PHONE, password: PASSWORD }],
  });

function switchConfig(lab: Lab): AsteriskConfig {
  const { pbx } = lab;
  return {
    name: 'asterisk',
    ari: { url: `http://127.0.0.1:${String(lab.ariRelay.port)}`, user: pbx.ariUser, password: pbx.ariPassword, app: 'outdial' },
    ami: { host: '127.0.0.1', port: lab.amiRelay.port, user: pbx.amiUser, password: pbx.amiPassword },
    transport: process.env['SWITCH_TRANSPORT'] === 'http' ? 'http' : 'auto',
    trunks: [pbx.trunkName, DOWN_TRUNK].map((name) => ({
      name: trunkName(name),
      endpoint: name,
      numberForm: 'e164-plus' as const,
      numberPrefix: '',
    })),
    soundsPrefix: 'outdial/',
    recordings: { folder: lab.pbx.recordingsFolder },
  };
}

async function openBench(lab: Lab): Promise<SwitchBench> {
  lab.ariRelay.allow();
  lab.amiRelay.allow();
  if (lab.phones.phone(PHONE).state === 'gone') lab.phones = await startPhones(lab.folder, lab.pbx);
  await untilTrunksSettled(lab);
  await endAllChannels(lab.pbx);
  const open: Switch[] = [];
  return {
    createSwitch() {
      const created = new AsteriskSwitch(switchConfig(lab), { taps: lab.taps, merger: new FileStereoMerger() });
      open.push(created);
      return created;
    },
    destinations: {
      'answers-at-once': FIXED_NUMBERS.tone(0),
      'answers-after-ring': FIXED_NUMBERS.person(1),
      busy: FIXED_NUMBERS.busy(0),
      'no-answer': FIXED_NUMBERS.noAnswer,
      unallocated: FIXED_NUMBERS.unallocated(0),
      congestion: FIXED_NUMBERS.congestion(0),
      'hangs-up-early': FIXED_NUMBERS.hangsUpAfter(1),
      'presses-digits': DIGITS_NUMBER,
    },
    trunk: trunkName(lab.pbx.trunkName),
    downTrunk: trunkName(DOWN_TRUNK),
    sounds: { short: soundName('connect-beep'), long: soundName('machine-message') },
    phone: testPhone(lab),
    until: untilFound,
    pass: (spanMs) => wait(spanMs),
    async setTrunkReachable(isReachable) {
      if (isReachable) await lab.network.restart();
      else await lab.network.kill();
    },
    cut() {
      lab.ariRelay.cut();
      lab.amiRelay.cut();
      return Promise.resolve();
    },
    restore() {
      lab.ariRelay.allow();
      lab.amiRelay.allow();
      return Promise.resolve();
    },
    restartSwitch: () => lab.pbx.restart(),
    readRecording(name) {
      const file = path.join(lab.pbx.recordingsFolder, name);
      return Promise.resolve(existsSync(file) ? readFileSync(file) : undefined);
    },
    async close() {
      await Promise.all(open.map((one) => one.close()));
      await endAllChannels(lab.pbx);
      await idlePhone(lab);
    },
  };
}

async function untilFound<T>(what: string, find: () => T | undefined, withinMs: Ms = WITHIN_MS_DEFAULT): Promise<T> {
  const giveUpAtMs = performance.now() + withinMs;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAtMs) throw new Error(`${what} did not come within ${String(withinMs)} ms.`);
    await wait(LOOK_EVERY_MS);
  }
}

function testPhone(lab: Lab): TestPhone {
  const phone = (): DeskPhone => lab.phones.phone(PHONE);
  return {
    name: phoneName(PHONE),
    async dialFeature(feature) {
      const code = FEATURE_CODES[feature];
      if (code === undefined) throw new Error(`There is no code for ${feature}.`);
      // The phone may hear of the end of its last call later than the check did.
      await phone().callEnded();
      // Resolves at the answer, which is the check's to give or not; a call that is refused tells the check by its events.
      phone().call(code).catch(() => undefined);
    },
    press: (digits) => phone().keys(digits),
    hangUp: () => phone().hangUp(),
    dropLine: () => phone().drop(),
    unregister: () => phone().unregister(),
    register: () => phone().register(),
  };
}

async function idlePhone(lab: Lab): Promise<void> {
  const phone = lab.phones.phone(PHONE);
  if (phone.state === 'gone') return;
  await phone.callEnded();
  if (phone.state === 'unregistered') await phone.register();
}

interface ListedChannel {
  readonly id: string;
}
interface ListedEndpoint {
  readonly resource: string;
  readonly state?: string;
}

async function ari(pbx: Pbx, method: string, what: string): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${pbx.ariUser}:${pbx.ariPassword}`).toString('base64')}`;
  const answer = await fetch(`${pbx.ariUrl}/ari/${what}`, { method, headers: { authorization } });
  return answer.status === 200 ? await answer.json() : undefined;
}

/** Nothing of a former check is left on the switch. */
async function endAllChannels(pbx: Pbx): Promise<void> {
  await untilQuiet('no channel on the switch', async () => {
    const channels = ((await ari(pbx, 'GET', 'channels')) ?? []) as readonly ListedChannel[];
    await Promise.all(channels.map(({ id }) => ari(pbx, 'DELETE', `channels/${id}`)));
    const bridges = ((await ari(pbx, 'GET', 'bridges')) ?? []) as readonly ListedChannel[];
    await Promise.all(bridges.map(({ id }) => ari(pbx, 'DELETE', `bridges/${id}`)));
    return channels.length === 0 && bridges.length === 0;
  });
}

/** The trunk answers OPTIONS, the other one has been found not to, and the phone is known. */
async function untilTrunksSettled(lab: Lab): Promise<void> {
  await untilQuiet('trunks and phone as they should be', async () => {
    const endpoints = ((await ari(lab.pbx, 'GET', 'endpoints/PJSIP')) ?? []) as readonly ListedEndpoint[];
    const stateOf = (name: string): string | undefined => endpoints.find(({ resource }) => resource === name)?.state;
    return stateOf(lab.pbx.trunkName) === 'online' && stateOf(DOWN_TRUNK) === 'offline' && stateOf(PHONE) === 'online';
  });
}

async function untilQuiet(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > giveUpAtMs) throw new Error(`${what}: not within a minute.`);
    await wait(50);
  }
}

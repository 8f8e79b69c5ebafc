import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
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
import type { Switch } from '../../src/telephony/switch.js';
import { soundName, trunkName } from '../../src/units/ids.js';
import { EarTaps } from './ear-taps.js';
import { deskTestPhone, idlePhone, untilFound, untilQuiet } from './lab-tools.js';
import type { SwitchBench, SwitchHarness } from './switch-harness.js';
import { TcpRelay } from './tcp-relay.js';
import { PROCESS_TONE_HZ, toneEars } from './tone-ears.js';

const PHONE = '1001';
const PASSWORD = 'phone-password';
const DOWN_TRUNK = 'trunk-down';
/** Leads nowhere: nobody listens on the discard port. */
const NOBODY = '127.0.0.1:9';

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

/** Everything that all checks share. */
interface Lab {
  readonly folder: string;
  readonly pbx: Pbx;
  readonly network: PublicNetwork;
  readonly ariRelay: TcpRelay;
  readonly amiRelay: TcpRelay;
  readonly taps: EarTaps;
  readonly transport: AsteriskConfig['transport'];
  phones: DeskPhones;
}

/** Which Asterisk is the PBX: Debian's newest, with everything over one WebSocket, or 16, which knows commands by HTTP only. */
const VARIANTS = {
  'asterisk-22': { suite: undefined, transport: 'auto' },
  'asterisk-16': { suite: 'bullseye', transport: 'http' },
} as const;

/** A name of this file's backends. */
type AsteriskBackend = keyof typeof VARIANTS;

const isAsteriskBackend = (backend: string): backend is AsteriskBackend => Object.hasOwn(VARIANTS, backend);

/** A real PBX, a second Asterisk as the public network and a desk phone. @throws Error when it has no such backend. */
export function createHarness(backend: string): SwitchHarness {
  if (!isAsteriskBackend(backend)) throw new Error(`There is no Asterisk ${backend}.`);
  let lab: Lab | undefined;
  const need = (): Lab => {
    if (lab === undefined) throw new Error('The harness has not begun.');
    return lab;
  };
  return {
    backend,
    async begin() {
      lab = await openLab(backend);
    },
    description: () => `Asterisk ${need().pbx.program.version}, ${need().transport === 'http' ? 'commands over HTTP by ari-client' : 'everything over one WebSocket'}`,
    openBench: () => openBench(need()),
    async end() {
      if (lab === undefined) return;
      await lab.phones.stop();
      await Promise.all([lab.pbx.stop(), lab.network.stop(), lab.ariRelay.close(), lab.amiRelay.close()]);
      lab.taps.close();
      rmSync(lab.folder, { recursive: true, force: true });
    },
  };
}

async function openLab(backend: AsteriskBackend): Promise<Lab> {
  const { suite, transport } = VARIANTS[backend];
  const folder = mkdtempSync(path.join(tmpdir(), 'outdial-conformance-'));
  const program = await findAsterisk();
  const networkFolder = path.join(folder, 'network');
  const pbxFolder = path.join(folder, 'pbx');
  mkdirSync(networkFolder);
  mkdirSync(pbxFolder);
  const network = await startPublicNetwork({ folder: networkFolder, seed: 1, program });
  const pbx = await startPbx({
    folder: pbxFolder,
    program: suite === undefined ? program : await findAsterisk({ suite }),
    trunk: { host: network.host, port: network.sipPort },
    phones: [{ name: PHONE, password: PASSWORD }],
    trunkQualifySeconds: 1,
    phoneQualifySeconds: 2,
  });
  appendFileSync(path.join(pbx.configFolder, 'outdial-site/pjsip-site.conf'), DOWN_TRUNK_CONF);
  await pbx.restart();
  return {
    folder,
    pbx,
    network,
    ariRelay: await TcpRelay.open(pbx.httpPort),
    amiRelay: await TcpRelay.open(pbx.amiPort),
    taps: await EarTaps.open(PROCESS_TONE_HZ),
    transport,
    phones: await startPhones(folder, pbx),
  };
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
    transport: lab.transport,
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
  const readRecording = (name: string): Promise<Uint8Array | undefined> => {
    const file = path.join(lab.pbx.recordingsFolder, name);
    return Promise.resolve(existsSync(file) ? readFileSync(file) : undefined);
  };
  return {
    createSwitch() {
      const created = new AsteriskSwitch(switchConfig(lab), { taps: lab.taps, merger: new FileStereoMerger() });
      open.push(created);
      return created;
    },
    createBareSwitch() {
      const created = new AsteriskSwitch(switchConfig(lab));
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
      'presses-digits': FIXED_NUMBERS.pressesKeys,
      'reads-keys': FIXED_NUMBERS.readsKeys,
      'early-media': FIXED_NUMBERS.toneEarly,
      'early-then-answers': FIXED_NUMBERS.toneEarlyThenAnswer,
    },
    trunk: trunkName(lab.pbx.trunkName),
    downTrunk: trunkName(DOWN_TRUNK),
    sounds: { short: soundName('connect-beep'), long: soundName('machine-message') },
    phone: deskTestPhone(PHONE, () => lab.phones.phone(PHONE)),
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
    readRecording,
    ears: toneEars({ heardFolder: lab.network.heardFolder, readRecording, taps: lab.taps }),
    async close() {
      await Promise.all(open.map((one) => one.close()));
      await endAllChannels(lab.pbx);
      await idlePhone(lab.phones.phone(PHONE));
    },
  };
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

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pickAsteriskPorts } from '../../src/cli/lab/asterisk-instance.js';
import type { DeskPhones } from '../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import { FreeswitchSocket } from '../../src/cli/lab/freeswitch-socket.js';
import { startPublicNetwork } from '../../src/cli/lab/public-network.js';
import type { PublicNetwork } from '../../src/cli/lab/public-network.js';
import type { FreeswitchConfig } from '../../src/telephony/freeswitch/freeswitch-config.js';
import { FreeswitchSwitch } from '../../src/telephony/freeswitch/freeswitch-switch.js';
import type { Switch } from '../../src/telephony/switch.js';
import { soundName, trunkName } from '../../src/units/ids.js';
import type { FreeswitchUnderTest } from './freeswitch-under-test.js';
import { findFreeswitchUnderTest } from './freeswitch-under-test.js';
import { EarTaps } from './ear-taps.js';
import { deskTestPhone, idlePhone, untilFound, untilQuiet } from './lab-tools.js';
import type { SwitchBench, SwitchHarness } from './switch-harness.js';
import { TcpRelay } from './tcp-relay.js';
import { PROCESS_TONE_HZ, toneEars } from './tone-ears.js';

/** Everything that all checks share. */
interface Lab {
  readonly folder: string;
  readonly server: FreeswitchUnderTest;
  readonly network: PublicNetwork;
  readonly relay: TcpRelay;
  readonly taps: EarTaps;
  /** An operator's own event socket, to clean up between checks. */
  operator: FreeswitchSocket;
  phones: DeskPhones;
}

/** A real FreeSWITCH, an Asterisk as the public network and a desk phone. */
export function createHarness(backend: string): SwitchHarness {
  let lab: Lab | undefined;
  const need = (): Lab => {
    if (lab === undefined) throw new Error('The harness has not begun.');
    return lab;
  };
  return {
    backend,
    async begin() {
      lab = await openLab();
    },
    description: () => need().server.description,
    openBench: () => openBench(need()),
    async end() {
      if (lab === undefined) return;
      lab.operator.close();
      await lab.phones.stop();
      await Promise.all([lab.server.end(), lab.network.stop(), lab.relay.close()]);
      lab.taps.close();
      rmSync(lab.folder, { recursive: true, force: true });
    },
  };
}

async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(path.join(tmpdir(), 'outdial-conformance-'));
  const server = await findFreeswitchUnderTest(path.join(folder, 'pbx'));
  const networkFolder = path.join(folder, 'network');
  mkdirSync(networkFolder);
  const ports = { ...(await pickAsteriskPorts()), sip: server.networkSipPort };
  const network = await startPublicNetwork({ folder: networkFolder, seed: 1, ports });
  return {
    folder,
    server,
    network,
    relay: await TcpRelay.open(server.login.port),
    taps: await EarTaps.open(PROCESS_TONE_HZ),
    operator: await FreeswitchSocket.open(server.login),
    phones: await startPhones(folder, server),
  };
}

const startPhones = (folder: string, { sipPort, phone }: FreeswitchUnderTest): Promise<DeskPhones> =>
  startDeskPhones({
    kind: 'baresip',
    folder: path.join(folder, 'phones'),
    pbx: { host: '127.0.0.1', port: sipPort },
    phones: [phone],
  });

function switchConfig({ server, relay }: Lab): FreeswitchConfig {
  return {
    name: 'freeswitch',
    esl: { host: '127.0.0.1', port: relay.port, password: server.login.password },
    app: 'outdial',
    trunks: [server.gateway, server.downGateway].map((name) => ({ name: trunkName(name), gateway: name, numberForm: 'e164-plus' as const, numberPrefix: '' })),
    conferenceProfile: 'outdial',
    holdingMusic: 'local_stream://outdial-hold',
    soundsFolder: server.soundsFolder,
    audioPorts: server.audioPorts,
  };
}

async function openBench(lab: Lab): Promise<SwitchBench> {
  const { server } = lab;
  lab.relay.allow();
  if (lab.phones.phone(server.phone.name).state === 'gone') lab.phones = await startPhones(lab.folder, server);
  await untilSettled(lab);
  const open: Switch[] = [];
  const readRecording = (name: string): Promise<Uint8Array | undefined> => {
    const file = path.join(server.recordingsFolder, name);
    return Promise.resolve(existsSync(file) ? readFileSync(file) : undefined);
  };
  return {
    createSwitch() {
      const created = new FreeswitchSwitch({ ...switchConfig(lab), recordings: { folder: server.recordingsFolder } }, { audio: lab.taps });
      open.push(created);
      return created;
    },
    createBareSwitch() {
      const created = new FreeswitchSwitch(switchConfig(lab));
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
    trunk: trunkName(server.gateway),
    downTrunk: trunkName(server.downGateway),
    sounds: { short: soundName('connect-beep'), long: soundName('machine-message') },
    phone: deskTestPhone(server.phone.name, () => lab.phones.phone(server.phone.name)),
    until: untilFound,
    pass: (spanMs) => wait(spanMs),
    async setTrunkReachable(isReachable) {
      if (isReachable) await lab.network.restart();
      else await lab.network.kill();
    },
    cut() {
      lab.relay.cut();
      return Promise.resolve();
    },
    restore() {
      lab.relay.allow();
      return Promise.resolve();
    },
    async restartSwitch() {
      await server.restart();
      lab.operator.close();
      lab.operator = await FreeswitchSocket.open(server.login);
    },
    readRecording,
    ears: toneEars({ heardFolder: lab.network.heardFolder, readRecording, taps: lab.taps }),
    async close() {
      await Promise.all(open.map((one) => one.close()));
      await lab.operator.api('hupall');
      await idlePhone(lab.phones.phone(server.phone.name));
    },
  };
}

/** No call is left on the switch, one gateway answers and the other was found not to, and the phone is registered. */
async function untilSettled({ operator, server }: Lab): Promise<void> {
  await untilQuiet('channels, gateways and phone as they should be', async () => {
    const channels = await operator.api('show channels count');
    const up = await operator.api(`sofia xmlstatus gateway ${server.gateway}`);
    const down = await operator.api(`sofia xmlstatus gateway ${server.downGateway}`);
    const registrations = await operator.api('show registrations as json');
    return (
      /^0 total/m.test(channels) && up.includes('<status>UP</status>') && down.includes('<status>DOWN</status>') && registrations.includes(`"reg_user":"${server.phone.name}"`)
    );
  });
}

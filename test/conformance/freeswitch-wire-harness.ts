import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FreeswitchConfig } from '../../src/telephony/freeswitch/freeswitch-config.js';
import { FreeswitchSwitch } from '../../src/telephony/freeswitch/freeswitch-switch.js';
import type { Switch } from '../../src/telephony/switch.js';
import { phoneName, soundName, trunkName } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';
import { FreeswitchDouble } from '../support/freeswitch-double/freeswitch-double.js';
import { EarTaps } from './ear-taps.js';
import { untilFound } from './lab-tools.js';
import type { SwitchBench, SwitchHarness, TestDestination, TestPhone } from './switch-harness.js';

/** The double's time passes so many times as fast as ours. Chosen: quick, and its 20 ms still span several turns of ours. */
const SPEED = 4;
const PHONE = '1001';
const GATEWAY = 'trunk';
const DOWN_GATEWAY = 'trunk-down';

/** Each number does what it is called. */
const DESTINATIONS: Readonly<Record<TestDestination, string>> = {
  'answers-at-once': '+12025550101',
  'answers-after-ring': '+12025550102',
  busy: '+12025550103',
  'no-answer': '+12025550104',
  unallocated: '+12025550105',
  congestion: '+12025550106',
  'hangs-up-early': '+12025550107',
  'presses-digits': '+12025550108',
  'reads-keys': '+12025550109',
  'early-media': '+12025550110',
  'early-then-answers': '+12025550111',
};

/** Below every port that a lab of another suite may pick. */
const AUDIO_PORTS = { host: '127.0.0.1', first: 9_000, last: 9_199 };

/** Sounds of the double, by the names of the project's own. */
const SOUND_MS: Readonly<Record<string, Ms>> = { 'connect-beep': 500, 'machine-message': 8_000 };

interface Lab {
  readonly folder: string;
  readonly double: FreeswitchDouble;
  readonly taps: EarTaps;
}

/** A double of a FreeSWITCH's event socket, made of recorded traffic; with no audio but a tone on taps, so it has no ears. */
export function createHarness(backend: string): SwitchHarness {
  let lab: Lab | undefined;
  const need = (): Lab => {
    if (lab === undefined) throw new Error('The harness has not begun.');
    return lab;
  };
  return {
    backend,
    description: () => 'a wire double made of recordings of FreeSWITCH 1.10.12; no FreeSWITCH ran',
    async begin() {
      lab = await openLab();
    },
    openBench: () => openBench(need()),
    async end() {
      if (lab === undefined) return;
      await lab.double.close();
      lab.taps.close();
      rmSync(lab.folder, { recursive: true, force: true });
    },
  };
}

async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(path.join(tmpdir(), 'outdial-conformance-'));
  const double = await FreeswitchDouble.start({
    timeScale: 1 / SPEED,
    gateways: [{ name: GATEWAY }, { name: DOWN_GATEWAY, isReachable: false }],
    numbers: Object.fromEntries(Object.entries(DESTINATIONS).map(([behaviour, number]) => [number, behaviour as TestDestination])),
    phones: [{ user: PHONE }],
    soundMs: (file) => SOUND_MS[path.basename(file, '.wav')],
  });
  return { folder, double, taps: await EarTaps.open(1_000) };
}

async function openBench({ folder, double, taps }: Lab): Promise<SwitchBench> {
  await double.reset();
  const open: Switch[] = [];
  const config: FreeswitchConfig = {
    name: 'freeswitch',
    esl: { host: '127.0.0.1', port: double.port, password: 'ClueCon' },
    app: 'outdial',
    trunks: [GATEWAY, DOWN_GATEWAY].map((name) => ({ name: trunkName(name), gateway: name, numberForm: 'e164-plus', numberPrefix: '' })),
    conferenceProfile: 'outdial',
    holdingMusic: 'local_stream://outdial-hold',
    soundsFolder: '/srv/outdial/sounds',
    audioPorts: AUDIO_PORTS,
  };
  return {
    createSwitch() {
      const created = new FreeswitchSwitch({ ...config, recordings: { folder } }, { audio: taps });
      open.push(created);
      return created;
    },
    createBareSwitch() {
      const created = new FreeswitchSwitch(config);
      open.push(created);
      return created;
    },
    destinations: DESTINATIONS,
    trunk: trunkName(GATEWAY),
    downTrunk: trunkName(DOWN_GATEWAY),
    sounds: { short: soundName('connect-beep'), long: soundName('machine-message') },
    phone: doublePhone(double),
    until: untilFound,
    pass: (spanMs) => wait(spanMs / SPEED),
    setTrunkReachable(isReachable) {
      double.setGatewayReachable(GATEWAY, isReachable);
      return Promise.resolve();
    },
    cut() {
      double.cut();
      return Promise.resolve();
    },
    restore() {
      double.allow();
      return Promise.resolve();
    },
    restartSwitch: () => double.restart('orderly'),
    readRecording(name) {
      const file = path.join(folder, name);
      return Promise.resolve(existsSync(file) ? readFileSync(file) : undefined);
    },
    async close() {
      await Promise.all(open.map((one) => one.close()));
    },
  };
}

function doublePhone({ outside }: FreeswitchDouble): TestPhone {
  const done = (act: () => unknown): Promise<void> => {
    act();
    return Promise.resolve();
  };
  return {
    name: phoneName(PHONE),
    dialFeature: (feature) => done(() => outside.dialFeature(PHONE, feature)),
    press: (digits) => outside.press(PHONE, digits),
    hangUp: () => done(() => outside.hangUp(PHONE)),
    dropLine: () => done(() => outside.vanish(PHONE)),
    unregister: () => done(() => outside.unregister(PHONE)),
    register: () => done(() => outside.register(PHONE)),
  };
}

/**
 * From the verdict that a person answered until contact and agent hear each
 * other, by ear: agents' phones and contacts speak and listen in this process,
 * each with a tone of its own, through the network, the PBX and the phones'
 * Asterisk. `npm run bench -- connect [--calls 100] [--seed 1]`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { stringify } from 'yaml';
import type { DeskPhone } from '../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import { startPublicNetwork, type PublicNetwork } from '../../src/cli/lab/public-network.js';
import { startSwitchPbx, type SwitchPbx } from '../../src/cli/lab/switch-pbx.js';
import { parseConfig } from '../../src/config/load-config.js';
import { configuredSwitch, startService, type Service } from '../../src/main.js';
import { agentId, campaignId, phoneName } from '../../src/units/ids.js';
import { until } from '../fixtures/until.js';
import { LiveEnd } from '../support/live-end.js';
import type { BenchReport } from './bench.js';
import { BENCH_SWITCH } from './bench-switch.js';
import { ConnectMeter, type MeasuredCall } from './connect-meter.js';
import { FarSides } from './far-sides.js';
import { summaryOf } from './quantiles.js';
import { WatchedSwitch } from './watched-switch.js';

/** What to measure. */
export interface ConnectOptions {
  /** Calls connected and measured. Default 100. */
  readonly calls?: number;
  readonly seed?: number;
}

const AGENT_COUNT = 5;
const AGENT_TONES_HZ = Array.from({ length: AGENT_COUNT }, (_, index) => 1_100 + 100 * index);
const CONTACT_TONES_HZ = Array.from({ length: 16 }, (_, index) => 1_800 + 100 * index);
const CONTACT_COUNT = 50;
const PIN = '2468';
const ROUND_MS_MAX = 120_000;

/** Connects that many calls, five agents at a time, and measures each by ear. */
export async function run(options: ConnectOptions = {}): Promise<BenchReport> {
  const { calls = 100, seed = 1 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'outdial-bench-'));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const network = await startPublicNetwork({ folder: made(folder, 'network'), seed });
    closers.push(() => network.stop());
    const farSides = await FarSides.open(network, {
      count: CONTACT_COUNT, lowestToneHz: CONTACT_TONES_HZ[0] ?? 0, toneCount: CONTACT_TONES_HZ.length, listensForHz: AGENT_TONES_HZ,
    });
    closers.push(() => farSides.close());
    const desks = await openDesks(folder, network, closers);
    const bench = await startBench(folder, desks, { farSides, calls, seed }, closers);
    for (let round = 0; round * CONTACT_COUNT < calls; round++) {
      await playRound(bench, desks, round, Math.min(CONTACT_COUNT, calls - round * CONTACT_COUNT), farSides.numbers);
    }
    return reportOf(bench.meter, farSides, calls);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

interface Desks {
  readonly pbx: SwitchPbx;
  readonly names: readonly string[];
  readonly phones: readonly DeskPhone[];
  readonly ends: readonly LiveEnd[];
}

async function openDesks(folder: string, network: PublicNetwork, closers: (() => unknown)[]): Promise<Desks> {
  const names = AGENT_TONES_HZ.map((_, index) => String(1001 + index));
  const accounts = names.map((name) => ({ name, password: `secret-of-${name}` }));
  const pbx = await startSwitchPbx({ kind: BENCH_SWITCH, folder: made(folder, 'pbx'), trunk: { host: network.host, port: network.sipPort }, phones: accounts });
  closers.push(() => pbx.stop());
  const ends = await Promise.all(
    AGENT_TONES_HZ.map((toneHz, index) => LiveEnd.open({ toneHz, listensForHz: [...CONTACT_TONES_HZ, ConnectMeter.beepHz], ssrc: 0xa9e00 + index })),
  );
  closers.push(() => ends.forEach((end) => end.close()));
  const bank = await startDeskPhones({
    kind: 'bank',
    pbx: { host: pbx.host, port: pbx.sipPort },
    folder: made(folder, 'phones'),
    phones: accounts.map((account, index) => {
      const end = ends[index]!;
      return { ...account, voice: { kind: 'live', host: '127.0.0.1', port: end.port, onMedia: (address) => end.sendTo(address) } as const };
    }),
  });
  closers.push(() => bank.stop());
  return { pbx, names, ends, phones: names.map((name) => bank.phone(name)) };
}

interface Bench {
  readonly service: Service;
  readonly meter: ConnectMeter;
  readonly folder: string;
}

interface Measuring {
  readonly farSides: FarSides;
  readonly calls: number;
  readonly seed: number;
}

async function startBench(folder: string, desks: Desks, { farSides, calls, seed }: Measuring, closers: (() => unknown)[]): Promise<Bench> {
  const roundCount = Math.ceil(calls / CONTACT_COUNT);
  const config = parseConfig(configText(folder, desks, roundCount), { file: join(folder, 'outdial.yaml'), environment: {} });
  let watched: WatchedSwitch | undefined;
  const agents = new Map(desks.names.map((name, index) => [agentOf(name), desks.ends[index]!]));
  const meter = new ConnectMeter({
    seed, agents,
    farSideOf: (callId) => farSides.at(watched?.numberOf(callId) ?? ''),
    stampsOf: (callId) => watched?.stampsOf(callId) ?? {},
    submit: (input) => service.loop.submit(input),
  });
  const service = await startService(config, {
    logger: pino({ level: 'error' }, pino.destination(2)),
    observers: [{ handled: (_, events) => meter.take(events) }],
    createSwitch: (media) =>
      (watched = new WatchedSwitch(configuredSwitch(config, media, () => undefined))),
  });
  closers.push(() => service.close());
  await service.connected;
  await Promise.all(desks.phones.map(async (phone) => {
    await phone.call('*50');
    await phone.keys(`${PIN}#`);
  }));
  await until('all agents are available', () => meter.availableCount === desks.phones.length);
  for (const end of desks.ends) end.isSounding = true;
  return { service, meter, folder };
}

const agentOf = (phone: string): string => `agent-${phone}`;
const roundName = (round: number): string => `round-${round}`;

/** As a campaign in life: analysed, recorded, a beep at connect. */
function configText(folder: string, { pbx, names }: Desks, roundCount: number): string {
  return stringify({
    tenant: 'bench',
    http: { host: '127.0.0.1', port: 0 },
    store: { file: join(folder, 'outdial.sqlite') },
    switch: pbx.switchSection,
    trunks: [{ name: 'trunk', endpoint: pbx.trunkEndpoint, callsPerSecondMax: 20, linesMax: 50, callerNumber: '+12025550100' }],
    campaigns: Array.from({ length: roundCount }, (_, round) => ({
      id: roundName(round),
      trunk: 'trunk',
      country: 'GB',
      pacing: { mode: 'progressive' },
      callingHours: { timeZone: 'UTC', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' },
      record: true,
      wrapUpSeconds: 30,
      dispositions: { 1: { name: 'done', effect: 'complete' } },
      attemptsMax: 1,
    })),
    agents: names.map((name) => ({ id: agentOf(name), phone: name, campaign: roundName(0), pin: PIN })),
    keypad: { pauseReasons: { 1: 'break' } },
  });
}

/** Every contact of the network once. */
async function playRound({ service, meter, folder }: Bench, desks: Desks, round: number, callCount: number, numbers: readonly string[]): Promise<void> {
  const campaign = campaignId(roundName(round));
  const csvFile = join(folder, `${roundName(round)}.csv`);
  writeFileSync(csvFile, `phone\n${numbers.slice(0, callCount).join('\n')}\n`);
  await service.store.importContacts({ campaignId: campaign, csvFile });
  for (const name of desks.names) {
    service.loop.submit({ type: 'agent-set', agent: { agentId: agentId(agentOf(name)), phone: phoneName(name), campaignId: campaign } });
  }
  const doneCount = meter.doneCount + callCount;
  service.loop.submit({ type: 'campaign-ordered', campaignId: campaign, order: 'start' });
  await until(`${callCount} calls of round ${round} are over`, () => meter.doneCount >= doneCount, ROUND_MS_MAX);
  service.loop.submit({ type: 'campaign-ordered', campaignId: campaign, order: 'stop' });
}

function reportOf(meter: ConnectMeter, farSides: FarSides, calls: number): BenchReport {
  const { measured, notMeasured } = meter;
  const spans = (pick: (call: MeasuredCall) => number): ReturnType<typeof summaryOf> => summaryOf(measured.map(pick));
  const setUp = spans((call) => call.connectedBefore.bothHearMs);
  const rows = {
    'both hear each other': spans((call) => call.bothHearMs),
    'agent hears contact': spans((call) => call.agentHearsMs),
    'contact hears agent': spans((call) => call.contactHearsMs),
    'agent hears the beep': spans((call) => call.beepMs),
    'the same tones in a call long connected: both': setUp,
    '  agent hears contact': spans((call) => call.connectedBefore.agentHearsMs),
    '  contact hears agent': spans((call) => call.connectedBefore.contactHearsMs),
    'both hear, less the median of the set-up': spans((call) => call.bothHearMs - setUp.p50Ms),
    "verdict to the switch's reply that it has bridged": spans((call) => call.bridgeDoneMs),
    "dialer's own sinceVerdictMs": spans((call) => call.sinceVerdictMs),
  };
  const heldRatioLeast = Math.min(...measured.map((call) => call.heldRatio));
  return {
    table: Object.entries(rows).map(([what, summary]) => ({ what, ...summary })),
    json: { bench: 'connect', calls, measured: measured.length, notMeasured, faults: farSides.faults, toneHeldRatioLeast: heldRatioLeast, spans: rows },
  };
}

function made(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

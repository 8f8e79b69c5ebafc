/**
 * Memory of the service, built and in a process of its own, with a hundred
 * agents at their phones and three hundred calls: sixty talk and are recorded,
 * the rest ring. `npm run bench -- memory [--seconds 60]`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { stringify } from 'yaml';
import { AriConnection } from '../../src/cli/lab/ari-connection.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import { fictitiousNumbers } from '../../src/cli/lab/fictitious-numbers.js';
import { findFreePorts } from '../../src/cli/lab/free-ports.js';
import { startPbx, type Pbx } from '../../src/cli/lab/pbx.js';
import { startPublicNetwork, type PublicNetwork } from '../../src/cli/lab/public-network.js';
import { ServedProcess } from '../fixtures/served-process.js';
import { until } from '../fixtures/until.js';
import type { BenchReport } from './bench.js';
import { residentMbOf, residentMostMbOf } from './process-use.js';

/** What to measure. */
export interface MemoryOptions {
  /** How long the calls are held. Default 60. */
  readonly seconds?: number;
  readonly seed?: number;
}

const TALKING_AGENTS = 60;
const WAITING_AGENTS = 40;
/** Lines ringing for each waiting agent: 240 in all. */
const LINES_PER_AGENT = 6;
const CALL_COUNT = TALKING_AGENTS + WAITING_AGENTS * LINES_PER_AGENT;
/** By the issue. */
const TARGET_MB = 300;
const PAST_CONNECTED_COUNT = 7_000;
const CAMPAIGN = 'all';
const PIN = '2468';
const LOG_IN_MS_MAX = 120_000;
const CALLS_MS_MAX = 90_000;
/** Phones that log in at one time. */
const LOG_IN_WIDTH = 10;

/** Fills the service with agents and calls and reads its memory at each step. */
export async function run(options: MemoryOptions = {}): Promise<BenchReport> {
  const { seconds = 60, seed = 1 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'outdial-bench-'));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const network = await startNetwork(folder, seed);
    closers.push(() => network.stop());
    const names = Array.from({ length: TALKING_AGENTS + WAITING_AGENTS }, (_, index) => String(2001 + index));
    const accounts = names.map((name) => ({ name, password: `secret-of-${name}` }));
    const pbx = await startPbx({ folder: made(folder, 'pbx'), trunk: { host: network.host, port: network.sipPort }, phones: accounts });
    closers.push(() => pbx.stop());
    const phones = await startDeskPhones({ kind: 'bank', pbx: { host: pbx.host, port: pbx.sipPort }, phones: accounts, folder: made(folder, 'phones') });
    closers.push(() => phones.stop());
    const [httpPort = 0] = await findFreePorts(1);
    const configFile = join(folder, 'outdial.yaml');
    writeFileSync(configFile, configText(folder, pbx, names, httpPort));
    const logFile = join(folder, 'service.log');
    await prepareStore(folder, configFile, logFile, httpPort, network);
    const service = await ServedProcess.start(configFile, logFile);
    closers.push(() => service.stop());
    const meter = new MemoryMeter(service.pid);
    const rest = restOf(httpPort);
    meter.read('started');

    for (let from = 0; from < names.length; from += LOG_IN_WIDTH) {
      await Promise.all(names.slice(from, from + LOG_IN_WIDTH).map(async (name) => {
        await phones.phone(name).call('*50');
        await phones.phone(name).keys(`${PIN}#`);
      }));
    }
    await until('all agents are available', async () => (await agentsIn(rest, 'available')) === names.length, LOG_IN_MS_MAX);
    meter.read('100 agents logged in');

    const ari = await AriConnection.open(pbx, 'memory-bench', () => undefined);
    closers.push(() => ari.close());
    await rest('POST', `/campaigns/${CAMPAIGN}/start`);
    await until(`${TALKING_AGENTS} agents talk`, async () => (await agentsIn(rest, 'on-call')) >= TALKING_AGENTS, CALLS_MS_MAX);
    let liveCount = 0;
    await until(`${CALL_COUNT} calls live`, async () => (liveCount = await trunkCallsOf(ari)) >= CALL_COUNT, CALLS_MS_MAX);
    meter.read(`${liveCount} calls`);
    await wait(seconds * 1000);
    const heldCount = await trunkCallsOf(ari);
    meter.read(`${heldCount} calls, ${seconds} s later`);
    return { table: meter.rows, json: { bench: 'memory', agents: names.length, calls: heldCount, targetMb: TARGET_MB, steps: meter.rows } };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** A service's first run takes the contacts in; then the campaign is given its past. */
async function prepareStore(folder: string, configFile: string, logFile: string, httpPort: number, network: PublicNetwork): Promise<void> {
  const service = await ServedProcess.start(configFile, logFile);
  await importInto(httpPort, [...numbersOf(network, 'person').slice(0, TALKING_AGENTS), ...numbersOf(network, 'no-answer')]);
  await service.stop();
  writePast(join(folder, 'outdial.sqlite'));
}

/**
 * People reached an hour ago. Beyond one line an agent the abandonment cap
 * allows no more calls than could all be abandoned, so 200 more need a campaign
 * that has connected some 6,500 people; dialling those would take hours.
 */
function writePast(file: string): void {
  const database = new Database(file);
  const contact = database.prepare('select id, tenant_id, campaign_id from contacts limit 1').get() as { id: number; tenant_id: string; campaign_id: string };
  const atMs = Date.now() - 3_600_000;
  const insert = database.prepare(`insert into attempts
    (tenant_id, call_id, campaign_id, contact_id, trunk, state, written_at_ms, connected_at_ms, ended_at_ms, settled_at_ms)
    values (?, ?, ?, ?, 'trunk', 'ended', ?, ?, ?, ?)`);
  database.transaction(() => {
    for (let index = 0; index < PAST_CONNECTED_COUNT; index++) {
      insert.run(contact.tenant_id, `past-${index}`, contact.campaign_id, contact.id, atMs, atMs, atMs, atMs);
    }
  })();
  database.close();
}

interface MemoryRow {
  readonly when: string;
  readonly residentMb: number;
  /** Most since the start. */
  readonly mostMb: number;
}

class MemoryMeter {
  readonly rows: MemoryRow[] = [];
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  read(when: string): void {
    this.rows.push({ when, residentMb: Math.round(residentMbOf(this.#pid)), mostMb: Math.round(residentMostMbOf(this.#pid)) });
  }
}

/** People who talk for many minutes, and telephones that nobody answers. */
function startNetwork(folder: string, seed: number): Promise<PublicNetwork> {
  const none = { voicemail: 0, busy: 0, unallocated: 0, congestion: 0, 'sit-early': 0, 'sit-answered': 0, silence: 0, fax: 0, 'early-hang-up': 0 };
  return startPublicNetwork({
    folder: made(folder, 'network'), seed, talkMsMean: 3_600_000, numbers: fictitiousNumbers(700),
    shares: { ...none, 'person': 0.25, 'no-answer': 0.75 },
  });
}

const numbersOf = (network: PublicNetwork, kind: string): readonly string[] =>
  [...network.truth.values()].filter((truth) => truth.kind === kind).map(({ number }) => number);

function configText(folder: string, pbx: Pbx, names: readonly string[], httpPort: number): string {
  const campaign = {
    id: CAMPAIGN, trunk: 'trunk', country: 'US', record: true, ringTimeoutSeconds: 120, wrapUpSeconds: 30,
    pacing: { mode: 'power', linesPerAgent: LINES_PER_AGENT },
    callingHours: { timeZone: 'UTC', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' },
  };
  return stringify({
    http: { host: '127.0.0.1', port: httpPort },
    store: { file: join(folder, 'outdial.sqlite') },
    switch: {
      ari: { url: pbx.ariUrl, user: pbx.ariUser, password: pbx.ariPassword },
      ami: { host: pbx.host, port: pbx.amiPort, user: pbx.amiUser, password: pbx.amiPassword },
      recordingsFolder: pbx.recordingsFolder,
    },
    trunks: [{ name: 'trunk', endpoint: pbx.trunkName, callsPerSecondMax: 20, linesMax: 500, callerNumber: '+12025550100' }],
    campaigns: [campaign],
    agents: names.map((name) => ({ id: `agent-${name}`, phone: name, campaign: CAMPAIGN, pin: PIN })),
    keypad: { pinDigitsMax: PIN.length },
  });
}

type Rest = (method: string, path: string) => Promise<unknown>;

const restOf = (port: number): Rest => async (method, path) => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as unknown;
};

async function importInto(port: number, numbers: readonly string[]): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/campaigns/${CAMPAIGN}/contacts/import`, {
    method: 'POST', headers: { 'content-type': 'text/csv' }, body: `phone\n${numbers.join('\n')}\n`,
  });
  if (!answer.ok) throw new Error(`The import was refused: ${await answer.text()}`);
}

async function agentsIn(rest: Rest, state: string): Promise<number> {
  const { items } = (await rest('GET', '/agents')) as { readonly items: readonly { readonly state: string }[] };
  return items.filter((agent) => agent.state === state).length;
}

/** Calls on the trunk, as the switch counts them. */
async function trunkCallsOf(ari: AriConnection): Promise<number> {
  const channels = (await ari.request('GET', 'channels')) as readonly { readonly name: string }[];
  return channels.filter(({ name }) => name.startsWith('PJSIP/trunk-')).length;
}

function made(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

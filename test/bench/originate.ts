/**
 * How many calls a second one PBX, one public network and the service can
 * place, have answered, analyse and end on this machine.
 * `npm run bench -- originate [--calls-per-second 100] [--seconds 60]`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import pino from 'pino';
import { stringify } from 'yaml';
import { fictitiousNumbers } from '../../src/cli/lab/fictitious-numbers.js';
import { startPublicNetwork, type PublicNetwork } from '../../src/cli/lab/public-network.js';
import { startSwitchPbx, type SwitchPbx } from '../../src/cli/lab/switch-pbx.js';
import { parseConfig } from '../../src/config/load-config.js';
import type { DialerEvent } from '../../src/dialer/event.js';
import { configuredSwitch, startService, type Service } from '../../src/main.js';
import { agentId, campaignId, phoneName } from '../../src/units/ids.js';
import type { BenchReport } from './bench.js';
import { BENCH_SWITCH } from './bench-switch.js';
import { cpuSecondsOf, machineCpuSeconds, residentMbOf } from './process-use.js';
import { SeatedAgents, type BenchSeat } from './seated-agents.js';

/** What to measure. */
export interface OriginateOptions {
  /** Rate of the long run. Default 100. */
  readonly callsPerSecond?: number;
  /** Length of the long run. Default 60. */
  readonly seconds?: number;
  /** Length of each step towards the knee. Default 12. */
  readonly stepSeconds?: number;
  /** Highest rate of the steps; 0 leaves them out. Default: as high as the steps go. */
  readonly stepsTo?: number;
  /**
   * Share of people among who answers, 0..100; the rest are machines and
   * intercepts. People say hello, are put through and let go of at once, in
   * half the time that it takes to know a machine. Default 0.
   */
  readonly peoplePercent?: number;
  readonly seed?: number;
}

/** One rate, held for a while. */
interface RateRow {
  readonly offeredPerSecond: number;
  readonly placedPerSecond: number;
  readonly calls: number;
  readonly answered: number;
  readonly failed: number;
  /** Answered calls that ended with neither agent, message nor hang-up of ours. */
  readonly unexplained: number;
  readonly unexplainedByCause: string;
  /** People, and machines that were taken for people. */
  readonly connected: number;
  readonly lifeMeanMs: number;
  readonly reactionP50Ms: number;
  readonly reactionP99Ms: number;
  readonly loopDelayP99Ms: number;
  readonly liveMost: number;
  readonly serviceCpuPercent: number;
  readonly pbxCpuPercent: number;
  readonly networkCpuPercent: number;
  /** Of everything else on the machine: near 0, or the row says little. */
  readonly othersCpuPercent: number;
  readonly serviceMb: number;
}

const STEPS_PER_SECOND = [20, 40, 60, 80, 100, 120, 140] as const;
/** Lines follow seats, one to one; an answered machine is analysed for about 5 s and its seat then waits a little. */
const SEATS_PER_CALL_A_SECOND = 7;
/** A rate is held when at least this share of it was placed and nothing failed. */
const HELD_RATIO = 0.97;
/** Calls per second, and for how many seconds. */
type Rate = readonly [number, number];

/** After a rate was held, its last calls are analysed and ended. */
const SETTLE_MS_MAX = 30_000;
/** How a call to a machine ends when everything is right. */
const EXPLAINED: readonly string[] = ['machine-hung-up', 'intercept', 'tone', 'no-speech', 'message-left'];

/** Climbs to the knee, then holds the wanted rate for the wanted time. */
export async function run(options: OriginateOptions = {}): Promise<BenchReport> {
  const { callsPerSecond = 100, seconds = 60, stepSeconds = 12, stepsTo = Infinity, peoplePercent = 0, seed = 1 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'outdial-bench-'));
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const steps = STEPS_PER_SECOND.filter((rate) => rate <= stepsTo).map((rate): Rate => [rate, stepSeconds]);
    const rates: readonly Rate[] = [...steps, [callsPerSecond, seconds]];
    const numbers = fictitiousNumbers(Math.max(...rates.map(([rate, span]) => Math.ceil(rate * span * 1.05))));
    const network = await startNetwork(folder, numbers, seed, peoplePercent / 100);
    closers.push(() => network.stop());
    const pbx = await startSwitchPbx({ kind: BENCH_SWITCH, folder: made(folder, 'pbx'), trunk: { host: network.host, port: network.sipPort }, phones: [] });
    closers.push(() => pbx.stop());
    const rows: RateRow[] = [];
    const bench = await startBench(folder, pbx, numbers, rates);
    closers.push(() => bench.service.close());
    for (const [rate, span] of steps) {
      const row = await hold(bench, network, pbx, rate, span);
      rows.push(row);
      if (!isHeld(row)) break;
    }
    const knee = rows.filter(isHeld).at(-1)?.offeredPerSecond ?? 0;
    const sustained = await hold(bench, network, pbx, callsPerSecond, seconds);
    rows.push(sustained);
    return { table: rows, json: { bench: 'originate', peoplePercent, kneePerSecond: knee, sustained, steps: rows.slice(0, -1) } };
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const isHeld = (row: RateRow): boolean => row.failed === 0 && row.placedPerSecond >= row.offeredPerSecond * HELD_RATIO;

/** Everybody answers at once, so every call is analysed and ended. */
function startNetwork(folder: string, numbers: readonly string[], seed: number, peopleRatio: number): Promise<PublicNetwork> {
  const none = { busy: 0, 'no-answer': 0, unallocated: 0, congestion: 0, 'sit-early': 0, silence: 0, fax: 0, 'early-hang-up': 0 };
  return startPublicNetwork({
    folder: made(folder, 'network'),
    seed,
    numbers,
    timeScaleRatio: 0,
    shares: { ...none, person: peopleRatio, voicemail: (1 - peopleRatio) * 0.8, 'sit-answered': (1 - peopleRatio) * 0.2 },
  });
}

interface Bench {
  readonly service: Service;
  readonly seats: readonly BenchSeat[];
  readonly contactsFile: string;
  readonly counter: EventCounter;
}

async function startBench(folder: string, pbx: SwitchPbx, numbers: readonly string[], rates: readonly Rate[]): Promise<Bench> {
  const seats: BenchSeat[] = Array.from({ length: Math.ceil(SEATS_PER_CALL_A_SECOND * Math.max(...rates.map(([rate]) => rate))) }, (_, index) => ({
    agentId: `a${index}`,
    phone: String(5000 + index),
    pin: '2468',
  }));
  const file = join(folder, 'outdial.yaml');
  const config = parseConfig(configText(folder, pbx, seats, rates), { file, environment: {} });
  const counter = new EventCounter();
  const service: Service = await startService(config, {
    logger: pino({ level: 'error' }, pino.destination(2)),
    observers: [{
      handled: (_, events) => {
        counter.count(events);
        // Nobody sits at the seats: who is put through is let go of at once.
        for (const event of events) {
          if (event.type !== 'call-connected') continue;
          service.loop.submit({ type: 'agent-ordered', agentId: event.agentId, order: { type: 'hang-up-contact' } });
        }
      },
    }],
    createSwitch: (media) => new SeatedAgents(configuredSwitch(config, media, () => undefined), seats),
  });
  await service.connected;
  const contactsFile = join(folder, 'contacts.csv');
  writeFileSync(contactsFile, `phone\n${numbers.join('\n')}\n`);
  return { service, seats, contactsFile, counter };
}

function configText(folder: string, pbx: SwitchPbx, seats: readonly BenchSeat[], rates: readonly Rate[]): string {
  const firstCampaign = nameOf(...(rates[0] ?? [0, 0]));
  return stringify({
    tenant: 'bench',
    http: { host: '127.0.0.1', port: 0 },
    store: { file: join(folder, 'outdial.sqlite') },
    switch: pbx.switchSection,
    trunks: [{ name: 'trunk', endpoint: pbx.trunkEndpoint, callsPerSecondMax: 1000, linesMax: 2000, callerNumber: '+12025550100' }],
    campaigns: rates.map(([rate, seconds]) => ({
      id: nameOf(rate, seconds),
      name: `${rate} calls a second`,
      callsPerSecondMax: rate,
      trunk: 'trunk',
      country: 'US',
      pacing: { mode: 'progressive' },
      ringTimeoutSeconds: 20,
      callingHours: { timeZone: 'UTC', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' },
      safeHarbourMessage: 'safe-harbour',
      record: false,
      wrapUpSeconds: 1,
      dispositions: { 1: { name: 'done', effect: 'complete' } },
      attemptsMax: 1,
    })),
    agents: seats.map((seat) => ({ id: seat.agentId, name: seat.agentId, phone: seat.phone, campaign: firstCampaign, pin: seat.pin })),
    keypad: { pauseReasons: { 1: 'break' } },
  });
}

/** Holds one rate for a while, with the campaign made for it. */
async function hold(bench: Bench, network: PublicNetwork, pbx: SwitchPbx, rate: number, seconds: number): Promise<RateRow> {
  const { service, counter, seats, contactsFile } = bench;
  const campaign = campaignId(nameOf(rate, seconds));
  await service.store.importContacts({ campaignId: campaign, csvFile: contactsFile });
  for (const seat of seats) {
    service.loop.submit({
      type: 'agent-set',
      agent: { agentId: agentId(seat.agentId), phone: phoneName(seat.phone), campaignId: campaign },
    });
  }
  const counts = counter.startOver();
  service.loop.reactionTimes.reset();
  const loopDelaysNs = monitorEventLoopDelay({ resolution: 5 });
  loopDelaysNs.enable();
  const cpuBefore = cpuOf(network, pbx);
  const startedAtMs = performance.now();
  service.loop.submit({ type: 'campaign-ordered', campaignId: campaign, order: 'start' });
  await wait(seconds * 1000);
  const heldForSeconds = (performance.now() - startedAtMs) / 1000;
  const placed = counts.placed;
  const cpuAfter = cpuOf(network, pbx);
  loopDelaysNs.disable();
  const reaction = service.loop.reactionTimes.summary();
  const serviceMb = residentMbOf(process.pid);
  service.loop.submit({ type: 'campaign-ordered', campaignId: campaign, order: 'stop' });
  await counter.untilNoneLive(SETTLE_MS_MAX);
  const percent = (key: keyof typeof cpuBefore): number => Math.round(((cpuAfter[key] - cpuBefore[key]) / heldForSeconds) * 100);
  return {
    offeredPerSecond: rate,
    placedPerSecond: Math.round((placed / heldForSeconds) * 10) / 10,
    calls: counts.placed,
    answered: counts.answered,
    failed: counts.failed,
    unexplained: counts.unexplained,
    unexplainedByCause: JSON.stringify(counts.unexplainedByCause),
    connected: counts.connected,
    lifeMeanMs: Math.round(counts.livedMs / Math.max(1, counts.placed)),
    reactionP50Ms: rounded(reaction.p50Ms),
    reactionP99Ms: rounded(reaction.p99Ms),
    loopDelayP99Ms: rounded(loopDelaysNs.percentile(99) / 1e6),
    liveMost: counts.liveMost,
    serviceCpuPercent: percent('service'),
    pbxCpuPercent: percent('pbx'),
    networkCpuPercent: percent('network'),
    othersCpuPercent: percent('others'),
    serviceMb: Math.round(serviceMb),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const nameOf = (rate: number, seconds: number): string => `rate-${rate}-for-${seconds}`;

function cpuOf(network: PublicNetwork, pbx: SwitchPbx): { service: number; pbx: number; network: number; others: number } {
  const own = { service: cpuSecondsOf(process.pid), pbx: cpuSecondsOf(pbx.pid), network: cpuSecondsOf(network.pid) };
  return { ...own, others: machineCpuSeconds() - own.service - own.pbx - own.network };
}

/** What has become of calls since the last start. */
interface Counts {
  placed: number;
  /** Put through to an agent: people, and machines that were taken for people. */
  connected: number;
  /** Lives of the calls that have ended, added up. */
  livedMs: number;
  answered: number;
  failed: number;
  unexplained: number;
  readonly unexplainedByCause: Record<string, number>;
  live: number;
  liveMost: number;
}

const noCounts = (): Counts => ({ placed: 0, connected: 0, livedMs: 0, answered: 0, failed: 0, unexplained: 0, unexplainedByCause: {}, live: 0, liveMost: 0 });

/** Counts what the dialer's events say. */
class EventCounter {
  #counts = noCounts();
  readonly #answered = new Set<string>();
  readonly #originatedAtMs = new Map<string, number>();

  startOver(): Counts {
    this.#counts = noCounts();
    return this.#counts;
  }

  count(events: readonly DialerEvent[]): void {
    const counts = this.#counts;
    for (const event of events) {
      if (event.type === 'call-originated') {
        counts.placed += 1;
        this.#originatedAtMs.set(event.callId, event.atMs);
        counts.live += 1;
        counts.liveMost = Math.max(counts.liveMost, counts.live);
      } else if (event.type === 'call-answered') {
        counts.answered += 1;
        this.#answered.add(event.callId);
      } else if (event.type === 'call-connected') {
        counts.connected += 1;
      } else if (event.type === 'attempt-ended' && event.cause !== 'cancelled') {
        counts.live -= 1;
        counts.livedMs += event.atMs - (this.#originatedAtMs.get(event.callId) ?? event.atMs);
        this.#originatedAtMs.delete(event.callId);
        // People, and machines that were taken for people, are put through to an agent.
        const isExplained = EXPLAINED.includes(event.cause) || event.agentId !== undefined;
        if (!this.#answered.delete(event.callId)) counts.failed += 1;
        else if (!isExplained) {
          counts.unexplained += 1;
          counts.unexplainedByCause[event.cause] = (counts.unexplainedByCause[event.cause] ?? 0) + 1;
        }
      }
    }
  }

  /** @throws Error when calls still live after that time. */
  async untilNoneLive(waitMsMax: number): Promise<void> {
    const deadline = performance.now() + waitMsMax;
    while (this.#counts.live > 0) {
      if (performance.now() > deadline) throw new Error(`${this.#counts.live} calls never ended.`);
      await wait(50);
    }
  }
}

function made(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wallboard } from '../api/contract.js';
import { BoardFollower } from './demo/board-follower.js';
import { DemoAgents } from './demo/demo-agents.js';
import { DEMO_CAMPAIGN, demoConfig, demoSeats } from './demo/demo-config.js';
import { writeDemoContacts } from './demo/demo-contacts.js';
import type { DemoOptions } from './demo/demo-options.js';
import { demoReport, type DemoReport } from './demo/demo-report.js';
import { PBX_FILES, requireSwitch, startSwitchPbx, type SwitchPbx } from './lab/switch-pbx.js';
import { DemoServiceClient } from './demo/demo-service-client.js';
import { ProgressLine, progressText } from './demo/progress-line.js';
import { ServiceProcess } from './demo/service-process.js';
import type { DeskPhones } from './lab/desk-phone.js';
import { startDeskPhones } from './lab/desk-phones.js';
import { fictitiousNumbers } from './lab/fictitious-numbers.js';
import { findAsterisk } from './lab/find-asterisk.js';
import { findFreePorts } from './lab/free-ports.js';
import { newPassword } from './lab/asterisk-instance.js';
import { startPublicNetwork, type PublicNetwork } from './lab/public-network.js';
import { projectFolder } from './lab/project-folder.js';

/** People ring and talk for less than in life, so that minutes show what a shift does. */
const TIME_SCALE_RATIO = 0.4;
const TALK_MS_MEAN = 40_000;
/** Past its duration the demo lets conversations finish for so long. */
const FINISH_WITHIN_MS = 20_000;
const LOOK_INTERVAL_MS = 500;

/** Everything that runs, in the order it was started. */
interface Scene {
  readonly network: PublicNetwork;
  readonly pbx: SwitchPbx;
  readonly phones: DeskPhones;
  readonly service: ServiceProcess;
  readonly client: DemoServiceClient;
  readonly url: string;
}

/**
 * A whole call centre on the loopback address, from nothing to a running
 * campaign and back to nothing. Returns the exit status.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  await requireSwitch(options.switchKind);
  const folder = mkdtempSync(join(tmpdir(), 'outdial-demo-'));
  const line = new ProgressLine(process.stdout, () => performance.now());
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const closers: (() => Promise<void>)[] = [];
  try {
    const faults: string[] = [];
    const scene = await setScene(options, folder, line, faults, closers);
    const ranForMs = await play(options, scene, line, faults, closers, interrupted.signal);
    await writeReport(options, scene, faults, ranForMs, line);
    return 0;
  } finally {
    line.say('Stopping.');
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Starts network, PBX, phones and service, and fills the campaign. */
async function setScene(
  options: DemoOptions,
  folder: string,
  line: ProgressLine,
  faults: string[],
  closers: (() => Promise<void>)[],
): Promise<Scene> {
  const say = (sentence: string): void => line.say(sentence);
  const program = await findAsterisk({ say });
  const numbers = fictitiousNumbers(options.contactCount);
  line.say(`Starting the public network with ${options.contactCount} people, machines and dead lines (seed ${options.seed}).`);
  const network = await startPublicNetwork({
    folder: madeFolder(folder, 'network'),
    seed: options.seed,
    numbers,
    program,
    say,
    timeScaleRatio: TIME_SCALE_RATIO,
    talkMsMean: TALK_MS_MEAN,
  });
  closers.push(() => network.stop());
  const seats = demoSeats(options.agentCount);
  const accounts = seats.map((seat) => ({ name: seat.phone, password: newPassword() }));
  line.say(`Starting the PBX on the files of ${PBX_FILES[options.switchKind]}.`);
  const pbx = await startSwitchPbx({
    kind: options.switchKind,
    folder: madeFolder(folder, 'pbx'),
    trunk: { host: network.host, port: network.sipPort },
    phones: accounts,
    asterisk: program,
  });
  closers.push(() => pbx.stop());
  line.say(`Registering ${options.agentCount} desk phones.`);
  const phones = await startDeskPhones({
    pbx: { host: pbx.host, port: pbx.sipPort },
    phones: accounts.map((account, index) => ({ ...account, voice: { kind: 'speech', speaker: index } as const })),
    folder: madeFolder(folder, 'phones'),
    kind: 'bank',
    program,
  });
  closers.push(() => phones.stop());
  const { service, url } = await startService(options, folder, pbx, seats, line, faults);
  closers.push(() => service.stop());
  const client = new DemoServiceClient(url);
  await importContacts(client, folder, numbers, options.seed);
  return { network, pbx, phones, service, client, url };
}

async function startService(
  options: DemoOptions,
  folder: string,
  pbx: SwitchPbx,
  seats: ReturnType<typeof demoSeats>,
  line: ProgressLine,
  faults: string[],
): Promise<{ service: ServiceProcess; url: string }> {
  const httpPort = await portFor(options.httpPort);
  const configFile = join(folder, 'outdial.yaml');
  writeFileSync(configFile, demoConfig({ pbx, seats, httpPort, storeFile: join(folder, 'outdial.sqlite') }));
  const url = `http://127.0.0.1:${httpPort}`;
  const service = new ServiceProcess({
    argv: [process.execPath, join(projectFolder(), 'dist/cli/outdial.js'), 'serve', '--config', configFile],
    url,
    logFile: join(folder, 'service.log'),
    onRestart: (exitWord) => {
      line.say(`The service was ended (${exitWord}) and is started again; calls go on.`);
      faults.push(`service ended by ${exitWord}`);
    },
  });
  await service.start();
  return { service, url };
}

/** The port asked for, or a free one when it is taken. */
async function portFor(wanted: number): Promise<number> {
  const [free = 0] = await findFreePorts(1);
  if (wanted === 0) return free;
  return (await isFree(wanted)) ? wanted : free;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function importContacts(
  client: DemoServiceClient,
  folder: string,
  numbers: readonly string[],
  seed: number,
): Promise<void> {
  const file = join(folder, 'contacts.csv');
  writeDemoContacts(file, numbers, seed);
  await client.importCsv(DEMO_CAMPAIGN, file);
}

/** Lets the agents log in and the campaign run, until it is over. @returns how long it ran, in ms. */
async function play(
  options: DemoOptions,
  scene: Scene,
  line: ProgressLine,
  faults: string[],
  closers: (() => Promise<void>)[],
  interrupted: AbortSignal,
): Promise<number> {
  const seats = demoSeats(options.agentCount);
  const agents = new DemoAgents(
    seats.map((seat) => ({ agentId: seat.agentId, pin: seat.pin, phone: scene.phones.phone(seat.phone) })),
    options.seed,
    (sentence) => {
      faults.push(sentence);
      line.say(sentence);
    },
  );
  const follower = new BoardFollower(scene.url, (board) => {
    agents.see(board);
    line.show(progressText(board, options.contactCount));
  });
  closers.push(async () => {
    follower.close();
    await agents.goHome();
  });
  await scene.client.post(`/campaigns/${DEMO_CAMPAIGN}/start`);
  line.say(`Wallboard: ${scene.url}   (service pid ${String(scene.service.pid)}; kill -9 it and watch calls go on; Ctrl-C ends the demo)`);
  const startedAtMs = performance.now();
  const endAtMs = options.runSeconds === undefined ? Infinity : startedAtMs + options.runSeconds * 1000;
  await until(() => performance.now() >= endAtMs || isOver(follower.board), interrupted);
  const ranForMs = performance.now() - startedAtMs;
  if (!interrupted.aborted) await finishCalls(scene, follower, interrupted);
  return ranForMs;
}

/** Stops dialling, lets what is being said be said for a while, then the agents end what is left. */
async function finishCalls(scene: Scene, follower: BoardFollower, interrupted: AbortSignal): Promise<void> {
  await scene.client.post(`/campaigns/${DEMO_CAMPAIGN}/pause`);
  await untilQuiet(follower, interrupted);
  const talking = Object.values(follower.board?.agents ?? {}).filter((agent) => agent.state === 'on-call');
  // Refused where the contact hung up in this very moment: that is the same end.
  await Promise.allSettled(talking.map((agent) => scene.client.post(`/agents/${agent.agentId}/orders`, { order: 'hang-up-contact' })));
  await untilQuiet(follower, interrupted);
}

function untilQuiet(follower: BoardFollower, interrupted: AbortSignal): Promise<void> {
  const giveUpAtMs = performance.now() + FINISH_WITHIN_MS;
  return until(() => isQuiet(follower.board) || performance.now() > giveUpAtMs, interrupted);
}

/** No call lives and nobody has one to dispose of. */
function isQuiet(board: Wallboard | undefined): boolean {
  const isWrappedUp = Object.values(board?.agents ?? {}).every((agent) => agent.state !== 'wrap-up');
  return isWrappedUp && liveCallCount(board) === 0;
}

const liveCallCount = (board: Wallboard | undefined): number =>
  Object.values(board?.floor.callsByState ?? {}).reduce((sum, count) => sum + count, 0);

/** Nobody is left to call, or all that remain fall due much later. */
function isOver(board: Wallboard | undefined): boolean {
  const campaign = board?.campaigns[DEMO_CAMPAIGN];
  return campaign?.state === 'idle' && campaign.hint.startsWith('no contact is left');
}

/** Looks every half second. */
function until(isReached: () => boolean, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(() => {
      if (isReached()) finish();
    }, LOOK_INTERVAL_MS);
    if (interrupted.aborted) finish();
    interrupted.addEventListener('abort', finish, { once: true });
  });
}

async function writeReport(
  options: DemoOptions,
  scene: Scene,
  faults: readonly string[],
  ranForMs: number,
  line: ProgressLine,
): Promise<void> {
  const [calls, recordings] = await Promise.all([scene.client.calls(), scene.client.recordings()]);
  const report = demoReport({
    seed: options.seed,
    contactCount: options.contactCount,
    agentCount: options.agentCount,
    ranForSeconds: Math.round(ranForMs / 1000),
    calls,
    recordings,
    truth: scene.network.truth,
    faults,
  });
  for (const sentence of summary(report)) line.say(sentence);
  if (options.reportFile === undefined) return;
  writeFileSync(options.reportFile, `${JSON.stringify(report, null, 2)}\n`);
  line.say(`Report: ${options.reportFile}`);
}

function summary(report: DemoReport): string[] {
  const percent = (ratio: number | undefined): string => (ratio === undefined ? '–' : `${(ratio * 100).toFixed(1)} %`);
  const spread = report.answerToAgentSeconds;
  return [
    `${report.attemptCount} attempts in ${report.ranForSeconds} s; ${report.connectedCount} people talked to an agent, ${report.abandonedCount} abandoned (${percent(report.abandonRatio)}).`,
    `People taken for something else: ${percent(report.personMistakenRatio)}; voicemails found: ${percent(report.machineFoundRatio)}.`,
    ...(spread ? [`Answer to agent: median ${spread.p50.toFixed(2)} s, 95 % within ${spread.p95.toFixed(2)} s, longest ${spread.max.toFixed(2)} s.`] : []),
    `${report.recordings.count} recordings, ${report.recordings.wholeCount} whole. ${report.errors.length} errors.`,
  ];
}

function madeFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

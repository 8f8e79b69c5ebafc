import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiPorts } from './api/api-ports.js';
import type { ApiServer } from './api/api-server.js';
import { createApi } from './api/create-api.js';
import { LiveState } from './api/live-state.js';
import { liveStateSeed } from './api/live-state-seed.js';
import { spooledImporter } from './api/spooled-importer.js';
import { storeQueries } from './api/store-adapter.js';
import type { StoreQueries } from './api/store-queries.js';
import { SAMPLE_RATE_HZ } from './audio/frame.js';
import { writeWav } from './audio/wav.js';
import { asteriskConfig } from './config/asterisk-config-of.js';
import { DeclaredRecords } from './config/declared-records.js';
import { freeswitchConfig } from './config/freeswitch-config-of.js';
import { isLoopback } from './config/is-loopback.js';
import type { OutdialConfig } from './config/outdial-config.js';
import { Dialer } from './dialer/dialer.js';
import type { Input, RestoredState } from './dialer/input.js';
import { ANSWER_MODEL_FILE } from './inference/answer-model.js';
import { startInference, type Inference } from './inference/inference.js';
import { CampaignLedger } from './loop/campaign-ledger.js';
import { SystemClock } from './loop/clock.js';
import { DialerLoop } from './loop/dialer-loop.js';
import { eventLog } from './loop/event-log.js';
import { KeptSnippets } from './loop/kept-snippets.js';
import { InputBox } from './loop/input-box.js';
import type { LoopObserver } from './loop/loop-ports.js';
import { Quiet } from './loop/quiet.js';
import { storedLoop, type StoredLoop } from './loop/stored-loop.js';
import { MediaPlane } from './media/media-plane.js';
import { FileStereoMerger } from './media/stereo-merger.js';
import type { AgentRecord } from './store/agent-records.js';
import type { CampaignRecord } from './store/campaign-records.js';
import { openStore } from './store/open-store.js';
import type { Store } from './store/store.js';
import { AsteriskSwitch } from './telephony/asterisk/asterisk-switch.js';
import { FreeswitchSwitch } from './telephony/freeswitch/freeswitch-switch.js';
import { GuardedSwitch, type SwitchTraffic } from './telephony/guarded-switch.js';
import type { Switch } from './telephony/switch.js';
import { SwitchConnection } from './telephony/switch-connection.js';

/** What a caller may choose that no configuration says. */
export interface ServiceOptions {
  readonly logger: FastifyBaseLogger;
  /** Told of every Input and its events, after the service's own observers. */
  readonly observers?: readonly LoopObserver[];
  /** Makes the switch in the place of the one that the configuration names. */
  readonly createSwitch?: (media: MediaPlane) => Switch;
}

/** A running service. */
export interface Service {
  /** Where REST, feed and wallboard are, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly live: LiveState;
  readonly loop: DialerLoop;
  readonly store: Store;
  readonly media: MediaPlane;
  /** Resolves when the switch has been connected for the first time. */
  readonly connected: Promise<void>;
  /** Rejects when the service cannot go on: the switch refuses us for good. Never resolves. */
  readonly failed: Promise<never>;
  /**
   * Dials no more, waits a while until no call would be left in silence,
   * writes everything down and lets go. Conversations stay on the switch, and
   * the next start takes them up.
   */
  close(): Promise<void>;
}

/**
 * How long a stop waits for calls that are analysed, wait for an agent or are
 * rung off. Chosen: most analyses and the longest wait for an agent take 7 s
 * together; telephones that still ring are rung off at once.
 */
const QUIET_WAIT_MS_MAX = 8_000;

const DAY_MS = 86_400_000;

/** Everything constructed so far, and how to let go of it. */
interface Construction {
  readonly config: OutdialConfig;
  readonly options: ServiceOptions;
  readonly clock: SystemClock;
  readonly inputs: InputBox;
  /** In the order of opening; let go of in the opposite one. */
  readonly opened: (() => Promise<unknown>)[];
}

/** The audio of calls, and what hears speech in it. */
interface MediaParts {
  readonly media: MediaPlane;
  readonly inference: Inference;
}

/** What the run begins with, from the store. */
interface Beginning {
  readonly store: Store;
  readonly restored: RestoredState;
  readonly campaigns: readonly CampaignRecord[];
  readonly agents: readonly AgentRecord[];
  readonly declared: DeclaredRecords;
}

/**
 * Constructs the service and starts it. A switch that cannot be reached is
 * waited for; it is told by `live`, and nothing is dialled meanwhile.
 * @throws Error in one sentence with its cure when store, port or switch login do not allow a start.
 */
export async function startService(config: OutdialConfig, options: ServiceOptions): Promise<Service> {
  const construction: Construction = { config, options, clock: new SystemClock(), inputs: new InputBox(), opened: [] };
  try {
    return await construct(construction);
  } catch (error) {
    for (const letGo of construction.opened.reverse()) await letGo();
    throw error;
  }
}

async function construct(construction: Construction): Promise<Service> {
  const { config, options, clock, inputs, opened } = construction;
  const beginning = await openBeginning(construction);
  const { store, restored, campaigns, agents, declared } = beginning;
  const nowMs = clock.now().epochMs;
  const live = new LiveState(await liveStateSeed({ store, campaigns, agents, restored, nowMs }), nowMs);
  const { media, inference } = await startMedia(construction);
  const theSwitch = guardedSwitch(construction, media);
  const ledger = new CampaignLedger();
  for (const { campaignId, callerNumber } of campaigns) ledger.setCallerNumber(campaignId, callerNumber);
  const quiet = new Quiet();
  const loopStore = storedLoop({ store, restored, nowEpochMs: () => clock.now().epochMs, onFault: onStoreFault(construction) });
  const loop = createLoop(construction, beginning, { theSwitch, media, snippets: keptSnippets(construction, media), ledger, loopStore, live, quiet });
  opened.push(() => Promise.resolve(loop.close()));
  await loop.restore();
  inputs.deliverTo((input) => loop.submit(input));

  const api = await createApi(apiPorts(construction, store, live, ledger));
  opened.push(() => api.close());
  const url = await listen(api, config.http);
  const connection = new SwitchConnection(theSwitch);
  opened.push(() => connection.close());
  await connection.open(loop.switchSaid);
  options.logger.info({ url }, 'service ready');

  let closing: Promise<void> | undefined;
  const { connected, failed } = connection;
  const close = () => (closing ??= closeInOrder({ construction, api, loop, loopStore, quiet, connection, media, inference, store, declared }));
  return { url, live, loop, store, media, connected, failed, close };
}

/** Opens the store, brings what the file declares into it, and reads what the last run has left. */
async function openBeginning(construction: Construction): Promise<Beginning> {
  const { config, options, clock, inputs, opened } = construction;
  const store = await openStore({
    file: config.store.file,
    tenantId: config.tenantId,
    nowEpochMs: () => clock.now().epochMs,
    onFailed: (detail) => inputs.submit({ type: 'store-failed', detail }),
    onRecovered: () => inputs.submit({ type: 'store-recovered' }),
    onFault: onStoreFault(construction),
  });
  opened.push(() => store.close());
  const declared = new DeclaredRecords(config, store);
  await declared.put();
  opened.push(() => declared.pinsKept());
  const restored = await store.restore();
  const agents = await store.listAgents();
  const campaigns = (await store.listCampaigns()).filter(({ campaignId, config: { trunk } }) => {
    const hasTrunk = config.trunks.some(({ name }) => name === trunk);
    if (!hasTrunk) options.logger.error({ campaignId, trunk }, 'campaign left out: its trunk is not in the configuration');
    return hasTrunk;
  });
  return { store, restored, campaigns, agents, declared };
}

const onStoreFault = ({ options }: Construction) => (detail: string): void => {
  options.logger.error({ detail }, 'store fault');
};

/** A speech model that cannot be used is told by an alarm; calls are then judged by the rules. */
async function startMedia({ config, options, inputs, opened }: Construction): Promise<MediaParts> {
  const inference = startInference();
  opened.push(() => inference.close());
  await inference.settled;
  const media = await MediaPlane.start({
    ...config.media,
    scores: inference,
    answerModelFile: ANSWER_MODEL_FILE,
    onAnalysis: (analysis) => inputs.submit(analysis),
    onFailure: (detail) => options.logger.error({ detail }, 'media plane failed'),
    onDegraded: (detail) => inputs.submit({ type: 'analysis-degraded', detail }),
  });
  opened.push(() => media.close());
  return { media, inference };
}

/**
 * The backend of the switch that the configuration names, bare and not started.
 * @param onTrouble told in one sentence of trouble that the port has no event for.
 */
export function configuredSwitch(config: OutdialConfig, media: MediaPlane, onTrouble: (sentence: string) => void): Switch {
  switch (config.switch.kind) {
    case 'asterisk':
      return new AsteriskSwitch(asteriskConfig(config), { taps: media, merger: new FileStereoMerger(), onTrouble });
    case 'freeswitch':
      return new FreeswitchSwitch(freeswitchConfig(config), { audio: media, onTrouble });
  }
}

/** Those of former days are deleted at every start and then once a day. */
function keptSnippets({ config, options, clock, opened }: Construction, media: MediaPlane): KeptSnippets {
  const snippets = new KeptSnippets({
    snippet: (callId) => media.snippet(callId),
    wavOf: (samples) => writeWav({ samples, channelCount: 1, sampleRateHz: SAMPLE_RATE_HZ }),
    recordingsFolder: config.switch.recordingsFolder,
    days: config.store.snippetDays,
    nowEpochMs: () => clock.now().epochMs,
  });
  const clean = (): void =>
    void snippets.deleteOld().catch((error: unknown) => options.logger.warn({ err: error }, 'old snippets could not be deleted'));
  clean();
  const timer = setInterval(clean, DAY_MS).unref();
  opened.push(() => Promise.resolve(clearInterval(timer)));
  return snippets;
}

function guardedSwitch({ config, options }: Construction, media: MediaPlane): GuardedSwitch {
  const { logger, createSwitch } = options;
  const onTrouble = (sentence: string): void => logger.warn({ sentence }, 'switch trouble');
  return new GuardedSwitch(() => createSwitch?.(media) ?? configuredSwitch(config, media, onTrouble), {
    onFault: (fault) => logger.error(fault, 'switch fault'),
    onTraffic: (traffic) => logger.trace(withoutKeys(traffic), 'switch traffic'),
  });
}

/** Keys are PINs as often as not: a log holds none. */
function withoutKeys(traffic: SwitchTraffic): SwitchTraffic {
  if (traffic.direction === 'to-switch' || traffic.event.type !== 'digit-received') return traffic;
  return { ...traffic, event: { ...traffic.event, digit: 'hidden' } };
}

interface LoopParts {
  readonly theSwitch: Switch;
  readonly media: MediaPlane;
  readonly snippets: KeptSnippets;
  readonly ledger: CampaignLedger;
  readonly loopStore: StoredLoop;
  readonly live: LiveState;
  readonly quiet: Quiet;
}

function createLoop({ config, options, clock }: Construction, { campaigns, agents }: Beginning, parts: LoopParts): DialerLoop {
  const { theSwitch, media, snippets, ledger, loopStore, live, quiet } = parts;
  const dialerConfig = {
    tenantId: config.tenantId,
    trunks: config.trunks,
    agents,
    campaigns: campaigns.map((campaign) => campaign.config),
    keypad: config.keypad,
  };
  return new DialerLoop({
    dialer: new Dialer(dialerConfig, randomInt(2 ** 32)),
    switch: theSwitch,
    store: loopStore,
    analysis: { analyse: (callId, listening) => media.analyse(callId, listening), stop: (callId) => media.stop(callId) },
    snippets,
    papers: ledger,
    clock,
    observers: [
      { handled: (_, events) => events.forEach((event) => live.apply(event)) },
      quiet,
      eventLog(options.logger),
      ...(options.observers ?? []),
    ],
  });
}

function apiPorts(construction: Construction, store: Store, live: LiveState, ledger: CampaignLedger): ApiPorts {
  const { config, options, clock, inputs } = construction;
  const nowEpochMs = () => clock.now().epochMs;
  return {
    store: tellingLedger(storeQueries(store, nowEpochMs), ledger),
    submit: (input: Input) => inputs.submit(input),
    live,
    importer: spooledImporter({
      folder: join(dirname(config.store.file), 'imports'),
      importContacts: (request) => store.importContacts(request),
    }),
    clock: nowEpochMs,
    // A line for every request of every screen would drown the calls.
    logger: options.logger.child({ part: 'api' }, { level: 'warn' }),
    access: { apiKeys: config.http.apiKeys, isLoopbackOnly: isLoopback(config.http.host) },
    trunks: config.trunks.map(({ name }) => name),
    recordingsFolder: config.switch.recordingsFolder,
    webFolder: webFolder(),
    version: projectVersion(),
  };
}

/** A campaign made or changed by REST shows its number from the next call on. */
function tellingLedger(queries: StoreQueries, ledger: CampaignLedger): StoreQueries {
  return {
    ...queries,
    saveCampaign: async (campaignId, settings) => {
      await queries.saveCampaign(campaignId, settings);
      ledger.setCallerNumber(campaignId, settings.callerNumber);
    },
  };
}

/** @throws Error with a cure when the address cannot be had. */
async function listen(api: ApiServer, { host, port }: OutdialConfig['http']): Promise<string> {
  try {
    return await api.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EADDRNOTAVAIL' && code !== 'EACCES') throw error;
    const fault =
      code === 'EADDRINUSE'
        ? `Port ${String(port)} of ${host} is in use; end that program (perhaps another Outdial) or change http.port.`
        : code === 'EACCES'
          ? `This user may not listen on port ${String(port)}; use one above 1023.`
          : `This machine has no address ${host}; change http.host.`;
    throw new Error(fault, { cause: error });
  }
}

interface ClosingParts {
  readonly construction: Construction;
  readonly api: ApiServer;
  readonly loop: DialerLoop;
  readonly loopStore: StoredLoop;
  readonly quiet: Quiet;
  readonly connection: SwitchConnection;
  readonly media: MediaPlane;
  readonly inference: Inference;
  readonly store: Store;
  readonly declared: DeclaredRecords;
}

/** From the outside in: first nothing new comes, last the file is closed. */
async function closeInOrder(parts: ClosingParts): Promise<void> {
  const { construction, api, loop, loopStore, quiet, connection, media, inference, store, declared } = parts;
  const { inputs, options } = construction;
  inputs.submit({ type: 'drain-ordered' });
  await loopStore.attemptsWritten();
  await quiet.wait(QUIET_WAIT_MS_MAX);
  await api.close();
  await loopStore.attemptsWritten();
  loop.close();
  await connection.close();
  await media.close();
  await inference.close();
  await declared.pinsKept();
  const leftCount = await store.flush();
  if (leftCount > 0) options.logger.error({ leftCount }, 'events are lost because the store cannot write');
  await store.close();
}

/** The built wallboard; from the sources it is found where the build puts it. */
function webFolder(): string | undefined {
  const places = ['./web', '../dist/web'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(join(place, 'assets')));
}

/** Of package.json, which lies beside the sources' folder and the build's alike. */
function projectVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DeskPhone } from '../../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../../src/cli/lab/desk-phones.js';
import { findAsterisk } from '../../../src/cli/lab/find-asterisk.js';
import type { NumberShares } from '../../../src/cli/lab/number-plan.js';
import { startPublicNetwork, type PublicNetwork } from '../../../src/cli/lab/public-network.js';
import { startSwitchPbx, type SwitchKind, type SwitchPbx } from '../../../src/cli/lab/switch-pbx.js';
import { createLog } from '../../../src/config/create-log.js';
import { parseConfig } from '../../../src/config/load-config.js';
import { startService, type Service } from '../../../src/main.js';
import { until } from '../../fixtures/until.js';
import { FarSide } from './far-side.js';
import { Journal } from './journal.js';
import { restOf, type Rest } from './rest.js';
import { Seat } from './seat.js';
import { testDialplan } from './test-numbers.js';

/** What a test's call centre is made of. */
export interface CentrePlan {
  /** Keys of each campaign that differ, by its id. Each dials by day and night and closes a contact after one attempt. */
  readonly campaigns: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Who works for which campaign, by name; phones 1001 and up, in this order. */
  readonly seats: Readonly<Record<string, { readonly campaign: string; readonly toneHz?: number }>>;
  readonly trunk?: { readonly callsPerSecondMax?: number; readonly linesMax?: number };
  /** `baresip` phones record what they hear and can lose their power. */
  readonly phones: 'baresip' | 'bank';
  /** Numbers of the network besides the fixed ones, and what is at them. */
  readonly numbers?: readonly string[];
  readonly shares?: NumberShares;
  readonly timeScaleRatio?: number;
}

/** A whole call centre: public network, PBX on the files of dialplan/ or freeswitch-conf/, SIP phones, and the service itself. */
export interface CallCentre {
  readonly network: PublicNetwork;
  readonly pbx: SwitchPbx;
  readonly service: Service;
  readonly journal: Journal;
  readonly farSide: FarSide;
  readonly rest: Rest;
  /** @throws RangeError when nobody of this name has a seat. */
  seat(name: string): Seat;
  /** Puts these numbers into a campaign, in this order; gives the contacts' ids, by number. */
  importNumbers(campaign: string, numbers: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Ends everything; nothing is left. */
  close(): Promise<void>;
}

export const PIN = '2468';
/** Which switch these tests run on: the same tests on either. */
export const SWITCH_KIND: SwitchKind = process.env['CENTRE_SWITCH'] === 'freeswitch' ? 'freeswitch' : 'asterisk';

/** Starts it all; resolves when the trunk is reachable and every phone is known, all campaigns started and nobody logged in. */
export async function openCallCentre(plan: CentrePlan): Promise<CallCentre> {
  const folder = mkdtempSync(join(tmpdir(), 'outdial-centre-'));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await furnish(plan, folder, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function furnish(
  plan: CentrePlan,
  folder: string,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<CallCentre> {
  const program = await findAsterisk();
  const network = await startPublicNetwork({
    folder: below(folder, 'network'), program, seed: 5, moreDialplan: testDialplan,
    ...(plan.numbers && { numbers: plan.numbers }),
    ...(plan.shares && { shares: plan.shares }),
    ...(plan.timeScaleRatio !== undefined && { timeScaleRatio: plan.timeScaleRatio }),
  });
  closers.push(() => network.stop());
  const farSide = await FarSide.watch(network);
  closers.push(async () => farSide.close());
  const accounts = Object.values(plan.seats).map(({ toneHz }, index) => ({
    name: phoneOf(index),
    password: `secret-of-${phoneOf(index)}`,
    ...(toneHz !== undefined && { voice: { kind: 'tone', frequencyHz: toneHz } as const }),
  }));
  const pbx = await startSwitchPbx({
    kind: SWITCH_KIND, folder: below(folder, 'pbx'), asterisk: program,
    trunk: { host: network.host, port: network.sipPort }, phones: accounts,
  });
  closers.push(() => pbx.stop());
  const desk = await startDeskPhones({
    pbx: { host: pbx.host, port: pbx.sipPort }, phones: accounts, folder: below(folder, 'phones'), program,
    kind: plan.phones, recordsHeard: plan.phones === 'baresip',
  });
  closers.push(() => desk.stop());
  const journal = new Journal();
  const service = await startTheService(plan, folder, pbx, journal);
  closers.push(() => service.close());
  const rest = restOf(service.url);
  const seats = new Map(Object.keys(plan.seats).map((name, index): [string, Seat] => [name, new Seat(name, desk.phone(phoneOf(index)), journal, rest)]));
  await settled(service, Object.keys(plan.campaigns), rest, accounts.map(({ name }) => desk.phone(name)));
  return {
    network, pbx, service, journal, farSide, rest, close,
    seat(name) {
      const seat = seats.get(name);
      if (seat === undefined) throw new RangeError(`Nobody called ${name} has a seat.`);
      return seat;
    },
    importNumbers: (campaign, numbers) => importNumbers(service.url, rest, campaign, numbers),
  };
}

const phoneOf = (index: number): string => String(1001 + index);

function below(folder: string, name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

async function startTheService(plan: CentrePlan, folder: string, pbx: SwitchPbx, journal: Journal): Promise<Service> {
  const file = join(folder, 'outdial.yaml');
  const config = parseConfig(stringify(configOf(plan, folder, pbx)), { file, environment: {} });
  const logFile = join(folder, 'service.log');
  const log = createLog('debug', logFile);
  try {
    return await startService(config, { logger: log.logger, observers: [journal] });
  } catch (error) {
    log.flush();
    throw new Error(readFileSync(logFile, 'utf8').slice(-2_000), { cause: error });
  }
}

function configOf(plan: CentrePlan, folder: string, pbx: SwitchPbx): unknown {
  const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  return {
    http: { port: 0 },
    store: { file: join(folder, 'outdial.sqlite') },
    switch: pbx.switchSection,
    trunks: [{ name: pbx.trunkEndpoint, callsPerSecondMax: 20, linesMax: 50, callerNumber: '+12025550199', ...plan.trunk }],
    campaigns: Object.entries(plan.campaigns).map(([id, keys]) => ({
      id,
      trunk: pbx.trunkEndpoint,
      callingHours: { timeZone: 'UTC', weekdays, from: '00:00', to: '24:00' },
      attemptsMax: 1,
      ...keys,
    })),
    agents: Object.entries(plan.seats).map(([id, { campaign }], index) => ({ id, phone: phoneOf(index), campaign, pin: PIN })),
    keypad: { pinDigitsMax: 6, pauseReasons: { 1: 'break', 2: 'lunch' } },
  };
}

async function settled(service: Service, campaigns: readonly string[], rest: Rest, phones: readonly DeskPhone[]): Promise<void> {
  await service.connected;
  await until('trunk and phones are known', () => {
    const { floor, trunks, agents } = service.live.board();
    const areReachable = Object.values(trunks).every((trunk) => trunk.isReachable);
    const knownCount = Object.values(agents).filter(({ isPhoneRegistered }) => isPhoneRegistered === true).length;
    return floor.isSwitchConnected && areReachable && knownCount === phones.length;
  });
  for (const campaign of campaigns) await rest('POST', `/campaigns/${campaign}/start`);
}

async function importNumbers(url: string, rest: Rest, campaign: string, numbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const csv = ['phone', ...numbers].join('\n');
  const answer = await fetch(`${url}/api/v1/campaigns/${campaign}/contacts/import`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: csv });
  const { importedCount } = (await answer.json()) as { readonly importedCount?: number };
  if (importedCount !== numbers.length) throw new Error(`${String(importedCount)} of ${String(numbers.length)} numbers were imported.`);
  const { items } = await rest<{ readonly items: readonly { readonly number: string; readonly contactId: string }[] }>('GET', `/campaigns/${campaign}/contacts?limit=500`);
  return new Map(items.map(({ number, contactId }) => [number, contactId]));
}

/**
 * What the product promises when things go wrong, each on a real switch with
 * real calls: the service is killed, the switch restarts, the line to it is
 * cut, the disk is full. Afterwards nobody is stuck, nobody was dialled twice
 * for one attempt, and the books balance.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { fictitiousNumbers } from '../../src/cli/lab/fictitious-numbers.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import type { NumberShares } from '../../src/cli/lab/number-plan.js';
import type { Pbx } from '../../src/cli/lab/pbx.js';
import { TcpRelay } from '../conformance/tcp-relay.js';
import { CAMPAIGN, openCallCentre, type CallCentre } from '../fixtures/call-centre.js';
import { ServedProcess } from '../fixtures/served-process.js';
import { until } from '../fixtures/until.js';

/** A list on which much happens in little time. */
const LIVELY: NumberShares = {
  'person': 0.6, 'voicemail': 0.05, 'busy': 0.15, 'no-answer': 0, 'unallocated': 0.1, 'congestion': 0,
  'sit-early': 0, 'sit-answered': 0, 'silence': 0, 'fax': 0, 'early-hang-up': 0.1,
};
const TALK_MS_MEAN = 8_000;
/** The product's promise: live calls are taken up within this. */
const ADOPTED_WITHIN_MS = 5_000;

interface AgentBody {
  readonly agentId: string;
  readonly state: string;
  readonly callId: string | null;
}
interface Attempt {
  readonly call_id: string;
  readonly contact_id: number;
  readonly cause: string | null;
  readonly originated_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly settled_at_ms: number | null;
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  // One that fails must not leave the others' processes behind.
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (const close of closers.splice(0).reverse()) outcomes.push(...(await Promise.allSettled([close()])));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}, 60_000);

async function open(options: Parameters<typeof openCallCentre>[0]): Promise<CallCentre> {
  const centre = await openCallCentre(options);
  closers.push(() => centre.close());
  return centre;
}

let runCount = 0;
async function serve(centre: CallCentre): Promise<ServedProcess> {
  runCount += 1;
  const service = await ServedProcess.start(centre.configFile, join(centre.folder, `service-${String(runCount)}.log`));
  closers.push(() => service.kill());
  return service;
}

async function agentsOf(centre: CallCentre): Promise<readonly AgentBody[]> {
  return ((await centre.rest('GET', '/agents')) as { readonly items: readonly AgentBody[] }).items;
}

/** Who talks with whom, as `agent call`. */
async function conversations(centre: CallCentre): Promise<readonly string[]> {
  return (await agentsOf(centre)).filter(({ state }) => state === 'on-call').map(({ agentId, callId }) => `${agentId} ${String(callId)}`);
}

async function health(centre: CallCentre): Promise<{ readonly isSwitchConnected: boolean; readonly alarms: readonly { readonly alarm: string }[] }> {
  const answer = await fetch(`${centre.url}/healthz`);
  return (await answer.json()) as Awaited<ReturnType<typeof health>>;
}

/** What the switch itself says of a resource. */
async function askSwitch<T>(pbx: Pbx, path: string): Promise<T> {
  const authorization = `Basic ${Buffer.from(`${pbx.ariUser}:${pbx.ariPassword}`).toString('base64')}`;
  return (await (await fetch(`${pbx.ariUrl}/ari/${path}`, { headers: { authorization } })).json()) as T;
}

/** Calls that share a bridge with another, by call id. */
async function joinedCalls(pbx: Pbx): Promise<ReadonlySet<string>> {
  const bridges = await askSwitch<readonly { readonly channels: readonly string[] }[]>(pbx, 'bridges');
  return new Set(bridges.filter(({ channels }) => channels.length > 1).flatMap(({ channels }) => channels));
}

/** Sees every call that the switch makes on the trunk, whoever asked for it. */
class TrunkWatch {
  readonly dialled: string[] = [];
  static async open(pbx: Pbx): Promise<TrunkWatch> {
    const watch = new TrunkWatch();
    const key = encodeURIComponent(`${pbx.ariUser}:${pbx.ariPassword}`);
    const socket = new WebSocket(`${pbx.ariUrl.replace('http', 'ws')}/ari/events?app=watch&subscribeAll=true&api_key=${key}`);
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString('utf8')) as { readonly type: string; readonly channel?: { readonly id: string; readonly name: string } };
      if (event.type === 'ChannelCreated' && event.channel?.name.startsWith(`PJSIP/${pbx.trunkName}-`) === true) watch.dialled.push(event.channel.id);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    closers.push(() => Promise.resolve(socket.terminate()));
    return watch;
  }
}

function query<Row>(centre: CallCentre, sql: string): readonly Row[] {
  const file = new Database(centre.storeFile, { readonly: true });
  try {
    return file.prepare(sql).all() as Row[];
  } finally {
    file.close();
  }
}

const attemptsOf = (centre: CallCentre): readonly Attempt[] => query(centre, 'select * from attempts');

/** Lets the campaign run to its end; the agents' long talks must have been ended. */
async function runToEnd(centre: CallCentre): Promise<void> {
  await until('the list is called through', async () => {
    const { state } = (await centre.rest('GET', `/campaigns/${CAMPAIGN}`)) as { readonly state: string };
    return state === 'idle' && (await agentsOf(centre)).every((agent) => agent.state === 'available' || agent.state === 'offline');
  }, 90_000);
}

/** Every attempt ended once with a cause, every contact is where its attempts left it, and the API counts the same. */
async function expectBalancedBooks(centre: CallCentre, contactCount: number): Promise<void> {
  await until('all is settled on disk', () => attemptsOf(centre).every(({ settled_at_ms: settled }) => settled !== null));
  const attempts = attemptsOf(centre);
  expect(attempts.filter(({ cause, ended_at_ms: ended }) => cause === null || ended === null)).toEqual([]);
  expect(query(centre, "select id from contacts where status = 'in-progress' or open_call_id is not null")).toEqual([]);
  expect(query(centre, 'select id from contacts')).toHaveLength(contactCount);
  const miscounted = query(
    centre,
    `select c.id, c.attempt_count, count(a.call_id) as attempts from contacts c left join attempts a on a.contact_id = c.id
     group by c.id having c.attempt_count > attempts or (c.status = 'closed' and attempts = 0)`,
  );
  expect(miscounted).toEqual([]);
  const { floor } = (await centre.rest('GET', '/counts')) as { readonly floor: { readonly counts: Record<string, number> } };
  expect(floor.counts['dialledCount']).toBe(attempts.filter(({ originated_at_ms: at }) => at !== null).length);
}

/** Ends every conversation as the agents would from their screens. */
async function hangUpAll(centre: CallCentre): Promise<void> {
  for (const { agentId, state } of await agentsOf(centre)) {
    if (state === 'on-call') await centre.rest('POST', `/agents/${agentId}/orders`, { order: 'hang-up-contact' });
  }
}

const LONG_TALKERS = [FIXED_NUMBERS.person(0), FIXED_NUMBERS.person(1), FIXED_NUMBERS.person(2)];

describe('kill -9 of the service in the midst of a campaign', () => {
  test('the next start takes up the live calls within 5 s, and the books balance', async () => {
    const numbers = [...LONG_TALKERS, ...fictitiousNumbers(40)];
    const centre = await open({
      agentCount: 6, numbers: fictitiousNumbers(40), shares: LIVELY, talkMsMean: TALK_MS_MEAN,
      campaign: { pacing: { mode: 'power', linesPerAgent: 2 }, attemptsMax: 1, onSilence: 'hang-up' },
    });
    const watch = await TrunkWatch.open(centre.pbx);
    const first = await serve(centre);
    await centre.importNumbers(numbers);
    await centre.logIn();
    await centre.rest('POST', `/campaigns/${CAMPAIGN}/start`);
    await until('calls of every kind are under way', async () => (await conversations(centre)).length >= 4 && watch.dialled.length >= 10, 40_000);
    const before = await conversations(centre);

    await first.kill();
    const killedAt = performance.now();
    const second = await serve(centre);
    const readyAfterMs = performance.now() - killedAt;
    await until('the switch is connected again', async () => (await health(centre)).isSwitchConnected, ADOPTED_WITHIN_MS);
    const adoptedAfterMs = performance.now() - killedAt;
    const joined = await joinedCalls(centre.pbx);
    const livedOn = before.filter((pair) => joined.has(pair.split(' ')[1] ?? ''));
    const after = await conversations(centre);
    console.log(`service ready ${readyAfterMs.toFixed(0)} ms and calls adopted ${adoptedAfterMs.toFixed(0)} ms after kill -9; ${String(livedOn.length)} of ${String(before.length)} talks lived on`);
    expect(adoptedAfterMs).toBeLessThan(ADOPTED_WITHIN_MS);
    expect(livedOn.length).toBeGreaterThanOrEqual(LONG_TALKERS.length);
    expect(after).toEqual(expect.arrayContaining([...livedOn]));
    // They are in our hands, not merely on the list: their agents can end them.
    await hangUpAll(centre);
    await until('their agents are past the talk', async () => {
      const now = await conversations(centre);
      return livedOn.every((pair) => !now.includes(pair));
    });

    await runToEnd(centre);
    await expectBalancedBooks(centre, numbers.length);
    const known = new Set(attemptsOf(centre).map(({ call_id: id }) => id));
    expect(new Set(watch.dialled).size).toBe(watch.dialled.length);
    expect(watch.dialled.filter((id) => !known.has(id))).toEqual([]);
    const states = await centre.agentStates();
    expect(states).toEqual(states.map(() => 'available'));
    expect(second.exitCode).toBeNull();
  }, 200_000);
});

describe('the switch restarts', () => {
  test('calls end with a cause, nobody is stuck, and the campaign goes on', async () => {
    const numbers = [...LONG_TALKERS, ...fictitiousNumbers(12)];
    const centre = await open({ agentCount: 3, numbers: fictitiousNumbers(12), shares: LIVELY, talkMsMean: TALK_MS_MEAN, campaign: { attemptsMax: 1 } });
    const service = await serve(centre);
    await centre.importNumbers(numbers);
    await centre.logIn();
    await centre.rest('POST', `/campaigns/${CAMPAIGN}/start`);
    await until('three talk', async () => (await conversations(centre)).length === 3);

    await centre.pbx.kill();
    await until('the loss is told', async () => (await health(centre)).alarms.some(({ alarm }) => alarm === 'switch-lost'), 10_000);
    await centre.pbx.restart();
    const backAfterMs = await until('the service is connected again', async () => (await health(centre)).isSwitchConnected, 15_000);
    console.log(`connected ${backAfterMs.toFixed(0)} ms after the switch was up again`);
    await until('nobody is stuck', async () => (await centre.agentStates()).every((state) => state === 'offline'), 10_000);
    await until('the talks are closed', () => attemptsOf(centre).filter(({ cause }) => cause === 'switch-lost').length >= 3);
    expect((await health(centre)).alarms.map(({ alarm }) => alarm)).not.toContain('switch-lost');

    // A phone notices nothing of a switch that lost its power until its owner hangs up.
    for (const phone of centre.phones) await phone.hangUp();
    for (const phone of centre.phones) await phone.register();
    await until('the phones are registered again', () => centre.phones.every(({ state }) => state === 'registered'), 30_000);
    await centre.logIn();
    await until('the campaign goes on', async () => (await conversations(centre)).length > 0, 40_000);
    await runToEnd(centre);
    await expectBalancedBooks(centre, numbers.length);
    expect(service.exitCode).toBeNull();
  }, 200_000);
});

describe('the connection to the switch is cut', () => {
  test('the talk goes on, and the service finds its calls again', async () => {
    let relay: TcpRelay | undefined;
    const centre = await open({
      agentCount: 3,
      campaign: { attemptsMax: 1 },
      ariPort: async (pbx) => {
        relay = await TcpRelay.open(pbx.httpPort);
        closers.push(() => relay?.close() ?? Promise.resolve());
        return relay.port;
      },
    });
    const watch = await TrunkWatch.open(centre.pbx);
    await serve(centre);
    await centre.importNumbers(LONG_TALKERS);
    await centre.logIn();
    await centre.rest('POST', `/campaigns/${CAMPAIGN}/start`);
    await until('three talk', async () => (await conversations(centre)).length === 3);
    const before = await conversations(centre);

    relay?.cut();
    await until('the loss is told', async () => (await health(centre)).alarms.some(({ alarm }) => alarm === 'switch-lost'), 10_000);
    const during = await joinedCalls(centre.pbx);
    for (const pair of before) expect(during).toContain(pair.split(' ')[1]);
    relay?.allow();
    const backAfterMs = await until('the service is connected again', async () => (await health(centre)).isSwitchConnected, ADOPTED_WITHIN_MS);
    console.log(`connected ${backAfterMs.toFixed(0)} ms after the line was whole again`);
    expect(await conversations(centre)).toEqual(before);

    await hangUpAll(centre);
    await runToEnd(centre);
    await expectBalancedBooks(centre, LONG_TALKERS.length);
    expect(watch.dialled).toHaveLength(LONG_TALKERS.length);
  }, 120_000);
});

const TMPFS_BYTES = 6 * 1024 * 1024;

/** A file system of its own, small enough to fill; undefined where this user may not mount one. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'outdial-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(TMPFS_BYTES)}`, 'tmpfs', folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  closers.push(() => {
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  });
  return folder;
}

describe('the disk is full', () => {
  test('dialling stops with an alarm, talks go on, and it recovers by itself', async (context) => {
    const disk = mountSmallDisk();
    if (disk === undefined) return context.skip('a small file system could not be mounted; that needs root');
    const storeFolder = join(disk, 'data');
    mkdirSync(storeFolder);
    const numbers = [...LONG_TALKERS, ...fictitiousNumbers(30)];
    const centre = await open({ agentCount: 4, numbers: fictitiousNumbers(30), shares: LIVELY, talkMsMean: 4_000, storeFolder, campaign: { attemptsMax: 1 } });
    const watch = await TrunkWatch.open(centre.pbx);
    await serve(centre);
    await centre.importNumbers(numbers);
    await centre.logIn();
    await centre.rest('POST', `/campaigns/${CAMPAIGN}/start`);
    await until('the campaign dials and talks', async () => watch.dialled.length > 5 && (await conversations(centre)).length >= 3, 40_000);

    const ballast = join(disk, 'ballast');
    const fill = (): void => {
      const { bavail, bsize } = statfsSync(disk);
      if (bavail > 0) writeFileSync(ballast, Buffer.alloc(bavail * bsize), { flag: 'a' });
    };
    await until('the alarm is raised', async () => {
      fill();
      return (await health(centre)).alarms.some(({ alarm }) => alarm === 'store-failed');
    }, 30_000);
    const dialledCount = watch.dialled.length;
    const talkingBefore = await conversations(centre);
    expect(talkingBefore.length).toBeGreaterThan(0);
    // An agent who comes free would be given a call if dialling went on.
    await hangUpAll(centre);
    await until('an agent is free', async () => (await centre.agentStates()).includes('available'));
    const { hint } = (await centre.rest('GET', `/campaigns/${CAMPAIGN}`)) as { readonly hint: string };
    expect(hint).toContain('store cannot write');
    expect(watch.dialled.length).toBe(dialledCount);

    rmSync(ballast);
    const recoveredAfterMs = await until('the alarm is cleared', async () => (await health(centre)).alarms.length === 0, 20_000);
    console.log(`dialling again ${recoveredAfterMs.toFixed(0)} ms after there was room`);
    await until('it dials again', () => watch.dialled.length > dialledCount, 20_000);
    await runToEnd(centre);
    await expectBalancedBooks(centre, numbers.length);
    const known = new Set(attemptsOf(centre).map(({ call_id: id }) => id));
    expect(watch.dialled.filter((id) => !known.has(id))).toEqual([]);
  }, 200_000);
});

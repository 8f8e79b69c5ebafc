import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { updatedBoard, type FeedMessage, type Wallboard } from '../../../src/api/contract.js';
import { EventScript } from '../../unit/api/event-script.js';
import { apiUnderTest, type ApiUnderTest } from './api-under-test.js';

const DEADLINE_MS = 10_000;
const KEY = 'a-key-for-this-test-only';

let under: ApiUnderTest;
let script: EventScript;
let port: number;
beforeAll(async () => {
  under = await apiUnderTest({ access: { apiKeys: [KEY], isLoopbackOnly: false }, feed: { bufferedBytesMax: 64 * 1024 } });
  await under.api.listen({ host: '127.0.0.1', port: 0 });
  port = (under.api.server.address() as AddressInfo).port;
  script = new EventScript(Date.now(), 'spring', (event) => { under.live.apply(event); });
});
afterAll(async () => {
  await under.close();
});

class Client {
  readonly socket: WebSocket;
  readonly messages: FeedMessage[] = [];
  board: Wallboard | undefined;
  n = -1;
  epoch = '';

  constructor(query: string, headers: Record<string, string> = { authorization: `Bearer ${KEY}` }) {
    this.socket = new WebSocket(`ws://127.0.0.1:${String(port)}/api/v1/feed${query}`, { headers });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as FeedMessage;
      this.messages.push(message);
      if (message.type === 'hello') this.epoch = message.epoch;
      else this.n = message.n;
      if (message.type === 'snapshot') this.board = message.board;
      if (message.type === 'change' && this.board !== undefined) this.board = updatedBoard(this.board, message.updates);
    });
  }

  async until(isSo: () => boolean): Promise<void> {
    await expect.poll(isSo, { timeout: DEADLINE_MS, interval: 10 }).toBe(true);
  }
}

const dialled = (client: Client): number | undefined => client.board?.floor.today.counts.dialledCount;

describe('the feed over a real socket', () => {
  it('brings a change to every screen, and one that returns to the same board', async () => {
    const steady = new Client('');
    const cut = new Client('');
    await steady.until(() => steady.board !== undefined && cut.board !== undefined);
    script.dial('c1');
    await steady.until(() => dialled(steady) === 1 && dialled(cut) === 1);
    cut.socket.terminate();
    for (let call = 0; call < 20; call += 1) script.dial(`away-${String(call)}`);
    await steady.until(() => dialled(steady) === 21);
    expect(dialled(cut)).toBe(1);

    const back = new Client(`?epoch=${cut.epoch}&after=${String(cut.n)}`);
    back.board = cut.board;
    await steady.until(() => back.n === steady.n);
    expect(back.messages.map((message) => message.type)).toEqual(['hello', 'change']);
    expect(back.board).toEqual(steady.board);
    for (const client of [steady, back]) client.socket.close();
  });

  it('gathers what happens within a tenth of a second into one message', async () => {
    const client = new Client('');
    await client.until(() => client.board !== undefined);
    const before = client.messages.length;
    for (let call = 0; call < 500; call += 1) script.dial(`burst-${String(call)}`);
    await client.until(() => dialled(client) === 521);
    expect(client.messages.length - before).toBeLessThanOrEqual(2);
    client.socket.close();
  });

  it('holds little for a screen that does not read, and brings it to now when it does', async () => {
    const slow = new Client('');
    const quick = new Client('');
    await slow.until(() => slow.board !== undefined && quick.board !== undefined);
    slow.socket.pause();
    const [served] = [...under.api.websocketServer.clients].slice(-2);
    let mostBuffered = 0;
    // Long names make the messages large, so that the kernel's own buffers fill up soon.
    for (let round = 0; round < 60; round += 1) {
      for (let agent = 0; agent < 40; agent += 1) {
        under.live.setAgent({ agentId: `x${String(agent)}`, name: `Ag${'e'.repeat(4_000)}nt ${String(round)}`, phone: '1001', campaignId: 'spring' });
      }
      const n = quick.n;
      await quick.until(() => quick.n > n);
      mostBuffered = Math.max(mostBuffered, served?.bufferedAmount ?? 0);
    }
    const sentToQuick = quick.messages.length;
    slow.socket.resume();
    await slow.until(() => slow.n === quick.n && slow.board?.agents['x39']?.name.endsWith(' 59') === true);
    expect(slow.board).toEqual(quick.board);
    expect(slow.messages.length).toBeLessThan(sentToQuick);
    expect(mostBuffered).toBeGreaterThan(64 * 1024);
    expect(mostBuffered).toBeLessThan(64 * 1024 + 2 * 40 * 5_000);
    for (const client of [slow, quick]) client.socket.close();
  });

  it('says that it lives while nothing happens', async () => {
    const client = new Client('');
    await client.until(() => client.messages.some((message) => message.type === 'beat'));
    expect(client.n).toBe(client.messages.filter((message) => message.type !== 'hello').at(-1)?.n);
    client.socket.close();
  });
});

describe('a stop of the service', () => {
  it('waits neither for screens nor for connections that were refused', async () => {
    const stopped = await apiUnderTest({ access: { apiKeys: [KEY], isLoopbackOnly: false } });
    await stopped.api.listen({ host: '127.0.0.1', port: 0 });
    const address = `ws://127.0.0.1:${String((stopped.api.server.address() as AddressInfo).port)}`;
    const refused = new WebSocket(`${address}/api/v1/feed`);
    const isRefused = new Promise((resolve) => refused.on('unexpected-response', resolve));
    const silent = new WebSocket(`${address}/api/v1/feed?key=${KEY}`);
    const isOpen = new Promise((resolve) => silent.on('open', resolve));
    await Promise.all([isRefused, isOpen]);
    silent.pause();
    const startedAtMs = Date.now();
    await stopped.api.close();
    expect(Date.now() - startedAtMs).toBeLessThan(2_000);
    for (const socket of [refused, silent]) {
      socket.on('error', () => undefined);
      socket.terminate();
    }
    await stopped.close();
  });
});

describe('who may come in', () => {
  const status = async (url: string, headers: Record<string, string> = {}): Promise<number> =>
    (await under.api.inject({ method: 'GET', url, headers })).statusCode;
  const closesWith = (client: Client): Promise<number | undefined> =>
    new Promise((resolve) => {
      client.socket.on('unexpected-response', (_, response) => { resolve(response.statusCode); });
      client.socket.on('open', () => { resolve(101); });
    });

  it('is who holds a key', async () => {
    expect(await status('/api/v1/campaigns')).toBe(401);
    expect(await status('/api/v1/campaigns', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await status('/api/v1/campaigns', { authorization: `Bearer ${KEY}` })).toBe(200);
    expect(await status('/api/v1/campaigns?key=' + KEY)).toBe(401);
    expect(await status('/healthz')).toBe(200);
    expect(await closesWith(new Client('', {}))).toBe(401);
    expect(await closesWith(new Client(`?key=${KEY}`, {}))).toBe(101);
  });

  it('is a browser that opened the page once with a key', async () => {
    const opened = await under.api.inject(`/?key=${KEY}`);
    expect([opened.statusCode, opened.headers.location]).toEqual([303, '/']);
    const cookie = String(opened.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(await status('/api/v1/campaigns', { cookie: cookie.split(';', 1)[0] ?? '' })).toBe(200);
    expect((await under.api.inject('/?key=wrong')).headers['set-cookie']).toBeUndefined();
  });

  it('is never a page of another site', async () => {
    const headers = { authorization: `Bearer ${KEY}`, origin: 'https://elsewhere.example', host: 'board.example' };
    expect(await status('/api/v1/campaigns', headers)).toBe(403);
    expect(await closesWith(new Client('', { authorization: `Bearer ${KEY}`, origin: 'https://elsewhere.example' }))).toBe(403);
    expect(await status('/api/v1/campaigns', { ...headers, origin: 'https://board.example' })).toBe(200);
  });
});

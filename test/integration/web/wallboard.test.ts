import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveState } from '../../../src/api/live-state.js';
import { callId, campaignId, phoneName, trunkName } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';
import { EventScript } from '../../unit/api/event-script.js';
import { apiUnderTest, type ApiUnderTest } from '../api/api-under-test.js';
import { chromiumPath, openBrowser, type OpenBrowser } from './browser.js';
import { ScriptedFloor } from './scripted-floor.js';
import { tcpProxy, type TcpProxy } from './tcp-proxy.js';

const DEADLINE_MS = 15_000;

const WEB_SOURCE = fileURLToPath(new URL('../../../src/web', import.meta.url));

describe.skipIf(chromiumPath === undefined)('the wallboard in a browser', () => {
  let webFolder: string;
  let under: ApiUnderTest;
  let proxy: TcpProxy;
  let browser: OpenBrowser;
  let page: Page;
  let script: EventScript;
  const faults: string[] = [];

  beforeAll(async () => {
    webFolder = await mkdtemp(join(tmpdir(), 'outdial-web-'));
    await build({ root: WEB_SOURCE, configFile: join(WEB_SOURCE, 'vite.config.ts'), logLevel: 'warn', build: { outDir: webFolder } });
    under = await apiUnderTest(
      { webFolder, access: { apiKeys: [], isLoopbackOnly: true } },
      {
        campaigns: [{ campaignId: 'spring', name: 'Spring Offer' }],
        agents: ['Ada', 'Ben', 'Cara', 'Dan'].map((name, index) => ({
          agentId: `a${String(index + 1)}`,
          name: `${name} Example`,
          phone: `100${String(index + 1)}`,
          campaignId: 'spring',
        })),
      },
    );
    await under.api.listen({ host: '127.0.0.1', port: 0 });
    proxy = await tcpProxy(() => (under.api.server.address() as AddressInfo).port);
    script = new EventScript(Date.now(), 'spring', (event) => { under.live.apply(event); });
    browser = await openBrowser({ width: 1920, height: 1080 });
    page = await browser.context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
  });
  afterAll(async () => {
    await browser.close();
    await proxy.close();
    await under.close();
    await rm(webFolder, { recursive: true });
  });

  const seen = (selector: string): Promise<string> => page.locator(selector).innerText();
  /** Waits until the page shows this; the deadline's message tells what it showed instead. */
  const shows = async (selector: string, text: string | RegExp): Promise<void> => {
    await expect.poll(() => seen(selector), { timeout: DEADLINE_MS, interval: 50 }).toMatch(text);
  };
  const figure = (name: string): string => `[data-figure="${name}"] .value`;
  const now = (): EventScript => {
    script.nowMs = Date.now();
    return script;
  };

  it('shows what the service knows when it opens', async () => {
    now().event({ type: 'switch-changed', isConnected: true, adoptedCount: 0, lostCount: 0 });
    now().event({ type: 'campaign-changed', campaignId: campaignId('spring'), state: 'running', hint: '' });
    for (const call of ['c1', 'c2', 'c3']) now().dial(call);
    now().end('c3', 'busy', 17);
    for (const call of ['c1', 'c2']) {
      now().answer(call);
      now().analyse(call, 'person');
    }
    for (const agent of ['a1', 'a2']) now().agent(agent, 'available');
    now().agent('a2', 'paused', { reason: 'lunch' });
    now().connect('c1', 'a1', 1_500);
    await page.goto(`http://localhost:${String(proxy.port)}/`);
    await shows(figure('talking'), /^1$/);
    expect(await seen(figure('dialled'))).toBe('3');
    expect(await seen(figure('connected'))).toBe('1');
    expect(await seen(figure('answer-ratio'))).toMatch(/^66\.7\s*%$/);
    expect(await seen(figure('abandon-ratio'))).toMatch(/^0\.0\s*%$/);
    expect(await seen('[data-outcome="busyCount"] .outcome-count')).toBe('1');
    expect(await seen('[data-agent="a1"] .tile-state')).toBe('On call');
    expect((await page.locator('[data-agent="a2"]').textContent()) ?? '').toContain('Paused: lunch');
    expect(await seen('[data-sum="offline"] .sum-count')).toBe('2');
    expect(await seen('[data-campaign="spring"] .campaign-state')).toContain('Dialling');
    expect(await seen('.strip')).toContain('No alarms');
  });

  it('follows each change within half a second and lets timers run on its own', async () => {
    now().event({ type: 'call-abandoned', callId: callId('c2'), waitedMs: 2_000 });
    now().end('c2', 'abandoned');
    const changedAtMs = Date.now();
    await expect.poll(() => seen(figure('abandon-ratio')), { timeout: DEADLINE_MS, interval: 10 }).toMatch(/^50\.0/);
    expect(Date.now() - changedAtMs).toBeLessThan(1_500);
    expect(await page.locator('.abandon.alarm').innerText()).toContain('Over the 3 % limit');
    const timer = await seen('[data-agent="a1"] .tile-timer');
    await expect.poll(() => seen('[data-agent="a1"] .tile-timer'), { timeout: DEADLINE_MS }).not.toBe(timer);
  });

  it('says so when the connection is cut, and is right again after it', async () => {
    proxy.cut();
    await shows('.strip', /Connection lost/);
    const frozen = await seen('[data-agent="a1"] .tile-timer');

    now().end('c1', 'contact-hung-up');
    now().agent('a1', 'wrap-up', { call: 'c1' });
    now().agent('a2', 'offline', { reason: 'phone unregistered' });
    now().event({ type: 'phone-changed', phone: phoneName('1003'), isRegistered: false });
    now().event({ type: 'trunk-changed', trunk: trunkName('carrier'), isReachable: false });
    now().event({ type: 'alarm-raised', alarm: 'trunk-down', detail: 'carrier does not answer' });
    for (let call = 0; call < 40; call += 1) now().dial(`later-${String(call)}`);
    expect(await seen('[data-agent="a1"] .tile-timer')).toBe(frozen);
    expect(await seen(figure('dialled'))).toBe('3');

    proxy.mend();
    await shows('.strip', /Trunk down\s+carrier does not answer/);
    expect(await seen(figure('dialled'))).toBe('43');
    expect(await seen(figure('talking'))).toBe('0');
    expect(await seen('[data-stage="dialling"] .stage-count')).toBe('40');
    expect(await seen('[data-agent="a1"] .tile-state')).toBe('Wrap-up');
    expect(await seen('[data-agent="a2"] .tile-state')).toBe('Offline');
    expect(await seen('[data-agent="a3"] .tile-note')).toBe('Phone 1003 not registered');
    expect(await seen('.link.down')).toContain('carrier');
  });

  it('is right after the service was started anew', async () => {
    proxy.cut();
    await under.close();
    under = await apiUnderTest(
      { webFolder, access: { apiKeys: [], isLoopbackOnly: true } },
      { campaigns: [{ campaignId: 'autumn', name: 'Autumn Offer' }] },
    );
    await under.api.listen({ host: '127.0.0.1', port: 0 });
    proxy.mend();
    await shows('[data-campaign="autumn"] .campaign-name', 'Autumn Offer');
    expect(await page.locator('[data-agent]').count()).toBe(0);
    expect(await seen(figure('dialled'))).toBe('0');
    expect(await seen(figure('abandon-ratio'))).toBe('–');
  });

  it('holds a hundred agents without a scroll bar, a cut or a jump', async () => {
    const agents = Array.from({ length: 100 }, (_, index) => `a${String(index + 1)}`);
    const startMs = Date.now() - 600_000;
    const live = new LiveState({ timeZone: 'Etc/UTC', campaigns: [], agents: [], trunks: [], openCalls: [] }, epochMs(startMs));
    const floor = new ScriptedFloor(
      { seed: 5, startMs, campaigns: ['spring', 'autumn'], agents, linesPerAgentRatio: 1 },
      (event) => { live.apply(event); },
    );
    floor.playTo(Date.now());
    proxy.cut();
    await under.close();
    under = await apiUnderTest({ webFolder, live, access: { apiKeys: [], isLoopbackOnly: true } });
    await under.api.listen({ host: '127.0.0.1', port: 0 });
    proxy.mend();
    await expect.poll(() => page.locator('[data-agent]').count(), { timeout: DEADLINE_MS }).toBeGreaterThan(85);
    const places = (): Promise<readonly number[]> =>
      page.locator('.figure, .panel, .strip').evaluateAll((boxes) => boxes.flatMap((box) => {
        const { top, left, width, height } = box.getBoundingClientRect();
        return [top, left, width, height];
      }));
    const before = await places();
    const outside = await page.locator('.tile').evaluateAll((tiles) => {
      const room = document.querySelector('.tiles')?.getBoundingClientRect();
      return tiles.filter((tile) => room === undefined || tile.getBoundingClientRect().bottom > room.bottom + 1).length;
    });
    expect(outside).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight)).toBe(true);

    floor.playTo(Date.now() + 30_000);
    floor.script('spring').event({ type: 'alarm-raised', alarm: 'store-failed', detail: 'the disk is full' });
    await shows('.strip', /Store cannot write/);
    expect(await places()).toEqual(before);
  });

  it('threw nothing', () => {
    expect(faults).toEqual([]);
  });
});

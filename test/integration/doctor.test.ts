import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { examine } from '../../src/cli/doctor/examine.js';
import { checkNameLookUp } from '../../src/cli/doctor/asterisk/check-name-look-up.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import type { AsteriskSite } from '../../src/cli/doctor/site.js';
import { findAsterisk } from '../../src/cli/lab/find-asterisk.js';
import { startPbx } from '../../src/cli/lab/pbx.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { OutdialConfig } from '../../src/config/outdial-config.js';
import { openCallCentre, type CallCentre } from '../fixtures/call-centre.js';
import { outdialArguments } from '../fixtures/served-process.js';
import { until } from '../fixtures/until.js';

let centre: CallCentre;
beforeAll(async () => {
  centre = await openCallCentre({ agentCount: 2 });
});
afterAll(() => centre.close());

interface FileContent {
  readonly switch: { readonly ari: Record<string, unknown>; readonly ami: Record<string, unknown> } & Record<string, unknown>;
  readonly [key: string]: unknown;
}

/** The centre's configuration with a change to what its file says. */
function configWith(change: (content: FileContent) => unknown): OutdialConfig {
  const content = parse(readFileSync(centre.configFile, 'utf8')) as FileContent;
  const file = join(centre.folder, 'changed.yaml');
  writeFileSync(file, stringify(change(content)));
  return loadConfig({ file, environment: {} });
}
const asItIs = (): OutdialConfig => configWith((content) => content);

function asteriskSite(): AsteriskSite {
  const config = asItIs();
  if (config.switch.kind !== 'asterisk') throw new Error('The centre has an Asterisk.');
  return { ...config, switch: config.switch };
}

const failures = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ result }) => result === 'fail').map(({ check, what }) => `${check}: ${what}`);
const of = (findings: readonly Finding[], check: string): readonly Finding[] => findings.filter((finding) => finding.check === check);

async function cli(command: string): Promise<void> {
  const { program, configFolder } = centre.pbx;
  const [head, ...rest] = program.argv(['-C', join(configFolder, 'asterisk.conf'), '-rx', command]);
  const { status, stderr } = spawnSync(head, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Promise.resolve();
}

describe('doctor', () => {
  test('finds nothing wrong with a switch that is set up as dialplan/ says', async () => {
    const findings = await examine(asItIs());
    // The host name is this machine's affair, not the switch's.
    expect(failures(findings).filter((what) => !what.startsWith('name-lookup'))).toEqual([]);
    for (const check of ['ari', 'version', 'events', 'transport', 'clock', 'modules', 'sounds', 'ami', 'ami-rights', 'trunk', 'phone', 'recording', 'transmit-silence', 'open-files', 'disk']) {
      expect(of(findings, check).length, check).toBeGreaterThan(0);
    }
    expect(of(findings, 'recording')[0]).toMatchObject({ result: 'ok', what: 'A trial recording of the switch is found by the service.' });
    expect(of(findings, 'phone')[0]?.what).toBe('2 of 2 phones are registered.');
    for (const { result, what, cure } of findings) {
      expect(what).toMatch(/\.$/);
      expect(cure === undefined).toBe(result === 'ok');
    }
  }, 30_000);

  test('tells a wrong ARI password', async () => {
    const findings = await examine(configWith((content) => ({ ...content, switch: { ...content.switch, ari: { ...content.switch.ari, password: 'wrong' } } })));
    expect(of(findings, 'ari')).toEqual([expect.objectContaining({ result: 'fail', what: 'ARI refuses user "outdial": wrong name or password.' })]);
    expect(of(findings, 'ami')[0]?.result).toBe('ok');
  }, 30_000);

  test('tells a wrong AMI password', async () => {
    const findings = await examine(configWith((content) => ({ ...content, switch: { ...content.switch, ami: { ...content.switch.ami, password: 'wrong' } } })));
    expect(of(findings, 'ami')[0]).toMatchObject({ result: 'fail' });
    expect(of(findings, 'ami')[0]?.what).toContain('AMI refuses user "outdial"');
  }, 30_000);

  test('tells a switch that is not there', async () => {
    const findings = await examine(configWith((content) => ({ ...content, switch: { ...content.switch, ari: { ...content.switch.ari, url: 'http://127.0.0.1:33999' } } })));
    expect(of(findings, 'ari')[0]?.what).toContain('does not answer');
  }, 30_000);

  test('tells a module that was unloaded, and that the analysis is off without it', async () => {
    await cli('module unload chan_rtp.so');
    try {
      const findings = await examine(asItIs());
      expect(of(findings, 'modules')).toEqual([expect.objectContaining({ result: 'fail', what: 'chan_rtp.so is not loaded: who answered cannot be analysed.' })]);
      expect(of(findings, 'audio')[0]?.result).toBe('fail');
    } finally {
      await cli('module load chan_rtp.so');
    }
  }, 30_000);

  test('tells a trunk that is not configured, and one that does not answer', async () => {
    const absent = await examine(configWith((content) => ({ ...content, trunks: [{ name: 'trunk', endpoint: 'carrier', linesMax: 5, callerNumber: '+12025550199' }], campaigns: [], agents: [] })));
    expect(of(absent, 'trunk')[0]).toMatchObject({ result: 'fail', what: 'Trunk trunk: the switch has no PJSIP endpoint "carrier".' });
    await centre.network.stop();
    try {
      await until('doctor sees the dead trunk', async () => of(await examine(asItIs()), 'trunk')[0]?.what === 'Trunk trunk does not answer OPTIONS.', 40_000);
    } finally {
      await centre.network.restart();
    }
  }, 90_000);

  test('tells phones that are not there and sounds that nobody recorded', async () => {
    const findings = await examine(
      configWith((content) => {
        const [campaign] = content['campaigns'] as readonly Record<string, unknown>[];
        return {
          ...content,
          campaigns: [{ ...campaign, whisper: 'never-recorded' }],
          agents: [{ id: 'zoe', phone: '1999', campaign: 'spring', pin: '1357' }],
        };
      }),
    );
    expect(of(findings, 'phone')[0]?.what).toContain('Phone 1999 of agent zoe: the switch has no such endpoint.');
    expect(of(findings, 'sounds')).toEqual([expect.objectContaining({ result: 'fail', what: 'The switch has no sound "outdial/never-recorded" (campaign spring).' })]);
  }, 30_000);

  test('tells two recordings folders of one meaning', async () => {
    const elsewhere = join(centre.folder, 'elsewhere');
    mkdirSync(elsewhere);
    const findings = await examine(
      configWith((content) => ({
        ...content,
        switch: { ...content.switch, recordingsFolder: elsewhere, recordingsFolderOnSwitch: centre.pbx.recordingsFolder },
      })),
    );
    expect(of(findings, 'recording')[0]).toMatchObject({ result: 'fail' });
    expect(of(findings, 'recording')[0]?.what).toContain('nothing came to');
  }, 30_000);

  test('tells the name look-up trap', async () => {
    const never = await checkNameLookUp(asteriskSite(), () => Promise.reject(new Error('ENOTFOUND')));
    expect(never[0]).toMatchObject({ result: 'fail' });
    expect(never[0]?.cure).toContain('/etc/hosts');
    const slow = await checkNameLookUp(asteriskSite(), () => new Promise((resolve) => setTimeout(resolve, 120)));
    expect(slow[0]?.what).toMatch(/takes \d+ ms to resolve/);
    const quick = await checkNameLookUp(asteriskSite(), () => Promise.resolve());
    expect(quick[0]?.result).toBe('ok');
  });

  test('leaves nothing behind on the switch', async () => {
    await examine(asItIs());
    const authorization = `Basic ${Buffer.from(`${centre.pbx.ariUser}:${centre.pbx.ariPassword}`).toString('base64')}`;
    const ask = async (path: string): Promise<unknown> => (await fetch(`${centre.pbx.ariUrl}/ari/${path}`, { headers: { authorization } })).json();
    await until('its channel is gone', async () => ((await ask('channels')) as readonly unknown[]).length === 0, 5_000);
  }, 30_000);

  test('the command exits 1 when something fails, and speaks JSON', () => {
    const file = join(centre.folder, 'changed.yaml');
    configWith((content) => ({ ...content, switch: { ...content.switch, ami: { ...content.switch.ami, password: 'wrong' } } }));
    const { status, stdout } = spawnSync(process.execPath, outdialArguments(['doctor', '--config', file, '--json']), { encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(1);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    expect(of(findings, 'ami')[0]?.result).toBe('fail');
    const spoken = spawnSync(process.execPath, outdialArguments(['doctor', '--config', file]), { encoding: 'utf8', timeout: 60_000 });
    expect(spoken.stdout).toMatch(/FAIL {2}AMI refuses user "outdial"[^\n]*\n {6}Compare/);
  }, 90_000);
});

describe('doctor on Asterisk 16', () => {
  test('says that it is out of support and that commands travel over HTTP', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outdial-16-'));
    const pbx = await startPbx({
      folder,
      program: await findAsterisk({ suite: 'bullseye' }),
      trunk: { host: centre.network.host, port: centre.network.sipPort },
      phones: [],
      trunkQualifySeconds: 2,
    });
    try {
      const config = configWith((content) => ({
        ...content,
        switch: {
          ...content.switch,
          ari: { ...content.switch.ari, url: pbx.ariUrl, password: pbx.ariPassword },
          ami: { ...content.switch.ami, port: pbx.amiPort, password: pbx.amiPassword },
          recordingsFolder: pbx.recordingsFolder,
        },
        agents: [],
      }));
      await until('its trunk is known to answer', async () => of(await examine(config), 'trunk')[0]?.result === 'ok', 20_000);
      const findings = await examine(config);
      expect(of(findings, 'version')[0]).toMatchObject({ result: 'warn' });
      expect(of(findings, 'transport')[0]?.what).toContain('over HTTP beside the event socket');
      expect(failures(findings).filter((what) => !what.startsWith('name-lookup'))).toEqual([]);
    } finally {
      await pbx.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

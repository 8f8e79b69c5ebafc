import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWav } from '../../src/audio/wav.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import { CAMPAIGN, openCallCentre, PIN, type CallCentre } from '../fixtures/call-centre.js';
import { outdialArguments, ServedProcess } from '../fixtures/served-process.js';
import { until } from '../fixtures/until.js';

interface CallBody {
  readonly callId: string;
  readonly number: string;
  readonly state: string;
  readonly cause: string | null;
  readonly verdict: string | null;
  readonly hasRecording: boolean;
  readonly talkMs: number;
}

describe('the service on a real switch', () => {
  let centre: CallCentre;
  let service: ServedProcess | undefined;
  beforeAll(async () => {
    centre = await openCallCentre({ agentCount: 2 });
  });
  afterAll(async () => {
    await service?.kill();
    await centre.close();
  });

  test('a campaign from the log-in of its agents to a stereo recording', async () => {
    service = await ServedProcess.start(centre.configFile, join(centre.folder, 'service.log'));
    await centre.importNumbers([FIXED_NUMBERS.person(1), FIXED_NUMBERS.busy(0), FIXED_NUMBERS.unallocated(0), FIXED_NUMBERS.voicemail(1)]);
    await centre.logIn();
    await centre.rest('POST', `/campaigns/${CAMPAIGN}/start`);
    await until('an agent talks', async () => (await centre.agentStates()).includes('on-call'));
    const calls = async (): Promise<readonly CallBody[]> =>
      ((await centre.rest('GET', '/calls')) as { readonly items: readonly CallBody[] }).items;
    const talking = async (): Promise<CallBody | undefined> => (await calls()).find(({ state }) => state === 'talking');
    await until('the store shows it', async () => (await talking()) !== undefined);
    const call = await talking();
    expect(call).toMatchObject({ number: FIXED_NUMBERS.person(1), verdict: 'person' });

    const agent = centre.agentIds[(await centre.agentStates()).indexOf('on-call')] ?? '';
    await until('they have talked for a second', async () => Date.now() - Number((await call_(call?.callId))['connectedAtMs']) > 1_000);
    await centre.rest('POST', `/agents/${agent}/orders`, { order: 'hang-up-contact' });
    await until('all calls have ended', async () => (await calls()).length === 4 && (await calls()).every(({ state }) => state === 'ended'), 60_000);
    const causes = Object.fromEntries((await calls()).map(({ number, cause }) => [number, cause]));
    expect(causes).toEqual({
      [FIXED_NUMBERS.person(1)]: 'agent-hung-up',
      [FIXED_NUMBERS.busy(0)]: 'busy',
      [FIXED_NUMBERS.unallocated(0)]: 'unallocated-number',
      [FIXED_NUMBERS.voicemail(1)]: 'machine-hung-up',
    });
    await until('the recording is there', async () => (await call_(call?.callId))['hasRecording'] === true);
    const audio = await fetch(`${centre.url}/api/v1/recordings/${String(call?.callId)}/audio`);
    const wav = readWav(new Uint8Array(await audio.arrayBuffer()));
    expect(wav).toMatchObject({ ok: true, audio: { channelCount: 2, sampleRateHz: 8000 } });
  }, 120_000);

  async function call_(id: string | undefined): Promise<Record<string, unknown>> {
    return centre.rest('GET', `/calls/${String(id)}`);
  }

  test('import goes through the running service, and brings its refused rows back', async () => {
    await centre.rest('POST', `/campaigns/${CAMPAIGN}/pause`);
    const list = join(centre.folder, 'more.csv');
    writeFileSync(list, 'phone;who\n+12025550150;Ann\n12;Bob\n');
    const args = outdialArguments(['import', '--config', centre.configFile, '--campaign', CAMPAIGN, '--map', 'name=who', list]);
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('The running service imported 1 contacts; 1 rows refused.');
    expect(readFileSync(join(centre.folder, 'more.refused.csv'), 'utf8')).toContain('Bob');
    const { items } = (await centre.rest('GET', `/campaigns/${CAMPAIGN}/contacts`)) as { readonly items: readonly { readonly name: string }[] };
    expect(items.map(({ name }) => name)).toContain('Ann');
  }, 60_000);

  test('stops in order, leaves the phones on the switch and takes them up again', async () => {
    const lines = (): Promise<number> => channelCount(centre);
    expect(await lines()).toBe(2);
    expect(await service?.stop()).toBe(0);
    expect(await lines()).toBe(2);
    service = await ServedProcess.start(centre.configFile, join(centre.folder, 'service-2.log'));
    await until('the agents are back', async () => (await centre.agentStates()).every((state) => state === 'available'), 5_000);
    expect(await lines()).toBe(2);
  }, 60_000);

  test('no phone number stands in its log', () => {
    const log = readFileSync(join(centre.folder, 'service.log'), 'utf8');
    expect(log).toContain('call-answered');
    expect(log).not.toContain(FIXED_NUMBERS.person(1));
    expect(log).not.toContain(FIXED_NUMBERS.person(1).slice(1));
    expect(log).not.toContain(PIN);
  });

  test('a second signal ends it at once', async () => {
    await centre.importNumbers([FIXED_NUMBERS.noAnswer]);
    await centre.rest('POST', `/campaigns/${CAMPAIGN}/start`);
    // A telephone that rings is waited for: the stop is not over before the second signal is read.
    await until('it rings', () => service?.log().some(({ type, state }) => type === 'call-changed' && state === 'ringing') === true);
    // Both at once, and two different ones, since the kernel keeps no count of one and the same: the stop may be over in a moment.
    service?.signal('SIGTERM');
    service?.signal('SIGINT');
    await until('the process has ended', () => service?.exitCode !== null, 2_000);
    expect(service?.exitCode).toBe(130);
  });
});

async function channelCount(centre: CallCentre): Promise<number> {
  const { ariUrl, ariUser, ariPassword } = centre.pbx;
  const answer = await fetch(`${ariUrl}/ari/channels`, {
    headers: { authorization: `Basic ${Buffer.from(`${ariUser}:${ariPassword}`).toString('base64')}` },
  });
  const channels = (await answer.json()) as readonly { readonly name: string }[];
  return channels.filter(({ name }) => name.startsWith('PJSIP/')).length;
}

describe('the command line', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'outdial-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const outdial = (...args: string[]) =>
    spawnSync(process.execPath, outdialArguments(args), { cwd: folder, encoding: 'utf8', timeout: 30_000 });

  test('init writes a file for its owner alone and never over another', () => {
    expect(outdial('init').status).toBe(0);
    const file = join(folder, 'outdial.yaml');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    const again = outdial('init');
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('--force');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(outdial('init', '--force').status).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toBe(text);
  });

  test('serve with a wrong configuration says every fault once and starts nothing', () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, readFileSync(join(folder, 'outdial.yaml'), 'utf8').replace('port: 8080', 'port: 99999').replace('ringTimeoutSeconds: 25', 'ringTimeoutSeconds: 5'));
    const { status, stderr, stdout } = outdial('serve', '--config', file);
    expect(status).toBe(1);
    expect(stderr).toMatch(/http\.port \(line 13\)/);
    expect(stderr).toMatch(/ringTimeoutSeconds/);
    expect(stderr).not.toMatch(/ at .*\.ts:/);
    expect(stdout).toBe('');
    expect(existsSync(join(folder, 'outdial-data'))).toBe(false);
  });

  test('import works while no service runs, and says so', () => {
    const file = join(folder, 'import.yaml');
    writeFileSync(file, readFileSync(join(folder, 'outdial.yaml'), 'utf8').replace(/recordingsFolder: .*/, 'recordingsFolder: .'));
    writeFileSync(join(folder, 'list.csv'), 'Caller;Phone\nAnn;+12025550143\nBob;202\nCy;(202) 555-0144\n');
    const { status, stdout, stderr } = outdial('import', '--config', file, '--campaign', 'spring', '--map', 'number=Phone', '--map', 'name=Caller', 'list.csv');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('No service answers');
    expect(stdout).toContain('2 contacts; 1 rows refused');
    expect(readFileSync(join(folder, 'list.refused.csv'), 'utf8')).toContain('Bob');
  });
});

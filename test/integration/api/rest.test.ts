import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callId, campaignId, trunkName } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';
import { EventScript } from '../../unit/api/event-script.js';
import { apiUnderTest, type ApiUnderTest } from './api-under-test.js';

const CAMPAIGN = {
  campaignId: 'spring',
  name: 'Spring Offer',
  trunk: 'carrier',
  callerNumber: '+12025550100',
  safeHarbourMessage: 'outdial/safe-harbour',
};

let under: ApiUnderTest;
beforeAll(async () => {
  under = await apiUnderTest();
});
afterAll(async () => {
  await under.close();
});
beforeEach(() => {
  under.inputs.length = 0;
});

const post = (url: string, payload?: object) =>
  under.api.inject({ method: 'POST', url: `/api/v1${url}`, ...(payload === undefined ? {} : { payload }) });
const patch = (url: string, payload: object) => under.api.inject({ method: 'PATCH', url: `/api/v1${url}`, payload });
const get = (url: string) => under.api.inject({ method: 'GET', url: `/api/v1${url}` });

describe('campaigns', () => {
  it('are made with careful defaults, kept, told to the dialer, changed and started', async () => {
    const made = await post('/campaigns', CAMPAIGN);
    expect(made.statusCode).toBe(201);
    expect(made.headers.location).toBe('/api/v1/campaigns/spring');
    expect(made.json()).toMatchObject({ ...CAMPAIGN, pacing: { mode: 'progressive' }, ringTimeoutMs: 25_000, state: 'stopped' });
    expect(under.inputs).toMatchObject([{ type: 'campaign-set', campaign: { campaignId: 'spring', machineMessage: undefined } }]);

    const changed = await patch('/campaigns/spring', { pacing: { mode: 'power', linesPerAgentRatio: 2.5 }, linesMax: 7 });
    expect(changed.json()).toMatchObject({ name: 'Spring Offer', pacing: { mode: 'power', linesPerAgentRatio: 2.5 }, linesMax: 7 });
    expect((await get('/campaigns/spring')).json()).toEqual(changed.json());

    expect((await post('/campaigns/spring/start')).statusCode).toBe(202);
    expect((await post('/campaigns/spring/pause')).statusCode).toBe(202);
    expect(under.inputs.slice(-2)).toEqual([
      { type: 'campaign-ordered', campaignId: 'spring', order: 'start' },
      { type: 'campaign-ordered', campaignId: 'spring', order: 'pause' },
    ]);
    expect((await get('/campaigns')).json()).toMatchObject({ items: [{ campaignId: 'spring' }] });
  });

  it('say when agents get calls, and take no setting out of its range', async () => {
    const made = await post('/campaigns', { ...CAMPAIGN, campaignId: 'trial', answerHandling: 'connect-at-answer', takeBackLimitMs: 5_000, lostPersonCost: 99 });
    expect(made.json()).toMatchObject({ answerHandling: 'connect-at-answer', takeBackLimitMs: 5_000, onSilence: 'hang-up', listensBeforeAnswer: true });
    expect(under.inputs.at(-1)).toMatchObject({ type: 'campaign-set', campaign: { answerHandling: 'connect-at-answer', lostPersonCost: 99 } });
    for (const change of [{ lostPersonCost: 19 }, { lostPersonCost: 1001 }, { takeBackLimitMs: 0 }, { answerHandling: 'at-once' }, { onNoSpeech: 'connect' }]) {
      expect((await patch('/campaigns/trial', change)).statusCode, JSON.stringify(change)).toBe(400);
    }
  });

  it('get an id from their name', async () => {
    const made = await post('/campaigns', { ...CAMPAIGN, campaignId: undefined, name: 'Été & Große Aktion' });
    expect(made.json<{ campaignId: string }>().campaignId).toMatch(/^ete-gro-e-aktion-[0-9a-f]{4}$/);
  });

  it.each([
    [{ name: undefined }, '/name', 'name is missing.'],
    [{ ringTimeoutMs: 5_000 }, '/ringTimeoutMs', 'ringTimeoutMs must be at least 15000.'],
    [{ linesMax: '7' }, '/linesMax', 'linesMax must be a number.'],
    [{ callsPerSecondMax: 0 }, '/callsPerSecondMax', 'callsPerSecondMax must be more than 0.'],
    [{ onMachine: 'sing' }, '/onMachine', 'onMachine must be one of "hang-up", "leave-message".'],
    [{ colour: 'red' }, '', 'The input has "colour", which is not known here.'],
    [{ callerNumber: '2025550100' }, '/callerNumber', 'callerNumber must be a phone number in international form: + and 7 to 15 digits, e.g. +12025550143.'],
    [{ onMachine: 'leave-message' }, '/machineMessage', 'machineMessage must name a sound when onMachine is leave-message.'],
    [{ trunk: 'nowhere' }, '/trunk', 'trunk must be a trunk of the configuration: there are carrier.'],
    [{ safeHarbourMessage: '../../etc/passwd' }, '/safeHarbourMessage', "safeHarbourMessage must be the sound's name in the switch's sound folder, without extension."],
    [
      { callingHours: { timeZone: 'Mars/Base', weekdays: [1], fromMinute: 1, toMinute: 2 } },
      '/callingHours/timeZone',
      'callingHours.timeZone must be an IANA time zone, e.g. America/New_York.',
    ],
  ])('with the fault %j are refused in one sentence', async (fault, pointer, sentence) => {
    const refused = await post('/campaigns', { ...CAMPAIGN, campaignId: 'faulty', ...fault });
    expect(refused.statusCode).toBe(400);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({
      type: 'urn:outdial:problem:invalid-input',
      status: 400,
      code: 'invalid-input',
      errors: [{ pointer: `#${pointer}`, detail: sentence }],
    });
    expect(under.inputs).toEqual([]);
    expect((await get('/campaigns/faulty')).statusCode).toBe(404);
  });

  it('name every fault at once, and are not made twice', async () => {
    const refused = await post('/campaigns', { ...CAMPAIGN, ringTimeoutMs: 1, attemptsMax: 0 });
    expect(refused.json<{ errors: unknown[] }>().errors).toHaveLength(2);
    expect((await post('/campaigns', CAMPAIGN)).json()).toMatchObject({ status: 409, code: 'already-exists' });
    expect((await post('/campaigns/autumn/start')).json()).toMatchObject({ status: 404, detail: 'There is no campaign autumn.' });
  });
});

describe('agents', () => {
  const ADA = { agentId: 'ada', name: 'Ada Example', phone: '1001', campaignId: 'spring', pin: '4711' };
  beforeAll(async () => {
    await patch('/campaigns/spring', { dispositionByDigit: { 1: { name: 'sale', effect: 'complete' } } });
  });

  it('are made and changed; the PIN is kept and never shown', async () => {
    const made = await post('/agents', ADA);
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({ agentId: 'ada', state: 'offline', phone: '1001' });
    expect(made.body).not.toContain('4711');
    await patch('/agents/ada', { phone: '1002' });
    expect(under.inputs.slice(-2)).toEqual([
      { type: 'agent-set', agent: { agentId: 'ada', phone: '1001', campaignId: 'spring' } },
      { type: 'agent-set', agent: { agentId: 'ada', phone: '1002', campaignId: 'spring' } },
    ]);
    expect(await under.store.checkPin('ada' as never, '4711')).toBe(true);
  });

  it('sit at one phone each, in a campaign that there is', async () => {
    expect((await post('/agents', { ...ADA, agentId: 'ben', phone: '1002' })).json()).toMatchObject({ code: 'already-exists', detail: 'Phone 1002 belongs to Ada Example (ada) already.' });
    expect((await post('/agents', { ...ADA, agentId: 'ben', phone: '1003', campaignId: 'autumn' })).statusCode).toBe(404);
    expect((await post('/agents', { ...ADA, agentId: 'ben', phone: '1003', pin: 'abc' })).json()).toMatchObject({ code: 'invalid-input' });
  });

  it('take the orders that the phone’s keys give, once they are logged in', async () => {
    expect((await post('/agents/ada/orders', { order: 'resume' })).json()).toMatchObject({ status: 409, code: 'agent-offline' });
    new EventScript(Date.now(), 'spring', (event) => { under.live.apply(event); }).agent('ada', 'available');
    under.inputs.length = 0;
    for (const body of [
      { order: 'pause', reason: 'lunch' },
      { order: 'resume' },
      { order: 'hang-up-contact' },
      { order: 'dispose', disposition: 'sale' },
      { order: 'log-out' },
    ]) {
      expect((await post('/agents/ada/orders', body)).statusCode).toBe(202);
    }
    expect(under.inputs.map((input) => input.type === 'agent-ordered' && input.order)).toEqual([
      { type: 'pause', reason: 'lunch' },
      { type: 'resume' },
      { type: 'hang-up-contact' },
      { type: 'dispose', disposition: { name: 'sale', effect: 'complete' } },
      { type: 'log-out' },
    ]);
    expect((await post('/agents/ada/orders', { order: 'dispose', disposition: 'gift' })).json()).toMatchObject({
      detail: 'disposition must be one of "sale", "none".',
    });
    expect((await post('/agents/ada/orders', { order: 'dance' })).json()).toMatchObject({ detail: 'order must name a known order.' });
  });
});

describe('contacts', () => {
  const upload = (payload: string, type = 'text/csv') =>
    under.api.inject({ method: 'POST', url: '/api/v1/campaigns/spring/contacts/import?fileName=list.csv', headers: { 'content-type': type }, payload });

  it('are imported from a CSV file that is the body; refused rows are kept with line and reason', async () => {
    const imported = await upload('phone,name,city\n+12025550121,Cara Example,Springfield\n12,Dan Example,Shelbyville\n(202) 555-0122,Elif Example,Ogdenville\n');
    expect(imported.json()).toMatchObject({ importedCount: 2, refusedCount: 1, delimiter: ',' });
    expect(under.inputs).toEqual([{ type: 'contacts-changed', campaignId: 'spring' }]);
    const url = imported.json<{ refusedRowsUrl: string }>().refusedRowsUrl;
    const refused = await under.api.inject(url);
    expect(refused.headers['content-type']).toContain('text/csv');
    expect(refused.body).toContain('Dan Example');

    const first = (await get('/campaigns/spring/contacts?limit=1')).json<{ items: { number: string }[]; nextCursor: string }>();
    const second = (await get(`/campaigns/spring/contacts?limit=1&cursor=${first.nextCursor}&status=open`)).json<typeof first>();
    expect([...first.items, ...second.items]).toMatchObject([
      { number: '+12025550121', name: 'Cara Example', fields: { city: 'Springfield' }, status: 'open' },
      { number: '+12025550122' },
    ]);
    expect(second.nextCursor).toBeNull();
    const kept = await readdir(join(under.folder, 'uploads'), { recursive: true });
    expect(kept.filter((name) => name.endsWith('.csv'))).toHaveLength(1);
  });

  it('are not half imported: a file that is none, and a body that is not a file, change nothing', async () => {
    const none = await upload('what is this\nnobody knows\n');
    expect(none.json()).toMatchObject({ status: 422, code: 'bad-import' });
    expect((await upload('{"contacts":[]}', 'application/json')).json()).toMatchObject({ status: 415 });
    expect((await upload('--x--', 'multipart/form-data; boundary=x')).json()).toMatchObject({ status: 415 });
    expect(under.inputs).toEqual([]);
    expect((await get('/campaigns/spring/contacts')).json<{ items: unknown[] }>().items).toHaveLength(2);
    expect((await get('/imports/999/refused-rows')).statusCode).toBe(404);
  });
});

describe('the do-not-call list', () => {
  it('takes, shows in pages and gives back numbers', async () => {
    const numbers = ['+12025550101', '+12025550102', '+12025550103'];
    for (const number of numbers) {
      const put = await under.api.inject({ method: 'PUT', url: `/api/v1/do-not-call/${encodeURIComponent(number)}` });
      expect([put.statusCode, put.body]).toEqual([204, '']);
    }
    const first = (await get('/do-not-call?limit=2')).json<{ items: { number: string }[]; nextCursor: string }>();
    const second = (await get(`/do-not-call?limit=2&cursor=${first.nextCursor}`)).json<typeof first>();
    expect([...first.items, ...second.items].map((entry) => entry.number)).toEqual(numbers);
    expect(second.nextCursor).toBeNull();

    const url = '/api/v1/do-not-call/%2B12025550102';
    expect((await under.api.inject({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await under.api.inject({ method: 'DELETE', url })).json()).toMatchObject({ code: 'not-found' });
    expect((await get('/do-not-call?cursor=%00nonsense')).json()).toMatchObject({ code: 'invalid-input' });
    expect((await get('/do-not-call?limit=0')).json()).toMatchObject({ detail: 'limit must be at least 1.' });
  });
});

describe('calls and recordings', () => {
  it('come from the store; a recording is served in ranges, and nothing outside its folder is', async () => {
    const paths = { whole: 'spring/2026-03-10/whole.wav', outside: '../../etc/passwd', link: 'spring/2026-03-10/link.wav', gone: 'spring/gone.wav' };
    await mkdir(join(under.folder, 'spring/2026-03-10'), { recursive: true });
    await writeFile(join(under.folder, paths.whole), 'RIFF0123456789');
    await symlink('/etc/passwd', join(under.folder, paths.link));
    for (const [call, path] of Object.entries(paths)) await recordedCall(call, path);

    const calls = (await get('/calls?campaignId=spring')).json<{ items: { callId: string; cause: string }[] }>();
    expect(calls.items.map((call) => call.callId).sort()).toEqual(['gone', 'link', 'outside', 'whole']);
    expect((await get('/calls/whole')).json()).toMatchObject({ number: '+12025550140', cause: 'contact-hung-up', hasRecording: true });
    expect((await get('/calls/none')).statusCode).toBe(404);
    const recordings = (await get('/recordings')).json<{ items: { audioUrl: string }[] }>();
    expect(recordings.items.map((recording) => recording.audioUrl)).toContain('/api/v1/recordings/whole/audio');

    const whole = await get('/recordings/whole/audio');
    expect([whole.statusCode, whole.body, whole.headers['accept-ranges']]).toEqual([200, 'RIFF0123456789', 'bytes']);
    const part = await under.api.inject({ method: 'GET', url: '/api/v1/recordings/whole/audio', headers: { range: 'bytes=4-7' } });
    expect([part.statusCode, part.body, part.headers['content-range']]).toEqual([206, '0123', 'bytes 4-7/14']);
    for (const call of ['outside', 'link', 'gone', '..%2F..%2Fetc%2Fpasswd']) {
      const refused = await get(`/recordings/${call}/audio`);
      expect([400, 404]).toContain(refused.statusCode);
      expect(refused.body).not.toContain('root:');
    }
    expect((await get('/counts')).json()).toMatchObject({
      floor: { counts: { dialledCount: 4, answeredCount: 4, unsureCount: 3, personCount: 1, takenBackCount: 0, falseAnswerCount: 0 } },
      campaigns: [{ campaignId: 'spring' }],
      trunks: [{ trunk: 'carrier', answeredCount: 4, falseAnswerCount: 0, falseAnswerRatio: 0 }],
    });
  });

  it('say who answered and why, and are reported in groups', async () => {
    expect((await get('/calls/whole')).json()).toMatchObject({
      verdict: 'person', verdictStage: 'revised', verdictProbabilityRatio: 0.93, verdictReason: 'a short greeting, then silence', decidedAfterMs: 1400,
      verdicts: [{ stage: 'decided', verdict: 'unsure' }, { stage: 'revised', verdict: 'person' }],
      earlyMedia: null, takenBackAtMs: null, answeredBy: null, hasSnippet: false,
    });
    const unsure = (await get('/calls?verdict=unsure')).json<{ items: unknown[] }>();
    expect(unsure.items).toHaveLength(3);
    const report = await get('/reports/answer-analysis?by=trunk');
    expect(report.statusCode).toBe(200);
    expect(report.json()).toMatchObject({
      by: 'trunk',
      groups: [
        {
          key: 'carrier', answeredCount: 4, analysedCount: 4, revisedCount: 1, countByVerdict: { unsure: 3, person: 1, machine: 0 },
          falseAnswers: { foundCount: 0, ofCount: 4, shareRatio: 0, lowRatio: 0 },
          machinesShown: { foundCount: 0, ofCount: 0, shareRatio: null, lowRatio: 0, highRatio: 1 },
          lostPersonKnownCount: 0, decidedAfterMsP50: 1400, decidedAfterMsP90: 1400,
        },
      ],
    });
    // Clopper and Pearson: none of four is 0 to 60.2 %.
    expect(report.json<{ groups: { falseAnswers: { highRatio: number } }[] }>().groups[0]?.falseAnswers.highRatio).toBeCloseTo(0.6024, 4);
    const byHour = (await get('/reports/answer-analysis?by=hour&campaignId=spring')).json<{ groups: { key: string }[] }>();
    expect(byHour.groups[0]?.key).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
    expect((await get('/reports/answer-analysis?campaignId=other')).json()).toMatchObject({ by: 'campaign', groups: [] });
    for (const query of ['by=agent', 'fromMs=5&toMs=5', 'fromMs=x']) {
      const refused = await get(`/reports/answer-analysis?${query}`);
      expect(refused.json(), query).toMatchObject({ code: 'invalid-input' });
    }
  });

  async function recordedCall(call: string, path: string): Promise<void> {
    const added = await under.store.addContact({
      campaignId: campaignId('spring'),
      number: NUMBERS[call] ?? '',
      name: 'Cara Example',
      fields: {},
      priority: 5,
      dueAtMs: 0,
    });
    if (added.outcome !== 'added') throw new Error(`The contact was not added: ${added.outcome}.`);
    const written = await under.store.writeAttempts([
      {
        callId: callId(call),
        campaignId: campaignId('spring'),
        contactId: added.contactId,
        trunk: trunkName('carrier'),
        writtenAtMs: epochMs(Date.now()),
      },
    ]);
    expect(written).toEqual(['written']);
    const script = new EventScript(Date.now(), 'spring', (event) => {
      under.store.apply(['contactId' in event ? { ...event, contactId: added.contactId } : event]);
    });
    script.dial(call);
    script.answer(call);
    script.analyse(call, 'unsure');
    if (call === 'whole') script.analyse(call, 'person', 'revised');
    script.event({ type: 'recording-finished', callId: callId(call), path, audioMs: 1_000, isWhole: true });
    script.end(call, 'contact-hung-up');
    await under.store.flush();
  }
  const NUMBERS: Readonly<Record<string, string>> = {
    whole: '+12025550140',
    outside: '+12025550141',
    link: '+12025550142',
    gone: '+12025550143',
  };
});

describe('the service', () => {
  it('describes itself from the schemas that check the input', async () => {
    const api = (await get('/openapi.json')).json<{ openapi: string; paths: Record<string, Record<string, { requestBody?: unknown }>>; components: { schemas: Record<string, { required?: string[] }> } }>();
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining(['/api/v1/campaigns', '/api/v1/campaigns/{campaignId}/start', '/api/v1/agents/{agentId}/orders', '/api/v1/recordings/{callId}/audio', '/healthz']),
    );
    const made = api.components.schemas['NewCampaignInput'] ?? api.components.schemas['NewCampaign'];
    expect(made?.required?.toSorted()).toEqual(['callerNumber', 'name', 'safeHarbourMessage', 'trunk']);
    expect(api.paths['/api/v1/campaigns/{campaignId}/contacts/import']?.['post']?.requestBody).toMatchObject({ content: { 'text/csv': {} } });
  });

  it('tells whether it is well', async () => {
    expect((await under.api.inject('/healthz')).json()).toMatchObject({ status: 'degraded', isSwitchConnected: false, isStoreReadable: true });
    new EventScript(Date.now(), 'spring', (event) => { under.live.apply(event); }).event({ type: 'switch-changed', isConnected: true, adoptedCount: 0, lostCount: 0 });
    expect((await under.api.inject('/healthz')).json()).toMatchObject({ status: 'ok', alarms: [] });
  });

  it('answers every wrong request with a problem', async () => {
    expect((await get('/nothing')).json()).toMatchObject({ status: 404, code: 'no-such-route' });
    const broken = await under.api.inject({ method: 'POST', url: '/api/v1/campaigns', headers: { 'content-type': 'application/json' }, payload: '{"name":' });
    expect(broken.json()).toMatchObject({ status: 400, detail: 'The body is not valid JSON.' });
    const form = await under.api.inject({ method: 'POST', url: '/api/v1/campaigns', headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x--' });
    expect(form.json()).toMatchObject({ status: 415 });
    const large = await post('/campaigns', { ...CAMPAIGN, name: 'x'.repeat(300_000) });
    expect(large.json()).toMatchObject({ status: 413 });
  });
});

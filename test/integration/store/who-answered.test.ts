import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../src/store/migration.js';
import { openSqlite } from '../../../src/store/open-sqlite.js';
import { MIGRATIONS } from '../../../src/store/store-file.js';
import type { Store } from '../../../src/store/store.js';
import type { DialerEvent } from '../../../src/dialer/event.js';
import type { AnswerVerdict, VerdictStage } from '../../../src/call/answer-verdict.js';
import { agentId, callId, trunkName, type ContactId } from '../../../src/units/ids.js';
import { epochMs } from '../../../src/units/time.js';
import { addTestContacts, attemptAt, campaignConfig, happened, makeFolder, NOON_MS, openTestStore, putTestCampaign, SPRING } from './store-harness.js';

let folder: ReturnType<typeof makeFolder>;
let file: string;

beforeEach(() => {
  folder = makeFolder();
  file = join(folder.folder, 'outdial.sqlite');
});

afterEach(() => {
  folder.remove();
});

const today = { fromMs: NOON_MS, toMs: epochMs(NOON_MS + 86_400_000) };
const ADA = agentId('ada');

async function storeWithContacts(count: number): Promise<{ readonly store: Store; readonly ids: readonly ContactId[] }> {
  const { store } = await openTestStore(file);
  await putTestCampaign(store);
  const ids = await addTestContacts(store, count);
  await store.writeAttempts(ids.map((id, n) => attemptAt(id, `call-${String(n)}`)));
  return { store, ids };
}

const call = (n: number) => callId(`call-${String(n)}`);

const judged = (n: number, stage: VerdictStage, verdict: AnswerVerdict, decidedAfterMs: number): DialerEvent =>
  happened(2_000 + decidedAfterMs, {
    type: 'call-analysed', callId: call(n), stage, verdict, probabilityRatio: 0.9, machineProbabilityRatio: 0.2,
    reason: `${stage} ${verdict}`, detail: undefined, decidedAfterMs, modelName: 'trees', features: { talkMs: decidedAfterMs },
  });

const answered = (n: number): DialerEvent[] => [
  happened(10, { type: 'call-originated', callId: call(n), trunk: trunkName('carrier') }),
  happened(2_000, { type: 'call-answered', callId: call(n) }),
];

const connected = (n: number): DialerEvent => happened(3_050, { type: 'call-connected', callId: call(n), agentId: ADA, sinceAnswerMs: 1_050, sinceVerdictMs: 50 });

test('a call keeps each of its verdicts, what they were judged by, and who lost it', async () => {
  const { store } = await storeWithContacts(1);
  store.apply([
    happened(1_000, { type: 'early-media-heard', callId: call(0), heard: 'ringing', detail: 'ringback', reason: 'it rings' }),
    ...answered(0),
    judged(0, 'probable', 'person', 400),
    connected(0),
    judged(0, 'decided', 'unsure', 1_500),
    judged(0, 'revised', 'machine', 4_000),
    happened(6_000, { type: 'call-taken-back', callId: call(0), agentId: ADA, verdict: 'machine', reason: 'revised machine', heldMs: 2_950 }),
    happened(7_000, { type: 'snippet-kept', callId: call(0), path: 'snippets/call-0.wav' }),
  ]);
  await store.flush();
  expect(await store.getAttempt(call(0))).toMatchObject({
    verdict: 'machine', verdictStage: 'revised', verdictReason: 'revised machine', verdictModel: 'trees', machineProbabilityRatio: 0.2,
    // Of the decision: when it fell, and by what.
    decidedAfterMs: 1_500, verdictAtMs: NOON_MS + 3_500, features: { talkMs: 1_500 },
    verdicts: [
      { stage: 'probable', verdict: 'person', decidedAfterMs: 400 },
      { stage: 'decided', verdict: 'unsure' },
      { stage: 'revised', verdict: 'machine', reason: 'revised machine' },
    ],
    earlyMedia: 'ringing', earlyMediaDetail: 'ringback',
    agentId: undefined, takenBackAgentId: 'ada', takenBackWhy: 'revised machine', takenBackAtMs: NOON_MS + 6_000,
    snippetPath: 'snippets/call-0.wav',
  });
  // Neither a person reached nor, after a crash, a talk.
  const restored = await store.restore();
  expect(restored.peopleReached).toEqual([]);
  expect(restored.openAttempts).toMatchObject([{ callId: 'call-0', connectedAtMs: undefined, agentId: undefined }]);
  expect(await store.countAttempts(today)).toMatchObject([{ connectedCount: 0, takenBackCount: 1, countByVerdict: { machine: 1, unsure: 0 } }]);
  await store.close();
});

test('the report holds what agents say against the verdicts, and what is known of neither', async () => {
  const { store, ids } = await storeWithContacts(8);
  const ended = (n: number, cause: 'contact-hung-up' | 'false-answer' | 'machine-hung-up') =>
    happened(9_000, {
      type: 'attempt-ended', callId: call(n), campaignId: SPRING, contactId: ids[n]!, cause, q850: 16, sipCode: undefined,
      verdict: undefined, agentId: undefined, talkMs: 0,
    });
  const said = (n: number, answeredBy: 'person' | 'machine' | undefined) =>
    happened(9_500, { type: 'disposition-set', callId: call(n), agentId: ADA, disposition: 'x', isByAgent: true, answeredBy });
  store.apply([
    ...[0, 1, 2, 3, 4, 5, 6].flatMap(answered),
    judged(0, 'decided', 'person', 800), connected(0), ended(0, 'contact-hung-up'), said(0, 'person'),
    judged(1, 'decided', 'person', 1_000), connected(1), ended(1, 'contact-hung-up'), said(1, 'machine'),
    judged(2, 'decided', 'unsure', 3_000), connected(2), ended(2, 'contact-hung-up'), said(2, undefined),
    judged(3, 'decided', 'machine', 2_400), ended(3, 'machine-hung-up'),
    judged(4, 'decided', 'silence', 4_500), ended(4, 'false-answer'),
    // Kept by the agent against the verdict.
    connected(5), judged(5, 'decided', 'machine', 2_600), ended(5, 'contact-hung-up'), said(5, 'person'),
    connected(6), ended(6, 'contact-hung-up'), said(6, 'person'),
  ]);
  await store.flush();
  expect(await store.reportAnswers({ ...today, by: 'campaign' })).toEqual([
    {
      key: 'spring',
      answeredCount: 7,
      analysedCount: 6,
      countByVerdict: { person: 2, machine: 2, screening: 0, menu: 0, fax: 0, intercept: 0, busy: 0, ringing: 0, silence: 1, unsure: 1 },
      revisedCount: 0,
      takenBackCount: 0,
      falseAnswerCount: 1,
      agentJudgedCount: 3,
      machineShownCount: 1,
      lostPersonKnownCount: 1,
      decidedAfterMsP50: 2_400,
      decidedAfterMsP90: 4_500,
    },
  ]);
  expect(await store.reportAnswers({ ...today, by: 'hour' })).toMatchObject([{ key: String(NOON_MS), answeredCount: 7 }]);
  expect(await store.reportAnswers({ ...today, by: 'trunk', trunk: trunkName('other') })).toEqual([]);
  expect(await store.countTrunks(today)).toEqual([{ trunk: 'carrier', answeredCount: 7, falseAnswerCount: 1 }]);
  await store.close();
});

test('rows, counts and settings of before are brought under the new words', async () => {
  const sqlite = openSqlite({ file, isReadOnly: false });
  migrate(sqlite, file, MIGRATIONS.slice(0, 1));
  const { onSilence: _, answerHandling: __, ...rest } = campaignConfig();
  const former = {
    ...rest, onNoSpeech: 'connect',
    recycle: { 'no-speech': { redialAfterMs: 1, attemptsMax: 2 }, tone: { redialAfterMs: 3, attemptsMax: 4 }, busy: { redialAfterMs: 5, attemptsMax: 6 } },
  };
  sqlite.exec(`
    insert into tenants values ('acme', 0);
    insert into campaigns values ('acme', 'spring', 'Spring', '+12025550100', 'US', '${JSON.stringify(former)}', 'stopped', '', 0);
    insert into contacts (tenant_id, campaign_id, number, name, fields_json, status, count_by_cause_json, due_at_ms, priority)
      values ('acme', 'spring', '+12025550101', 'x', '{}', 'open', '{"no-speech":2,"tone":1,"busy":3}', 0, 0);
  `);
  const row = (id: string, verdict: string | null, reason: string, cause: string): void =>
    sqlite.exec(`insert into attempts (tenant_id, call_id, campaign_id, contact_id, trunk, state, written_at_ms, verdict, verdict_reason, cause, blame)
      values ('acme', '${id}', 'spring', 1, 'carrier', 'ended', ${String(NOON_MS)}, ${verdict === null ? 'null' : `'${verdict}'`}, '${reason}', '${cause}', 'contact')`);
  row('silent', 'no-speech', 'no voice in 4.5 s', 'no-speech');
  row('sit', 'tone', 'special information tones, class vacant-code: the network speaks, no one was reached', 'intercept');
  row('ringing', 'tone', 'ringing is still heard after the answer', 'tone');
  row('busy', 'tone', 'busy tone, 480+620 Hz', 'tone');
  row('fax', 'tone', 'the calling tone of a fax, 1100 Hz every 3 s', 'tone');
  row('person', 'person', 'short greeting', 'contact-hung-up');
  row('unheard', null, '', 'no-answer');
  sqlite.close();
  const { store } = await openTestStore(file);
  const found = async (id: string) => {
    const attempt = await store.getAttempt(callId(id));
    return [attempt?.verdict, attempt?.verdictStage, attempt?.cause, attempt?.blame];
  };
  expect(await found('silent')).toEqual(['silence', 'decided', 'false-answer', 'carrier']);
  expect(await found('sit')).toEqual(['intercept', 'decided', 'intercept', 'contact']);
  expect(await found('ringing')).toEqual(['ringing', 'decided', 'false-answer', 'carrier']);
  expect(await found('busy')).toEqual(['busy', 'decided', 'busy-tone', 'carrier']);
  expect(await found('fax')).toEqual(['fax', 'decided', 'fax', 'contact']);
  expect(await found('person')).toEqual(['person', 'decided', 'contact-hung-up', 'contact']);
  expect(await found('unheard')).toEqual([undefined, undefined, 'no-answer', 'contact']);
  expect((await store.getCampaign(SPRING))?.config).toEqual({
    ...campaignConfig(),
    // JSON has no undefined.
    machineMessage: undefined, whisper: undefined,
    onSilence: 'connect',
    recycle: {
      'false-answer': { redialAfterMs: 1, attemptsMax: 2 },
      fax: { redialAfterMs: 3, attemptsMax: 4 },
      'busy-tone': { redialAfterMs: 3, attemptsMax: 4 },
      busy: { redialAfterMs: 5, attemptsMax: 6 },
    },
  });
  const { contacts } = await store.fetchContacts({ campaignId: SPRING, count: 1, nowMs: NOON_MS });
  expect(contacts).toMatchObject([{ countByCause: { 'false-answer': 2, fax: 1, busy: 3 } }]);
  await store.close();
});

/**
 * A person answers and talks to an agent: who gets him, what each hears from
 * the first moment on, what is recorded, and how it ends. Everything is heard
 * by ear: each side sends a tone of its own.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIXED_NUMBERS } from '../../../src/cli/lab/fixed-numbers.js';
import { projectFolder } from '../../../src/cli/lab/project-folder.js';
import { readWav } from '../../../src/audio/wav.js';
import { until } from '../../fixtures/until.js';
import { openCallCentre, PIN, type CallCentre } from '../../support/call-centre/call-centre.js';
import { bestMatch, farRecordedMs, farRecording, lengthMs, readHeard, slice, toneLevel, toneStartMs } from '../../support/call-centre/heard-audio.js';
import { CONTACT_TONE_HZ, TEST_NUMBERS } from '../../support/call-centre/test-numbers.js';
import type { Seat } from '../../support/call-centre/seat.js';

const ANA_HZ = 400;
const BEN_HZ = 520;
const CYD_HZ = 700;
/** Of sounds/connect-beep.wav. */
const BEEP_HZ = 850;
const HEARD_DBFS_MIN = -35;
const UNHEARD_DBFS_MAX = -50;

let centre: CallCentre;

beforeAll(async () => {
  centre = await openCallCentre({
    phones: 'baresip',
    campaigns: {
      // Who answers with a tone is taken for a fax unless every answer counts as a person.
      tones: { analyseAnswers: false, wrapUpSeconds: 60 },
      hello: { wrapUpSeconds: 60 },
      whispered: { analyseAnswers: false, whisper: 'whisper', record: false },
      queue: { analyseAnswers: false, linesMax: 1, wrapUpSeconds: 0, record: false },
    },
    seats: {
      ana: { campaign: 'tones', toneHz: ANA_HZ },
      ben: { campaign: 'hello', toneHz: BEN_HZ },
      cyd: { campaign: 'whispered', toneHz: CYD_HZ },
      dov: { campaign: 'queue' },
      eda: { campaign: 'queue' },
    },
  });
});

afterAll(async () => {
  await centre.close();
});

/** What this agent's phone has heard from log-in to hang-up. */
async function heardBy(seat: Seat): Promise<Int16Array> {
  await seat.phone.hangUp();
  const file = seat.phone.heardFiles().at(-1);
  if (file === undefined) throw new Error(`${seat.agentId} has recorded nothing.`);
  return readHeard(file);
}

/** Resolves when the far side has heard so much of this call. */
const untilHeardAtFarSide = (number: string, spanMs: number): Promise<number> =>
  until(`${number} has heard ${String(spanMs)} ms`, () => farRecordedMs(centre.network.heardFolder, number) > spanMs);

interface Call {
  readonly callId: string;
  readonly cause: string | null;
  readonly disposition: string | null;
  readonly talkMs: number;
}

/** The one call of a contact as the service keeps it, when it has been disposed of. */
async function keptCall(contactId: string): Promise<Call> {
  let call: Call | undefined;
  await until('the disposed call is in the books', async () => {
    const { items } = await centre.rest<{ readonly items: readonly Call[] }>('GET', `/calls?contactId=${contactId}`);
    expect(items).toHaveLength(1);
    call = items[0];
    return call !== undefined && call.cause !== null && call.disposition !== null;
  });
  return call!;
}

const soundOf = (name: string): Int16Array => readHeard(join(projectFolder(), 'sounds', `${name}.wav`));

describe.concurrent('a person who answers', () => {
  test('is found to be one, and he and the agent hear each other at once', async () => {
    const { journal } = centre;
    const ben = centre.seat('ben');
    const number = TEST_NUMBERS.recordsHello(0);
    await centre.importNumbers('hello', [number]);
    await ben.logIn(PIN);
    const { callId } = await ben.is('on-call');
    expect(journal.all('call-analysed', (event) => event.callId === callId && event.stage === 'decided')).toMatchObject([{ verdict: 'person' }]);
    const [connected] = journal.all('call-connected', (event) => event.callId === callId);
    await ben.is('wrap-up');

    const atContact = await farRecording(centre.network.heardFolder, number);
    const agentHeardAtMs = toneStartMs(atContact, BEN_HZ);
    expect(Math.abs(agentHeardAtMs! - connected!.sinceAnswerMs), 'the contact hears the agent when they are joined').toBeLessThan(400);
    expect(connected!.sinceVerdictMs).toBeLessThan(400);
    expect(connected!.sinceAnswerMs).toBeLessThan(4_000);
    expect(toneStartMs(await heardBy(ben), CONTACT_TONE_HZ), 'the agent hears the contact').toBeDefined();
  });

  test('makes a beep for the agent alone; the agent ends the talk by *3 and keeps his line', async () => {
    const { journal } = centre;
    const ana = centre.seat('ana');
    const [first, second] = [TEST_NUMBERS.recordsTone(0), TEST_NUMBERS.recordsTone(2)];
    const contacts = await centre.importNumbers('tones', [first, second]);
    await ana.logIn(PIN);
    const { callId, lineCallId } = await ana.is('on-call');
    await untilHeardAtFarSide(first, 2_000);
    await ana.phone.keys('*3');
    await ana.is('wrap-up');
    expect(ana.changes().at(-1)).toMatchObject({ state: 'wrap-up', lineCallId });
    expect(journal.all('attempt-ended', (event) => event.callId === callId)).toMatchObject([{ cause: 'agent-hung-up', agentId: 'ana' }]);
    const atContact = await farRecording(centre.network.heardFolder, first);
    expect(toneLevel(slice(atContact, 1_000, 2_000), ANA_HZ)).toBeGreaterThan(HEARD_DBFS_MIN);
    expect(toneStartMs(atContact, BEEP_HZ), 'the contact hears no beep').toBeUndefined();
    // He answers while the agent still hears that he is logged in: that is cut short.
    const [connected] = journal.all('call-connected', (event) => event.callId === callId);
    expect(Math.abs(toneStartMs(atContact, ANA_HZ)! - connected!.sinceAnswerMs)).toBeLessThan(400);
    await expectStereo(callId!);

    // The digit that the campaign gives a meaning; then the next contact, who hangs up himself.
    await ana.phone.keys('1');
    expect(await keptCall(contacts.get(first)!)).toMatchObject({ callId, cause: 'agent-hung-up', disposition: 'sale' });
    const next = await journal.until('the second talk is over', () => {
      const last = ana.changes().at(-1);
      return last?.state === 'wrap-up' && last.callId !== callId ? last : undefined;
    });
    expect(next.lineCallId).toBe(lineCallId);
    expect(journal.all('attempt-ended', (event) => event.callId === next.callId)).toMatchObject([{ cause: 'contact-hung-up', q850: 16 }]);
    await expectStereo(next.callId!);
    await ana.phone.keys('2');
    const { talkMs, disposition } = await keptCall(contacts.get(second)!);
    expect(disposition).toBe('not interested');
    expect(Math.abs(talkMs - 2_000)).toBeLessThan(500);

    const atAgent = await heardBy(ana);
    const joinedAtMs = toneStartMs(atAgent, CONTACT_TONE_HZ)!;
    const beepAtMs = toneStartMs(slice(atAgent, 0, joinedAtMs + 1_000), BEEP_HZ, joinedAtMs - 400);
    expect(beepAtMs, 'the agent hears a beep as he is joined').toBeDefined();
  });

  test('is announced by a whisper that only the agent hears', async () => {
    const cyd = centre.seat('cyd');
    const number = TEST_NUMBERS.recordsQuiet(0);
    await centre.importNumbers('whispered', [number]);
    await cyd.logIn(PIN);
    await cyd.is('on-call');
    await untilHeardAtFarSide(number, 2_500);
    await cyd.phone.keys('*3');
    await cyd.is('wrap-up');
    const atContact = await farRecording(centre.network.heardFolder, number);
    const atAgent = await heardBy(cyd);
    const beginning = slice(soundOf('whisper'), 0, 500);
    expect((await bestMatch(atAgent, beginning)).likeness).toBeGreaterThan(0.7);
    expect((await bestMatch(atContact, beginning)).likeness).toBeLessThan(0.4);
    expect(toneLevel(slice(atContact, 500, 2_000), CYD_HZ), 'the contact hears the agent meanwhile').toBeGreaterThan(HEARD_DBFS_MIN);
  });

  test('goes to the agent who has waited longest', async () => {
    const { journal } = centre;
    const [dov, eda] = [centre.seat('dov'), centre.seat('eda')];
    await dov.logIn(PIN);
    await eda.logIn(PIN);
    await centre.importNumbers('queue', [TEST_NUMBERS.recordsTone(1), FIXED_NUMBERS.tone(1), FIXED_NUMBERS.tone(2)]);
    const talks = await journal.until('three talks are over', () => {
      const ended = journal.all('attempt-ended', ({ campaignId }) => campaignId === 'queue');
      return ended.length === 3 ? ended : undefined;
    });
    expect(talks.map(({ agentId }) => agentId)).toEqual(['dov', 'eda', 'dov']);
  });
});

/** The recording of a talk: in its place, the contact's tone left and the agent's right, and the same by REST. */
async function expectStereo(callId: string): Promise<void> {
  const { path, isWhole, audioMs } = await centre.journal.first('recording-finished', (event) => event.callId === callId);
  expect(path).toMatch(new RegExp(`^tones/\\d{4}-\\d{2}-\\d{2}/${callId}\\.wav$`));
  expect(isWhole).toBe(true);
  const file = join(centre.pbx.recordingsFolder, path);
  expect(readWav(readFileSync(file))).toMatchObject({ ok: true, audio: { channelCount: 2 } });
  const [contact, agent] = [readHeard(file, 0), readHeard(file, 1)];
  expect(Math.abs(lengthMs(contact) - audioMs)).toBeLessThan(50);
  const [left, right] = [contact, agent].map((side) => slice(side, 300, lengthMs(side) - 300));
  expect(toneLevel(left!, CONTACT_TONE_HZ)).toBeGreaterThan(HEARD_DBFS_MIN);
  expect(toneLevel(left!, ANA_HZ)).toBeLessThan(UNHEARD_DBFS_MAX);
  expect(toneLevel(right!, ANA_HZ)).toBeGreaterThan(HEARD_DBFS_MIN);
  expect(toneLevel(right!, CONTACT_TONE_HZ)).toBeLessThan(UNHEARD_DBFS_MAX);
  await until('REST gives the same file', async () => {
    const answer = await fetch(`${centre.service.url}/api/v1/recordings/${callId}/audio`);
    return answer.ok && Buffer.from(await answer.arrayBuffer()).equals(readFileSync(file));
  });
}

/**
 * The agent at a hard IP phone: everything he does with its keys, the same from
 * his screen by REST, and what becomes of him when the phone goes away.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectFolder } from '../../../src/cli/lab/project-folder.js';
import type { CallResource } from '../../../src/api/contract/call.js';
import { until } from '../../fixtures/until.js';
import { openCallCentre, PIN, type CallCentre } from '../../support/call-centre/call-centre.js';
import { bestMatch, readHeard, slice } from '../../support/call-centre/heard-audio.js';
import type { Seat } from '../../support/call-centre/seat.js';
import { TEST_NUMBERS } from '../../support/call-centre/test-numbers.js';

/** dialplan/pjsip-outdial-phones.conf: a line without audio is dead after 10 s. */
const DEAD_LINE_MS = 10_000;

let centre: CallCentre;

beforeAll(async () => {
  const talks = { analyseAnswers: false, wrapUpSeconds: 60, record: false, attemptsMax: 3 };
  centre = await openCallCentre({
    phones: 'baresip',
    campaigns: { empty: {}, keyed: talks, screened: talks, dropped: talks },
    seats: {
      ana: { campaign: 'empty' }, dov: { campaign: 'empty' }, finn: { campaign: 'empty' }, hal: { campaign: 'empty' },
      ben: { campaign: 'keyed' }, cyd: { campaign: 'screened' }, gia: { campaign: 'dropped' },
    },
  });
});

afterAll(async () => {
  await centre.close();
});

/** Logs in for one contact of the campaign; resolves with the call when they talk. */
async function talk(seat: Seat, campaign: string, number: string): Promise<{ readonly callId: string; readonly contactId: string }> {
  const contacts = await centre.importNumbers(campaign, [number]);
  if (seat.state === 'offline') await seat.logIn(PIN);
  const { callId } = await seat.is('on-call');
  return { callId: callId!, contactId: contacts.get(number)! };
}

const endOf = (callId: string) => centre.journal.first('attempt-ended', (event) => event.callId === callId, 'the end of the talk');

async function keptCall(callId: string, isKept: (call: CallResource) => boolean): Promise<CallResource> {
  let call: CallResource | undefined;
  await until('the books tell', async () => {
    call = await centre.rest<CallResource>('GET', `/calls/${callId}`);
    return isKept(call);
  });
  return call!;
}

describe.concurrent('an agent', () => {
  test('is let in by his PIN alone, pauses with a reason and resumes, all by keys', async () => {
    const ana = centre.seat('ana');
    await ana.phone.call('*50');
    await ana.is('logging-in');
    for (const wrong of ['1111', '2222', '3333']) await ana.phone.keys(`${wrong}#`);
    await ana.phone.callEnded();
    expect(await ana.is('offline')).toMatchObject({ reason: 'wrong PIN' });
    await ana.logIn(PIN);
    await ana.phone.keys('*11');
    expect(await ana.is('paused')).toMatchObject({ reason: 'break' });
    await ana.phone.keys('*2');
    await ana.is('available');
    await ana.phone.keys('*12');
    expect(await ana.is('paused')).toMatchObject({ reason: 'lunch' });
    // No reason has this digit: the agent is told so and stays as he is.
    const changeCount = ana.changes().length;
    await ana.phone.keys('*19');
    await ana.phone.keys('*2');
    await ana.is('available');
    expect(ana.changes()).toHaveLength(changeCount + 1);
    await ana.phone.hangUp();
    expect(await ana.is('offline')).toMatchObject({ reason: 'hung up' });
  });

  test('pauses, resumes and leaves by feature codes from the phone\'s second line', async () => {
    const dov = centre.seat('dov');
    await dov.logIn(PIN);
    const line = dov.changes().at(-1)!.lineCallId;
    await dov.phone.callOnSecondLine('*512');
    expect(await dov.is('paused')).toMatchObject({ reason: 'lunch', lineCallId: line });
    await dov.phone.callOnSecondLine('*52');
    expect(await dov.is('available')).toMatchObject({ lineCallId: line });
    await dov.phone.callOnSecondLine('*51');
    expect(await dov.is('paused')).toMatchObject({ reason: 'break', lineCallId: line });
    await dov.phone.callOnSecondLine('*53');
    expect(await dov.is('offline')).toMatchObject({ reason: 'logged out' });
    await dov.phone.callEnded();
  });

  test('hears what his keys have done', async () => {
    const hal = centre.seat('hal');
    await hal.logIn(PIN);
    await hal.phone.keys('*11');
    await hal.is('paused');
    await hal.phone.keys('*2');
    await hal.is('available');
    await hal.phone.keys('*19');
    await hal.phone.keys('*12');
    await hal.is('paused');
    await hal.phone.hangUp();
    const heard = readHeard(hal.phone.heardFiles().at(-1)!);
    for (const prompt of ['paused', 'resumed', 'not-possible']) {
      const sound = readHeard(join(projectFolder(), 'sounds', `${prompt}.wav`));
      expect((await bestMatch(heard, slice(sound, 0, 300))).likeness, prompt).toBeGreaterThan(0.6);
    }
  });

  test('ends the contact, says what came of it, pauses and leaves, all by keys', async () => {
    const ben = centre.seat('ben');
    const { callId, contactId } = await talk(ben, 'keyed', TEST_NUMBERS.recordsTone(0));
    const line = ben.changes().at(-1)!.lineCallId;
    // A pause in the middle of a talk is kept for after it.
    await ben.phone.keys('*11');
    await ben.phone.keys('*3');
    expect(await ben.is('wrap-up')).toMatchObject({ lineCallId: line });
    expect(await endOf(callId)).toMatchObject({ cause: 'agent-hung-up' });
    // 7 means nothing in this campaign, 3 means: call again.
    await ben.phone.keys('73');
    expect(await ben.is('paused')).toMatchObject({ reason: 'break', lineCallId: line });
    expect(await keptCall(callId, ({ disposition }) => disposition !== null)).toMatchObject({ disposition: 'call again' });
    const [settled] = centre.journal.all('contact-settled', (event) => event.contactId === contactId);
    expect(settled).toMatchObject({ outcome: 'redial' });
    await ben.phone.keys('*2');
    await ben.is('available');
    const next = await talk(ben, 'keyed', TEST_NUMBERS.recordsTone(9));
    await ben.phone.hangUp();
    expect(await endOf(next.callId)).toMatchObject({ cause: 'agent-hung-up', agentId: 'ben' });
    expect(await ben.is('offline')).toMatchObject({ reason: 'hung up' });
    await until('the contact has been hung up', () =>
      centre.farSide.calls((number) => number === TEST_NUMBERS.recordsTone(9))[0]?.endedAtMs !== undefined);
  });

  test('has the same commands on his screen', async () => {
    const cyd = centre.seat('cyd');
    const { callId } = await talk(cyd, 'screened', TEST_NUMBERS.recordsTone(0));
    await cyd.order({ order: 'hang-up-contact' });
    await cyd.is('wrap-up');
    expect(await endOf(callId)).toMatchObject({ cause: 'agent-hung-up' });
    await cyd.order({ order: 'dispose', disposition: 'sale' });
    await cyd.is('available');
    expect(await keptCall(callId, ({ disposition }) => disposition !== null)).toMatchObject({ disposition: 'sale' });
    await cyd.order({ order: 'pause', reason: 'coaching' });
    expect(await cyd.is('paused')).toMatchObject({ reason: 'coaching' });
    await expect(cyd.order({ order: 'dispose', disposition: 'no such' })).rejects.toThrow('400');
    await cyd.order({ order: 'resume' });
    await cyd.is('available');
    await cyd.order({ order: 'log-out' });
    await cyd.is('offline');
    await cyd.phone.callEnded();
    await expect(cyd.order({ order: 'resume' })).rejects.toThrow('409');
  });
});

describe.concurrent('a phone that goes away takes its agent out', () => {
  test('when it loses its power, as soon as its audio has been missing', async () => {
    const finn = centre.seat('finn');
    await finn.logIn(PIN);
    const goneAtMs = Date.now();
    await finn.phone.drop();
    const { atMs } = await finn.is('offline');
    expect(atMs - goneAtMs).toBeLessThan(DEAD_LINE_MS + 4_000);
  });

  test('and ends a talk by the lost line\'s own cause', async () => {
    const gia = centre.seat('gia');
    const { callId } = await talk(gia, 'dropped', TEST_NUMBERS.recordsTone(0));
    const goneAtMs = Date.now();
    await gia.phone.drop();
    const { atMs } = await gia.is('offline');
    expect(atMs - goneAtMs).toBeLessThan(DEAD_LINE_MS + 4_000);
    expect(await endOf(callId)).toMatchObject({ cause: 'agent-line-lost', agentId: 'gia' });
  });
});

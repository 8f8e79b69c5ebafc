/**
 * Agents get calls before it is known who answered. The switch lets the call
 * be heard in the agent's bridge; what is no person's is taken back, and what
 * is stays. On a switch that cannot do that the same campaigns hold.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallResource } from '../../../src/api/contract/call.js';
import { FIXED_NUMBERS } from '../../../src/cli/lab/fixed-numbers.js';
import { until } from '../../fixtures/until.js';
import { openCallCentre, PIN, SWITCH_KIND, type CallCentre } from '../../support/call-centre/call-centre.js';
import { TEST_NUMBERS } from '../../support/call-centre/test-numbers.js';

let centre: CallCentre;

beforeAll(async () => {
  centre = await openCallCentre({
    phones: 'bank',
    campaigns: {
      atonce: { answerHandling: 'connect-at-answer', onMachine: 'leave-message', machineMessage: 'enter-pin', attemptsMax: 3 },
      stays: { answerHandling: 'connect-at-answer', wrapUpSeconds: 60 },
      probable: { answerHandling: 'connect-probable', wrapUpSeconds: 60 },
      silent: { answerHandling: 'connect-at-answer', attemptsMax: 3 },
      keeps: { answerHandling: 'connect-at-answer', takeBackLimitSeconds: 30 },
    },
    seats: {
      ana: { campaign: 'atonce' }, ben: { campaign: 'stays' }, cyd: { campaign: 'probable' }, dov: { campaign: 'silent' }, eda: { campaign: 'keeps' },
    },
  });
});

afterAll(async () => {
  await centre.close();
});

/** The one call of a contact as the service keeps it, once it is settled. */
async function settledCall(contactId: string, waitMsMax = 60_000): Promise<CallResource> {
  const { callId } = await centre.journal.first('contact-settled', (event) => event.contactId === contactId, `contact ${contactId} is settled`, waitMsMax);
  let call: CallResource | undefined;
  await until('the books tell the end', async () => {
    call = await centre.rest<CallResource>('GET', `/calls/${callId}`);
    return call.cause !== null;
  });
  return call!;
}

describe.runIf(SWITCH_KIND === 'asterisk').concurrent('an agent who gets a call at its answer', () => {
  test('loses a voicemail to its verdict and is free at once; the voicemail takes the message', async () => {
    const { journal } = centre;
    const number = FIXED_NUMBERS.voicemail(1);
    const contacts = await centre.importNumbers('atonce', [number]);
    const ana = centre.seat('ana');
    await ana.logIn(PIN);
    const { callId } = await ana.is('on-call', 30_000);
    const [connected] = journal.all('call-connected', (event) => event.callId === callId);
    expect(connected!.sinceAnswerMs).toBeLessThan(500);
    const takenBack = await journal.first('call-taken-back', (event) => event.callId === callId, 'the voicemail is taken back', 20_000);
    expect(takenBack).toMatchObject({ agentId: 'ana', verdict: 'machine' });
    const freed = await ana.is('available');
    expect(freed.atMs).toBe(takenBack.atMs);
    const call = await settledCall(contacts.get(number)!);
    expect(call).toMatchObject({ cause: 'message-left', verdict: 'machine', agentId: null, takenBackAgentId: 'ana', disposition: null });
    expect(journal.all('message-played', (event) => event.callId === callId)).toMatchObject([{ message: 'machine', isWhole: true }]);
    expect(journal.all('agent-changed', ({ agentId, state }) => agentId === 'ana' && state === 'wrap-up')).toEqual([]);
  });

  test('keeps a person, who is heard through the bridge and known as one', async () => {
    const { journal } = centre;
    const number = TEST_NUMBERS.recordsHello(0);
    const contacts = await centre.importNumbers('stays', [number]);
    const ben = centre.seat('ben');
    await ben.logIn(PIN);
    const { callId } = await ben.is('on-call', 30_000);
    const verdict = await journal.first('call-analysed', (event) => event.callId === callId && event.stage === 'decided', 'it is decided who answered', 15_000);
    expect(['person', 'unsure']).toContain(verdict.verdict);
    const { atMs } = await ben.is('wrap-up', 30_000);
    expect(atMs).toBeGreaterThan(verdict.atMs);
    expect(journal.all('call-taken-back', (event) => event.callId === callId)).toEqual([]);
    await ben.order({ order: 'dispose', disposition: 'none' });
    expect(await settledCall(contacts.get(number)!)).toMatchObject({ cause: 'contact-hung-up', agentId: 'ben', answeredBy: 'person', takenBackAtMs: null });
  });

  test('loses a silent line, which is a false answer of its trunk', async () => {
    const number = FIXED_NUMBERS.silence(0);
    const contacts = await centre.importNumbers('silent', [number]);
    await centre.seat('dov').logIn(PIN);
    expect(await settledCall(contacts.get(number)!)).toMatchObject({ cause: 'false-answer', verdict: 'silence', takenBackAgentId: 'dov' });
    const { trunks } = await centre.rest<{ readonly trunks: readonly { readonly falseAnswerCount: number }[] }>('GET', '/counts');
    expect(trunks[0]!.falseAnswerCount).toBeGreaterThan(0);
  });

  test('keeps a voicemail once he has keyed anything', async () => {
    const number = FIXED_NUMBERS.voicemail(0);
    const contacts = await centre.importNumbers('keeps', [number]);
    const eda = centre.seat('eda');
    await eda.logIn(PIN);
    const { callId } = await eda.is('on-call', 30_000);
    // To go on a break after this call: he has seen it, and means to have it.
    await eda.order({ order: 'pause', reason: 'break' });
    await centre.journal.first('call-analysed', (event) => event.callId === callId && event.stage === 'decided', 'it is decided who answered', 15_000);
    await eda.order({ order: 'hang-up-contact' });
    expect(await settledCall(contacts.get(number)!)).toMatchObject({ cause: 'agent-hung-up', agentId: 'eda', takenBackAtMs: null });
  });
});

test.runIf(SWITCH_KIND === 'asterisk')('an agent gets what is probably a person before it is decided', async () => {
  const { journal } = centre;
  const number = TEST_NUMBERS.recordsHello(1);
  const contacts = await centre.importNumbers('probable', [number]);
  const cyd = centre.seat('cyd');
  await cyd.logIn(PIN);
  const { callId } = await cyd.is('on-call', 30_000);
  await cyd.is('wrap-up', 30_000);
  await cyd.order({ order: 'dispose', disposition: 'none' });
  const call = await settledCall(contacts.get(number)!);
  expect(call.verdicts.map(({ stage }) => stage)).toContain('decided');
  const [connected] = journal.all('call-connected', (event) => event.callId === callId);
  const [decided] = journal.all('call-analysed', (event) => event.callId === callId && event.stage === 'decided');
  // Where nothing was probable before it was decided it is connected by the decision.
  expect(connected!.atMs - decided!.atMs).toBeLessThan(500);
});

/**
 * How calls end: what the carrier says, what answers, and
 * nobody being free. Each ends as one cause, with the carrier's own codes kept,
 * and says whether and when the contact may be called again. What the screens
 * and REST count agrees with the list of calls.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { FeedMessage } from '../../../src/api/contract.js';
import type { CallResource } from '../../../src/api/contract/call.js';
import type { ContactResource, DoNotCallResource } from '../../../src/api/contract/contact.js';
import { FIXED_NUMBERS } from '../../../src/cli/lab/fixed-numbers.js';
import { projectFolder } from '../../../src/cli/lab/project-folder.js';
import { until } from '../../fixtures/until.js';
import { openCallCentre, PIN, type CallCentre } from '../../support/call-centre/call-centre.js';
import { bestMatch, farRecording, lengthMs, readHeard, slice } from '../../support/call-centre/heard-audio.js';
import { TEST_NUMBERS } from '../../support/call-centre/test-numbers.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RING_MS = 15_000;

let centre: CallCentre;

beforeAll(async () => {
  centre = await openCallCentre({
    phones: 'bank',
    campaigns: {
      refused: { attemptsMax: 3, recycle: { busy: { redialAfterMinutes: 30, attemptsMax: 2 } } },
      ringing: { attemptsMax: 3, ringTimeoutSeconds: RING_MS / 1000 },
      answers: { attemptsMax: 3 },
      messages: { onMachine: 'leave-message', machineMessage: 'enter-pin', attemptsMax: 3 },
      harbour: { attemptsMax: 3 },
      again: {},
      unused: {},
      talks: { analyseAnswers: false, wrapUpSeconds: 60 },
      cut: { attemptsMax: 3, ringTimeoutSeconds: RING_MS / 1000 },
    },
    seats: {
      ana: { campaign: 'refused' }, ben: { campaign: 'refused' },
      cyd: { campaign: 'ringing' },
      dov: { campaign: 'answers' }, eda: { campaign: 'answers' }, finn: { campaign: 'answers' },
      gia: { campaign: 'messages' }, hal: { campaign: 'messages' },
      ivy: { campaign: 'harbour' }, jon: { campaign: 'harbour' },
      kim: { campaign: 'again' },
      lou: { campaign: 'cut' },
      mae: { campaign: 'talks' },
      ned: { campaign: 'unused' },
    },
  });
});

afterAll(async () => {
  await centre.close();
});

/** How the one attempt at a contact ended, and what became of him, from the dialer's events, the books and REST alike. */
interface Outcome {
  readonly cause: string | null;
  readonly q850: number | null;
  readonly sipCode: number | null;
  readonly status: string;
  /** Rounded to minutes; 0 for a contact that is not called again. */
  readonly againAfterMs: number;
  readonly attemptCount: number;
}

async function outcomeOf(campaign: string, contactId: string, waitMsMax = 40_000): Promise<Outcome> {
  const settled = await centre.journal.first('contact-settled', (event) => event.contactId === contactId, `contact ${contactId} is settled`, waitMsMax);
  const [ended] = centre.journal.all('attempt-ended', (event) => event.callId === settled.callId);
  let call: CallResource | undefined;
  let contact: ContactResource | undefined;
  await until('the books tell the end', async () => {
    call = await centre.rest<CallResource>('GET', `/calls/${settled.callId}`);
    const { items } = await centre.rest<{ readonly items: readonly ContactResource[] }>('GET', `/campaigns/${campaign}/contacts?limit=500`);
    contact = items.find((item) => item.contactId === contactId);
    return call.cause !== null && contact?.status !== 'in-progress';
  });
  expect({ cause: call?.cause, q850: call?.q850, sipCode: call?.sipCode ?? undefined }).toEqual({ cause: ended?.cause, q850: ended?.q850, sipCode: ended?.sipCode });
  const { cause, q850, sipCode } = call!;
  const { status, dueAtMs, attemptCount } = contact!;
  const againAfterMs = status === 'open' ? Math.round((dueAtMs - settled.atMs) / MINUTE_MS) * MINUTE_MS : 0;
  return { cause, q850, sipCode, status, againAfterMs, attemptCount };
}

/** Where in a recording a message begins; its end must be there too, where it belongs. */
async function messageStartMs(heard: Int16Array, name: string): Promise<number> {
  const message = readHeard(join(projectFolder(), 'sounds', `${name}.wav`));
  // The very last frames are on the wire when we hang up.
  const [fromMs, toMs] = [lengthMs(message) - 900, lengthMs(message) - 400];
  const beginning = await bestMatch(heard, slice(message, 0, 500));
  const end = await bestMatch(heard, slice(message, fromMs, toMs));
  expect(beginning.likeness).toBeGreaterThan(0.6);
  expect(end.likeness).toBeGreaterThan(0.6);
  expect(Math.abs(end.atMs - beginning.atMs - fromMs)).toBeLessThan(200);
  return beginning.atMs;
}

const logIn = (names: readonly string[]): Promise<unknown> => Promise.all(names.map((name) => centre.seat(name).logIn(PIN)));

describe.concurrent('a call', () => {
  test('keeps what the carrier said, and the contact waits or is closed accordingly', async () => {
    const numbers = [FIXED_NUMBERS.busy(0), FIXED_NUMBERS.unallocated(0), FIXED_NUMBERS.congestion(0), FIXED_NUMBERS.declined, FIXED_NUMBERS.sitEarly];
    const contacts = await centre.importNumbers('refused', numbers);
    await logIn(['ana', 'ben']);
    const [busy, unallocated, congestion, declined, sitEarly] = await Promise.all(numbers.map((number) => outcomeOf('refused', contacts.get(number)!)));
    const closed = { status: 'closed', againAfterMs: 0 };
    expect(busy).toEqual({ cause: 'busy', q850: 17, sipCode: 486, status: 'open', againAfterMs: 30 * MINUTE_MS, attemptCount: 1 });
    expect(unallocated).toEqual({ cause: 'unallocated-number', q850: 1, sipCode: 404, ...closed, attemptCount: 1 });
    expect(congestion).toEqual({ cause: 'congestion', q850: 34, sipCode: 503, status: 'open', againAfterMs: 5 * MINUTE_MS, attemptCount: 0 });
    expect(declined).toEqual({ cause: 'rejected', q850: 21, sipCode: 403, status: 'open', againAfterMs: 4 * HOUR_MS, attemptCount: 1 });
    // Its tones are heard before the carrier refuses, and the call is given up by them.
    expect(sitEarly).toMatchObject({ cause: 'unallocated-number', ...closed, attemptCount: 1 });
    expect(centre.journal.all('early-media-heard', ({ heard }) => heard === 'intercept')).toMatchObject([{ detail: 'vacant-code' }]);
    for (const number of numbers) expect(centre.farSide.calls((dialled) => dialled === number)).toHaveLength(1);
  });

  test('rings 15 s at least before it is given up', async () => {
    const number = FIXED_NUMBERS.noAnswer;
    const contacts = await centre.importNumbers('ringing', [number]);
    await logIn(['cyd']);
    const outcome = await outcomeOf('ringing', contacts.get(number)!);
    expect(outcome).toMatchObject({ cause: 'no-answer', q850: 19, status: 'open', againAfterMs: 2 * HOUR_MS, attemptCount: 1 });
    const [call] = centre.farSide.calls((dialled) => dialled === number);
    const rangMs = call!.endedAtMs! - call!.arrivedAtMs;
    expect(rangMs).toBeGreaterThan(RING_MS - 100);
    expect(rangMs).toBeLessThan(RING_MS + 1_500);
  });

  test('is told from a person by what answers', async () => {
    const numbers = [FIXED_NUMBERS.voicemail(0), FIXED_NUMBERS.fax, FIXED_NUMBERS.silence(0), FIXED_NUMBERS.sitAnswered, FIXED_NUMBERS.earlyHangUp];
    const contacts = await centre.importNumbers('answers', numbers);
    await logIn(['dov', 'eda', 'finn']);
    const outcomes = await Promise.all(numbers.map((number) => outcomeOf('answers', contacts.get(number)!)));
    expect(outcomes.map(({ cause, status }) => ({ cause, status }))).toEqual([
      { cause: 'machine-hung-up', status: 'open' },
      { cause: 'fax', status: 'open' },
      { cause: 'false-answer', status: 'open' },
      { cause: 'intercept', status: 'closed' },
      { cause: 'contact-hung-up-early', status: 'open' },
    ]);
    expect(outcomes.map(({ q850 }) => q850)).toEqual([16, 16, 16, 16, 16]);
  });

  test('leaves a machine the whole message, from after its beep on', async () => {
    const { journal } = centre;
    const [takes, drops] = [FIXED_NUMBERS.voicemail(1), TEST_NUMBERS.dropsInGreeting(7)];
    const contacts = await centre.importNumbers('messages', [takes, drops]);
    await logIn(['gia', 'hal']);
    const [taken, dropped] = await Promise.all([outcomeOf('messages', contacts.get(takes)!, 60_000), outcomeOf('messages', contacts.get(drops)!, 60_000)]);
    expect(dropped).toMatchObject({ cause: 'message-cut-off', status: 'open', againAfterMs: 4 * HOUR_MS });
    expect(taken).toMatchObject({ cause: 'message-left', status: 'open', againAfterMs: 24 * HOUR_MS });
    const { callId } = await journal.first('contact-settled', ({ contactId }) => contactId === contacts.get(takes));
    expect(journal.all('message-played', (event) => event.callId === callId)).toMatchObject([{ message: 'machine', isWhole: true }]);
    // The mailbox records from the end of its beep.
    const mailbox = await farRecording(centre.network.heardFolder, takes, '.wav');
    expect(await messageStartMs(mailbox, 'enter-pin'), 'the message begins soon after the beep').toBeLessThan(2_000);
  });

  test('tells a person for whom nobody is free who called, within 2 s, and takes his 9', async () => {
    const { journal } = centre;
    const [listens, presses] = [TEST_NUMBERS.recordsListening(0), TEST_NUMBERS.recordsListening(6)];
    const contacts = await centre.importNumbers('harbour', [listens, presses]);
    // The second stands on another campaign's list too, between two others.
    const [before, after] = [FIXED_NUMBERS.busy(1), FIXED_NUMBERS.busy(0)];
    const again = await centre.importNumbers('again', [before, presses, after]);
    await logIn(['ivy', 'jon']);
    // Both agents leave while it rings.
    await journal.until('both ring', () => (journal.all('call-changed', (event) => event.campaignId === 'harbour' && event.state === 'ringing').length === 2 ? true : undefined));
    await Promise.all(['ivy', 'jon'].map((name) => centre.seat(name).order({ order: 'pause', reason: 'lunch' })));
    const [listened, pressed] = await Promise.all([listens, presses].map((number) => outcomeOf('harbour', contacts.get(number)!)));
    expect(listened).toMatchObject({ cause: 'abandoned', status: 'open', againAfterMs: 72 * HOUR_MS });
    expect(pressed).toMatchObject({ cause: 'abandoned', status: 'do-not-call' });
    const abandoned = journal.all('call-abandoned');
    expect(abandoned).toHaveLength(2);
    for (const { waitedMs } of abandoned) {
      expect(waitedMs).toBeGreaterThan(1_900);
      expect(waitedMs).toBeLessThan(2_300);
    }
    await messageStartMs(await farRecording(centre.network.heardFolder, listens), 'safe-harbour');
    const { items } = await centre.rest<{ readonly items: readonly DoNotCallResource[] }>('GET', '/do-not-call');
    expect(items).toMatchObject([{ number: presses, source: 'contact-keyed-9', campaignId: 'harbour' }]);

    await logIn(['kim']);
    expect(await outcomeOf('again', again.get(before)!)).toMatchObject({ cause: 'busy' });
    expect(await outcomeOf('again', again.get(after)!)).toMatchObject({ cause: 'busy' });
    await journal.first('campaign-changed', (event) => event.campaignId === 'again' && event.hint.startsWith('no contact is left'));
    expect(centre.farSide.calls((dialled) => dialled === presses)).toHaveLength(1);
    await expect(centre.importNumbers('answers', [presses]), 'nor is it taken onto a list again').rejects.toThrow('0 of 1');
  });

  test('comes to no agent whose phone has unregistered: he is out at once', async () => {
    const ned = centre.seat('ned');
    await ned.logIn(PIN);
    const goneAtMs = Date.now();
    await ned.phone.unregister();
    const { atMs, reason } = await ned.is('offline');
    expect(reason).toBe('phone unregistered');
    expect(atMs - goneAtMs).toBeLessThan(1_000);
    await ned.phone.callEnded();
  });

  test('is not ended because the agent\'s phone has unregistered: the agent is out after it', async () => {
    const { journal } = centre;
    const mae = centre.seat('mae');
    const contacts = await centre.importNumbers('talks', [FIXED_NUMBERS.tone(5)]);
    await mae.logIn(PIN);
    const { callId } = await mae.is('on-call');
    await mae.phone.unregister();
    await journal.first('phone-changed', ({ phone, isRegistered }) => phone === mae.phone.name && !isRegistered);
    expect(mae.state).toBe('on-call');
    expect(await outcomeOf('talks', contacts.get(FIXED_NUMBERS.tone(5))!)).toMatchObject({ cause: 'contact-hung-up', q850: 16 });
    expect(journal.all('disposition-set', (event) => event.callId === callId)).toMatchObject([{ disposition: 'none', isByAgent: false }]);
    expect(await mae.is('offline')).toMatchObject({ reason: 'phone unregistered' });
  });
});

test('what is counted agrees with the list of calls: by REST, on the feed and by hand', async () => {
  const { items } = await centre.rest<{ readonly items: readonly CallResource[] }>('GET', '/calls?limit=500');
  expect(items.length).toBeGreaterThan(14);
  const count = (isMeant: (call: CallResource) => boolean): number => items.filter(isMeant).length;
  const byHand = {
    dialledCount: count(({ originatedAtMs }) => originatedAtMs !== null),
    answeredCount: count(({ answeredAtMs }) => answeredAtMs !== null),
    // Without analysis who talked to an agent was a person.
    personCount: count(({ verdict, connectedAtMs }) => verdict === 'person' || (verdict === null && connectedAtMs !== null)),
    machineCount: count(({ verdict }) => verdict === 'machine'),
    screeningCount: count(({ verdict }) => verdict === 'screening'),
    menuCount: count(({ verdict }) => verdict === 'menu'),
    faxCount: count(({ verdict }) => verdict === 'fax'),
    interceptCount: count(({ verdict }) => verdict === 'intercept'),
    busyToneCount: count(({ verdict }) => verdict === 'busy'),
    ringingCount: count(({ verdict }) => verdict === 'ringing'),
    silenceCount: count(({ verdict }) => verdict === 'silence'),
    unsureCount: count(({ verdict }) => verdict === 'unsure'),
    busyCount: count(({ cause }) => cause === 'busy'),
    noAnswerCount: count(({ cause }) => cause === 'no-answer'),
    rejectedCount: count(({ cause }) => cause === 'rejected'),
    badNumberCount: count(({ cause }) => cause === 'unallocated-number'),
    failedCount: count(({ cause }) => cause === 'congestion'),
    cancelledCount: 0,
    connectedCount: count(({ connectedAtMs }) => connectedAtMs !== null),
    takenBackCount: count(({ takenBackAtMs }) => takenBackAtMs !== null),
    falseAnswerCount: count(({ cause }) => cause === 'false-answer' || cause === 'busy-tone'),
    abandonedCount: count(({ isAbandoned }) => isAbandoned),
  };
  expect(byHand).toMatchObject({ abandonedCount: 2, personCount: 3, busyCount: 3, noAnswerCount: 1, rejectedCount: 1, badNumberCount: 2, failedCount: 1, connectedCount: 1 });
  expect(byHand.dialledCount).toBe(centre.farSide.calls().length);
  const { floor } = await centre.rest<{ readonly floor: { readonly counts: unknown; readonly abandonRatio: number } }>('GET', '/counts');
  expect(floor.counts).toEqual(byHand);
  expect(floor.abandonRatio).toBeCloseTo(2 / 3, 5);
  expect(await countsOnFeed()).toEqual(byHand);
});

async function countsOnFeed(): Promise<unknown> {
  const socket = new WebSocket(`${centre.service.url.replace(/^http/, 'ws')}/api/v1/feed`);
  try {
    return await new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as FeedMessage;
        if (message.type === 'snapshot') resolve(message.board.floor.today.counts);
      });
    });
  } finally {
    socket.terminate();
  }
}

test('a trunk that goes down ends what is dialled on it by its own cause, and stops dialling', async () => {
  const { journal, network } = centre;
  const lou = centre.seat('lou');
  await lou.logIn(PIN);
  await network.kill();
  // Before the switch has noticed: the INVITE finds nobody.
  const number = FIXED_NUMBERS.tone(0);
  const contacts = await centre.importNumbers('cut', [number]);
  await journal.first('trunk-changed', ({ isReachable }) => !isReachable);
  await journal.first('campaign-changed', ({ campaignId, hint }) => campaignId === 'cut' && hint.includes('does not answer'));
  expect(journal.all('alarm-raised', ({ alarm }) => alarm === 'trunk-down')).toHaveLength(1);
  const outcome = await outcomeOf('cut', contacts.get(number)!, 50_000);
  // A switch that hears at once that nobody listens there ends the call before it has noticed the trunk.
  expect(['trunk-down', 'network-out-of-order']).toContain(outcome.cause);
  expect(outcome).toMatchObject({ status: 'open', attemptCount: 0 });
  await network.restart();
  await journal.until('the trunk is back', () => (journal.all('trunk-changed').at(-1)?.isReachable === true ? true : undefined));
  expect(journal.all('alarm-cleared')).toMatchObject([{ alarm: 'trunk-down' }]);
});

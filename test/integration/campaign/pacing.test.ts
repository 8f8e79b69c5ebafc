/**
 * How many calls are placed, and how fast: nothing without agents, one line a
 * free agent, more by a ratio once the law leaves room for it, and never more
 * than the caps of trunk and campaign. All of it is measured where the calls
 * arrive: in the public network.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fictitiousNumbers } from '../../../src/cli/lab/fictitious-numbers.js';
import { FIXED_NUMBERS } from '../../../src/cli/lab/fixed-numbers.js';
import type { NumberShares } from '../../../src/cli/lab/number-plan.js';
import { until } from '../../fixtures/until.js';
import { openCallCentre, PIN, type CallCentre } from '../../support/call-centre/call-centre.js';
import { arrivalsMost, linesMost, type FarCall } from '../../support/call-centre/far-side.js';
import { TEST_NUMBERS } from '../../support/call-centre/test-numbers.js';

const NOBODY: NumberShares = {
  'person': 0, 'voicemail': 0, 'busy': 0, 'no-answer': 0, 'unallocated': 0, 'congestion': 0,
  'sit-early': 0, 'sit-answered': 0, 'silence': 0, 'fax': 0, 'early-hang-up': 0,
};
/** People who hang up at once; the first are reached by the ratio's campaign, the others by the one with a rate. */
const NUMBERS = fictitiousNumbers(58);
const QUICK = NUMBERS.slice(0, 50);
const RATED = NUMBERS.slice(50);

const TRUNK_LINES_MAX = 5;
const LINES_MAX = 3;
const TRUNK_RATE_MAX = 8;
const RATE_MAX = 2;
/** An arrival can be late by what the machine is busy with, so the span measured is a little shorter than the cap's. */
const RATE_SPAN_MS = 850;
/** With one abandoned of 33 people, 3 % would be broken: until then the law allows one line an agent. */
const PEOPLE_BEFORE_RATIO = 33;
const RATIO_SEATS: readonly string[] = ['kim', 'lou', 'mae', 'ned'];

let centre: CallCentre;

beforeAll(async () => {
  centre = await openCallCentre({
    phones: 'bank',
    numbers: NUMBERS,
    shares: { ...NOBODY, 'early-hang-up': 1 },
    timeScaleRatio: 0.05,
    trunk: { callsPerSecondMax: TRUNK_RATE_MAX, linesMax: TRUNK_LINES_MAX },
    campaigns: {
      single: { analyseAnswers: false, wrapUpSeconds: 0 },
      lines: { linesMax: LINES_MAX, wrapUpSeconds: 0 },
      rate: { analyseAnswers: false, callsPerSecondMax: RATE_MAX, wrapUpSeconds: 0, record: false },
      ratio: { analyseAnswers: false, pacing: { mode: 'power', linesPerAgent: 4 }, wrapUpSeconds: 0, record: false },
    },
    seats: {
      ana: { campaign: 'single' }, ben: { campaign: 'single' },
      cyd: { campaign: 'lines' }, dov: { campaign: 'lines' }, eda: { campaign: 'lines' }, finn: { campaign: 'lines' },
      gia: { campaign: 'rate' }, hal: { campaign: 'rate' }, ivy: { campaign: 'rate' }, jon: { campaign: 'rate' },
      kim: { campaign: 'ratio' }, lou: { campaign: 'ratio' }, mae: { campaign: 'ratio' }, ned: { campaign: 'ratio' },
    },
  });
});

afterAll(async () => {
  await centre.close();
});

const logIn = (...names: readonly string[]): Promise<unknown> => Promise.all(names.map((name) => centre.seat(name).logIn(PIN)));
const logOut = (...names: readonly string[]): Promise<unknown> => Promise.all(names.map((name) => centre.seat(name).phone.hangUp()));
const callsTo = (numbers: readonly string[]): readonly FarCall[] => centre.farSide.calls((number) => numbers.includes(number));

async function untilAllEnded(campaign: string, count: number, waitMsMax = 40_000): Promise<void> {
  await centre.journal.until(`${String(count)} attempts of ${campaign} are over`, () => {
    const ended = centre.journal.all('attempt-ended', ({ campaignId }) => campaignId === campaign);
    return ended.length === count ? true : undefined;
  }, waitMsMax);
  await until('the far side has seen their ends', () => centre.farSide.calls().every(({ endedAtMs }) => endedAtMs !== undefined));
}

test('nothing is dialled while no agent is logged in; then one line a free agent', async () => {
  const { journal } = centre;
  const numbers = [7, 8, 9].map(TEST_NUMBERS.ringsThenBusy);
  await centre.importNumbers('single', numbers);
  // Contacts are there and the campaign runs: only the agents are missing.
  await journal.first('campaign-changed', ({ campaignId, state, hint }) => campaignId === 'single' && state === 'idle' && hint === 'no agent is at work');
  const ana = centre.seat('ana');
  await ana.logIn(PIN);
  const seated = await ana.is('available');
  await journal.first('call-changed', ({ campaignId, state }) => campaignId === 'single' && state === 'ringing');
  await logIn('ben');
  await untilAllEnded('single', numbers.length);
  const calls = callsTo(numbers);
  expect(calls).toHaveLength(numbers.length);
  expect(calls[0]!.arrivedAtMs, 'the first call comes after the first agent').toBeGreaterThanOrEqual(seated.atMs);
  const [first, second] = calls;
  expect(second!.arrivedAtMs, 'the second line comes with the second agent').toBeLessThan(first!.endedAtMs!);
  const benSeated = await centre.seat('ben').is('available');
  expect(second!.arrivedAtMs).toBeGreaterThanOrEqual(benSeated.atMs);
  expect(linesMost(calls)).toBe(2);
  await logOut('ana', 'ben');
});

test('lines are capped by the campaign, and by the trunk for all campaigns together', async () => {
  const lines = [0, 1, 2, 3].map(TEST_NUMBERS.ringsThenBusy);
  const others = [FIXED_NUMBERS.busy(2), FIXED_NUMBERS.busy(3), TEST_NUMBERS.ringsThenBusy(6)];
  await centre.importNumbers('lines', lines);
  await centre.importNumbers('rate', others);
  await logIn('cyd', 'dov', 'eda', 'finn', 'gia', 'hal', 'ivy', 'jon');
  await Promise.all([untilAllEnded('lines', lines.length), untilAllEnded('rate', others.length)]);
  expect(linesMost(callsTo(lines)), 'four agents want four lines and the campaign has three').toBe(LINES_MAX);
  expect(linesMost(callsTo([...lines, ...others])), 'eight agents want eight lines and the trunk has five').toBe(TRUNK_LINES_MAX);
  await logOut('cyd', 'dov', 'eda', 'finn');
});

test('calls a second are capped by the campaign; the trunk has room for more', async () => {
  const before = centre.journal.all('attempt-ended', ({ campaignId }) => campaignId === 'rate').length;
  const numbers = RATED;
  await centre.importNumbers('rate', numbers);
  await untilAllEnded('rate', before + numbers.length);
  const calls = callsTo(numbers);
  expect(calls).toHaveLength(numbers.length);
  expect(arrivalsMost(calls, RATE_SPAN_MS)).toBe(RATE_MAX);
  const spanMs = calls.at(-1)!.arrivedAtMs - calls[0]!.arrivedAtMs;
  expect(spanMs).toBeGreaterThan(((numbers.length - 1) / RATE_MAX) * 1000 - 300);
  await logOut('gia', 'hal', 'ivy', 'jon');
});

test('a ratio places more lines than agents as soon as the law leaves room, at the trunk\'s rate at most', async () => {
  const { journal } = centre;
  await centre.importNumbers('ratio', QUICK);
  await logIn(...RATIO_SEATS);
  await untilAllEnded('ratio', QUICK.length, 50_000);
  const connected = journal.all('call-connected', ({ agentId }) => RATIO_SEATS.includes(agentId));
  expect(connected.length).toBeGreaterThanOrEqual(PEOPLE_BEFORE_RATIO);
  const roomAtMs = connected[PEOPLE_BEFORE_RATIO - 1]!.atMs;
  const calls = callsTo(QUICK);
  const isBefore = ({ arrivedAtMs }: FarCall): boolean => arrivedAtMs < roomAtMs;
  expect(linesMost(calls.filter(isBefore)), 'one line an agent').toBe(RATIO_SEATS.length);
  expect(linesMost(calls.filter((call) => !isBefore(call))), 'then more, up to the trunk\'s lines').toBe(TRUNK_LINES_MAX);
  expect(arrivalsMost(centre.farSide.calls(), RATE_SPAN_MS)).toBeLessThanOrEqual(TRUNK_RATE_MAX);
});

import { describe, expect, test } from 'vitest';
import { validateCampaign, type CampaignBounds, type CheckableCampaign } from '../../../src/campaign/validate-campaign.js';
import { LAWFUL_LIMITS } from '../../../src/compliance/lawful-limits.js';
import { isKnownTimeZone } from '../../../src/compliance/local-minute.js';
import type { CampaignConfig } from '../../../src/dialer/config.js';
import { campaignId, soundName, trunkName } from '../../../src/units/ids.js';

const BOUNDS: CampaignBounds = { ...LAWFUL_LIMITS, isKnownTimeZone, trunks: ['carrier'] };

const GOOD: CampaignConfig = {
  campaignId: campaignId('spring'),
  trunk: trunkName('carrier'),
  pacing: { mode: 'progressive' },
  callsPerSecondMax: 2,
  linesMax: 20,
  ringTimeoutMs: 25_000,
  callingHours: { timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1260 },
  isAnalysed: true,
  onMachine: 'hang-up',
  machineMessage: undefined,
  answerHandling: 'hold',
  takeBackLimitMs: 10_000,
  onScreening: 'hang-up',
  onMenu: 'hang-up',
  onSilence: 'hang-up',
  lostPersonCost: 199,
  listensBeforeAnswer: true,
  keepsDisputedSnippets: false,
  agentWaitMaxMs: 2000,
  safeHarbourMessage: soundName('outdial/safe-harbour'),
  whisper: undefined,
  isRecorded: true,
  wrapUpMaxMs: 30_000,
  dispositionByDigit: { 1: { name: 'sale', effect: 'complete' }, 2: { name: 'later', effect: 'redial' } },
  defaultDisposition: { name: 'none', effect: 'redial' },
  attemptsMax: 5,
  recycle: { busy: { redialAfterMs: 600_000, attemptsMax: 3 } },
};

const fieldsOf = (change: Partial<CheckableCampaign>, bounds: Partial<CampaignBounds> = {}): string[] =>
  validateCampaign({ ...GOOD, ...change }, { ...BOUNDS, ...bounds }).map(({ field }) => field);

describe('validateCampaign', () => {
  test('finds nothing wrong with a good campaign', () => {
    expect(fieldsOf({})).toEqual([]);
  });

  test.each<[string, Partial<CheckableCampaign>, string[]]>([
    ['no id', { campaignId: '' }, ['campaignId']],
    ['an unknown trunk', { trunk: 'other' }, ['trunk']],
    ['a ratio of 11', { pacing: { mode: 'power', linesPerAgentRatio: 11 } }, ['pacing.linesPerAgentRatio']],
    ['a ratio of 0.5', { pacing: { mode: 'power', linesPerAgentRatio: 0.5 } }, ['pacing.linesPerAgentRatio']],
    ['no calls a second', { callsPerSecondMax: 0 }, ['callsPerSecondMax']],
    ['half a line', { linesMax: 0.5 }, ['linesMax']],
    ['ringing for 14.9 s', { ringTimeoutMs: 14_900 }, ['ringTimeoutMs']],
    ['ringing for 121 s', { ringTimeoutMs: 121_000 }, ['ringTimeoutMs']],
    ['ringing for no number', { ringTimeoutMs: Number.NaN }, ['ringTimeoutMs']],
    ['a wait of 2.1 s', { agentWaitMaxMs: 2100 }, ['agentWaitMaxMs']],
    ['a wrap-up of a day', { wrapUpMaxMs: 86_400_000 }, ['wrapUpMaxMs']],
    ['a zone of nowhere', { callingHours: { ...GOOD.callingHours, timeZone: 'Nowhere' } }, ['callingHours.timeZone']],
    ['an eighth weekday', { callingHours: { ...GOOD.callingHours, weekdays: [7] } }, ['callingHours.weekdays']],
    ['no weekday', { callingHours: { ...GOOD.callingHours, weekdays: [] } }, ['callingHours.weekdays']],
    ['hours over midnight', { callingHours: { ...GOOD.callingHours, fromMinute: 1260, toMinute: 540 } }, ['callingHours']],
    ['no safe-harbour message', { safeHarbourMessage: '' }, ['safeHarbourMessage']],
    ['no message for machines', { onMachine: 'leave-message' }, ['machineMessage']],
    ['messages without analysis', { onMachine: 'leave-message', machineMessage: 'm', isAnalysed: false }, ['isAnalysed']],
    ['a disposition at *', { dispositionByDigit: { '*': { name: 'sale', effect: 'complete' } } }, ['dispositionByDigit.*']],
    ['a disposition without name', { dispositionByDigit: { 1: { name: '', effect: 'complete' } } }, ['dispositionByDigit.1']],
    ['a disposition without sense', { defaultDisposition: { name: 'x', effect: 'sell' } }, ['defaultDisposition']],
    ['no attempts', { attemptsMax: 0 }, ['attemptsMax']],
    [
      'a recycle rule without sense',
      { recycle: { busy: { redialAfterMs: -1, attemptsMax: 0 } } },
      ['recycle.busy.redialAfterMs', 'recycle.busy.attemptsMax'],
    ],
  ])('%s', (_what, change, fields) => {
    expect(fieldsOf(change)).toEqual(fields);
  });

  test('names every fault at once, each with its cure', () => {
    const faults = validateCampaign(
      { ...GOOD, trunk: trunkName('other'), ringTimeoutMs: 5000, agentWaitMaxMs: 5000, attemptsMax: 0 },
      BOUNDS,
    );
    expect(faults.map(({ field }) => field)).toEqual(['trunk', 'ringTimeoutMs', 'agentWaitMaxMs', 'attemptsMax']);
    for (const { fault, cure } of faults) {
      expect(fault).toMatch(/\.$/);
      expect(cure).toMatch(/\.$/);
    }
    expect(faults[0]?.cure).toBe('Use one of: carrier.');
  });

  test('a longer wait is allowed where another law allows it', () => {
    expect(fieldsOf({ agentWaitMaxMs: 5000 }, { agentWaitMsMax: 5000 })).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { END_CAUSES, type EndCauseName } from '../../../src/call/end-cause.js';
import { settleContact, type EndedAttempt, type Settlement } from '../../../src/campaign/recycle.js';
import { epochMs } from '../../../src/units/time.js';

const NOW = epochMs(1_750_000_000_000);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function settle(cause: EndCauseName, given: Partial<EndedAttempt> = {}): Settlement {
  return settleContact({
    rules: { attemptsMax: 5, recycle: {} },
    attemptCount: 0,
    countByCause: {},
    cause,
    nowMs: NOW,
    ...given,
  });
}

describe('settleContact', () => {
  test('busy comes back after the cause table says', () => {
    expect(settle('busy')).toEqual({
      outcome: 'redial',
      redialAtMs: NOW + 10 * MINUTE,
      isCounted: true,
      why: 'busy: again in 10 min',
    });
    expect(settle('no-answer').why).toBe('no-answer: again in 2 h');
  });

  test("the campaign's rule replaces the waiting time and caps the cause", () => {
    const rules = { attemptsMax: 5, recycle: { busy: { redialAfterMs: 30_000, attemptsMax: 2 } } };
    expect(settle('busy', { rules })).toMatchObject({ outcome: 'redial', redialAtMs: NOW + 30_000, why: 'busy: again in 30 s' });
    const second = settle('busy', { rules, attemptCount: 1, countByCause: { busy: 1 } });
    expect(second).toEqual({ outcome: 'closed', redialAtMs: undefined, isCounted: true, why: 'busy: 2 of 2 so' });
    const other = settle('no-answer', { rules, attemptCount: 1, countByCause: { busy: 1 } });
    expect(other.outcome).toBe('redial');
  });

  test('the last counted attempt closes the contact', () => {
    const contact = { attemptCount: 4, countByCause: { busy: 4 } };
    expect(settle('no-answer', contact)).toMatchObject({ outcome: 'closed', why: 'no-answer: attempt 5 of 5' });
  });

  test('what was no fault of the contact is not counted, and waits twice as long each time, up to a day', () => {
    const contact = { attemptCount: 4, countByCause: { congestion: 2 } };
    expect(settle('congestion', contact)).toEqual({
      outcome: 'redial',
      redialAtMs: NOW + 20 * MINUTE,
      isCounted: false,
      why: 'congestion: again in 20 min, not counted',
    });
    const often = { attemptCount: 0, countByCause: { congestion: 5000 } };
    expect(settle('congestion', often).redialAtMs).toBe(NOW + 24 * HOUR);
  });

  test('a number that does not exist is closed', () => {
    expect(settle('unallocated-number')).toMatchObject({ outcome: 'closed', isCounted: true });
  });

  test("a wish not to be called beats everything; the agent's word beats the cause", () => {
    const asked = { hasAskedNotToBeCalled: true } as const;
    expect(settle('busy', asked).outcome).toBe('do-not-call');
    expect(settle('contact-hung-up', { ...asked, dispositionEffect: 'redial' }).outcome).toBe('do-not-call');
    expect(settle('contact-hung-up', { dispositionEffect: 'do-not-call' }).outcome).toBe('do-not-call');
    expect(settle('contact-hung-up', { dispositionEffect: 'complete' })).toMatchObject({ outcome: 'closed', isCounted: true });
    expect(settle('agent-hung-up', { dispositionEffect: 'redial' })).toMatchObject({ outcome: 'redial', redialAtMs: NOW + 24 * HOUR });
  });

  test('an agent who asks for a redial still keeps the cap on attempts', () => {
    const contact = { attemptCount: 4, countByCause: {} };
    expect(settle('agent-hung-up', { dispositionEffect: 'redial', ...contact }).outcome).toBe('closed');
  });

  test('every cause settles, with an instant exactly when it is to be called again', () => {
    for (const cause of END_CAUSES) {
      const settlement = settle(cause.name);
      expect(settlement.redialAtMs !== undefined, cause.name).toBe(settlement.outcome === 'redial');
      expect(settlement.outcome, cause.name).toBe(cause.redial === 'never' ? 'closed' : 'redial');
      expect(settlement.isCounted, cause.name).toBe(cause.redial !== 'uncounted');
      if (settlement.redialAtMs !== undefined) expect(settlement.redialAtMs - NOW, cause.name).toBeGreaterThan(0);
    }
  });

  test('no contact is called for ever: from any causes, counted attempts end at the cap', () => {
    for (const cause of END_CAUSES.filter(({ redial }) => redial === 'by-rule')) {
      let attemptCount = 0;
      let settlement = settle(cause.name);
      while (settlement.outcome === 'redial' && attemptCount < 100) {
        attemptCount++;
        settlement = settle(cause.name, { attemptCount, countByCause: { [cause.name]: attemptCount } });
      }
      expect(attemptCount, cause.name).toBe(4);
    }
  });
});

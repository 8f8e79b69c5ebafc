import { describe, expect, it } from 'vitest';
import { translateEvent } from '../../../../src/telephony/freeswitch/freeswitch-events.js';
import type { FreeswitchFact } from '../../../../src/telephony/freeswitch/freeswitch-events.js';
import { LegTracker } from '../../../../src/telephony/freeswitch/leg-tracker.js';
import type { LegFact } from '../../../../src/telephony/freeswitch/leg-tracker.js';
import type { SwitchEvent } from '../../../../src/telephony/switch.js';
import type { CallId } from '../../../../src/units/ids.js';
import { NAMING } from './naming.js';
import { recordedEvents } from './transcripts.js';

const LEG_FACTS: readonly FreeswitchFact['type'][] = [
  'call-created', 'call-ringing', 'early-media', 'call-up', 'call-parked', 'call-unparked', 'call-ended', 'digit', 'entered-room', 'left-room',
];
const isLegFact = (fact: FreeswitchFact): fact is LegFact => LEG_FACTS.includes(fact.type);

/** What the port hears of a recorded flow whose originates were ours. */
function heard(flow: string): readonly SwitchEvent[] {
  const events: SwitchEvent[] = [];
  const tracker: LegTracker = new LegTracker(NAMING, {
    emit: (event) => events.push(event),
    onCreated: (leg) => tracker.originateDone(leg),
    onLeftRoom: () => undefined,
    onLegEnded: () => undefined,
  });
  for (const event of recordedEvents(flow)) {
    if (event['Event-Name'] === 'CHANNEL_CREATE' && event['Call-Direction'] === 'outbound') tracker.beginOriginate(event['Unique-ID'] as CallId);
    const fact = translateEvent(event);
    if (fact !== undefined && isLegFact(fact)) tracker.onFact(fact);
  }
  return events;
}

const types = (flow: string): readonly string[] => heard(flow).map(({ type }) => type);
const ends = (flow: string) => heard(flow).flatMap((event) => (event.type === 'call-ended' ? [event] : []));

describe('the recorded flows, in the words of the port', () => {
  it('a call that rings, is answered and that we end', () => {
    expect(types('02-originate-answer-park')).toEqual(['call-ringing', 'call-answered', 'call-ended']);
    expect(ends('02-originate-answer-park')).toMatchObject([{ q850: 16, nativeCause: 'NORMAL_CLEARING' }]);
    expect(ends('02-originate-answer-park')[0]).not.toHaveProperty('sipCode');
  });

  it.each([
    ['03-busy', 17, 486],
    ['05-rejected-unallocated', 1, 404],
  ])('%s ends with its Q.850 cause and its SIP status, and was never answered', (flow, q850, sipCode) => {
    expect(types(flow)).not.toContain('call-answered');
    expect(ends(flow)).toMatchObject([{ q850, sipCode }]);
  });

  it('a number that nobody answers ends with Q.850 19', () => {
    expect(types('04-no-answer')).toEqual(['call-ringing', 'call-ended']);
    expect(ends('04-no-answer')).toMatchObject([{ q850: 19 }]);
  });

  it('a contact who hangs up ends an answered call, without a status of refusal', () => {
    expect(types('07-far-end-hangup')).toEqual(['call-answered', 'call-ended']);
    expect(ends('07-far-end-hangup')[0]).not.toHaveProperty('sipCode');
  });

  it('keys come once each, at their release, and what a program puts in is nobody\'s', () => {
    const digits = heard('12-dtmf').flatMap((event) => (event.type === 'digit-received' ? [event.digit] : []));
    expect(digits.join('')).toBe('12#95*#42#8');
  });

  it('early media is told of a leg that is parked by it, and the answer once it comes', () => {
    const first = recordedEvents('22-early-media').find((event) => event['Event-Name'] === 'CHANNEL_CREATE')?.['Unique-ID'];
    const ofFirst = heard('22-early-media').filter((event) => 'callId' in event && event.callId === first);
    expect(ofFirst.map(({ type }) => type)).toEqual(['call-early-media', 'call-answered', 'call-ended']);
  });

  it('two hundred calls at twenty a second are each answered once and ended once', () => {
    const events = heard('19-rate-200');
    for (const type of ['call-answered', 'call-ended'] as const) {
      const ids = events.flatMap((event) => (event.type === type ? [event.callId] : []));
      expect(ids).toHaveLength(200);
      expect(new Set(ids).size).toBe(200);
    }
  });
});

describe('the table of causes', () => {
  /** SIP status, and the Q.850 cause that the switch makes of it (README of the recordings, section 6). */
  const told = (sipCode: number): readonly number[] => ends('20-sip-codes').flatMap((end) => (end.sipCode === sipCode ? [end.q850] : []));

  it.each([
    [404, 1], [485, 3], [604, 3], [486, 17], [600, 17], [480, 18], [401, 21], [402, 21], [403, 21], [407, 21], [603, 21], [608, 21], [410, 22],
    [482, 25], [483, 25], [484, 28], [580, 31], [502, 38], [400, 41], [481, 41], [500, 41], [405, 63], [406, 79], [501, 79],
    [488, 88], [606, 88], [408, 102], [504, 102], [413, 127],
  ])('SIP %i is told with Q.850 %i', (sipCode, q850) => {
    expect(told(sipCode)[0]).toBe(q850);
  });

  it('a line whose audio stays away does not end in good order', () => {
    expect(ends('24-phone-hold-timeouts').find(({ nativeCause }) => nativeCause === 'MEDIA_TIMEOUT')?.q850).toBe(44);
  });

  it('where nobody listens nobody has refused', () => {
    const [first] = ends('06-unreachable');
    expect(first?.q850).toBe(38);
    expect(first).not.toHaveProperty('sipCode');
  });

  it('a cause that the far end gives with its status outranks the status', () => {
    expect(told(480)).toContain(19);
    expect(told(503)).toEqual(expect.arrayContaining([41, 34]));
  });
});

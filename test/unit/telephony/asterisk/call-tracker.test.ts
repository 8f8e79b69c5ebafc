import { describe, expect, test } from 'vitest';
import { translateEvent } from '../../../../src/telephony/asterisk/asterisk-events.js';
import { CallTracker } from '../../../../src/telephony/asterisk/call-tracker.js';
import type { SwitchEvent } from '../../../../src/telephony/switch.js';
import { callId } from '../../../../src/units/ids.js';
import { epochMs } from '../../../../src/units/time.js';
import { NAMING, recordedEvents } from './recordings.js';

/** Plays a recorded flow through translation and tracking. */
function play(name: string, originated: readonly string[] = [], replies: 'first' | 'last' = 'first'): readonly (SwitchEvent | string)[] {
  const told: (SwitchEvent | string)[] = [];
  const tracker = new CallTracker(NAMING, {
    emit: (event) => told.push(event),
    onCallEnded: () => undefined,
    onArrived: (call) => tracker.watched(call),
    onEnteredTap: (tap, call) => told.push(`${call} into ${tap}`),
    onLeftTap: (tap, call) => told.push(`${call} out of ${tap}`),
    onUndialled: () => undefined,
    onLeftWatch: (bridge, call) => told.push(`${call} out of ${bridge}`),
  });
  for (const id of originated) expect(tracker.beginOriginate(callId(id), false)).toBe(true);
  const reply = (): void => {
    told.push('reply');
    for (const id of originated) tracker.originateDone(callId(id));
  };
  if (replies === 'first') reply();
  for (const event of recordedEvents(name)) {
    const fact = translateEvent(event, NAMING);
    if (fact === undefined || fact.type === 'helper-ready' || fact.type === 'helper-gone') continue;
    if (fact.type === 'playback-finished' || fact.type === 'application-taken') continue;
    tracker.onFact(fact);
  }
  if (replies === 'last') reply();
  return told.filter((entry) => entry !== 'reply' || replies === 'last');
}

/** A tracker whose events are kept and the rest passed over. */
const trackerTelling = (told: SwitchEvent[], undialled: string[] = []): CallTracker =>
  new CallTracker(NAMING, {
    emit: (event) => told.push(event),
    onCallEnded: () => undefined,
    onArrived: () => undefined,
    onEnteredTap: () => undefined,
    onLeftTap: () => undefined,
    onUndialled: (call) => undialled.push(call),
    onLeftWatch: () => undefined,
  });

describe('calls that are not answered end once, with cause and SIP status of the far end', () => {
  test.each([
    ['busy', 17, 486, 'User busy'],
    ['unallocated', 1, 404, 'Unallocated (unassigned) number'],
    ['congestion', 34, 503, 'Circuit/channel congestion'],
  ])('%s', (name, q850, sipCode, words) => {
    const call = `call-${name}`;
    expect(play(name, [call])).toEqual([{ type: 'call-ended', callId: call, q850, sipCode, nativeCause: `${String(q850)} ${words}` }]);
  });

  test('rejected while it rings', () => {
    expect(play('rejected', ['call-rejected'])).toEqual([
      { type: 'call-ringing', callId: 'call-rejected' },
      { type: 'call-ended', callId: 'call-rejected', q850: 21, sipCode: 403, nativeCause: '21 Call Rejected' },
    ]);
  });

  test('our own ring time-out: the 480 in the switch\'s event is ours, not the network\'s', () => {
    expect(play('no-answer', ['call-no-answer'])).toEqual([
      { type: 'call-ringing', callId: 'call-no-answer' },
      { type: 'call-ended', callId: 'call-no-answer', q850: 19, nativeCause: '19 User alerting, no answer' },
    ]);
  });

  test('cancelled by us', () => {
    expect(play('cancelled', ['call-cancelled']).at(-1)).toEqual({
      type: 'call-ended', callId: 'call-cancelled', q850: 16, nativeCause: '16 Normal Clearing',
    });
  });
});

describe('order', () => {
  test('what comes before the reply to the originate waits for it', () => {
    const told = play('busy', ['call-busy'], 'last');
    expect(told.map((entry) => (typeof entry === 'string' ? entry : entry.type))).toEqual(['reply', 'call-ended']);
  });

  test('an answered call: ringing, answer, keys in order, end', () => {
    const told = play('answered-digits-far-end', ['call-digits']).map((entry) =>
      typeof entry === 'string' ? entry : entry.type === 'digit-received' ? entry.digit : entry.type,
    );
    expect(told).toEqual(['call-ringing', 'call-answered', '5', '9', '*', '#', 'call-ended']);
  });

  test('taps and whispers are not told; the move out of a tap is seen', () => {
    expect(play('tapped-bridged-whispered', ['call-tapped'])).toEqual([
      { type: 'call-answered', callId: 'call-tapped' },
      'call-tapped into outdial-tap-0a0b0c0d-1',
      'call-tapped out of outdial-tap-0a0b0c0d-1',
      { type: 'call-bridged', callId: 'call-tapped', bridgeId: 'room-1' },
    ]);
  });
});

describe('calls that come to us', () => {
  test('a feature code of a phone, with what was keyed after it; a BYE without a reason is normal clearing', () => {
    const told = play('phone-feature');
    const [offered] = told;
    expect(offered).toMatchObject({
      type: 'call-offered', phone: '1001', callerNumber: '1001', request: { kind: 'feature', feature: 'pause', argument: '3' },
    });
    expect(told.slice(1)).toMatchObject([{ type: 'call-answered' }, { type: 'call-ended', q850: 16 }]);
  });

  test('a call that leaves the application without an end asked for has been taken away', () => {
    const told: SwitchEvent[] = [];
    const tracker = trackerTelling(told);
    const started = recordedEvents('phone-feature').find((event) => event.type === 'StasisStart');
    const entered = started === undefined ? undefined : translateEvent(started, NAMING);
    if (entered?.type !== 'call-entered') throw new Error('The recording has no start.');
    tracker.onFact(entered);
    tracker.onFact({ type: 'call-left', callId: entered.call.callId });
    expect(told.at(-1)).toMatchObject({ type: 'call-ended', nativeCause: '16 taken out of the application' });
    expect(tracker.get(entered.call.callId)).toBeUndefined();
  });

  test('a doubled end is told once', () => {
    const told: SwitchEvent[] = [];
    const tracker = trackerTelling(told);
    tracker.beginOriginate(callId('a'), false);
    tracker.originateDone(callId('a'));
    for (let i = 0; i < 2; i++) tracker.onFact({ type: 'call-destroyed', callId: callId('a'), cause: 16, causeText: 'x' });
    expect(told.map(({ type }) => type)).toEqual(['call-ended']);
  });

  test('older lines leave the cause of a ring time-out at 0', () => {
    const told: SwitchEvent[] = [];
    const tracker = trackerTelling(told);
    tracker.beginOriginate(callId('a'), false);
    tracker.originateDone(callId('a'));
    tracker.onFact({ type: 'call-destroyed', callId: callId('a'), cause: 0, causeText: 'Unknown' });
    expect(told).toMatchObject([{ type: 'call-ended', q850: 19 }]);
  });
});

describe('calls that are heard before their answer', () => {
  const early = (told: SwitchEvent[]): CallTracker => {
    const tracker = trackerTelling(told);
    tracker.beginOriginate(callId('a'), true);
    tracker.originateDone(callId('a'));
    return tracker;
  };

  test('the entering is no answer, the channel that is up is one; early media is told once and never after it', () => {
    const told: SwitchEvent[] = [];
    const tracker = early(told);
    const entered = { callId: callId('a'), channelName: 'PJSIP/trunk-1', isOriginated: true, isUp: false, phone: undefined, callerNumber: '', request: { kind: 'inbound', dialledNumber: '' } } as const;
    tracker.onFact({ type: 'call-entered', call: entered });
    for (const type of ['call-early-media', 'call-early-media', 'call-up', 'call-up', 'call-early-media'] as const) tracker.onFact({ type, callId: callId('a') });
    expect(told.map(({ type }) => type)).toEqual(['call-early-media', 'call-answered']);
  });

  test('early media of a call that did not ask for it is not told', () => {
    const told: SwitchEvent[] = [];
    const tracker = trackerTelling(told);
    tracker.beginOriginate(callId('a'), false);
    tracker.originateDone(callId('a'));
    tracker.onFact({ type: 'call-early-media', callId: callId('a') });
    expect(told).toEqual([]);
  });

  test('older lines call their ring time-out normal clearing; our own hanging up is that', () => {
    for (const isHungUp of [false, true]) {
      const told: SwitchEvent[] = [];
      const tracker = early(told);
      const call = tracker.get(callId('a'));
      if (call !== undefined) call.isHungUp = isHungUp;
      tracker.onFact({ type: 'call-ending', callId: callId('a') });
      tracker.onFact({ type: 'call-destroyed', callId: callId('a'), cause: 16, causeText: 'Normal Clearing' });
      expect(told).toMatchObject([{ type: 'call-ended', q850: isHungUp ? 16 : 19 }]);
    }
  });

  test('one that was made and, for a lost connection, perhaps never dialled is named when it is found', () => {
    const undialled: string[] = [];
    const tracker = trackerTelling([], undialled);
    for (const id of ['lost', 'refused', 'dialled']) tracker.beginOriginate(callId(id), true);
    tracker.originateFailed(callId('lost'), true);
    tracker.originateFailed(callId('refused'), false);
    tracker.originateDone(callId('dialled'));
    const calls = ['lost', 'refused', 'dialled'].map((id) => ({
      live: { callId: callId(id), state: 'dialling' as const, createdAtMs: epochMs(0) }, channelName: '', isOriginated: true, isEarly: true,
    }));
    tracker.replace({ calls, bridges: [], waiting: [] });
    expect(undialled).toEqual(['lost']);
  });
});

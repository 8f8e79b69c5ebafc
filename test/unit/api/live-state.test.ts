import { describe, expect, it } from 'vitest';
import { updatedBoard } from '../../../src/api/contract.js';
import type { LiveStateSeed } from '../../../src/api/known-floor.js';
import { LiveState } from '../../../src/api/live-state.js';
import { epochMs } from '../../../src/units/time.js';
import { campaignId, phoneName, trunkName } from '../../../src/units/ids.js';
import { EventScript } from './event-script.js';

const NOON = Date.parse('2026-03-10T12:00:00Z');

function started(seed: Partial<LiveStateSeed> = {}): { live: LiveState; script: EventScript } {
  const live = new LiveState(
    {
      timeZone: 'Etc/UTC',
      campaigns: [{ campaignId: 'spring', name: 'Spring Offer' }],
      agents: [{ agentId: 'a1', name: 'Ada Example', phone: '1001', campaignId: 'spring' }],
      trunks: [],
      openCalls: [],
      ...seed,
    },
    epochMs(NOON),
  );
  return { live, script: new EventScript(NOON, 'spring', (event) => { live.apply(event); }) };
}

describe('the live state', () => {
  it('counts each call once under what became of it', () => {
    const { live, script } = started();
    for (const call of ['sale', 'machine', 'busy', 'silent', 'unknown', 'congested', 'left-alone']) script.dial(call);
    script.end('busy', 'busy', 17);
    script.end('silent', 'no-answer', 19);
    script.end('unknown', 'unallocated-number', 1);
    script.end('congested', 'congestion', 34);
    for (const call of ['sale', 'machine', 'left-alone']) script.answer(call);
    script.analyse('sale', 'person');
    script.analyse('machine', 'machine');
    script.analyse('left-alone', 'person');
    script.connect('sale', 'a1', 1_500);
    script.end('machine', 'machine-hung-up');
    script.move('left-alone', 'waiting');
    script.event({ type: 'call-abandoned', callId: 'left-alone' as never, waitedMs: 2_000 });
    script.end('left-alone', 'abandoned');
    script.end('sale', 'contact-hung-up');

    const { counts, abandonRatio, answerRatio, answerToAgentMsP50 } = live.floor().today;
    expect(counts).toEqual({
      dialledCount: 7,
      answeredCount: 3,
      personCount: 2,
      machineCount: 1,
      screeningCount: 0,
      menuCount: 0,
      faxCount: 0,
      interceptCount: 0,
      busyToneCount: 0,
      ringingCount: 0,
      silenceCount: 0,
      unsureCount: 0,
      busyCount: 1,
      noAnswerCount: 1,
      rejectedCount: 0,
      badNumberCount: 1,
      failedCount: 1,
      cancelledCount: 0,
      connectedCount: 1,
      takenBackCount: 0,
      falseAnswerCount: 0,
      abandonedCount: 1,
    });
    expect(abandonRatio).toBe(0.5);
    expect(answerRatio).toBeCloseTo(3 / 7);
    expect(answerToAgentMsP50).toBeGreaterThan(1_470);
    expect(answerToAgentMsP50).toBeLessThan(1_530);
    expect(live.campaign('spring')?.today).toEqual(live.floor().today);
    expect(live.floor().callsByState).toEqual({});
  });

  it('has a person for every connected call where nothing is analysed', () => {
    const { live, script } = started();
    script.dial('c');
    script.answer('c');
    script.connect('c', 'a1', 300);
    expect(live.floor().today.counts).toMatchObject({ answeredCount: 1, personCount: 1, connectedCount: 1 });
  });

  it('shows calls by state for the campaign and the floor', () => {
    const { live, script } = started();
    script.dial('one');
    script.dial('two');
    script.move('two', 'ringing');
    const other = new EventScript(NOON, 'autumn', (event) => { live.apply(event); });
    other.dial('three');
    expect(live.campaign('spring')?.callsByState).toEqual({ dialling: 1, ringing: 1 });
    expect(live.campaign('autumn')).toMatchObject({ name: 'autumn', callsByState: { dialling: 1 } });
    expect(live.floor().callsByState).toEqual({ dialling: 2, ringing: 1 });
  });

  it('counts an attempt that our own switch refused as dialled and failed, and one the store refused not at all', () => {
    const { live, script } = started();
    script.move('refused', 'dialling');
    script.end('refused', 'switch-refused');
    script.move('unwritten', 'dialling');
    script.end('unwritten', 'store-refused');
    expect(live.floor().today.counts).toMatchObject({ dialledCount: 1, failedCount: 1, cancelledCount: 0 });
  });

  it('counts a call under its last verdict, and as connected only while no verdict took it back', () => {
    const { live, script } = started();
    const counts = () => live.floor().today.counts;
    for (const call of ['early', 'doubtful']) {
      script.dial(call);
      script.answer(call);
    }
    script.analyse('early', 'person', 'probable');
    expect(counts()).toMatchObject({ personCount: 0 });
    script.connect('early', 'a1', 200);
    expect(counts()).toMatchObject({ personCount: 1, connectedCount: 1 });
    script.analyse('early', 'machine');
    script.event({ type: 'call-taken-back', callId: 'early' as never, agentId: 'a1' as never, verdict: 'machine', reason: 'long talk', heldMs: 2_000 });
    expect(counts()).toMatchObject({ personCount: 0, machineCount: 1, connectedCount: 0, takenBackCount: 1 });
    script.analyse('doubtful', 'unsure');
    script.analyse('doubtful', 'fax', 'revised');
    expect(counts()).toMatchObject({ unsureCount: 0, faxCount: 1, answeredCount: 2 });
  });

  it('shows each trunk’s share of answers with nobody there, from the store on and until midnight', () => {
    const { live, script } = started({ trunks: [{ trunk: 'carrier', answeredCount: 8, falseAnswerCount: 1 }] });
    script.dial('rings-on');
    script.answer('rings-on');
    script.analyse('rings-on', 'ringing');
    script.end('rings-on', 'false-answer');
    expect(live.board().trunks).toMatchObject({ carrier: { answeredCount: 9, falseAnswerCount: 2, isReachable: true } });
    expect(live.floor().today.counts).toMatchObject({ falseAnswerCount: 1, ringingCount: 1 });
    expect(live.takeUpdates()).toContainEqual(expect.objectContaining({ kind: 'trunks', id: 'carrier' }));
    live.tick(epochMs(NOON + 13 * 3_600_000 + 86_400_000));
    expect(live.board().trunks).toMatchObject({ carrier: { answeredCount: 0, falseAnswerCount: 0 } });
  });

  it('goes on from what the store counted, and does not count adopted calls again', () => {
    const { live, script } = started({
      campaigns: [
        {
          campaignId: 'spring',
          name: 'Spring Offer',
          today: {
            dialledCount: 10,
            answeredCount: 6,
            connectedCount: 4,
            takenBackCount: 0,
            falseAnswerCount: 0,
            abandonedCount: 1,
            countByVerdict: { person: 5, machine: 1 },
            unansweredCountByCause: { busy: 2, 'no-answer': 1 },
            answerToAgentMs: [900, 1_000, 1_100, 8_000],
          },
        },
      ],
      openCalls: [{ callId: 'adopted', campaignId: 'spring', isAnswered: true }],
    });
    // The dialer tells again what it finds on the switch.
    script.answer('adopted');
    script.move('adopted', 'talking');
    expect(live.floor().callsByState).toEqual({ talking: 1 });
    script.end('adopted', 'contact-hung-up');
    expect(live.floor().today.counts).toMatchObject({ dialledCount: 10, answeredCount: 6, connectedCount: 4, busyCount: 2 });
    expect(live.floor().today.abandonRatio).toBeCloseTo(0.2);
    expect(live.floor().today.answerToAgentMsP95).toBeGreaterThan(7_800);
  });

  it('keeps an agent’s time in a state when only the details change, and joins name and phone', () => {
    const { live, script } = started();
    script.agent('a1', 'available');
    script.nowMs += 5_000;
    script.agent('a1', 'paused', { reason: 'lunch' });
    script.nowMs += 5_000;
    script.agent('a1', 'paused', { reason: 'training' });
    script.event({ type: 'phone-changed', phone: phoneName('1001'), isRegistered: false });
    expect(live.agent('a1')).toMatchObject({
      name: 'Ada Example',
      state: 'paused',
      reason: 'training',
      sinceMs: NOON + 5_000,
      isPhoneRegistered: false,
    });
  });

  it('shows alarms from their first to their last, trunks and the switch', () => {
    const { live, script } = started();
    script.event({ type: 'switch-changed', isConnected: true, adoptedCount: 0, lostCount: 0 });
    script.event({ type: 'trunk-changed', trunk: trunkName('carrier'), isReachable: false });
    script.event({ type: 'alarm-raised', alarm: 'trunk-down', detail: 'carrier: no answer' });
    script.nowMs += 9_000;
    script.event({ type: 'alarm-raised', alarm: 'trunk-down', detail: 'carrier: still none' });
    expect(live.alarms()).toEqual([{ alarm: 'trunk-down', detail: 'carrier: still none', sinceMs: NOON }]);
    expect(live.board().trunks['carrier']).toMatchObject({ isReachable: false });
    script.event({ type: 'alarm-cleared', alarm: 'trunk-down' });
    expect(live.takeUpdates()).toContainEqual({ kind: 'alarms', id: 'trunk-down', value: null });
    expect(live.board().alarms).toEqual({});
  });

  it('lets the rate of calls fall when nothing is dialled', () => {
    const { live, script } = started();
    for (let call = 0; call < 30; call += 1) script.dial(`c${String(call)}`);
    expect(live.floor().callsPerSecond).toBe(3);
    live.takeUpdates();
    live.tick(epochMs(NOON + 10_000));
    expect(live.floor().callsPerSecond).toBe(0);
    expect(live.takeUpdates().map((update) => update.kind)).toEqual(['floor', 'campaigns']);
  });

  it('begins a new day at midnight of its zone, and not before', () => {
    const { live, script } = started({ timeZone: 'America/New_York' });
    script.agent('a1', 'available');
    script.dial('c');
    script.answer('c');
    script.connect('c', 'a1', 300);
    expect(live.agent('a1')?.connectedCount).toBe(1);
    live.tick(epochMs(Date.parse('2026-03-11T03:59:59Z')));
    expect(live.floor().today.counts.dialledCount).toBe(1);
    live.tick(epochMs(Date.parse('2026-03-11T04:00:00Z')));
    expect(live.floor().today.counts).toMatchObject({ dialledCount: 0, connectedCount: 0 });
    expect(live.floor().today.abandonRatio).toBeUndefined();
    expect(live.agent('a1')?.connectedCount).toBe(0);
    expect(live.floor().callsByState).toEqual({ talking: 1 });
  });

  it('tells of every change: a copy kept by updates equals the board', () => {
    const { live, script } = started();
    let copy = live.board();
    const steps = [
      () => { script.dial('c'); },
      () => { script.answer('c'); },
      () => { script.agent('a1', 'available'); },
      () => { script.connect('c', 'a1', 200); },
      () => { script.event({ type: 'campaign-changed', campaignId: campaignId('spring'), state: 'idle', hint: 'outside calling hours' }); },
      () => { script.event({ type: 'pacing-decided', campaignId: campaignId('spring'), placeCount: 1, availableAgentCount: 1, callsInFlightCount: 0, reason: 'one line a free agent' }); },
      () => { script.end('c', 'contact-hung-up'); },
      () => { live.setAgent({ agentId: 'a2', name: 'Ben Example', phone: '1002', campaignId: 'spring' }); },
      () => { script.nowMs += 20_000; live.tick(epochMs(script.nowMs)); },
    ];
    for (const step of steps) {
      step();
      copy = updatedBoard(copy, live.takeUpdates());
      expect(copy).toEqual(live.board());
    }
    expect(live.takeUpdates()).toEqual([]);
  });
});

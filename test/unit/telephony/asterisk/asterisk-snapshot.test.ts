import { expect, test } from 'vitest';
import { findOurs, parseSwitchTime } from '../../../../src/telephony/asterisk/asterisk-snapshot.js';
import { EndpointStates, peerStatus } from '../../../../src/telephony/asterisk/endpoint-states.js';
import { callId } from '../../../../src/units/ids.js';
import { NAMING, recordedLists, recordedManagerEvents } from './recordings.js';

test('calls answered and ringing are found, taps and whispers are not', () => {
  const found = findOurs(recordedLists('lists'), NAMING, () => false);
  expect(found.calls.map(({ live, isOriginated }) => [live.callId, live.state, isOriginated]).sort()).toEqual([
    ['call-ringing', 'ringing', true],
    ['call-tapped', 'answered', true],
  ]);
  expect(found.bridges).toEqual([{ bridgeId: 'room-1', callIds: ['call-tapped'] }]);
  expect(found.waiting).toEqual([]);
});

test('a channel that is not of our application is not ours', () => {
  const lists = recordedLists('lists');
  const found = findOurs({ ...lists, application: { ...lists.application, channel_ids: [] } }, NAMING, () => false);
  expect(found.calls).toEqual([]);
});

test('a bridge of another program is not ours', () => {
  const lists = recordedLists('lists');
  const found = findOurs({ ...lists, bridges: lists.bridges.map((bridge) => ({ ...bridge, id: 'theirs' })) }, NAMING, () => false);
  expect(found.bridges).toEqual([]);
});

test('a phone that waits unanswered is offered, unless it was told of before', () => {
  const lists = recordedLists('lists-waiting');
  const fresh = findOurs(lists, NAMING, () => false);
  expect(fresh.waiting).toMatchObject([{ phone: '1001', isUp: false, request: { kind: 'feature', feature: 'log-in' } }]);
  const waitingId = fresh.waiting[0]?.callId;
  const known = findOurs(lists, NAMING, (id) => id === waitingId);
  expect(known.waiting).toEqual([]);
  expect(known.calls.map(({ live }) => live)).toMatchObject([{ callId: waitingId, state: 'ringing', phone: '1001' }]);
});

test('an answered call that is not handed to us yet still counts as ringing', () => {
  const lists = recordedLists('lists');
  const channels = lists.channels.map((channel) =>
    channel.id === 'call-ringing' ? { ...channel, state: 'Up', dialplan: { ...channel.dialplan, app_name: 'AppDial2' } } : channel,
  );
  const found = findOurs({ ...lists, channels }, NAMING, () => false);
  expect(found.calls.find(({ live }) => live.callId === callId('call-ringing'))?.live.state).toBe('ringing');
});

test('the switch writes its offset without a colon', () => {
  expect(parseSwitchTime('2026-11-20T12:28:19.474+0000')).toBe(Date.UTC(2026, 10, 20, 12, 28, 19, 474));
  expect(parseSwitchTime('2026-11-20T13:28:19.474+0100')).toBe(Date.UTC(2026, 10, 20, 12, 28, 19, 474));
});

test('endpoints are told as phones and trunks, and only when they change', () => {
  const states = new EndpointStates(NAMING);
  states.replace(recordedLists('lists').endpoints);
  expect(states.trunks).toEqual([{ trunk: 'carrier', isReachable: true }]);
  expect(states.phones).toContainEqual({ phone: '1001', isRegistered: false });
  expect(states.set('1001', true)).toEqual([{ type: 'phone-changed', phone: '1001', isRegistered: true }]);
  expect(states.set('1001', true)).toEqual([]);
  expect(states.replace([])).toContainEqual({ type: 'trunk-changed', trunk: 'carrier', isReachable: false });
});

test('the manager interface tells of an endpoint that went and came', () => {
  const events = recordedManagerEvents();
  expect(peerStatus(events['PeerStatus-Unreachable'] ?? {})).toEqual({ endpoint: 'trunk', isOnline: false });
  expect(peerStatus(events['PeerStatus-Reachable'] ?? {})).toEqual({ endpoint: 'trunk', isOnline: true });
  expect(peerStatus({ peer: 'SIP/x', peerstatus: 'Reachable' })).toBeUndefined();
});

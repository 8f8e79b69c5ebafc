import { expect, test } from 'vitest';
import { RtcpQuality } from '../../../../src/telephony/asterisk/rtcp-quality.js';
import { callId } from '../../../../src/units/ids.js';
import { recordedManagerEvents } from './recordings.js';

const events = recordedManagerEvents();
const received = events['RTCPReceived'] ?? {};
const sent = events['RTCPSent'] ?? {};

test('a report of the far end is told in milliseconds and ratios', () => {
  const quality = new RtcpQuality();
  expect(quality.onMessage(received, () => true)).toEqual({
    type: 'quality-reported', callId: 'm1', lossRatio: 0, jitterMs: 0.125, roundTripMs: 0,
  });
});

test('the worse direction counts', () => {
  const quality = new RtcpQuality();
  expect(quality.onMessage({ ...sent, report0fractionlost: '64', report0iajitter: '240' }, () => true)).toBeUndefined();
  expect(quality.onMessage({ ...received, rtt: '0.0421' }, () => true)).toMatchObject({ lossRatio: 0.25, jitterMs: 30, roundTripMs: 42.1 });
  quality.forget(callId('m1'));
  expect(quality.onMessage(received, () => true)).toMatchObject({ lossRatio: 0 });
});

test('channels that are not ours are passed over', () => {
  expect(new RtcpQuality().onMessage(received, () => false)).toBeUndefined();
});

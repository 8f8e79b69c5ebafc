import { describe, expect, test } from 'vitest';
import { wireRequest } from '../../../../src/telephony/asterisk/ari-connection.js';
import {
  createRequest, dialRequest, digitsRequest, hangUpRequest, numberForTrunk, openBridgeRequest, originateRequest, playRequest, ringSeconds, spyRequest, tapRequest,
  whisperRequest,
} from '../../../../src/telephony/asterisk/asterisk-commands.js';
import type { AsteriskTrunk } from '../../../../src/telephony/asterisk/asterisk-config.js';
import { failureOfStatus } from '../../../../src/telephony/asterisk/asterisk-causes.js';
import { callId, soundName, trunkName } from '../../../../src/units/ids.js';
import { NAMING } from './recordings.js';

const TRUNK: AsteriskTrunk = { name: trunkName('carrier'), endpoint: 'trunk', numberForm: 'e164-plus', numberPrefix: '' };
const ORIGINATE = {
  type: 'originate', commandId: 1, callId: callId('call-1'), trunk: trunkName('carrier'), destination: '+12025550143', callerNumber: '+12025550100', ringTimeoutMs: 15_001,
} as const;

describe('requests', () => {
  test('originate goes straight into the application under our id', () => {
    const { operation, parameters } = originateRequest(ORIGINATE, TRUNK, NAMING);
    expect(wireRequest(operation, parameters)).toEqual({
      method: 'POST',
      uri: 'channels/call-1?endpoint=PJSIP%2F%2B12025550143%40trunk&app=outdial&appArgs=originated&callerId=%22%22%20%3C%2B12025550100%3E&timeout=16',
      body: '',
    });
  });

  test('a call to be heard early is made in the application, then dialled; its number is the connected line\'s', () => {
    const made = createRequest(ORIGINATE, TRUNK, NAMING);
    expect(wireRequest(made.operation, made.parameters)).toEqual({
      method: 'POST',
      uri: 'channels/create?endpoint=PJSIP%2F%2B12025550143%40trunk&app=outdial&appArgs=originated-early&channelId=call-1',
      body: '{"variables":{"CONNECTEDLINE(num,i)":"+12025550100"}}',
    });
    const hidden = createRequest({ ...ORIGINATE, callerNumber: '' }, TRUNK, NAMING);
    expect(wireRequest(hidden.operation, hidden.parameters).body).toBe('');
    const dialled = dialRequest(ORIGINATE);
    expect(wireRequest(dialled.operation, dialled.parameters)).toEqual({ method: 'POST', uri: 'channels/call-1/dial?timeout=16', body: '' });
  });

  test.each([['listen', 'none'], ['whisper', 'out'], ['barge', 'both']] as const)('who is to %s hears both sides, and is heard by %s of them', (mode, whisper) => {
    const { operation, parameters } = spyRequest(callId('agent'), 'outdial-spy-1', mode, NAMING);
    expect(wireRequest(operation, parameters).uri).toBe(`channels/agent/snoop/outdial-spy-1?spy=both&whisper=${whisper}&app=outdial`);
  });

  test('keys', () => {
    const { operation, parameters } = digitsRequest(callId('call-1'), '1*#D');
    expect(wireRequest(operation, parameters).uri).toBe('channels/call-1/dtmf?dtmf=1*%23D&between=100&duration=100');
  });

  test.each([
    ['e164-plus', '', '+12025550143'],
    ['e164', '', '12025550143'],
    ['prefix', '9011', '901112025550143'],
  ] as const)('a trunk that wants %s %s', (numberForm, numberPrefix, dialled) => {
    expect(numberForTrunk('+12025550143', { ...TRUNK, numberForm, numberPrefix })).toBe(dialled);
  });

  test.each([[1, 1], [1000, 1], [1001, 2], [15_000, 15]])('%i ms ring for %i s', (ringTimeoutMs, seconds) => {
    expect(ringSeconds(ringTimeoutMs)).toBe(seconds);
  });

  test('the others', () => {
    const wire = [
      hangUpRequest(callId('c'), 17),
      openBridgeRequest('room-1', NAMING),
      playRequest('c', 'p', [soundName('hello'), soundName('menu/press-9')], 'outdial/'),
      whisperRequest(callId('c'), 'outdial-whisper-1-1', NAMING),
      tapRequest('outdial-tap-1-1', '127.0.0.1:4000', NAMING),
    ].map(({ operation, parameters }) => {
      const { method, uri } = wireRequest(operation, parameters);
      return `${method} ${uri}`;
    });
    expect(wire).toEqual([
      'DELETE channels/c?reason_code=17',
      'POST bridges/room-1?type=mixing&name=outdial',
      'POST channels/c/play/p?media=sound%3Aoutdial%2Fhello%2Csound%3Aoutdial%2Fmenu%2Fpress-9',
      'POST channels/c/snoop/outdial-whisper-1-1?spy=none&whisper=out&app=outdial',
      'POST channels/externalMedia?channelId=outdial-tap-1-1&app=outdial&external_host=127.0.0.1%3A4000&format=ulaw',
    ]);
  });

  test('values cannot reach beyond their place in the address', () => {
    expect(wireRequest('channels.answer', { channelId: '../bridges/x?y=1#z' }).uri).toBe('channels/..%2Fbridges%2Fx%3Fy%3D1%23z/answer');
  });
});

test.each([[400, 'gone'], [404, 'gone'], [409, 'gone'], [422, 'gone'], [500, 'refused'], [501, 'unsupported'], [503, 'overloaded']])('status %i is %s', (status, failure) => {
  expect(failureOfStatus(status)).toBe(failure);
});

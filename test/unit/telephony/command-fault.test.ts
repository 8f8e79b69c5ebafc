import { describe, expect, test } from 'vitest';
import { commandFault } from '../../../src/telephony/command-fault.js';
import type { SwitchCommand, SwitchCommandBody } from '../../../src/telephony/switch.js';
import { bridgeId, callId, playbackId, soundName, trunkName } from '../../../src/units/ids.js';

const ORIGINATE = {
  type: 'originate', callId: callId('call-1'), trunk: trunkName('carrier'), destination: '+12025550143', callerNumber: '+12025550100', ringTimeoutMs: 15_001,
} as const;
const command = (body: SwitchCommandBody): SwitchCommand => ({ commandId: 1, ...body });

describe('commands that cannot be put to any switch', () => {
  test.each<[string, SwitchCommandBody]>([
    ['a dial string in the number', { ...ORIGINATE, destination: '+12025550143@evil' }],
    ['a second dial string', { ...ORIGINATE, destination: '1&PJSIP/2' }],
    ['an empty number', { ...ORIGINATE, destination: '' }],
    ['a line break in the caller number', { ...ORIGINATE, callerNumber: '1\r\nAction: x' }],
    ['no ring time', { ...ORIGINATE, ringTimeoutMs: 0 }],
    ['a path in an id', { type: 'answer', callId: callId('a/b') }],
    ['an empty id', { type: 'answer', callId: callId('') }],
    ['a space in a bridge id', { type: 'open-bridge', bridgeId: bridgeId('a b') }],
    ['other media', { type: 'play', playbackId: playbackId('p'), callId: callId('c'), sounds: [soundName('a,number:1')], mixing: 'replace' }],
    ['a sound outside its folder', { type: 'play', playbackId: playbackId('p'), callId: callId('c'), sounds: [soundName('../x')], mixing: 'replace' }],
    ['no sound', { type: 'play', playbackId: playbackId('p'), callId: callId('c'), sounds: [], mixing: 'replace' }],
    ['no key', { type: 'send-digits', callId: callId('c'), digits: '' }],
    ['41 keys', { type: 'send-digits', callId: callId('c'), digits: '1'.repeat(41) }],
    ['a key that is none', { type: 'send-digits', callId: callId('c'), digits: '12E' }],
    ['a supervisor of himself', { type: 'supervise', callId: callId('c'), targetCallId: callId('c'), mode: 'listen' }],
    ['a path to supervise', { type: 'supervise', callId: callId('c'), targetCallId: callId('../c'), mode: 'listen' }],
    ['a number that ends a dial string', { ...ORIGINATE, destination: '+12025550143 &hangup()' }],
    ['a number with a variable in it', { ...ORIGINATE, destination: '{a=b}1' }],
    ['a caller number with a comma', { ...ORIGINATE, callerNumber: '1,x=y' }],
    ['a call id with a line break', { type: 'answer', callId: callId('a\n\napi shutdown') }],
    ['a target with an application behind it', { type: 'supervise', callId: callId('c'), targetCallId: callId('x,hangup'), mode: 'listen' }],
    ['a bridge with a profile of its own', { type: 'bridge', callId: callId('c'), bridgeId: bridgeId('a@default') }],
    ['a playback id with a space', { type: 'stop-playing', playbackId: playbackId('a all') }],
    ['a sound that adds another', { type: 'play', playbackId: playbackId('p'), callId: callId('c'), sounds: [soundName('a!b')], mixing: 'replace' }],
    ['an absolute recording', { type: 'start-recording', callId: callId('c'), path: '/etc/x.wav' }],
    ['a recording outside', { type: 'start-recording', callId: callId('c'), path: 'a/../../x.wav' }],
    ['an option in a recording', { type: 'start-recording', callId: callId('c'), path: 'a),t(b.wav' }],
  ])('%s', (_name, body) => {
    expect(commandFault(command(body))).toMatch(/\.$/);
  });

  test.each<[string, SwitchCommandBody]>([
    ['a number', ORIGINATE],
    ['a hidden caller', { ...ORIGINATE, callerNumber: '' }],
    ['an id of the switch', { type: 'answer', callId: callId('1795181074.18') }],
    ['every key', { type: 'send-digits', callId: callId('c'), digits: '0123456789*#ABCD' }],
    ['a recording', { type: 'start-recording', callId: callId('c'), path: 'campaign-1/2026-11-20/call_1.wav' }],
  ])('%s is fine', (_name, body) => {
    expect(commandFault(command(body))).toBeUndefined();
  });
});

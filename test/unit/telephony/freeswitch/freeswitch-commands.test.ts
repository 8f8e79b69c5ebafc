import { describe, expect, it } from 'vitest';
import { causeName, failureOf, failureOfOriginate, isDone } from '../../../../src/telephony/freeswitch/freeswitch-causes.js';
import {
  audioMessage, eavesdropCommand, hangUpCommand, holdCommand, joinCommand, originateCommand, ringSeconds, sendDigitsCommand, whisperCommand,
} from '../../../../src/telephony/freeswitch/freeswitch-commands.js';
import type { SwitchCommand } from '../../../../src/telephony/switch.js';
import { bridgeId, callId, soundName, trunkName } from '../../../../src/units/ids.js';
import { recordedMessages } from './transcripts.js';
import { NAMING } from './naming.js';

const CALL = callId('call-1');
const originate = (trunk: string, more: Partial<Extract<SwitchCommand, { type: 'originate' }>> = {}): string => {
  const config = NAMING.trunk(trunkName(trunk));
  if (config === undefined) throw new Error('There is no such trunk.');
  return originateCommand(
    { type: 'originate', commandId: 1, callId: CALL, trunk: trunkName(trunk), destination: '+12025550143', callerNumber: '+12025550100', ringTimeoutMs: 25_000, ...more },
    config,
    NAMING,
  );
};

describe('commands as they are written', () => {
  it('an originate carries our id, marks the call as ours, and parks', () => {
    expect(originate('carrier')).toBe(
      'originate {origination_uuid=call-1,outdial_app=outdial,outdial_request=originated,originate_timeout=26,ignore_early_media=true,' +
        'origination_caller_id_number=+12025550100,origination_caller_id_name=+12025550100,RECORD_STEREO=true,RECORD_PRE_BUFFER_FRAMES=1,' +
        'playback_terminators=none,send_silence_when_idle=-1}sofia/gateway/trunk/+12025550143 &park()',
    );
  });

  it.each([['carrier', '/+12025550143 '], ['plain', '/12025550143 '], ['abroad', '/0012025550143 ']])('trunk %s gets the number in its form', (trunk, end) => {
    expect(originate(trunk)).toContain(end);
  });

  it('early media is let through where it is wanted', () => {
    expect(originate('carrier', { wantsEarlyMedia: true })).toContain('ignore_early_media=false');
  });

  it('the ring time is never cut short by the switch\'s whole seconds', () => {
    expect([1, 999, 1_000, 1_001, 25_000].map(ringSeconds)).toEqual([2, 2, 2, 3, 26]);
  });

  it('moving, holding, following, keys and causes', () => {
    expect(joinCommand(CALL, NAMING.roomWithProfile(bridgeId('agent-1')))).toBe('uuid_transfer call-1 conference:outdial-room-agent-1@outdial inline');
    expect(holdCommand(CALL, 'local_stream://outdial-hold')).toBe('uuid_transfer call-1 playback:local_stream://outdial-hold,park inline');
    expect(eavesdropCommand(CALL, callId('call-2'))).toBe('uuid_transfer call-1 eavesdrop:call-2,park inline');
    expect(whisperCommand(CALL, 'listen')).toContain('bleg=false;eavesdrop_whisper_aleg=false');
    expect(whisperCommand(CALL, 'whisper')).toContain('bleg=true;eavesdrop_whisper_aleg=false');
    expect(whisperCommand(CALL, 'barge')).toContain('bleg=true;eavesdrop_whisper_aleg=true');
    expect(sendDigitsCommand(CALL, '12#')).toBe('uuid_send_dtmf call-1 12#@100');
    expect(hangUpCommand(CALL, 17)).toBe('uuid_kill call-1 USER_BUSY');
    expect(causeName(99)).toBe('NORMAL_CLEARING');
  });

  it('sounds in turn are one file of the switch', () => {
    expect(NAMING.soundFile([soundName('a')])).toBe('/usr/share/freeswitch/sounds/outdial/a.wav');
    expect(NAMING.soundFile([soundName('a'), soundName('b')])).toBe(
      'file_string:///usr/share/freeswitch/sounds/outdial/a.wav!/usr/share/freeswitch/sounds/outdial/b.wav',
    );
  });

  it('audio goes both ways between one port of the switch and our socket', () => {
    const ports = { host: '127.0.0.1', first: 27_000, last: 27_999 };
    expect(audioMessage(ports, 27_001, '127.0.0.1:4000')).toMatchObject({ 'local-port': '27001', 'remote-ip': '127.0.0.1', 'remote-port': '4000' });
    expect(audioMessage(ports, 27_001, '[::1]:4000')).toMatchObject({ 'remote-ip': '::1', 'remote-port': '4000' });
  });
});

describe('what a reply means', () => {
  it.each([
    ['-ERR GATEWAY_DOWN', 'trunk-down'],
    ['-ERR DESTINATION_OUT_OF_ORDER', 'overloaded'],
    ['-ERR INVALID_GATEWAY', 'refused'],
    ['-ERR CHAN_NOT_IMPLEMENTED', 'refused'],
  ])('an originate that says %s failed as %s', (words, failure) => {
    expect(failureOfOriginate(words)).toBe(failure);
  });

  it.each([
    ['-ERR No such channel!', 'gone'],
    ['-ERR invalid session id [call-1]', 'gone'],
    ['-ERR Conference outdial-room-x not found', 'gone'],
    ['-ERR Cannot stop record session!', 'gone'],
    ['-ERR Cannot record session!', 'refused'],
    ['-USAGE: <uuid> [cause]', 'refused'],
    ['false', 'refused'],
  ])('%s is %s', (words, failure) => {
    expect(failureOf(words)).toBe(failure);
  });

  it('no refusal that was ever recorded passes for done', () => {
    const refusals = recordedMessages('18-errors').flatMap(({ type, headers, body }) =>
      type === 'api/response' ? [body] : type === 'command/reply' ? [headers.get('Reply-Text') ?? ''] : [],
    ).filter((words) => /^(-ERR|-USAGE|-ERROR|false|_undef_|Invalid|error\/)/.test(words));
    expect(refusals.length).toBeGreaterThan(50);
    expect(refusals.filter(isDone)).toEqual([]);
  });
});

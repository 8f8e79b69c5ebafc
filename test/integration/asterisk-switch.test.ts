/**
 * What is Asterisk's own: its pool of taps, its helpers, and what outlives the
 * service, on a real PBX. Events, replies and who hears whom are the
 * conformance suite's.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { toneLevelDbfs } from '../../src/audio/goertzel.js';
import { channelOf } from '../../src/audio/stereo.js';
import { playSegments } from '../../src/audio/tone-synthesis.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import { MediaPlane } from '../../src/media/media-plane.js';
import { AsteriskSwitch } from '../../src/telephony/asterisk/asterisk-switch.js';
import type { SwitchCommandBody } from '../../src/telephony/switch.js';
import { callId, playbackId, soundName, trunkName } from '../../src/units/ids.js';
import type { CallId } from '../../src/units/ids.js';
import { PROCESS_TONE_HZ, toneEars } from '../conformance/tone-ears.js';
import { AsteriskLab, contact, freshCall, hangUp, room } from './asterisk-lab.js';
import { peakDbfs, samplesOf, until, type Line } from './asterisk-line.js';

const CONTACT_HZ = 1000;
/** A tone that is there measures about -12 dBFS; one that is not, below -50. */
const THERE_DBFS = -30;

let lab: AsteriskLab;
let playbackCount = 0;
const freshPlayback = () => playbackId(`it-playback-${String(process.pid)}-${String(++playbackCount)}`);

beforeAll(async () => {
  lab = await AsteriskLab.start();
}, 180_000);
afterEach(() => lab.clear());
afterAll(() => lab.stop());

describe('call audio', () => {
  test('a tapped call is heard under its own id, a bridged one no more, and the tap is used again', async () => {
    const line = await lab.openLine();
    const first = await contact(line, FIXED_NUMBERS.tone(0));
    await line.order({ type: 'tap', callId: first });
    await until('audio', () => (lab.taps.heard(first).length > 4000 ? true : undefined));
    expect(toneLevelDbfs(lab.taps.heard(first), CONTACT_HZ)).toBeGreaterThan(THERE_DBFS);
    const tapIds = (await lab.idsOf('bridges')).filter((id) => id.startsWith('outdial-tap-'));

    await room(line, first);
    expect([...lab.taps.callByPort.values()]).not.toContain(first);
    const atMove = lab.taps.heard(first).length;
    const second = await contact(line, FIXED_NUMBERS.tone(0));
    await line.order({ type: 'tap', callId: second });
    await until('audio of the second', () => (lab.taps.heard(second).length > 4000 ? true : undefined));
    expect(lab.taps.heard(first).length).toBe(atMove);
    expect((await lab.idsOf('bridges')).filter((id) => id.startsWith('outdial-tap-'))).toEqual(tapIds);
    await hangUp(line, first);
    await hangUp(line, second);
  });

  test('forty taps at one time are made as they are needed', async () => {
    const line = await lab.openLine();
    const calls = await Promise.all(Array.from({ length: 40 }, () => contact(line, FIXED_NUMBERS.tone(0))));
    await Promise.all(calls.map((call) => line.order({ type: 'tap', callId: call })));
    await until('forty calls heard', () => (calls.every((call) => lab.taps.heard(call).length > 1600) ? true : undefined));
    await Promise.all(calls.map((call) => hangUp(line, call)));
    expect(lab.taps.callByPort.size).toBe(0);
  });

  test('taps of a former run are removed and show nowhere', async () => {
    await lab.ari('POST', `channels/externalMedia?channelId=outdial-tap-ffffffff-1&app=outdial&external_host=${lab.taps.address}&format=ulaw`);
    await lab.ari('POST', 'bridges/outdial-tap-ffffffff-1-bridge?type=mixing&name=outdial');
    const line = await lab.openLine();
    const { snapshot } = await line.seen('switch-snapshot');
    expect(snapshot.calls).toEqual([]);
    expect(snapshot.bridges.filter(({ bridgeId: id }) => id.includes('-tap-'))).toEqual([]);
    await expect.poll(() => lab.idsOf('channels')).not.toContain('outdial-tap-ffffffff-1');
    await expect.poll(() => lab.idsOf('bridges')).not.toContain('outdial-tap-ffffffff-1-bridge');
  });

  test('a tap lives through a cut of the connection', async () => {
    const line = await lab.openLine();
    const call = await contact(line, FIXED_NUMBERS.tone(0));
    await line.order({ type: 'tap', callId: call });
    lab.relay.cut();
    await line.seen('switch-lost');
    const heardAtLoss = lab.taps.heard(call).length;
    const from = line.events.length;
    lab.relay.allow();
    await line.seen('switch-snapshot', () => true, from);
    await until('audio after the gap', () => (lab.taps.heard(call).length > heardAtLoss + 8000 ? true : undefined));
    await room(line, call);
    expect([...lab.taps.callByPort.values()]).not.toContain(call);
    await hangUp(line, call);
  });
});

describe('moving calls', () => {
  test('a call that is played to is bridged at once, and no other request waits', async () => {
    const line = await lab.openLine();
    const call = await contact(line, FIXED_NUMBERS.tone(0));
    const playback = freshPlayback();
    await line.order({ type: 'play', playbackId: playback, callId: call, sounds: [soundName('safe-harbour')], mixing: 'replace' });
    const beganAtMs = performance.now();
    await room(line, call);
    expect(performance.now() - beganAtMs).toBeLessThan(1000);
    expect(await line.seen('playback-finished')).toMatchObject({ playbackId: playback, outcome: 'stopped' });
    await hangUp(line, call);
  });
});

describe('supervision', () => {
  async function supervised(line: Line): Promise<{ readonly supervisor: CallId; readonly target: CallId }> {
    const target = await contact(line, FIXED_NUMBERS.tone(0));
    await room(line, target);
    const supervisor = await contact(line, FIXED_NUMBERS.silence(0));
    await line.order({ type: 'supervise', callId: supervisor, targetCallId: target, mode: 'barge' });
    return { supervisor, target };
  }

  async function acrossAGap(line: Line, meanwhile: () => Promise<void>): Promise<void> {
    lab.relay.cut();
    await line.seen('switch-lost');
    await meanwhile();
    const from = line.events.length;
    lab.relay.allow();
    await line.seen('switch-snapshot', () => true, from);
  }

  test('lives through a cut of the connection', async () => {
    const line = await lab.openLine();
    const { supervisor, target } = await supervised(line);
    await acrossAGap(line, () => Promise.resolve());
    await line.order({ type: 'supervise', callId: supervisor, targetCallId: target, mode: 'whisper' });
    await expect.poll(() => lab.helpers()).toHaveLength(2);
    expect(line.events.filter(({ type }) => type === 'supervision-ended')).toEqual([]);
    await hangUp(line, target);
    await line.seen('supervision-ended', (event) => event.callId === supervisor && event.targetCallId === target);
    await expect.poll(() => lab.helpers()).toEqual([]);
    await hangUp(line, supervisor);
  });

  test('that ended in a gap is told after it', async () => {
    const line = await lab.openLine();
    const { supervisor, target } = await supervised(line);
    await acrossAGap(line, async () => {
      await lab.ari('DELETE', `channels/${target}`);
      await expect.poll(() => lab.idsOf('channels')).not.toContain(target);
    });
    await line.seen('supervision-ended', (event) => event.callId === supervisor && event.targetCallId === target);
    await expect.poll(() => lab.helpers()).toEqual([]);
    await hangUp(line, supervisor);
  });

  test('of a former run is removed, and the supervisor stays up', async () => {
    const line = await lab.openLine();
    const { supervisor } = await supervised(line);
    await lab.closeLines();
    expect((await lab.helpers()).length).toBe(2);
    const next = await lab.openLine();
    const { snapshot } = await next.seen('switch-snapshot');
    expect(snapshot.calls.map(({ callId: id }) => id)).toContain(supervisor);
    expect(snapshot.bridges.filter(({ bridgeId: id }) => id.includes('-watch-'))).toEqual([]);
    await expect.poll(() => lab.helpers()).toEqual([]);
    expect(await lab.idsOf('channels')).toContain(supervisor);
  });

  test('of modes asked for at one go, the last one counts and leaves one helper', async () => {
    const line = await lab.openLine();
    const { supervisor, target } = await supervised(line);
    const replies = await Promise.all(
      (['listen', 'whisper', 'barge'] as const).map((mode) => line.ask({ type: 'supervise', callId: supervisor, targetCallId: target, mode })),
    );
    expect(replies.map(({ type }) => type)).toEqual(['command-failed', 'command-failed', 'command-done']);
    await expect.poll(() => lab.helpers()).toHaveLength(2);
    await line.order({ type: 'stop-supervising', callId: supervisor });
    await expect.poll(() => lab.helpers()).toEqual([]);
    expect(line.events.filter(({ type }) => type === 'supervision-ended').length).toBe(1);
  });
});

describe('holding music', () => {
  test('of a former run stops when the call is bridged', async () => {
    const line = await lab.openLine();
    const ears = toneEars({ heardFolder: lab.network.heardFolder, readRecording: () => Promise.resolve(undefined) });
    const call = await contact(line, FIXED_NUMBERS.toneAndRecordAt(0));
    const answeredAtMs = ears.nowMs();
    await line.order({ type: 'hold', callId: call });
    await lab.closeLines();
    const next = await lab.openLine();
    await next.order({ type: 'tap', callId: call });
    await wait(300); // what was on its way to the contact
    const fromMs = ears.nowMs();
    await wait(600); // the length of silence that is looked for below
    const untilMs = ears.nowMs();
    await hangUp(next, call);
    const heard = await ears.heard({ callId: call, numberIndex: 0, answeredAtMs, endedAtMs: ears.nowMs() }, fromMs, untilMs);
    expect([...heard.sometime]).toEqual([]);
  });
});

describe('the media plane', () => {
  test('speaks to a tapped contact until it is hushed', async () => {
    const spoken: string[] = [];
    const plane = await MediaPlane.start({
      host: '127.0.0.1',
      port: 0,
      onAnalysis: () => undefined,
      onSpeechEnded: ({ markId, outcome }) => spoken.push(`${markId} ${outcome}`),
      onFailure: (detail) => {
        throw new Error(detail);
      },
    });
    try {
      const line = await lab.openLine(plane);
      const ears = toneEars({ heardFolder: lab.network.heardFolder, readRecording: () => Promise.resolve(undefined) });
      const call = await contact(line, FIXED_NUMBERS.toneAndRecordAt(1));
      const answeredAtMs = ears.nowMs();
      await line.order({ type: 'tap', callId: call });
      const tone = playSegments([{ frequenciesHz: [PROCESS_TONE_HZ], durationMs: 1_000 }]);
      const fromMs = ears.nowMs();
      plane.speak(call, tone, 'whole');
      await until('the mark', () => spoken[0]);
      const spokenAtMs = ears.nowMs();
      plane.speak(call, tone, 'cut');
      plane.hush(call);
      await until('the other mark', () => spoken[1]);
      await wait(500); // the length of silence that is looked for below
      const untilMs = ears.nowMs();
      await hangUp(line, call);
      const complete = { callId: call, numberIndex: 1, answeredAtMs, endedAtMs: ears.nowMs() };
      expect(spoken).toEqual(['whole spoken', 'cut hushed']);
      expect([...(await ears.heard(complete, fromMs + 200, spokenAtMs - 100)).throughout]).toEqual(['process']);
      expect([...(await ears.heard(complete, spokenAtMs + 200, untilMs)).sometime]).toEqual([]);
    } finally {
      await lab.closeLines();
      await plane.close();
    }
  });
});

describe('what outlives the service', () => {
  test('a recording whose call ended while nobody was there is finished by the next start', async () => {
    const line = await lab.openLine();
    const call = await contact(line, FIXED_NUMBERS.tone(0));
    const path = 'campaign-1/left-over.wav';
    await line.order({ type: 'start-recording', callId: call, path });
    await wait(500); // the length of audio that is looked for below
    await lab.closeLines();
    await lab.ari('DELETE', `channels/${call}`);
    await expect.poll(() => lab.idsOf('channels')).not.toContain(call);
    expect(existsSync(join(lab.pbx.recordingsFolder, path))).toBe(false);
    const next = await lab.openLine();
    expect(await next.seen('recording-finished')).toMatchObject({ callId: call, path, outcome: 'recorded' });
    expect(peakDbfs(channelOf(samplesOf(join(lab.pbx.recordingsFolder, path)), 2, 0), CONTACT_HZ)).toBeGreaterThan(THERE_DBFS);
  });

  test('a ringing call and a phone that waits are found by the next start', async () => {
    const line = await lab.openLine();
    const ringing = freshCall();
    await line.order({
      type: 'originate', callId: ringing, trunk: trunkName('carrier'), destination: FIXED_NUMBERS.noAnswer, callerNumber: '+12025550100', ringTimeoutMs: 30_000,
    });
    await line.seen('call-ringing', (event) => event.callId === ringing);
    lab.phones.phone(lab.phoneName).call('*50').catch(() => undefined);
    const offered = await line.seen('call-offered');
    await lab.closeLines();
    const next = await lab.openLine();
    const { snapshot } = await next.seen('switch-snapshot');
    expect(snapshot.calls.map(({ callId: id, state }) => ({ id, state }))).toEqual([{ id: ringing, state: 'ringing' }]);
    const again = await next.seen('call-offered');
    expect(again).toMatchObject({ callId: offered.callId, phone: lab.phoneName, request: { kind: 'feature', feature: 'log-in' } });
    await hangUp(next, ringing);
    await hangUp(next, offered.callId);
  });
});

describe('what is refused', () => {
  test.each<[string, SwitchCommandBody]>([
    ['a destination that would add to the dial string', { type: 'originate', callId: callId('evil-1'), trunk: trunkName('carrier'), destination: '+12025550143@elsewhere', callerNumber: '+12025550100', ringTimeoutMs: 1000 }],
    ['a caller number with a line break', { type: 'originate', callId: callId('evil-2'), trunk: trunkName('carrier'), destination: '+12025550143', callerNumber: '1\r\nX: y', ringTimeoutMs: 1000 }],
    ['a call id with a path in it', { type: 'hang-up', callId: callId('../bridges/x'), q850: 16 }],
    ['a recording outside the folder', { type: 'start-recording', callId: callId('evil-3'), path: '../../etc/x.wav' }],
    ['keys that are none', { type: 'send-digits', callId: callId('evil-5'), digits: '1&SendText(x)' }],
    ['a supervision of a path', { type: 'supervise', callId: callId('evil-6'), targetCallId: callId('../x'), mode: 'listen' }],
    ['a sound that is another kind of media', { type: 'play', playbackId: playbackId('p'), callId: callId('evil-4'), sounds: [soundName('x,recording:y')], mixing: 'replace' }],
  ])('%s', async (_name, body) => {
    const line = await lab.openLine();
    expect(await line.ask(body)).toMatchObject({ type: 'command-failed', failure: 'refused' });
    expect((await lab.idsOf('channels')).filter((id) => !id.startsWith('outdial-tap-'))).toEqual([]);
  });

  test('a wrong password ends the start with one sentence and its cure', async () => {
    const wrong = new AsteriskSwitch({ ...lab.config, ari: { ...lab.config.ari, password: 'wrong' } });
    await expect(wrong.start(() => undefined, new AbortController().signal)).rejects.toThrow(/refuses user .* compare user and password with ari.conf/);
    await wrong.close();
  });
});

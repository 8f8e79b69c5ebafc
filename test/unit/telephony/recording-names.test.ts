import { expect, test } from 'vitest';
import { pairOf, recordingOfPair } from '../../../src/telephony/recording-names.js';
import { callId } from '../../../src/units/ids.js';

test('the names of both sides tell which recording they are of', () => {
  const pair = pairOf('campaign-1/2026-11-20/talk.wav', callId('call-1'));
  expect(pair).toEqual({
    saidName: 'campaign-1~2026-11-20~talk.wav@call-1.said.wav',
    heardName: 'campaign-1~2026-11-20~talk.wav@call-1.heard.wav',
  });
  expect(recordingOfPair(pair?.saidName ?? '')).toEqual({ callId: 'call-1', path: 'campaign-1/2026-11-20/talk.wav', pair });
});

test('each pair is found once, and other files never', () => {
  for (const name of ['a.wav@call-1.heard.wav', 'a.wav', 'a.said.wav', 'a@b@c.said.wav']) expect(recordingOfPair(name)).toBeUndefined();
});

test('names that could not be read back are not made', () => {
  expect(pairOf('a~b.wav', callId('c'))).toBeUndefined();
  expect(pairOf('a.wav', callId('c@d'))).toBeUndefined();
  expect(pairOf(`${'a'.repeat(250)}.wav`, callId('c'))).toBeUndefined();
});

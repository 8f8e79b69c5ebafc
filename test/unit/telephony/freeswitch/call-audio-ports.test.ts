import { expect, it } from 'vitest';
import { CallAudioPorts } from '../../../../src/telephony/freeswitch/call-audio-ports.js';

const RANGE = { host: '127.0.0.1', first: 27_000, last: 27_003 };

it('ports are given out in turn from anywhere in the range, and one given back comes last', () => {
  const ports = new CallAudioPorts(RANGE, 0.5);
  expect([ports.take(), ports.take()]).toEqual([27_001, 27_002]);
  ports.giveBack(27_001);
  expect([ports.take(), ports.take(), ports.take()]).toEqual([27_003, 27_000, 27_001]);
});

it('none is given twice', () => {
  const ports = new CallAudioPorts(RANGE, 0);
  expect(new Set([1, 2, 3, 4].map(() => ports.take())).size).toBe(4);
  expect(ports.take()).toBeUndefined();
});

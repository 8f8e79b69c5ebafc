import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readWav } from '../../../src/audio/wav.js';
import { FreeswitchDouble } from '../../support/freeswitch-double/freeswitch-double.js';
import { EslProbe } from './esl-probe.js';

const NUMBER = '+12025550101';
const folder = mkdtempSync(path.join(tmpdir(), 'outdial-double-'));
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

async function parkedCall(variables = ''): Promise<{ readonly double: FreeswitchDouble; readonly probe: EslProbe }> {
  const double = await FreeswitchDouble.start({ timeScale: 'manual', numbers: { [NUMBER]: 'answers-at-once' }, recordingsRoot: folder });
  open.push(double);
  const probe = await EslProbe.open(double.port);
  open.push(probe);
  await probe.logIn('event json ALL');
  await probe.ask(`bgapi originate {origination_uuid=call,ignore_early_media=true${variables}}sofia/gateway/carrier/${NUMBER} &park()`);
  double.advanceTo(200);
  await probe.until('the park', () => probe.events.some((event) => event['Event-Name'] === 'CHANNEL_PARK'));
  return { double, probe };
}

const crossings = (samples: readonly number[]): number => samples.filter((sample, index) => index > 0 && sample >= 0 !== (samples[index - 1] ?? 0) >= 0).length;

test('a recording is a WAV file of the length it says: the contact left, masked parts silent, the last half second lost without a short pre-buffer', async () => {
  for (const [preBuffer, audioMs] of [['', 2_500], [',RECORD_PRE_BUFFER_FRAMES=1', 2_980]] as const) {
    const { double, probe } = await parkedCall(`,RECORD_STEREO=true${preBuffer}`);
    probe.write('api uuid_record call start /rec/a.wav\n\n');
    double.advanceTo(double.nowMs + 40);
    await advanceUntil(double, probe, () => probe.replies.length === 4);
    const startedMs = double.nowMs;
    double.advanceTo(startedMs + 1_000);
    await probe.ask('api uuid_record call mask /rec/a.wav');
    double.advanceTo(startedMs + 2_000);
    await probe.ask('api uuid_record call unmask /rec/a.wav');
    double.advanceTo(startedMs + 2_985);
    await probe.ask('api uuid_record call stop /rec/a.wav');
    double.advanceTo(startedMs + 3_200);
    await probe.until('the end', () => probe.events.some((event) => event['Event-Name'] === 'RECORD_STOP'));
    const told = Number(probe.events.find((event) => event['Event-Name'] === 'RECORD_STOP')?.['variable_record_ms']);
    expect(Math.abs(told - audioMs)).toBeLessThanOrEqual(60);
    const reading = readWav(readFileSync(path.join(folder, 'rec/a.wav')));
    if (!reading.ok) throw new Error(reading.fault);
    const { samples, channelCount, sampleRateHz } = reading.audio;
    expect([channelCount, sampleRateHz]).toEqual([2, 8_000]);
    expect(samples.length / 2 / 8).toBe(told);
    const left = [...samples].filter((_, index) => index % 2 === 0);
    // 1000 Hz crosses zero 2000 times a second.
    expect(crossings(left.slice(0, 2_400))).toBeGreaterThan(550);
    expect(left.slice(9_600, 11_600).every((sample) => sample === 0)).toBe(true);
    await double.close();
  }
});

test('unicast sends the leg as 320 bytes each 20 ms while it is parked, takes what comes back, and ends with the park', async () => {
  const { double, probe } = await parkedCall();
  const ours = createSocket('udp4');
  open.push({ close: () => { ours.close(); } });
  await new Promise<void>((resolve) => ours.bind(0, '127.0.0.1', resolve));
  const datagrams: Buffer[] = [];
  let fromPort = 0;
  ours.on('message', (datagram, { port }) => {
    datagrams.push(datagram);
    fromPort = port;
  });
  const spare = createSocket('udp4');
  await new Promise<void>((resolve) => spare.bind(0, '127.0.0.1', resolve));
  const localPort = spare.address().port;
  await new Promise<void>((resolve) => spare.close(resolve));
  await probe.ask(`sendmsg call\ncall-command: unicast\nlocal-ip: 127.0.0.1\nlocal-port: ${String(localPort)}\nremote-ip: 127.0.0.1\nremote-port: ${String(ours.address().port)}\ntransport: udp`);
  double.advanceTo(double.nowMs + 40);
  await probe.until('the first datagram', () => datagrams.length > 0);
  for (let step = 0; step < 10; step++) double.advanceTo(double.nowMs + 20);
  await probe.until('ten more', () => datagrams.length >= 11);
  expect(fromPort).toBe(localPort);
  expect(datagrams.every(({ length }) => length === 320)).toBe(true);
  const samples = datagrams.flatMap((datagram) => Array.from({ length: 160 }, (_, index) => datagram.readInt16LE(index * 2)));
  expect(crossings(samples) / (samples.length / 8_000)).toBeGreaterThan(1_900);
  ours.send(Buffer.alloc(320), localPort, '127.0.0.1');
  await probe.until('it came back', () => double.legs[0]?.heardBytes === 320);
  await probe.ask('api uuid_transfer call conference:room@outdial inline');
  double.advanceTo(double.nowMs + 100);
  await probe.until('the room', () => double.legs[0]?.room === 'room');
  const count = datagrams.length;
  double.advanceTo(double.nowMs + 500);
  await probe.ask('api echo settled');
  expect(datagrams.length).toBeLessThanOrEqual(count + 1);
});

async function advanceUntil(double: FreeswitchDouble, probe: EslProbe, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await probe.until('a turn', () => true);
    await new Promise((resolve) => setImmediate(resolve));
    double.advanceTo(double.nowMs + 1);
  }
}

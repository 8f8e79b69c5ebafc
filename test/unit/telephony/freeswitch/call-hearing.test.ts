import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { FreeswitchSwitch } from '../../../../src/telephony/freeswitch/freeswitch-switch.js';
import { GuardedSwitch } from '../../../../src/telephony/guarded-switch.js';
import type { SwitchCommandBody, SwitchEvent } from '../../../../src/telephony/switch.js';
import { callId, trunkName } from '../../../../src/units/ids.js';
import { EarTaps } from '../../../conformance/ear-taps.js';
import { untilFound } from '../../../conformance/lab-tools.js';
import { FreeswitchDouble } from '../../../support/freeswitch-double/freeswitch-double.js';
import { CONFIG } from './naming.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function bound(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', resolve);
  });
  closers.push(() => socket.close());
  return socket;
}

/** A port that is taken, with two free ones behind it; below those that the system gives to others. */
async function takenBeforeFree(): Promise<number> {
  for (let port = 20_000; ; port += 3) {
    try {
      await bound(port);
      for (const free of [await bound(port + 1), await bound(port + 2)]) {
        await new Promise<void>((resolve) => free.close(resolve));
        closers.pop();
      }
      return port;
    } catch (error) {
      if (port > 22_000) throw error;
    }
  }
}

/** A backend on the double with one answered call. @param portCount how many ports for call audio it has, from `first` on. */
async function answeredCall(first: number, portCount: number) {
  const double = await FreeswitchDouble.start({ timeScale: 0.25, gateways: [{ name: 'trunk' }], numbers: { '+12025550101': 'answers-at-once' } });
  const taps = await EarTaps.open(1_000);
  closers.push(() => double.close(), () => taps.close());
  const backend = new GuardedSwitch(
    () =>
      new FreeswitchSwitch(
        { ...CONFIG, esl: { host: '127.0.0.1', port: double.port, password: 'ClueCon' }, audioPorts: { host: '127.0.0.1', first, last: first + portCount - 1 } },
        { audio: taps },
      ),
    { onFault: ({ detail }) => expect.unreachable(detail) },
  );
  const events: SwitchEvent[] = [];
  const abort = new AbortController();
  closers.push(() => backend.close(), () => abort.abort());
  await backend.start((event) => events.push(event), abort.signal);
  let commandCount = 0;
  const ask = async (body: SwitchCommandBody) => {
    const commandId = ++commandCount;
    backend.perform({ commandId, ...body });
    return await untilFound(`the reply to ${body.type}`, () =>
      events.find((event) => (event.type === 'command-done' || event.type === 'command-failed') && event.command.commandId === commandId),
    );
  };
  const call = callId('call-1');
  await ask({ type: 'originate', callId: call, trunk: trunkName('carrier'), destination: '+12025550101', callerNumber: '', ringTimeoutMs: 20_000 });
  await untilFound('the answer', () => events.find((event) => event.type === 'call-answered'));
  return { double, taps, call, ask, events };
}

describe('a switch that says it was done, whatever became of it', () => {
  it('is given another port when the first one is somebody else\'s', async () => {
    const { taps, call, ask } = await answeredCall(await takenBeforeFree(), 3);
    // The second time another port yet: the switch may still hold the one that was just given back.
    for (let again = 0; again < 2; again++) {
      expect(await ask({ type: 'tap', callId: call })).toMatchObject({ type: 'command-done' });
      const fromMs = performance.now();
      await untilFound('its audio', () => (taps.heard(call, fromMs, performance.now()).length > 160 ? true : undefined));
      expect(await ask({ type: 'untap', callId: call })).toMatchObject({ type: 'command-done' });
    }
    // Real sockets, beside suites that take both cores.
  }, 20_000);

  it('has failed when no audio comes from any port', async () => {
    const taken = await bound(0);
    const { call, ask } = await answeredCall(taken.address().port, 1);
    expect(await ask({ type: 'tap', callId: call })).toMatchObject({ type: 'command-failed', failure: 'overloaded' });
  });

  it('is asked no more once the call is on its way elsewhere', async () => {
    const taken = await bound(0);
    const { call, ask, double } = await answeredCall(taken.address().port, 1);
    const [tap, held] = await Promise.all([ask({ type: 'tap', callId: call }), ask({ type: 'hold', callId: call })]);
    expect(tap).toMatchObject({ type: 'command-failed', failure: 'gone' });
    expect(held).toMatchObject({ type: 'command-done' });
    expect(double.crashCount).toBe(0);
  });

  it('is never asked for the audio of a call that has none, which would end it', async () => {
    const { ask, double, events } = await answeredCall(9_300, 10);
    const phoneCall = callId(double.outside.dialFeature('1001', 'log-in'));
    await untilFound('the offer', () => events.find((event) => event.type === 'call-offered'));
    expect(await ask({ type: 'tap', callId: phoneCall })).toMatchObject({ type: 'command-failed', failure: 'refused' });
    await ask({ type: 'answer', callId: phoneCall });
    await untilFound('its answer', () => events.find((event) => event.type === 'call-answered' && event.callId === phoneCall));
    // Its park began without audio and may still be in the turn that saw none: it is parked anew first.
    expect(await ask({ type: 'tap', callId: phoneCall })).toMatchObject({ type: 'command-done' });
    expect(double.crashCount).toBe(0);
  });
});

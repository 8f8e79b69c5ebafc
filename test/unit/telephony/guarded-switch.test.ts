import { describe, expect, it } from 'vitest';
import { GuardedSwitch } from '../../../src/telephony/guarded-switch.js';
import type { SwitchTraffic } from '../../../src/telephony/guarded-switch.js';
import type { Switch, SwitchCommand, SwitchCommandBody, SwitchEvent } from '../../../src/telephony/switch.js';
import { callId, trunkName } from '../../../src/units/ids.js';

/** A backend that says what the test has it say. */
class PuppetSwitch implements Switch {
  readonly name = 'puppet';
  readonly capabilities = {
    isOrderedStream: true,
    hasSipCodes: false,
    hasAudioTap: false,
    hasTapWhileBridged: false,
    hasWhisper: false,
    hasStereoRecording: false,
    hasPhoneStates: false,
    hasTrunkStates: false,
    hasEarlyMedia: false,
    hasHoldingAudio: false,
    hasSupervision: false,
    hasAudioReturn: false,
    hasBeepDetection: false,
  };
  readonly performed: SwitchCommand[] = [];
  startCount = 0;
  closeCount = 0;
  /** What `perform` does beside remembering. */
  whenPerformed: (command: SwitchCommand) => void = () => undefined;
  say: (event: SwitchEvent) => void = () => undefined;

  start(onEvent: (event: SwitchEvent) => void): Promise<void> {
    this.startCount++;
    this.say = onEvent;
    return Promise.resolve();
  }

  perform(command: SwitchCommand): void {
    this.performed.push(command);
    this.whenPerformed(command);
  }

  close(): Promise<void> {
    this.closeCount++;
    return Promise.resolve();
  }
}

const SNAPSHOT: SwitchEvent = {
  type: 'switch-snapshot',
  snapshot: { calls: [], bridges: [], phones: [], trunks: [] },
};
const CALL = callId('call-1');

/** A started guard with its puppets; `tick` lets what was deferred happen. */
async function openGuard(queueEventsMax?: number) {
  const puppets: PuppetSwitch[] = [];
  const events: SwitchEvent[] = [];
  const faults: string[] = [];
  const traffic: SwitchTraffic[] = [];
  const deferred: (() => void)[] = [];
  let consume: (event: SwitchEvent) => void = () => undefined;
  const guard = new GuardedSwitch(
    () => {
      const puppet = new PuppetSwitch();
      puppets.push(puppet);
      return puppet;
    },
    {
      onFault: ({ kind }) => faults.push(kind),
      onTraffic: (message) => traffic.push(message),
      defer: (run) => deferred.push(run),
      ...(queueEventsMax === undefined ? {} : { queueEventsMax }),
    },
  );
  const tick = (): void => {
    for (let run = deferred.shift(); run !== undefined; run = deferred.shift()) run();
  };
  await guard.start((event) => {
    events.push(event);
    consume(event);
  }, new AbortController().signal);
  const puppet = (): PuppetSwitch => {
    const last = puppets.at(-1);
    if (last === undefined) throw new Error('There is no backend.');
    return last;
  };
  let commandId = 0;
  const give = (body: SwitchCommandBody): SwitchCommand => {
    const command = { commandId: ++commandId, ...body };
    guard.perform(command);
    return command;
  };
  const up = (): void => {
    puppet().say(SNAPSHOT);
    tick();
    events.length = 0;
  };
  return {
    guard,
    puppets,
    puppet,
    events,
    faults,
    traffic,
    tick,
    give,
    up,
    onConsume: (next: (event: SwitchEvent) => void): void => {
      consume = next;
    },
  };
}

const originate: SwitchCommandBody = {
  type: 'originate',
  callId: CALL,
  trunk: trunkName('carrier'),
  destination: '+12025550143',
  callerNumber: '+12025550100',
  ringTimeoutMs: 30_000,
};
const hangUp: SwitchCommandBody = { type: 'hang-up', callId: CALL, q850: 16 };
const ended: SwitchEvent = { type: 'call-ended', callId: CALL, q850: 16, nativeCause: 'Normal clearing' };

describe('GuardedSwitch', () => {
  it('starts and closes its backend once', async () => {
    const line = await openGuard();
    await line.guard.start(() => undefined, new AbortController().signal);
    await line.guard.close();
    await line.guard.close();
    expect(line.puppet().startCount).toBe(1);
    expect(line.puppet().closeCount).toBe(1);
    expect(line.faults).toEqual(['used-twice', 'used-twice']);
  });

  it('fails commands before the first snapshot and does not give them to the backend', async () => {
    const line = await openGuard();
    const command = line.give(originate);
    line.tick();
    expect(line.events).toMatchObject([{ type: 'command-failed', command, failure: 'switch-lost' }]);
    expect(line.puppet().performed).toEqual([]);
  });

  it('lets one reply through and drops the second, saying so', async () => {
    const line = await openGuard();
    line.up();
    const command = line.give(originate);
    line.puppet().say({ type: 'command-done', command });
    line.puppet().say({ type: 'command-failed', command, failure: 'refused', detail: 'again' });
    line.tick();
    expect(line.events).toEqual([{ type: 'command-done', command }]);
    expect(line.faults).toEqual(['unasked-reply']);
  });

  it('tells the loss first, then fails what waits, in the order of the commands', async () => {
    const line = await openGuard();
    line.up();
    const first = line.give(originate);
    const second = line.give(hangUp);
    line.puppet().say({ type: 'switch-lost', reason: 'cut' });
    line.puppet().say({ type: 'switch-lost', reason: 'cut again' });
    const third = line.give(hangUp);
    line.tick();
    expect(line.events).toMatchObject([
      { type: 'switch-lost', reason: 'cut' },
      { type: 'command-failed', command: first, failure: 'switch-lost' },
      { type: 'command-failed', command: second, failure: 'switch-lost' },
      { type: 'command-failed', command: third, failure: 'switch-lost' },
    ]);
    line.puppet().say({ type: 'command-done', command: first });
    expect(line.faults).toEqual(['unasked-reply']);
  });

  it('hears nothing between the loss and the snapshot', async () => {
    const line = await openGuard();
    line.up();
    line.puppet().say({ type: 'switch-lost', reason: 'cut' });
    line.puppet().say({ type: 'call-answered', callId: CALL });
    line.puppet().say(SNAPSHOT);
    line.tick();
    expect(line.events.map(({ type }) => type)).toEqual(['switch-lost', 'switch-snapshot']);
    expect(line.faults).toEqual(['event-while-lost']);
  });

  it('makes a silent reconnect a loss and a return', async () => {
    const line = await openGuard();
    line.up();
    const command = line.give(originate);
    line.puppet().say(SNAPSHOT);
    line.tick();
    expect(line.events).toMatchObject([
      { type: 'switch-lost' },
      { type: 'command-failed', command, failure: 'switch-lost' },
      { type: 'switch-snapshot' },
    ]);
    expect(line.faults).toEqual(['silent-reconnect']);
  });

  it('ends a call once and hears nothing of it afterwards but what closes with it', async () => {
    const line = await openGuard();
    line.up();
    line.give(originate);
    const finished: SwitchEvent = { type: 'recording-finished', callId: CALL, path: 'a.wav', outcome: 'recorded', audioMs: 10 };
    for (const event of [ended, ended, finished, { type: 'call-answered', callId: CALL } as const]) line.puppet().say(event);
    line.tick();
    expect(line.events).toEqual([ended, finished]);
    expect(line.faults).toEqual(['event-after-end', 'event-after-end']);
  });

  it('drops the end of a call that was refused, or that nobody ever saw', async () => {
    const line = await openGuard();
    line.up();
    const command = line.give(originate);
    line.puppet().say({ type: 'command-failed', command, failure: 'trunk-down', detail: '' });
    line.puppet().say(ended);
    line.tick();
    expect(line.events.map(({ type }) => type)).toEqual(['command-failed']);
    expect(line.faults).toEqual(['end-of-unknown-call']);
  });

  it('never enters the consumer from inside perform, nor from inside itself', async () => {
    const line = await openGuard();
    line.up();
    let depth = 0;
    let depthMax = 0;
    line.puppet().whenPerformed = (command) => {
      line.puppet().say({ type: 'command-done', command });
      line.puppet().say({ type: 'call-ringing', callId: CALL });
    };
    line.onConsume((event) => {
      depthMax = Math.max(depthMax, ++depth);
      if (event.type === 'call-ringing') line.give(hangUp);
      if (line.events.length > 20) line.onConsume(() => undefined);
      depth--;
    });
    line.give(originate);
    expect(line.events).toEqual([]);
    line.tick();
    expect(depthMax).toBe(1);
    expect(line.events.slice(0, 3).map(({ type }) => type)).toEqual(['command-done', 'call-ringing', 'command-done']);
  });

  it('keeps the order and the rest of the queue when the consumer throws', async () => {
    const line = await openGuard();
    line.up();
    line.onConsume((event) => {
      if (event.type === 'call-ringing') throw new Error('consumer');
    });
    line.puppet().say({ type: 'call-ringing', callId: CALL });
    line.puppet().say({ type: 'call-answered', callId: CALL });
    expect(line.tick).toThrow('consumer');
    line.tick();
    expect(line.events.map(({ type }) => type)).toEqual(['call-ringing', 'call-answered']);
  });

  it('takes a full queue for a lost switch, and starts a new backend whose snapshot tells what lives', async () => {
    const line = await openGuard(3);
    line.up();
    const first = line.give(originate);
    const second = line.give(hangUp);
    line.puppet().say({ type: 'command-done', command: first });
    for (let index = 0; index < 5; index++) line.puppet().say({ type: 'call-ringing', callId: CALL });
    line.tick();
    expect(line.events).toMatchObject([
      { type: 'switch-lost' },
      { type: 'command-failed', command: first, failure: 'switch-lost' },
      { type: 'command-failed', command: second, failure: 'switch-lost' },
    ]);
    expect(line.events).toHaveLength(3);
    expect(line.faults).toEqual(['queue-overflow']);
    await Promise.resolve();
    await Promise.resolve();
    expect(line.puppets.map(({ startCount, closeCount }) => [startCount, closeCount])).toEqual([
      [1, 1],
      [1, 0],
    ]);
    line.puppet().say(SNAPSHOT);
    line.tick();
    expect(line.events.at(-1)).toEqual(SNAPSHOT);
    line.puppets[0]?.say(SNAPSHOT);
    line.tick();
    expect(line.events).toHaveLength(4);
  });

  it('refuses a command whose id still waits, and one whose perform throws', async () => {
    const line = await openGuard();
    line.up();
    const command = line.give(hangUp);
    line.guard.perform(command);
    line.puppet().whenPerformed = () => {
      throw new Error('broken');
    };
    line.give(originate);
    line.tick();
    expect(line.events.map((event) => event.type === 'command-failed' && event.failure)).toEqual(['refused', 'refused']);
    expect(line.faults).toEqual(['doubled-command', 'perform-threw']);
  });

  it('fails what waits when it is closed, and is silent afterwards', async () => {
    const line = await openGuard();
    line.up();
    const command = line.give(originate);
    const closing = line.guard.close();
    line.puppet().say({ type: 'command-done', command });
    await closing;
    line.tick();
    expect(line.events).toMatchObject([{ type: 'command-failed', command, failure: 'switch-lost' }]);
  });

  it('shows each message to the log, in order', async () => {
    const line = await openGuard();
    line.up();
    line.traffic.length = 0;
    const command = line.give(originate);
    line.puppet().say({ type: 'command-done', command });
    line.tick();
    expect(line.traffic).toEqual([
      { direction: 'to-switch', command },
      { direction: 'from-switch', event: { type: 'command-done', command } },
    ]);
  });
});

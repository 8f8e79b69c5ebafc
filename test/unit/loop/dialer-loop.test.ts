import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/dialer/command.js';
import type { Input } from '../../../src/dialer/input.js';
import type { Output } from '../../../src/dialer/output.js';
import type { Clock } from '../../../src/loop/clock.js';
import { DialerLoop, type DialerLoopParts } from '../../../src/loop/dialer-loop.js';
import { SIMULATED_SWITCH_CAPABILITIES } from '../../../src/telephony/simulated/simulated-config.js';
import type { SwitchCommand } from '../../../src/telephony/switch.js';
import { callId, campaignId, contactId, trunkName } from '../../../src/units/ids.js';
import { epochMs, monotonicMs, type MonotonicMs } from '../../../src/units/time.js';

const CAMPAIGN = campaignId('spring');
const CONTACT = contactId('1');
const CALL = callId('od-1');
const NUMBER = '+12025550143';

class HandClock implements Clock {
  wakeAtMs: MonotonicMs | undefined;
  wake: (() => void) | undefined;
  now = () => ({ monotonicMs: monotonicMs(0), epochMs: epochMs(0) });
  wakeAt(at: MonotonicMs, wake: () => void): void {
    this.wakeAtMs = at;
    this.wake = wake;
  }
  cancel(): void {
    this.wakeAtMs = undefined;
  }
}

/** A loop whose dialer answers each Input by a script; everything that passes is written down. */
function loopWith(
  answer: (input: Input) => Partial<Output> | undefined,
  changes: Partial<DialerLoopParts['store']> = {},
): { loop: DialerLoop; inputs: Input[]; performed: SwitchCommand[]; faults: string[]; clock: HandClock } {
  const inputs: Input[] = [];
  const performed: SwitchCommand[] = [];
  const faults: string[] = [];
  const clock = new HandClock();
  const store: DialerLoopParts['store'] = {
    writeAttempts: (attempts) => Promise.resolve(attempts.map(() => 'written' as const)),
    fetchContacts: () =>
      Promise.resolve({
        contacts: [{ contactId: CONTACT, attemptCount: 0, countByCause: {}, number: NUMBER }],
        nextDueAtMs: undefined,
      }),
    returnContacts: () => undefined,
    apply: () => undefined,
    addDoNotCall: () => undefined,
    checkPin: () => Promise.resolve(true),
    restore: () => Promise.resolve({ campaigns: [], openAttempts: [], agentLines: [], peopleReached: [] }),
    ...changes,
  };
  const loop = new DialerLoop({
    dialer: {
      handle: (input) => {
        inputs.push(input);
        return { commands: [], events: [], wakeAt: undefined, ...answer(input) };
      },
    },
    switch: { perform: (command) => void performed.push(command), capabilities: SIMULATED_SWITCH_CAPABILITIES },
    store,
    analysis: { analyse: () => undefined, stop: () => undefined },
    snippets: { keep: (callId) => Promise.resolve(`snippets/${callId}.wav`) },
    papers: { callerNumber: () => '+12025550100', recordingPath: () => 'spring/2026-03-03/od-1.wav' },
    clock,
    observers: [{ failed: (what, error) => void faults.push(`${what}: ${String(error)}`) }],
  });
  return { loop, inputs, performed, faults, clock };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const fetchCommand: Command = { type: 'fetch-contacts', campaignId: CAMPAIGN, count: 10 };
const writeCommand: Command = {
  type: 'write-attempt',
  callId: CALL,
  campaignId: CAMPAIGN,
  contactId: CONTACT,
  trunk: trunkName('carrier'),
};
const originateCommand: Command = {
  type: 'originate',
  commandId: 1,
  callId: CALL,
  campaignId: CAMPAIGN,
  contactId: CONTACT,
  trunk: trunkName('carrier'),
  ringTimeoutMs: 20_000,
  wantsEarlyMedia: false,
};

describe('the loop', () => {
  it('tells what the switch can do before each of its snapshots', () => {
    const { loop, inputs } = loopWith(() => undefined);
    loop.switchSaid({ type: 'switch-snapshot', snapshot: { calls: [], bridges: [], phones: [], trunks: [] } });
    expect(inputs.map(({ type }) => type)).toEqual(['switch-abilities', 'switch']);
    expect(inputs[0]).toEqual({ type: 'switch-abilities', abilities: { hasEarlyMedia: true, hasTapWhileBridged: true } });
  });

  it('keeps a snippet and tells where', async () => {
    const { loop, inputs } = loopWith((input) => (input.type === 'woke' ? { commands: [{ type: 'keep-snippet', callId: CALL }] } : undefined));
    loop.submit({ type: 'woke' });
    await settled();
    expect(inputs.at(-1)).toEqual({ type: 'snippet-kept', callId: CALL, path: 'snippets/od-1.wav' });
  });

  it('knows the number, and the dialer never sees it', async () => {
    const { loop, inputs, performed } = loopWith((input) => {
      if (input.type === 'woke') return { commands: [fetchCommand] };
      if (input.type === 'contacts-offered') return { commands: [originateCommand] };
      return undefined;
    });
    loop.submit({ type: 'woke' });
    await settled();
    expect(performed).toMatchObject([{ type: 'originate', destination: NUMBER, callerNumber: '+12025550100' }]);
    expect(JSON.stringify(inputs)).not.toContain('5550143');
  });

  it('writes the attempts of one Output together and answers each', async () => {
    const batches: number[] = [];
    const { loop, inputs } = loopWith(
      (input) =>
        input.type === 'woke' ? { commands: [writeCommand, { ...writeCommand, callId: callId('od-2') }] } : undefined,
      {
        writeAttempts: (attempts) => {
          batches.push(attempts.length);
          return Promise.resolve(['written', 'do-not-call'] as const);
        },
      },
    );
    loop.submit({ type: 'woke' });
    await settled();
    expect(batches).toEqual([2]);
    expect(inputs.slice(1)).toEqual([
      { type: 'attempt-written', callId: CALL },
      { type: 'attempt-refused', callId: 'od-2', reason: 'do-not-call' },
    ]);
  });

  it('refuses attempts that the store could not take, and says so', async () => {
    const { loop, inputs, faults } = loopWith(
      (input) => (input.type === 'woke' ? { commands: [writeCommand] } : undefined),
      { writeAttempts: () => Promise.reject(new Error('disk full')) },
    );
    loop.submit({ type: 'woke' });
    await settled();
    expect(inputs[1]).toEqual({ type: 'attempt-refused', callId: CALL, reason: 'store-failed' });
    expect(faults).toEqual(['writing attempts: Error: disk full']);
  });

  it('handles one Input to its end before the next, though one brings about another', () => {
    const order: string[] = [];
    const { loop } = loopWith((input) => {
      order.push(`begin ${input.type}`);
      if (input.type === 'woke') loop.submit({ type: 'store-recovered' });
      order.push(`end ${input.type}`);
      return undefined;
    });
    loop.submit({ type: 'woke' });
    expect(order).toEqual(['begin woke', 'end woke', 'begin store-recovered', 'end store-recovered']);
  });

  it('lives on after a fault in handling', () => {
    const { loop, inputs, faults } = loopWith((input) => {
      if (input.type === 'woke') throw new Error('a bug');
      return undefined;
    });
    loop.submit({ type: 'woke' });
    loop.submit({ type: 'store-recovered' });
    expect(faults).toEqual(['handling woke: Error: a bug']);
    expect(inputs).toHaveLength(2);
  });

  it('fails an originate whose number is not at hand instead of dialling nothing', () => {
    const { loop, inputs, performed } = loopWith((input) =>
      input.type === 'woke' ? { commands: [originateCommand] } : undefined,
    );
    loop.submit({ type: 'woke' });
    expect(performed).toEqual([]);
    expect(inputs[1]).toMatchObject({ event: { type: 'command-failed', failure: 'refused' } });
  });

  it('wakes the dialer when it asked to be, and no longer when it does not', () => {
    let wakeAt: Output['wakeAt'] = { monotonicMs: monotonicMs(250), reason: 'wrap-up ann' };
    const { loop, inputs, clock } = loopWith(() => ({ wakeAt }));
    loop.submit({ type: 'store-recovered' });
    expect(clock.wakeAtMs).toBe(250);
    wakeAt = undefined;
    clock.wake?.();
    expect(inputs.at(-1)).toEqual({ type: 'woke' });
    expect(clock.wakeAtMs).toBeUndefined();
  });
});

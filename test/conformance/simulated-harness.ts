import { SimulatedPbx } from '../../src/simulation/simulated-pbx.js';
import { VirtualClock } from '../../src/simulation/virtual-clock.js';
import type { PartyLine } from '../../src/simulation/party.js';
import { SIMULATED_SWITCH_DEFAULTS } from '../../src/telephony/simulated/simulated-config.js';
import type { SimulatedSwitchConfig } from '../../src/telephony/simulated/simulated-config.js';
import { SimulatedSwitch } from '../../src/telephony/simulated/simulated-switch.js';
import type { Switch } from '../../src/telephony/switch.js';
import type { CallId } from '../../src/units/ids.js';
import { phoneName, soundName, trunkName } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';
import { epochMs, monotonicAfter } from '../../src/units/time.js';
import { scriptedEars, type TapChange } from './scripted-ears.js';
import { SCRIPTED_DESTINATIONS, scriptedNetwork, ScriptedParty } from './scripted-network.js';
import type { SwitchBench, SwitchHarness, TestPhone } from './switch-harness.js';

/** Virtual time within which a condition must come true. */
const WITHIN_MS_DEFAULT: Ms = 10_000;
const TRUNK = trunkName('carrier');
const DOWN_TRUNK = trunkName('carrier-down');
const PHONE = phoneName('1001');
const SHORT = soundName('beep');
const SHORT_MS: Ms = 500;
const LONG = soundName('long-message');

/** A silent WAV file, as long as the simulated recording. */
function silentWav(audioMs: Ms, channelCount: number): Uint8Array {
  const sampleRateHz = 8_000;
  const dataBytes = Math.round((audioMs * sampleRateHz) / 1000) * 2 * channelCount;
  const file = new Uint8Array(44 + dataBytes);
  const view = new DataView(file.buffer);
  const tag = (offset: number, text: string): void => {
    [...text].forEach((letter, index) => {
      view.setUint8(offset + index, letter.charCodeAt(0));
    });
  };
  tag(0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channelCount, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 2 * channelCount, true);
  view.setUint16(32, 2 * channelCount, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, dataBytes, true);
  return file;
}

/** The phone of the bench, keyed by the check. */
class SimulatedPhone implements TestPhone {
  readonly name = PHONE;
  readonly #pbx: SimulatedPbx;
  readonly #clock: VirtualClock;
  readonly #pass: (spanMs: Ms) => Promise<void>;
  #line: PartyLine | undefined;

  constructor(pbx: SimulatedPbx, clock: VirtualClock, pass: (spanMs: Ms) => Promise<void>) {
    this.#pbx = pbx;
    this.#clock = clock;
    this.#pass = pass;
  }

  dialFeature(feature: string): Promise<void> {
    this.#line = this.#pbx.dialFeature(PHONE, feature, new ScriptedParty(PHONE, () => undefined, this.#clock));
    if (this.#line === undefined) return Promise.reject(new Error('The phone could not call.'));
    return Promise.resolve();
  }

  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      this.#line?.key(digit);
      await this.#pass(150);
    }
  }

  hangUp(): Promise<void> {
    this.#line?.hangUp();
    return Promise.resolve();
  }

  dropLine(): Promise<void> {
    this.#line?.vanish();
    return Promise.resolve();
  }

  unregister(): Promise<void> {
    this.#pbx.setRegistered(PHONE, false);
    return Promise.resolve();
  }

  register(): Promise<void> {
    this.#pbx.setRegistered(PHONE, true);
    return Promise.resolve();
  }
}

/** Lets a sabotage stand between the suite and the backend. */
export type Sabotage = (backend: Switch) => Switch;

/** The simulated switch's harness: everything happens in virtual time. */
export function simulatedHarness(
  options: { readonly config?: Partial<SimulatedSwitchConfig>; readonly sabotage?: Sabotage } = {},
): SwitchHarness {
  return {
    backend: 'simulated',
    begin: () => Promise.resolve(),
    description: () => 'in virtual time',
    openBench: () => Promise.resolve(openSimulatedBench(options)),
    end: () => Promise.resolve(),
  };
}

function openSimulatedBench(options: {
  readonly config?: Partial<SimulatedSwitchConfig>;
  readonly sabotage?: Sabotage;
}): SwitchBench {
  const clock = new VirtualClock(epochMs(Date.UTC(2026, 0, 5, 15)));
  const lengths = new Map([
    [SHORT, SHORT_MS],
    [LONG, 8_000],
  ]);
  const parties = new Map<CallId, ScriptedParty>();
  const tapChanges: TapChange[] = [];
  const pbx = new SimulatedPbx(
    clock,
    {
      trunks: [
        { trunk: TRUNK, linesMax: 100 },
        { trunk: DOWN_TRUNK, linesMax: 100 },
      ],
      phones: [PHONE],
      soundMs: (sound) => lengths.get(sound),
      vanishedAfterMs: 10_000,
      onTapped: (callId, isTapped) => tapChanges.push({ callId, isTapped, atMs: clock.monotonicMs }),
    },
    scriptedNetwork(clock, parties),
  );
  pbx.setTrunkReachable(DOWN_TRUNK, false);
  const pass = async (spanMs: Ms): Promise<void> => {
    clock.runUntil(monotonicAfter(clock.monotonicMs, spanMs));
    // Promises of the backend (start, close) get their turn between moments of virtual time.
    await Promise.resolve();
  };
  return {
    createSwitch: () => {
      const backend = new SimulatedSwitch(pbx, clock, { ...SIMULATED_SWITCH_DEFAULTS, ...options.config });
      return options.sabotage?.(backend) ?? backend;
    },
    createBareSwitch: () => {
      const config = { ...SIMULATED_SWITCH_DEFAULTS, ...options.config, lacks: ['hasAudioTap', 'hasAudioReturn', 'hasStereoRecording'] as const };
      const backend = new SimulatedSwitch(pbx, clock, config);
      return options.sabotage?.(backend) ?? backend;
    },
    defer: (run) => {
      clock.after(0, run);
    },
    destinations: SCRIPTED_DESTINATIONS,
    trunk: TRUNK,
    downTrunk: DOWN_TRUNK,
    sounds: { short: SHORT, long: LONG },
    phone: new SimulatedPhone(pbx, clock, pass),
    until: async (what, find, withinMs = WITHIN_MS_DEFAULT) => {
      const deadlineMs = monotonicAfter(clock.monotonicMs, withinMs);
      for (;;) {
        const found = find();
        if (found !== undefined) return found;
        const nextAtMs = clock.nextAtMs;
        if (nextAtMs === undefined || nextAtMs > deadlineMs) {
          throw new Error(`Waited ${String(withinMs)} ms of virtual time in vain for ${what}.`);
        }
        clock.step();
        await Promise.resolve();
      }
    },
    pass,
    setTrunkReachable: (isReachable) => {
      pbx.setTrunkReachable(TRUNK, isReachable);
      return Promise.resolve();
    },
    cut: () => {
      pbx.cutConnections('The connection was cut.');
      return Promise.resolve();
    },
    restore: () => {
      pbx.allowConnections();
      return Promise.resolve();
    },
    restartSwitch: () => {
      pbx.restart();
      return Promise.resolve();
    },
    readRecording: (path) => {
      const audioMs = pbx.recordedMs(path);
      return Promise.resolve(audioMs === undefined ? undefined : silentWav(audioMs, 2));
    },
    ears: scriptedEars({ clock, pbx, parties, tapChanges, short: { sound: SHORT, soundMs: SHORT_MS } }),
    close: () => Promise.resolve(),
  };
}

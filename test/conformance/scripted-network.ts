import type { Hearing, Party, PartyLine, PublicNetwork } from '../../src/simulation/party.js';
import type { VirtualClock } from '../../src/simulation/virtual-clock.js';
import { KEYS_TO_READ } from '../../src/cli/lab/fixed-numbers.js';
import type { CallId } from '../../src/units/ids.js';
import type { MonotonicMs } from '../../src/units/time.js';
import type { TestDestination } from './switch-harness.js';

/** The numbers of the simulated test network. */
export const SCRIPTED_DESTINATIONS: Readonly<Record<TestDestination, string>> = {
  'answers-at-once': '+12025550101',
  'answers-after-ring': '+12025550102',
  busy: '+12025550103',
  'no-answer': '+12025550104',
  unallocated: '+12025550105',
  congestion: '+12025550106',
  'hangs-up-early': '+12025550107',
  'presses-digits': '+12025550108',
  'reads-keys': '+12025550109',
  'early-media': '+12025550110',
  'early-then-answers': '+12025550111',
};

/** Numbers that answer at once and are told apart by their tones. */
export const EAR_NUMBERS = ['+12025550121', '+12025550122', '+12025550123'] as const;

/** What a party does; the result, if any, is told of keys that arrive. */
type Script = (line: PartyLine, clock: VirtualClock) => ((digits: string) => void) | void;

const SCRIPTS: Readonly<Record<TestDestination, Script>> = {
  'answers-at-once': (line, clock) => {
    clock.after(100, line.answer);
  },
  'answers-after-ring': (line, clock) => {
    clock.after(100, line.ring);
    clock.after(1_500, line.answer);
  },
  busy: (line, clock) => {
    clock.after(100, () => {
      line.refuse({ q850: 17, sipCode: 486, nativeCause: 'Busy here' });
    });
  },
  'no-answer': (line, clock) => {
    clock.after(100, line.ring);
  },
  unallocated: (line, clock) => {
    clock.after(100, () => {
      line.refuse({ q850: 1, sipCode: 404, nativeCause: 'Not found' });
    });
  },
  congestion: (line, clock) => {
    clock.after(100, () => {
      line.refuse({ q850: 34, sipCode: 503, nativeCause: 'Service unavailable' });
    });
  },
  'hangs-up-early': (line, clock) => {
    clock.after(100, line.answer);
    clock.after(1_600, line.hangUp);
  },
  'presses-digits': (line, clock) => {
    clock.after(100, line.answer);
    [...'123#'].forEach((digit, index) => {
      clock.after(1_100 + 200 * index, () => {
        line.key(digit);
      });
    });
  },
  'reads-keys': (line, clock) => {
    clock.after(100, line.answer);
    return (digits) => {
      if (digits === KEYS_TO_READ) clock.after(800, line.hangUp);
    };
  },
  'early-media': (line, clock) => {
    clock.after(100, line.sendEarlyMedia);
    clock.after(3_000, () => {
      line.refuse({ q850: 1, sipCode: 404, nativeCause: 'Not found' });
    });
  },
  'early-then-answers': (line, clock) => {
    clock.after(100, line.sendEarlyMedia);
    clock.after(1_600, line.answer);
  },
};

/** Something heard, and since when. */
export interface HeardAt {
  readonly hearing: Hearing;
  readonly atMs: MonotonicMs;
}

/** A party that follows a script and remembers what it heard when. */
export class ScriptedParty implements Party {
  readonly number: string;
  readonly heard: HeardAt[] = [];
  readonly #script: Script;
  readonly #clock: VirtualClock;
  #onKeys: ((digits: string) => void) | undefined;

  constructor(number: string, script: Script, clock: VirtualClock) {
    this.number = number;
    this.#script = script;
    this.#clock = clock;
  }

  reached(line: PartyLine): void {
    this.#onKeys = this.#script(line, this.#clock) ?? undefined;
  }

  answered(): void {
    this.hears({ kind: 'silence' });
  }

  hears(hearing: Hearing): void {
    this.heard.push({ hearing, atMs: this.#clock.monotonicMs });
    if (hearing.kind === 'keys') this.#onKeys?.(hearing.digits);
  }

  ended(): void {
    this.hears({ kind: 'silence' });
  }
}

/** The test network in virtual time; a number that is not in the plan does not exist. */
export function scriptedNetwork(clock: VirtualClock, parties: Map<CallId, ScriptedParty>): PublicNetwork {
  const byNumber = new Map<string, Script>([
    ...(Object.keys(SCRIPTS) as TestDestination[]).map((name) => [SCRIPTED_DESTINATIONS[name], SCRIPTS[name]] as const),
    ...EAR_NUMBERS.map((number) => [number, SCRIPTS['answers-at-once']] as const),
  ]);
  return {
    partyAt: (_trunk, destination, callId) => {
      const party = new ScriptedParty(destination, byNumber.get(destination) ?? SCRIPTS.unallocated, clock);
      parties.set(callId, party);
      return party;
    },
  };
}

import type { Hearing, Party, PartyLine, PublicNetwork } from '../../src/simulation/party.js';
import type { VirtualClock } from '../../src/simulation/virtual-clock.js';
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
};

type Script = (line: PartyLine, clock: VirtualClock) => void;

const SCRIPTS: Readonly<Record<TestDestination, Script>> = {
  'answers-at-once': (line, clock) => clock.after(100, line.answer),
  'answers-after-ring': (line, clock) => {
    clock.after(100, line.ring);
    clock.after(1_500, line.answer);
  },
  busy: (line, clock) =>
    clock.after(100, () => {
      line.refuse({ q850: 17, sipCode: 486, nativeCause: 'Busy here' });
    }),
  'no-answer': (line, clock) => clock.after(100, line.ring),
  unallocated: (line, clock) =>
    clock.after(100, () => {
      line.refuse({ q850: 1, sipCode: 404, nativeCause: 'Not found' });
    }),
  congestion: (line, clock) =>
    clock.after(100, () => {
      line.refuse({ q850: 34, sipCode: 503, nativeCause: 'Service unavailable' });
    }),
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
};

/** A party that follows a script and remembers what it heard. */
export class ScriptedParty implements Party {
  readonly heard: Hearing[] = [];
  isOver = false;
  readonly #script: (line: PartyLine) => void;

  constructor(script: (line: PartyLine) => void) {
    this.#script = script;
  }

  reached(line: PartyLine): void {
    this.#script(line);
  }

  answered(): void {
    this.heard.push({ kind: 'silence' });
  }

  hears(hearing: Hearing): void {
    this.heard.push(hearing);
  }

  ended(): void {
    this.isOver = true;
  }
}

/** The test network in virtual time; a number that is not in the plan does not exist. */
export function scriptedNetwork(clock: VirtualClock): PublicNetwork {
  const byNumber = new Map<string, Script>(
    (Object.keys(SCRIPTS) as TestDestination[]).map((name) => [SCRIPTED_DESTINATIONS[name], SCRIPTS[name]]),
  );
  return {
    partyAt: (_trunk, destination) => {
      const script = byNumber.get(destination) ?? SCRIPTS.unallocated;
      return new ScriptedParty((line) => {
        script(line, clock);
      });
    },
  };
}

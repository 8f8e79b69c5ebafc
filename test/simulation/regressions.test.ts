import { expect, it } from 'vitest';
import { ORDINARY_WORLD } from '../../src/simulation/world-config.js';
import { callCentre, run, world } from './call-centre.js';

const MINUTE_MS = 60_000;

/** The log of a run that must break no rule. */
function logOf(...args: Parameters<typeof run>): readonly (readonly [number, string])[] {
  const lines: (readonly [number, string])[] = [];
  const [worldConfig, dialer, seed] = args;
  const report = run(worldConfig, dialer, seed, { onLine: (line) => lines.push([Number.parseFloat(line), line]) });
  expect(report.violations).toEqual([]);
  return lines;
}

/**
 * A machine was to be hung up while the connection was cut for more than ten
 * seconds. The dialer's patience with the hang-up ran out, it took the call for
 * ended and gave its line away, while on the switch the call lived on: two
 * lines where one was allowed, and the contact free to be dialled a second time.
 */
it('a hang-up that a long cut swallowed keeps its line until the switch is back', () => {
  const cuts = Array.from({ length: 20 }, (_, index) => ({ type: 'cut' as const, atMs: (index + 1) * 71_000, lastsMs: 25_000 }));
  const answers = { ...ORDINARY_WORLD.answers, person: 0, machine: 200, noAnswer: 0, busy: 0 };
  const machines = { ...ORDINARY_WORLD.machines, ringMs: 3_000 };
  // A slow connection: the line that lives on is still there when the next call could leave.
  const connection = { ...ORDINARY_WORLD.connection, commandMs: 20, eventMs: 20 };
  const lines = logOf(
    world({ runMs: 25 * MINUTE_MS, answers, machines, connection, faults: cuts }),
    callCentre(4, { linesMax: 2, recycle: { 'machine-hung-up': { redialAfterMs: 0, attemptsMax: 3 } } }),
    3,
  );
  const swallowed = lines.filter(([, line]) => line.includes('"hang-up"') && line.includes('"failure":"switch-lost"'));
  expect(swallowed.length).toBeGreaterThan(0);
});

/**
 * The service was killed in the moment after a contact and an agent had been
 * joined, before that was written down. The next one found the call answered,
 * took the contact for waiting, abandoned the conversation with the safe-harbour
 * message, and put the next contact into the same agent's bridge.
 */
it('a join that a crash kept from being written down is found in the switch and adopted', () => {
  const crashes = Array.from({ length: 12 }, (_, index) => ({
    type: 'service-crash' as const,
    atMs: (index + 2) * MINUTE_MS,
    lastsMs: 3_000,
  }));
  const lines = logOf(
    world({
      runMs: 15 * MINUTE_MS,
      answers: { ...ORDINARY_WORLD.answers, person: 1_000 },
      people: { ...ORDINARY_WORLD.people, ringMs: 2_000, talkMs: 15_000 },
      store: { answerMsMax: 5, groupMs: 3_000 },
      faults: crashes,
    }),
    callCentre(12, { isAnalysed: false }),
    3,
  );
  const adopted = lines.filter(([, line]) => line.includes('"state":"connecting","from":"dialling"'));
  expect(adopted.length).toBeGreaterThan(0);
});

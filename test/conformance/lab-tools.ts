import { setTimeout as wait } from 'node:timers/promises';
import type { DeskPhone } from '../../src/cli/lab/desk-phone.js';
import { phoneName } from '../../src/units/ids.js';
import type { Ms } from '../../src/units/time.js';
import type { TestPhone } from './switch-harness.js';

/** Ample for a switch on a loaded machine. */
const WITHIN_MS_DEFAULT: Ms = 15_000;
const LOOK_EVERY_MS: Ms = 5;
const SETTLED_WITHIN_MS: Ms = 60_000;

/** The codes of dialplan/ and freeswitch-conf/. */
const FEATURE_CODES: Readonly<Record<string, string>> = { 'log-in': '*50', pause: '*51', resume: '*52', 'log-out': '*53' };

/** Looks until something is found. @throws Error naming `what` when it is not in time. */
export async function untilFound<T>(what: string, find: () => T | undefined, withinMs: Ms = WITHIN_MS_DEFAULT): Promise<T> {
  const giveUpAtMs = performance.now() + withinMs;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAtMs) throw new Error(`${what} did not come within ${String(withinMs)} ms.`);
    await wait(LOOK_EVERY_MS);
  }
}

/** Asks until it is so. @throws Error naming `what` after a minute. */
export async function untilQuiet(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + SETTLED_WITHIN_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpAtMs) throw new Error(`${what}: not within a minute.`);
    await wait(50);
  }
}

/** A desk phone of the lab in the hands of a check. @param phone gives the phone that there is now. */
export function deskTestPhone(name: string, phone: () => DeskPhone): TestPhone {
  return {
    name: phoneName(name),
    async dialFeature(feature) {
      const code = FEATURE_CODES[feature];
      if (code === undefined) throw new Error(`There is no code for ${feature}.`);
      // The phone may hear of the end of its last call later than the check did.
      await phone().callEnded();
      // Resolves at the answer, which is the check's to give or not; a call that is refused tells the check by its events.
      phone().call(code).catch(() => undefined);
    },
    press: (digits) => phone().keys(digits),
    hangUp: () => phone().hangUp(),
    dropLine: () => phone().drop(),
    unregister: () => phone().unregister(),
    register: () => phone().register(),
  };
}

/** The phone is in no call and registered, for the next check. */
export async function idlePhone(phone: DeskPhone): Promise<void> {
  if (phone.state === 'gone') return;
  await phone.callEnded();
  if (phone.state === 'unregistered') await phone.register();
}

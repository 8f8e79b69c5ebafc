import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackendName } from './chosen-harnesses.js';
import { harnessOf } from './chosen-harnesses.js';
import { runCheck } from './run-check.js';
import { SWITCH_CHECKS } from './switch-suite.js';

/**
 * The whole suite on one backend, one test a check. A backend that is not here
 * is one skipped test that says why; a check that is off says why as well.
 */
export async function holdToSuite(backend: BackendName): Promise<void> {
  const { load, missing } = harnessOf(backend);
  const why = await missing();
  if (why !== undefined) {
    console.log(`Skipped, switch ${backend}: ${why}`);
    it.skip(`switch ${backend} is not here: ${why}`);
    return;
  }
  describe(`switch ${backend}`, async () => {
    const harness = await load();
    beforeAll(async () => {
      await harness.begin();
      console.log(`${backend} is ${harness.description()}`);
    });
    afterAll(() => harness.end());

    it.each(SWITCH_CHECKS.map((check) => [check.name, check] as const))('%s', async (_name, check) => {
      const result = await runCheck(harness, check);
      if (result.outcome === 'skipped') console.log(`off on ${backend}: ${check.name}: ${result.why}`);
      expect(result.outcome === 'failed' ? result.why : undefined).toBeUndefined();
    });
  });
}

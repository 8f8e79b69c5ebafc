import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCheck } from './run-check.js';
import { chosenHarnesses } from './chosen-harnesses.js';
import { SWITCH_CHECKS } from './switch-suite.js';

for (const { backend, load } of chosenHarnesses()) {
  describe(`switch ${backend}`, async () => {
    const harness = await load();
    beforeAll(() => harness.begin());
    afterAll(() => harness.end());

    it.each(SWITCH_CHECKS.map((check) => [check.name, check] as const))('%s', async (_name, check) => {
      const result = await runCheck(harness, check);
      if (result.outcome === 'skipped') console.log(`skipped on ${backend}: ${check.name}: ${result.why}`);
      expect(result.outcome === 'failed' ? result.why : undefined).toBeUndefined();
    });
  });
}

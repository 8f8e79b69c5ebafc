import { defineConfig } from 'vitest/config';

/** What a suite with real switches, or real files and processes, may take. */
const REAL_THINGS = { testTimeout: 60_000, hookTimeout: 180_000 } as const;

/**
 * Fast suites first. The conformance suite waits for its switches most of the
 * time, so that three of them run side by side; the others start call centres
 * of their own, one at a time, because the two cores of a small machine are
 * theirs then. Where CENTRE_SWITCH=freeswitch is set, these run on FreeSWITCH.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,house,simulation,replay}/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...REAL_THINGS,
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...REAL_THINGS,
          name: 'switch',
          include: ['test/integration/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

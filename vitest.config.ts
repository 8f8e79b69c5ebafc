import { defineConfig } from 'vitest/config';

/**
 * Fast suites first; the suites that start a real Asterisk run one file at a
 * time, because the two cores of a small machine are theirs then.
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
          name: 'switch',
          include: ['test/{conformance,integration}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

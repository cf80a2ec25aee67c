import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['test/support/checked-fetch.ts'],
    pool: 'forks',
    isolate: false,
    // One more than the cores it is meant for: much of a test's time is spent waiting, for deadlines above all.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});

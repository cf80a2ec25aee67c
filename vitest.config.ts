import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['test/support/checked-fetch.ts'],
    pool: 'forks',
    isolate: false,
    // More than the cores it is meant for: much of a test's time is spent waiting, for deadlines above all. On a Redis each
    // takes databases of its own, of which there are 16 unless it is told otherwise.
    maxWorkers: process.env['REDIS_URL'] === undefined ? 4 : 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['test/support/checked-fetch.ts'],
    pool: 'forks',
    isolate: false,
    // Each worker runs its databases briefly: compiling the embedded Postgres twice, the second time well, gains nothing.
    execArgv: ['--liftoff-only'],
    // Twice the cores it is meant for: much of a test's time is spent waiting, for deadlines above all.
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});

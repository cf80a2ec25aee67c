import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['test/support/checked-fetch.ts'],
    pool: 'forks',
    isolate: false,
    // Each worker runs its databases briefly: compiling the embedded Postgres twice, the second time well, gains nothing.
    // What runs once is compiled cheaply, and most of what is made does not live for long.
    execArgv: ['--liftoff-only', '--sparkplug', '--max-semi-space-size=64'],
    // Twice the cores it is meant for: much of a test's time is spent waiting, for deadlines above all.
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});

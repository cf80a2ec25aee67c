import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const FIGURES = 'test/console/smooth.browser.ts';

const inBrowser: NonNullable<TestProjectInlineConfiguration['test']> = {
  setupFiles: ['test/support/checked-fetch.ts'],
  pool: 'forks',
  isolate: false,
  execArgv: ['--liftoff-only'],
  testTimeout: 60_000,
  hookTimeout: 90_000,
};

/** The console in a browser, against the real bridge, agent and simulated PLCs: `npm run test:console`. */
export default defineConfig({
  test: {
    globalSetup: ['test/console/support/in-chromium.ts', 'test/support/global-setup.ts'],
    projects: [
      { test: { ...inBrowser, name: 'scenes', include: ['test/console/**/*.browser.ts'], exclude: [FIGURES], maxWorkers: 3, sequence: { groupOrder: 0 } } },
      // What is measured is measured with nothing beside it.
      { test: { ...inBrowser, name: 'figures', include: [FIGURES], maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- the way to add to vitest's own
  export interface ProvidedContext {
    /** Where the browser listens that all files share; undefined where there is none. */
    browserAddress: string | undefined;
    /** Where to put what tells of a failure; it may not be there yet. */
    evidence: string;
  }
}

/** Debian's. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Builds the console once and starts one browser for all files. Without Chromium every file is skipped. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Before anything gives the tests a folder that goes with them.
  project.provide('evidence', join(tmpdir(), `feederbridge-console-${process.pid}`));
  if (!existsSync(CHROMIUM)) {
    console.warn("Chromium is not installed: the console's browser tests are skipped (apt-get install chromium)");
    project.provide('browserAddress', undefined);
    return () => Promise.resolve();
  }
  // As people build it: what runs tests tells a build in its own process that it is one for tests.
  await promisify(execFile)('npm', ['run', 'build'], { env: { ...process.env, NODE_ENV: 'production' } });
  const server = await chromium.launchServer({
    executablePath: CHROMIUM,
    // A page that asks for anything elsewhere is to fail at it, wherever the tests run.
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
  project.provide('browserAddress', server.wsEndpoint());
  return () => server.close();
}

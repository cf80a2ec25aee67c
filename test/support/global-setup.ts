import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- the way to add to vitest's own
  export interface ProvidedContext {
    /** A data directory with an embedded Postgres, migrated and closed; undefined where the tests have a server. */
    snapshot: string | undefined;
  }
}

const MAKE_SNAPSHOT = fileURLToPath(new URL('make-snapshot.ts', import.meta.url));

/** Makes the embedded Postgres that every test begins with a copy of: starting one from nothing takes seconds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env['DATABASE_URL'] !== undefined) {
    project.provide('snapshot', undefined);
    return () => Promise.resolve();
  }
  const snapshot = await mkdtemp(join(tmpdir(), 'feederbridge-snapshot-'));
  // in a process of its own: vitest runs this file where the embedded Postgres cannot start its thread
  await promisify(execFile)(process.execPath, ['--import', 'tsx', MAKE_SNAPSHOT, snapshot]);
  project.provide('snapshot', snapshot);
  return () => rm(snapshot, { recursive: true, force: true });
}

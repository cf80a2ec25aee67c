import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { compilePrograms } from './compile-programs.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- the way to add to vitest's own
  export interface ProvidedContext {
    /** A data directory with an embedded Postgres, migrated and closed; undefined where the tests have a server. */
    snapshot: string | undefined;
  }
}

/** Linux's file system in memory. A container's is small at times, and the workers' databases take 0.2 GB. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 1024 ** 3;

/**
 * Gives the tests a directory for what they keep, in memory where there is room: a hundred copies of a database cost a disk
 * a fifth of the suite's time. Compiles the programs that they start, and makes the embedded Postgres that each begins with
 * a copy of: starting one from nothing takes seconds.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join((await hasRoom(MEMORY)) ? MEMORY : tmpdir(), 'feederbridge-tests-'));
  // A Postgres server of a test's own runs as another user.
  await chmod(directory, 0o711);
  process.env['TMPDIR'] = directory;
  const compiled = join(directory, 'compiled');
  await compilePrograms(compiled);
  project.provide('compiled', compiled);
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  if (process.env['DATABASE_URL'] !== undefined) {
    project.provide('snapshot', undefined);
    return remove;
  }
  const snapshot = await mkdtemp(join(directory, 'snapshot-'));
  // in a process of its own: vitest runs this file where the embedded Postgres cannot start its thread
  await promisify(execFile)(process.execPath, ['--liftoff-only', join(compiled, 'test/support/make-snapshot.js'), snapshot]);
  project.provide('snapshot', snapshot);
  return remove;
}

const hasRoom = (directory: string): Promise<boolean> =>
  statfs(directory).then(({ bavail, bsize }) => bavail * bsize > ROOM_BYTES, () => false);

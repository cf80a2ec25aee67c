import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';

export type FreshDatabase = {
  /** Undefined for the embedded one, which is in `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  /** Removes both; whoever opened the database must have closed it. */
  dispose(): Promise<void>;
};

/**
 * A database of the test's own, as settings for a bridge: with DATABASE_URL set an empty one on that server, else an
 * embedded one that is migrated already.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'feederbridge-test-'));
  const removeDataDir = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  const server = process.env['DATABASE_URL'];
  if (server === undefined) {
    const snapshot = inject('snapshot');
    if (snapshot === undefined) throw new Error('expected the snapshot of test/support/global-setup.ts');
    await cp(snapshot, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE });
    return { databaseUrl: undefined, dataDir, dispose: removeDataDir };
  }
  const name = `feederbridge_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    databaseUrl: url.href,
    dataDir,
    async dispose() {
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
      await removeDataDir();
    },
  };
}

async function onServer(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

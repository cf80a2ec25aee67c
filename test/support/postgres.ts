import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { keepPostgresCode } from './postgres-code.ts';

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
    await keepPostgresCode();
    // In one go: over so many small files the asynchronous copy takes seven times as long, and starting `cp` three times.
    cpSync(snapshot, dataDir, { recursive: true });
    return { databaseUrl: undefined, dataDir, dispose: removeDataDir };
  }
  const { url, drop } = await createDatabase(server);
  return {
    databaseUrl: url,
    dataDir,
    async dispose() {
      await drop();
      await removeDataDir();
    },
  };
}

/** An empty database on a server. */
export async function createDatabase(serverUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `feederbridge_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
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

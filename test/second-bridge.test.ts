import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { openDatabase, type Database } from '../src/store/database.ts';
import { holdDirectory } from '../src/store/directory-lock.ts';
import { holdServerLock } from '../src/store/server-lock.ts';
import { StoreInUse } from '../src/store/store-errors.ts';
import { runChild } from './support/child-process.ts';
import { createDatabase, freshDatabase } from './support/postgres.ts';
import { hasPostgres, startPostgres, type ServerProcess } from './support/server-process.ts';

// These tests mostly wait, and so do it at the same time.
type AtEnd = TestContext['onTestFinished'];

async function freshDirectory(atEnd: AtEnd): Promise<string> {
  const given = await freshDatabase();
  atEnd(() => given.dispose());
  return given.dataDir;
}

const failOnLoss = (reason: Error): never => {
  throw reason;
};

/** A client's questions, of which the one for the lock is answered by nobody. */
const unheard = (client: pg.Client) => async (text: string, values?: unknown[]) => {
  const answer = await client.query(text, values);
  if (text.includes('pg_try_advisory_lock')) throw new Error('no answer in time');
  return answer;
};

/** How many connections to its database hold an advisory lock. */
async function holders(client: pg.Client | undefined): Promise<number | undefined> {
  const found = await client?.query<{ count: number }>(
    "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
  );
  return found?.rows[0]?.count;
}

/** Whether it is this connection that holds one. */
async function isHolder(client: pg.Client | undefined): Promise<boolean> {
  const found = await client?.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()");
  return found?.rowCount === 1;
}

const open = (dataDir: string, databaseUrl?: string): Promise<Database> =>
  openDatabase({ databaseUrl, dataDir, onLost: failOnLoss });

describe.concurrent('a second bridge on the same data directory', () => {
  it('waits, then refuses and names the process that has it; and starts once that is gone', async ({ onTestFinished }) => {
    const dataDir = await freshDirectory(onTestFinished);
    const holder = runChild('store-opener.ts', dataDir);
    onTestFinished(() => holder.kill());
    await holder.line((line) => line === 'open');
    await expect(holdDirectory(dataDir, 300)).rejects.toThrow(
      new StoreInUse(`expected to be the only bridge on ${dataDir}, but process ${holder.pid} uses it`),
    );
    const second = open(dataDir);
    await holder.kill();
    const database = await second;
    expect((await database.query('SELECT count(*) > 0 AS written FROM written')).rows).toEqual([{ written: true }]);
    await database.close();
  });

  it('waits ten seconds before it refuses', async ({ onTestFinished }) => {
    const dataDir = await freshDirectory(onTestFinished);
    const first = await holdDirectory(dataDir, 0);
    onTestFinished(() => first.release());
    const startedAtMs = performance.now();
    await expect(open(dataDir)).rejects.toMatchObject({ code: 'store-in-use' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(9_900);
  }, 30_000);

  it('is one only, of many that find the lock of a dead process', async ({ onTestFinished }) => {
    const dataDir = await freshDirectory(onTestFinished);
    for (let round = 0; round < 5; round++) {
      // a process that has ended, and this one's pid as another process had it
      await writeFile(join(dataDir, 'bridge-999999999-long-gone.lock'), '');
      await writeFile(join(dataDir, `bridge-${process.ppid}-before-that.lock`), '');
      const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => holdDirectory(dataDir, 0)));
      const held = attempts.filter((attempt) => attempt.status === 'fulfilled');
      expect(held).toHaveLength(1);
      await held[0]?.value.release();
    }
  });

  it('is never a second one, though many processes start at once', async ({ onTestFinished }) => {
    const dataDir = await freshDirectory(onTestFinished);
    await writeFile(join(dataDir, 'bridge-999999999-long-gone.lock'), '');
    const starters = Array.from({ length: 4 }, () => runChild('lock-taker.ts', dataDir));
    for (const starter of starters) onTestFinished(() => starter.kill());
    // each holds the lock for a moment and looks whether it is alone, three times over
    const ends = await Promise.all(starters.map((starter) => starter.line((line) => line === 'done' || line.startsWith('not alone'))));
    expect(ends).toEqual(starters.map(() => 'done'));
  });
});

describe.skipIf(!hasPostgres && process.env['DATABASE_URL'] === undefined)('a second bridge on the same server', { concurrent: true }, () => {
  let ownServer: ServerProcess | undefined;
  beforeAll(async () => {
    if (process.env['DATABASE_URL'] === undefined) ownServer = await startPostgres();
  });
  afterAll(() => ownServer?.dispose());
  async function freshUrl(atEnd: AtEnd): Promise<string> {
    const { url, drop } = await createDatabase(process.env['DATABASE_URL'] ?? ownServer?.url ?? '');
    atEnd(drop);
    return url;
  }

  it('waits ten seconds, then refuses and says who has it; and starts once that is gone', async ({ onTestFinished }) => {
    const url = await freshUrl(onTestFinished);
    const first = await open('unused', url);
    const startedAtMs = performance.now();
    await expect(open('unused', url)).rejects.toThrow(
      /^expected to be the only bridge on this database, but another one uses it: process \d+ of feederbridge, connected from .* since /,
    );
    expect(performance.now() - startedAtMs).toBeGreaterThan(9_900);
    const second = open('unused', url);
    await first.close();
    await (await second).close();
  }, 30_000);

  it('stops the first when it took the lock over while the first had lost it', async ({ onTestFinished }) => {
    const url = await freshUrl(onTestFinished);
    const lost: Error[] = [];
    const first = await openDatabase({ databaseUrl: url, dataDir: 'unused', onLost: (reason) => lost.push(reason) });
    onTestFinished(() => first.close());
    // cut the first one's connections and take the lock, in one go, as a bridge would that starts in that moment
    await first.withClient((thief) => thief.query(`
      SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
      SELECT pg_advisory_lock(objid::bigint) FROM (SELECT 1717920100 AS objid) AS lock`));
    await vi.waitFor(() => expect(lost).toEqual([expect.any(StoreInUse)]), 10_000);
  });

  it('is not seen in a connection of its own that was given up, and that got the lock unheard', async ({ onTestFinished }) => {
    const url = await freshUrl(onTestFinished);
    const lost: Error[] = [];
    const clients: pg.Client[] = [];
    const connect = async (): Promise<pg.Client> => {
      const client = new pg.Client(url);
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      // As behind a server that froze: the second's answer never comes, and its hanging up is not noticed.
      if (clients.length === 2) return Object.assign(Object.create(client) as pg.Client, { query: unheard(client), end: () => Promise.resolve() });
      return client;
    };
    const lock = await holdServerLock(connect, (reason) => lost.push(reason), 0);
    await clients[0]?.end();
    // The third was turned away where there is a fourth.
    await vi.waitFor(() => expect(clients.length).toBeGreaterThan(3), 10_000);
    const ghost = clients[1];
    expect(await holders(ghost)).toBe(1);
    expect(lost).toEqual([]);
    await ghost?.end();
    await vi.waitFor(async () => expect(await isHolder(clients.at(-1))).toBe(true), 10_000);
    expect(lost).toEqual([]);
    await lock.release();
  }, 30_000);
});

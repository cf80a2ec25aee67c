import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDatabase, type Database } from '../src/store/database.ts';
import { holdDirectory } from '../src/store/directory-lock.ts';
import { StoreInUse } from '../src/store/store-errors.ts';
import { runChild } from './support/child-process.ts';
import { freshDatabase } from './support/postgres.ts';
import { hasPostgres, startPostgres } from './support/server-process.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function freshDirectory(): Promise<string> {
  const given = await freshDatabase();
  cleanUps.push(() => given.dispose());
  return given.dataDir;
}

const failOnLoss = (reason: Error): never => {
  throw reason;
};

const open = (dataDir: string, databaseUrl?: string): Promise<Database> =>
  openDatabase({ databaseUrl, dataDir, onLost: failOnLoss });

describe('a second bridge on the same data directory', () => {
  it('waits, then refuses and names the process that has it; and starts once that is gone', async () => {
    const dataDir = await freshDirectory();
    const holder = runChild('store-opener.ts', dataDir);
    cleanUps.push(() => holder.kill());
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

  it('waits ten seconds before it refuses', async () => {
    const dataDir = await freshDirectory();
    const first = await holdDirectory(dataDir, 0);
    cleanUps.push(() => first.release());
    const startedAtMs = performance.now();
    await expect(open(dataDir)).rejects.toMatchObject({ code: 'store-in-use' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(9_900);
  });

  it('is one only, of many that find the lock of a dead process', async () => {
    const dataDir = await freshDirectory();
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

  it('is never a second one, though many processes start at once', async () => {
    const dataDir = await freshDirectory();
    await writeFile(join(dataDir, 'bridge-999999999-long-gone.lock'), '');
    const starters = Array.from({ length: 4 }, () => runChild('lock-taker.ts', dataDir));
    for (const starter of starters) cleanUps.push(() => starter.kill());
    // each holds the lock for a moment and looks whether it is alone, three times over
    const ends = await Promise.all(starters.map((starter) => starter.line((line) => line === 'done' || line.startsWith('not alone'))));
    expect(ends).toEqual(starters.map(() => 'done'));
  });
});

describe.skipIf(!hasPostgres && process.env['DATABASE_URL'] === undefined)('a second bridge on the same server', () => {
  async function freshUrl(): Promise<string> {
    const given = await freshDatabase();
    cleanUps.push(() => given.dispose());
    if (given.databaseUrl !== undefined) return given.databaseUrl;
    const server = await startPostgres();
    cleanUps.push(() => server.dispose());
    return server.url;
  }

  it('waits ten seconds, then refuses and says who has it; and starts once that is gone', async () => {
    const url = await freshUrl();
    const first = await open('unused', url);
    const startedAtMs = performance.now();
    await expect(open('unused', url)).rejects.toThrow(
      /^expected to be the only bridge on this database, but another one uses it: process \d+ of feederbridge, connected from .* since /,
    );
    expect(performance.now() - startedAtMs).toBeGreaterThan(9_900);
    const second = open('unused', url);
    await first.close();
    await (await second).close();
  });

  it('stops the first when it took the lock over while the first had lost it', async () => {
    const url = await freshUrl();
    const lost: Error[] = [];
    const first = await openDatabase({ databaseUrl: url, dataDir: 'unused', onLost: (reason) => lost.push(reason) });
    cleanUps.push(() => first.close());
    // cut the first one's connections and take the lock, in one go, as a bridge would that starts in that moment
    await first.withClient((thief) => thief.query(`
      SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted;
      SELECT pg_advisory_lock(objid::bigint) FROM (SELECT 1717920100 AS objid) AS lock`));
    await vi.waitFor(() => expect(lost).toEqual([expect.any(StoreInUse)]), 10_000);
  });
});

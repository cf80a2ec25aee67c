import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { openDatabase, type Database } from '../src/store/database.ts';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { isUniqueViolation } from '../src/store/store-errors.ts';
import { runChild } from './support/child-process.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';

const failOnLoss = (reason: Error): never => {
  throw reason;
};

/** A data directory of the test's own. */
async function ownDirectory(): Promise<string> {
  const given = await freshDatabase();
  onTestFinished(() => given.dispose());
  return given.dataDir;
}

let given: FreshDatabase;
let database: Database;
beforeAll(async () => {
  given = await freshDatabase();
  database = await openDatabase({ ...given, onLost: failOnLoss });
});
afterAll(async () => {
  await database.close();
  await given.dispose();
});

describe('the database, embedded or not', () => {
  it('takes and gives numbers, times, JSON and bytes as they are', async () => {
    const at = new Date('2026-01-31T08:00:00.123Z');
    const { rows, rowCount } = await database.query(
      `SELECT $1::bigint AS big, sum($1::bigint) AS total, $2::timestamptz AS at, $3::jsonb AS json, $4::bytea AS bytes`,
      [9_007_199_254_740_991, at, JSON.stringify({ mealGrams: 12.5 }), Buffer.from([0, 255])],
    );
    expect(rowCount).toBe(1);
    expect(rows).toEqual([
      {
        big: 9_007_199_254_740_991,
        total: 9_007_199_254_740_991,
        at,
        json: { mealGrams: 12.5 },
        bytes: Buffer.from([0, 255]),
      },
    ]);
    await expect(database.query('SELECT 9007199254740993::bigint')).rejects.toThrow('expected a bigint below 2^53');
    expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('commits a transaction as a whole or not at all, whatever else is asked meanwhile', async () => {
    await database.query('CREATE TABLE item (id integer PRIMARY KEY)');
    const insert = { name: 'insert-item', text: 'INSERT INTO item VALUES ($1)' };
    await database.query(insert, [1]);
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, index) =>
        database.transaction(async (tx) => {
          await tx.query(insert, [100 + index]);
          await tx.query(insert, [index % 2 === 0 ? 1 : 200 + index]);
          return tx.query('SELECT 1');
        }),
      ),
      ...Array.from({ length: 20 }, () => database.query('SELECT count(*) FROM item')),
    ]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(10);
    expect(refused.every(({ reason }) => isUniqueViolation(reason, 'item_pkey'))).toBe(true);
    expect((await database.query('SELECT count(*) AS count FROM item')).rows).toEqual([{ count: 21 }]);
  });

  it('passes on why the work of a transaction failed, and refuses statements after its end', async () => {
    await database.query('CREATE TABLE portion (id integer PRIMARY KEY)');
    const failure = new Error('no fish');
    const late = await database.transaction((tx) => Promise.resolve(tx));
    await expect(late.query('SELECT 1')).rejects.toThrow('before its end');
    await expect(
      database.transaction(async (tx) => {
        await tx.query('INSERT INTO portion VALUES (1)');
        throw failure;
      }),
    ).rejects.toBe(failure);
    await expect(
      database.transaction(async (tx) => {
        await tx.query('INSERT INTO portion VALUES (2)');
        await tx.query('no SQL at all').catch(() => 'swallowed');
      }),
    ).rejects.toThrow('expected a commit');
    expect((await database.query('SELECT * FROM portion')).rows).toEqual([]);
  });
});

describe.skipIf(inject('snapshot') === undefined)('the embedded Postgres', () => {
  it('is as it was left when it is opened again, with nothing but its data left behind', async () => {
    const dataDir = await ownDirectory();
    const first = await openDatabase({ dataDir, onLost: failOnLoss });
    await first.query('CREATE TABLE item (id integer)');
    await first.close();
    expect(await readdir(dataDir)).toEqual(['postgres']);
    const second = await openDatabase({ dataDir, onLost: failOnLoss });
    onTestFinished(() => second.close());
    expect((await second.query('SELECT * FROM item')).rows).toEqual([]);
  });

  it('holds every committed row after its process was killed, again and again', async () => {
    const dataDir = await ownDirectory();
    let before = 0;
    for (let round = 1; round <= 2; round++) {
      const writer = runChild('store-opener.ts', dataDir);
      onTestFinished(() => writer.kill());
      await writer.line((line) => Number(line) >= 50);
      await writer.kill();
      const told = Math.max(...writer.lines.map(Number).filter(Number.isFinite));
      const reopened = await openDatabase({ dataDir, onLost: failOnLoss });
      const { rows } = await reopened.query<{ number: number }>('SELECT number FROM written ORDER BY number');
      await reopened.query('TRUNCATE written');
      await reopened.close();
      const numbers = rows.map(({ number }) => number);
      expect(numbers.length).toBeGreaterThanOrEqual(told);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      before += told;
    }
    expect(before).toBeGreaterThanOrEqual(100);
  });

  it('cannot be reached by other users, and says so when it cannot start', async () => {
    const dataDir = await ownDirectory();
    const embedded = await startEmbeddedPostgres(dataDir, failOnLoss, 0);
    expect((await stat(embedded.socketDir)).mode & 0o777).toBe(0o700);
    await embedded.close();
    await rm(join(dataDir, 'postgres', 'PG_VERSION'));
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), 'not a version');
    await expect(openDatabase({ dataDir, onLost: failOnLoss })).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  it('takes long statements, a client that hangs up in a transaction, and names used before', async () => {
    const { rows } = await database.query<{ text: string }>({ name: 'long', text: 'SELECT $1::text AS text' }, ['x'.repeat(3_000_000)]);
    expect(rows[0]?.text).toHaveLength(3_000_000);
    await database.query('CREATE TABLE pond (id integer)');
    await expect(
      database.withClient(async (client) => {
        await client.query('BEGIN; INSERT INTO pond VALUES (1)');
        throw new Error('hangs up');
      }),
    ).rejects.toThrow('hangs up');
    await vi.waitFor(async () => {
      const again = await database.query({ name: 'long', text: 'SELECT $1::text AS text' }, ['y']);
      expect(again.rows).toEqual([{ text: 'y' }]);
    });
    expect((await database.query('SELECT * FROM pond')).rows).toEqual([]);
  });
});

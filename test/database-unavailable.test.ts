import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase, type Database } from '../src/store/database.ts';
import { StoreUnavailable } from '../src/store/store-errors.ts';
import { hasPostgres, startPostgres, type ServerProcess } from './support/server-process.ts';

describe.skipIf(!hasPostgres)('a Postgres that is away', () => {
  let server: ServerProcess;
  let database: Database;
  const lost: Error[] = [];

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.dispose());
  beforeEach(async () => {
    database = await openDatabase({ databaseUrl: server.url, dataDir: 'unused', onLost: (reason) => lost.push(reason) });
    await database.query('DROP TABLE IF EXISTS item; CREATE TABLE item (id integer PRIMARY KEY)');
    // so that there are idle connections to be lost
    await Promise.all(Array.from({ length: 5 }, () => database.query('SELECT pg_sleep(0.05)')));
  });
  afterEach(async () => {
    await database.close();
    expect(lost.splice(0)).toEqual([]);
  });

  async function expectUnavailable(ask: () => Promise<unknown>): Promise<void> {
    const askedAtMs = performance.now();
    await expect(ask()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(performance.now() - askedAtMs).toBeLessThan(3500);
  }

  const insert = (id: number) => (): Promise<unknown> =>
    database.transaction((tx) => tx.query('INSERT INTO item VALUES ($1)', [id]));
  const answersAgain = (): Promise<unknown> => vi.waitFor(() => database.query('SELECT 1'), { timeout: 10_000, interval: 50 });

  it('is told while it is stopped, and everything goes on when it is back', async () => {
    const underWay = database.query('SELECT pg_sleep(1.5)');
    const killed = expect(underWay).rejects.toBeInstanceOf(StoreUnavailable);
    await server.kill();
    await killed;
    await Promise.all([insert(1), insert(2), () => database.query('SELECT 1')].map(expectUnavailable));
    await server.start();
    await answersAgain();
    await insert(3)();
    expect((await database.query('SELECT id FROM item')).rows).toEqual([{ id: 3 }]);
  });

  it('is told within seconds while it is frozen, by more than there are connections, and goes on when it thaws', async () => {
    server.freeze();
    try {
      await Promise.all(Array.from({ length: 25 }, (_, index) => expectUnavailable(insert(index))));
      await expectUnavailable(() => database.query('SELECT 1'));
    } finally {
      server.thaw();
    }
    await answersAgain();
    await insert(100)();
    expect((await database.query('SELECT id FROM item WHERE id = 100')).rows).toEqual([{ id: 100 }]);
  });

  it('is not blamed for what it refuses, but for taking too long', async () => {
    await expect(database.query('SELECT 1 FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
    await expectUnavailable(() => database.query('SELECT pg_sleep(5)'));
    await expectUnavailable(() => database.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a Postgres that is not there', () => {
  it('is told at the start', async () => {
    const nobody = 'postgres://postgres@127.0.0.1:1/postgres';
    const opening = openDatabase({ databaseUrl: nobody, dataDir: 'unused', onLost: () => undefined });
    await expect(opening).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

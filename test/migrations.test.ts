import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { postgresCommands } from '../src/store/postgres-commands.ts';
import { MIGRATIONS } from './support/migrations.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';
import { ISSUED } from './support/issuer.ts';

describe('migrations', () => {
  let given: FreshDatabase;
  let database: Database;
  let directory: string;
  let log: string[];

  beforeAll(async () => {
    given = await freshDatabase();
    database = await openDatabase({
      ...given,
      onLost: (reason) => {
        throw reason;
      },
    });
    await migrate(database, MIGRATIONS, () => undefined);
  });
  afterAll(async () => {
    await database.close();
    await given.dispose();
  });
  beforeEach(async () => {
    // as if none had been: these tests bring their own
    for (const table of ['applied_migration', 'sample', 'sample_two']) await database.query(`DROP TABLE IF EXISTS ${table}`);
    directory = await mkdtemp(join(tmpdir(), 'feederbridge-migrations-'));
    log = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  const write = (name: string, sql: string): Promise<void> => writeFile(join(directory, name), sql);
  const run = (): Promise<string[]> => migrate(database, directory, (line) => log.push(line));
  const tables = async (): Promise<unknown[]> =>
    (await database.query(`SELECT tablename FROM pg_tables WHERE tablename LIKE 'sample%' ORDER BY 1`)).rows;

  it('are applied once each, in the order of their numbers, with a line for each', async () => {
    await write('0002_more.sql', 'ALTER TABLE sample ADD COLUMN b text; CREATE INDEX ON sample (b);\n-- Down Migration\nDROP TABLE sample;');
    await write('0001_first.sql', '-- Up Migration\nCREATE TABLE sample (a integer);');
    expect(await run()).toEqual(['0001_first.sql', '0002_more.sql']);
    expect(log).toEqual(['migration 0001_first.sql', 'migration 0002_more.sql']);
    expect(await run()).toEqual([]);
    await write('0003_last.sql', 'INSERT INTO sample VALUES (1, $$x$$);');
    expect(await run()).toEqual(['0003_last.sql']);
    expect((await database.query('SELECT * FROM sample')).rows).toEqual([{ a: 1, b: 'x' }]);
  });

  it('leave nothing behind when one fails, and name it', async () => {
    await write('0001_good.sql', 'CREATE TABLE sample (a integer);');
    await write('0002_bad.sql', 'CREATE TABLE sample_two (a integer); CREATE TABLE no such thing;');
    const failed = run();
    await expect(failed).rejects.toMatchObject({ code: 'migration-failed' });
    await expect(failed).rejects.toThrow(/^0002_bad\.sql: /);
    expect(await tables()).toEqual([]);
    await write('0002_bad.sql', 'CREATE TABLE sample_two (a integer);');
    expect(await run()).toEqual(['0001_good.sql', '0002_bad.sql']);
    expect(await tables()).toEqual([{ tablename: 'sample' }, { tablename: 'sample_two' }]);
  });

  it('are refused when the database is newer than they are, or a file has another kind of name', async () => {
    await write('0001_first.sql', 'CREATE TABLE sample (a integer);');
    await write('0002_newer.sql', 'CREATE TABLE sample_two (a integer);');
    await run();
    await rm(join(directory, '0002_newer.sql'));
    await expect(run()).rejects.toThrow('0002_newer: expected no migration newer than this bridge');
    await write('2-readme.txt', 'hello');
    await expect(run()).rejects.toThrow('2-readme.txt: expected a name such as');
  });

  it('of the bridge bring a store of the first release up to date, with what is in it', async () => {
    await database.query('DROP SCHEMA public CASCADE');
    await database.query('CREATE SCHEMA public');
    for (const file of ['0001_feeders_and_commands.sql', '0002_site_logins.sql']) await cp(join(MIGRATIONS, file), join(directory, file));
    await run();
    await database.query(`INSERT INTO feeder (feeder_id, name, site, time_zone, token_sha256, enrolled_at, version_counter, unsettled_config)
      VALUES ('pond-1', 'pond', 'farm', 'UTC', '', now(), 7, 1)`);
    await database.query(`INSERT INTO command (command_id, feeder_id, kind, state, version, changes, issued_by, issued_at, expires_at)
      VALUES ('${COMMAND_ID}', 'pond-1', 'set-config', 'sent', 7, '{"mealGrams": 120}', 'admin', now(), now())`);
    await migrate(database, MIGRATIONS, () => undefined);
    const commands = postgresCommands(database);
    const [taken] = await commands.unsettled();
    expect(taken).toMatchObject({ commandId: COMMAND_ID, version: 7, order: { kind: 'set-config', changes: { mealGrams: 120 } } });
    const ending = { state: 'applied' as const, endedAtMs: 2, readAtMs: 1, readBack: { mealGrams: 120 }, previous: null, reason: null };
    expect(await commands.settle({ commandId: COMMAND_ID, feederId: 'pond-1' }, ending)).toMatchObject({ kind: 'first' });
    expect(await commands.unsettled()).toEqual([]);
    const dose = {
      feederId: 'pond-1', order: { kind: 'feed-now' as const, grams: 50 }, journalId: null, ...ISSUED, issuedAtMs: 3,
      expiresAtMs: 4, traceparent: null, heardVersion: 0, ifMatch: undefined, idempotency: undefined,
    };
    expect(await commands.insert({ ...dose, commandId: DOSE_ID })).toMatchObject({ kind: 'stored', command: { version: null } });
    expect(await commands.insert({ ...dose, commandId: randomUUID() })).toEqual({ kind: 'pending', commandId: DOSE_ID });
  });
});

const COMMAND_ID = randomUUID();
const DOSE_ID = randomUUID();

import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runner, type RunnerOption } from 'node-pg-migrate';
import type { ClientBase } from 'pg';
import type { Database } from './database.ts';

/** The database could not be brought to the form this bridge needs; nothing of the attempt is left in it. */
export class MigrationFailed extends Error {
  readonly code = 'migration-failed';
  override readonly name = 'MigrationFailed';
}

const FILE_NAME = /^\d{4}_[a-z0-9_]+\.sql$/;
const TABLE = 'applied_migration';

/**
 * Applies the SQL files of `directory` that the database has not seen, in the order of their numbers and all in one
 * transaction, and returns their names. The text from a line `-- Down Migration` on is left out. Rejects with
 * `MigrationFailed`, naming the file, or saying that the database is newer than these files.
 */
export async function migrate(database: Database, directory: string, log: (line: string) => void): Promise<string[]> {
  const files = await readdir(directory);
  const misnamed = files.find((file) => !FILE_NAME.test(file));
  if (misnamed !== undefined) {
    throw new MigrationFailed(`${misnamed}: expected a name such as 0001_feeders.sql in ${directory}`);
  }
  return database.withClient(async (client) => {
    await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
    const applied = await apply(client, directory, log);
    await refuseNewer(client, files);
    await client.query('RESET statement_timeout; RESET idle_in_transaction_session_timeout');
    return applied;
  });
}

/**
 * Whether the database has seen all SQL files of `directory`. Rejects with `MigrationFailed` where it is newer than these
 * files.
 */
export async function isMigrated(database: Database, directory: string): Promise<boolean> {
  const files = await readdir(directory);
  return database.withClient(async (client) => {
    const { rows: found } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [TABLE]);
    if (!found[0]?.found) return false;
    await refuseNewer(client, files);
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${TABLE}`);
    return rows[0]?.count === files.length;
  });
}

async function apply(client: ClientBase, directory: string, log: (line: string) => void): Promise<string[]> {
  let current: string | undefined;
  const load = async (path: string) => {
    const [sql = ''] = (await readFile(path, 'utf8')).split(/^--\s*Down Migration\b/im);
    return {
      id: path,
      filePaths: [path],
      actions: {
        up: (builder: { sql(text: string): void }) => {
          current = basename(path);
          log(`migration ${current}`);
          builder.sql(sql);
        },
      },
    };
  };
  const options: RunnerOption = {
    dbClient: client,
    dir: directory,
    direction: 'up',
    migrationsTable: TABLE,
    migrationLoaderStrategies: [{ extensions: ['.sql'], loader: (paths) => Promise.all(paths.map(load)) }],
    singleTransaction: true,
    noLock: true, // one bridge at a time has the store open anyway, and the embedded one has no advisory locks
    logger: { info: silent, warn: log, error: silent }, // an error is thrown as well
  };
  try {
    const done = await runner(options);
    return done.map(({ path }) => basename(path));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new MigrationFailed(`${current ?? join(directory, '*.sql')}: ${message}`, { cause: error });
  }
}

/** A database that an older bridge finds after a step back would be read wrongly. */
async function refuseNewer(client: ClientBase, files: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${TABLE} ORDER BY name`);
  const unknown = rows.find(({ name }) => !files.includes(`${name}.sql`));
  if (unknown !== undefined) {
    throw new MigrationFailed(`${unknown.name}: expected no migration newer than this bridge; start a newer one`);
  }
}

const silent = (): void => undefined;

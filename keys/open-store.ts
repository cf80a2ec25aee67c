import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../src/settings.ts';
import { openBeside, openDatabase, type Database } from '../src/store/database.ts';
import { isMigrated, migrate } from '../src/store/migrate.ts';
import { StoreInUse } from '../src/store/store-errors.ts';

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
/** Nobody wants to wait for a bridge to go that is to go on. */
const WAIT_MS = 0;

/**
 * Opens the store that the settings name, in the form that this version needs: beside the bridge that has it, where that
 * can be, else alone. Rejects with an error that says what to do.
 */
export async function openStore({ DATABASE_URL: databaseUrl, DATA_DIR: dataDir }: Settings, onLost: (reason: Error) => void): Promise<Database> {
  if (databaseUrl === undefined) await mkdir(dataDir, { recursive: true });
  else {
    const beside = openBeside(databaseUrl);
    if (await isMigrated(beside, MIGRATIONS).catch(closing(beside))) return beside;
    await beside.close();
  }
  // An embedded store is one process's alone, and whoever brings one up to date must be alone with it.
  const db = await openDatabase({ databaseUrl, dataDir, onLost, waitMs: WAIT_MS }).catch((error: unknown) => {
    if (!(error instanceof StoreInUse)) throw error;
    const todo = databaseUrl === undefined ? 'Ask that bridge for the key (POST /api/v1/keys with the key of an admin)' : 'It is of another version: start this one in its place';
    throw new Error(`${error.message}. ${todo}, or stop it first.`, { cause: error });
  });
  await migrate(db, MIGRATIONS, () => undefined).catch(closing(db));
  return db;
}

/** Lets go of a store that is of no use. */
const closing = (db: Database) => async (error: unknown): Promise<never> => {
  await db.close();
  throw error;
};

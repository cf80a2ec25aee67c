import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS } from './migrations.ts';

/** Makes a migrated embedded Postgres in the directory named on the command line, and closes it. */
const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error('expected a directory');
const database = await openDatabase({
  dataDir,
  onLost: (reason) => {
    throw reason;
  },
});
await migrate(database, MIGRATIONS, () => undefined);
await database.close();

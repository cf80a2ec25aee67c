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
// half of all files, which every test would copy: no test makes a database from a template
for (const template of ['template0', 'template1']) {
  await database.query('UPDATE pg_database SET datistemplate = false WHERE datname = $1', [template]);
  await database.query(`DROP DATABASE ${template}`);
}
await database.close();

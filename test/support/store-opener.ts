import { openDatabase } from '../../src/store/database.ts';

/**
 * A process that opens the embedded Postgres of the directory named on the command line and then stores one row after
 * the other, printing the number of each once it is committed, until it is killed.
 */
const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error('expected a directory');
const database = await openDatabase({
  dataDir,
  onLost: (reason) => {
    throw reason;
  },
});
await database.query('CREATE TABLE IF NOT EXISTS written (number integer PRIMARY KEY)');
console.log('open');
for (let number = 1; ; number++) {
  await database.transaction((tx) => tx.query('INSERT INTO written VALUES ($1)', [number]));
  console.log(number);
}

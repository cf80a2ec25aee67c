import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { holdDirectory } from '../../src/store/directory-lock.ts';

/** A process that takes the lock of the directory named on the command line three times, and says if it was not alone. */
const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error('expected a directory');
const witness = join(dataDir, 'witness');
for (let turn = 0; turn < 3; turn++) {
  const lock = await holdDirectory(dataDir, 60_000);
  const file = await open(witness, 'wx').catch((error: unknown) => {
    console.log(`not alone: ${String(error)}`);
    throw error;
  });
  await file.close();
  await pause(20);
  await rm(witness);
  await lock.release();
}
console.log('done');

import { existsSync, statSync } from 'node:fs';
import { open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './disk-error.ts';
import { tornAt } from './torn-tail.ts';

/** Looks at a LevelDB's files before it is opened, for what it would pass over in silence; undefined where all is well. */
export async function hiddenDamage(directory: string): Promise<string | undefined> {
  const files = await filesIn(directory);
  const isUsed = files.some((file) => /^MANIFEST-|\.(log|ldb|sst)$/.test(file));
  if (!isUsed) return undefined;
  if (!files.includes('CURRENT')) return `${join(directory, 'CURRENT')} is missing`;
  if (!files.some(isLog)) return `the newest .log of ${directory} is missing`;
  for (const file of files.filter((name) => isLog(name) || name.startsWith('MANIFEST-'))) {
    const bytes = await readFile(join(directory, file));
    const at = tornAt(bytes);
    if (at !== undefined) return `${join(directory, file)} cannot be read from byte ${at} of ${bytes.length} on`;
  }
  return undefined;
}

/** How long each log of a LevelDB is. */
export async function logSizes(directory: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const log of (await filesIn(directory)).filter(isLog)) {
    const size = await sizeOf(join(directory, log));
    if (size !== undefined) sizes.set(log, size);
  }
  return sizes;
}

/** Whether the newest of these logs is still where it was. */
export function isThere(directory: string, sizes: ReadonlyMap<string, number>): boolean {
  const newest = newestOf(sizes);
  return newest !== undefined && existsSync(join(directory, newest));
}

/**
 * How long they are after a write, where that went to the newest of them; undefined where LevelDB has begun another log.
 * One question about a file that is open, which waits for no disk, instead of a look at the directory for every write.
 */
export function sizesAfterWrite(directory: string, before: ReadonlyMap<string, number>): ReadonlyMap<string, number> | undefined {
  const newest = newestOf(before);
  if (newest === undefined) return undefined;
  let size: number;
  try {
    size = statSync(join(directory, newest)).size;
  } catch {
    // The write is kept, whatever this says; the next one looks for itself, and tells.
    return undefined;
  }
  return size > (before.get(newest) ?? 0) ? new Map(before).set(newest, size) : undefined;
}

/** Takes from the logs of a LevelDB that writes nothing what was added since they were as long as in `sizes`; synced. */
export async function cutLogs(directory: string, sizes: ReadonlyMap<string, number>): Promise<void> {
  for (const [log, size] of await logSizes(directory)) {
    const kept = sizes.get(log) ?? 0;
    if (size <= kept) continue;
    const handle = await open(join(directory, log), 'r+');
    try {
      await handle.truncate(kept);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Moves a directory out of the way, beside where it was; resolves with its new place. */
export async function moveAside(directory: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const place = `${directory}.damaged-${number}`;
    if ((await filesIn(place)).length > 0) continue;
    await rename(directory, place);
    return place;
  }
}

const newestOf = (sizes: ReadonlyMap<string, number>): string | undefined => [...sizes.keys()].sort().at(-1);

const isLog = (file: string): boolean => file.endsWith('.log');

/** The names of a directory's files; none where there is no directory. */
async function filesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined where the file is gone: LevelDB removes a log in the background when its records are in a table. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { explained, isDamage, saidBy } from './disk-error.ts';
import { keepDiskId, readDiskId } from './disk-id.ts';
import type { Disk } from './disk.ts';
import { hiddenDamage, moveAside } from './level-files.ts';
import { Level } from './level.ts';
import { unsealed } from './sealed.ts';

/** One LevelDB for all feeders of an agent: for their journals, or for their spools. */
export type LevelDisk = {
  /** Another one after every repair: what was kept before may have been forgotten. */
  readonly diskId: string;
  /** The part of the disk that is a feeder's own. */
  of(feederId: string): Disk;
  close(): Promise<void>;
};

/**
 * Opens the LevelDB in `directory`, which is made where there is none. Damaged files are repaired, at the worst moved
 * aside, and `onRepaired` hears of it. Writes leave `keepFreeBytes` of the file system free: they reject with `disk-full`
 * rather than take the room of others. Rejects with a `DiskError` where another agent has it or the disk takes no writes.
 */
export async function openLevelDisk(directory: string, onRepaired: (what: string) => void, keepFreeBytes = 0): Promise<LevelDisk> {
  const idFile = `${directory}.id`;
  try {
    await mkdir(dirname(directory), { recursive: true });
    const knownId = await readDiskId(idFile);
    let diskId = knownId ?? randomUUID();
    if (knownId === undefined) await keepDiskId(idFile, diskId);
    // Kept before the repair, as nothing shows afterwards that there was one.
    const renew = async (): Promise<void> => keepDiskId(idFile, (diskId = randomUUID()));

    const damage = await hiddenDamage(directory);
    if (damage !== undefined) await renew();
    try {
      const { db, found } = await openRepaired(directory, damage, renew);
      for (const what of found) onRepaired(what);
      return new Level(directory, db, diskId, keepFreeBytes);
    } catch (error) {
      const reason = explained(directory, error);
      // Another agent is at work there: what looked damaged was half of a write of its.
      if (damage !== undefined && reason.code === 'disk-in-use') await keepDiskId(idFile, knownId ?? diskId);
      throw reason;
    }
  } catch (error) {
    throw explained(directory, error);
  }
}

type Opened = { db: ClassicLevel; found: string[] };

/**
 * Opens the database, repaired where `damage` or the opening itself asks for it; `found` tells what was wrong. LevelDB's
 * repair takes no lock, so it must come after an opening that failed for another reason.
 */
async function openRepaired(directory: string, damage: string | undefined, renew: () => Promise<void>): Promise<Opened> {
  const found = damage === undefined ? [] : [damage];
  const noteDamage = async (error: unknown): Promise<void> => {
    if (!isDamage(error)) throw error;
    await renew();
    found.push(`${directory}: ${saidBy(error)}`);
  };
  const begin = async (createIfMissing: boolean): Promise<ClassicLevel> => {
    const db = new ClassicLevel(directory, { createIfMissing });
    try {
      await db.open();
      const broken = await brokenKeys(db);
      if (broken.length === 0) return db;
      await renew();
      found.push(`${directory}: what was written is not there for ${broken.length} keys, ${broken[0] ?? ''} the first`);
      await db.batch(broken.map((key) => ({ type: 'del', key })), { sync: true });
      return db;
    } catch (error) {
      await db.close();
      throw error;
    }
  };
  try {
    return { db: await begin(damage === undefined), found };
  } catch (error) {
    await noteDamage(error);
  }
  try {
    await ClassicLevel.repair(directory);
    return { db: await begin(false), found };
  } catch (error) {
    await noteDamage(error);
  }
  found.push(`it was moved to ${await moveAside(directory)}`);
  return { db: await begin(true), found };
}

/** Reads all there is, as LevelDB looks at a table only when it is read; the keys that hold something else than was written. */
async function brokenKeys(db: ClassicLevel): Promise<string[]> {
  const broken: string[] = [];
  for await (const [key, value] of db.iterator()) if (unsealed(key, value) === undefined) broken.push(key);
  return broken;
}

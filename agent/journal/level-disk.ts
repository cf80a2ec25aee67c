import { randomUUID } from 'node:crypto';
import { mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { crc32c } from './crc32c.ts';
import { DiskError, explained, isDamage, saidBy } from './disk-error.ts';
import { keepDiskId, readDiskId } from './disk-id.ts';
import type { Disk, DiskChange } from './disk.ts';
import { cutLogs, hiddenDamage, logSizes, moveAside } from './level-files.ts';

/** What LevelDB may need to open its logs again. */
const ROOM_BYTES = 16 * 1024 * 1024;
const SUM_LENGTH = 8;

/** One LevelDB for the journals of all feeders of an agent. */
export type LevelDisk = {
  /** Another one after every repair: what was kept before may have been forgotten. */
  readonly diskId: string;
  /** The part of the disk that is a feeder's own. */
  of(feederId: string): Disk;
  close(): Promise<void>;
};

/**
 * Opens the LevelDB in `directory`, which is made where there is none. Damaged files are repaired, at the worst moved
 * aside, and `onRepaired` hears of it. Rejects with a `DiskError` where another agent has it or the disk takes no writes.
 */
export async function openLevelDisk(directory: string, onRepaired: (what: string) => void): Promise<LevelDisk> {
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
      return new Level(directory, db, diskId);
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

/** An open database. Writes come one after the other: LevelDB goes on after one that failed, and loses what follows it. */
class Level implements LevelDisk {
  readonly diskId: string;
  readonly #directory: string;
  readonly #db: ClassicLevel;
  /** Settles when the write before is over. */
  #over: Promise<unknown> = Promise.resolve();
  /** What the next write takes, and its end. */
  readonly #waiting: Operation[] = [];
  #next: Promise<void> | undefined;
  /** How long the logs were before a write that failed; what it left in them must go before the next. */
  #logsBefore: ReadonlyMap<string, number> | undefined;

  constructor(directory: string, db: ClassicLevel, diskId: string) {
    this.#directory = directory;
    this.#db = db;
    this.diskId = diskId;
  }

  of(feederId: string): Disk {
    const own = `${feederId}/`;
    return {
      get: (key) => this.#get(own + key),
      entries: (prefix) => this.#entries(own, prefix),
      write: (changes) => this.#write(own, changes),
    };
  }

  /** Resolves when what was asked before is over and the files are closed. */
  async close(): Promise<void> {
    await this.#inTurn(() => this.#closeFiles());
  }

  async #get(key: string): Promise<string | undefined> {
    const value = await this.#db.get(key);
    return value === undefined ? undefined : this.#whole(key, value);
  }

  async *#entries(own: string, prefix: string): AsyncGenerator<[string, string]> {
    const range = { gte: own + prefix, lt: `${own}${prefix}\uffff` };
    for await (const [key, value] of this.#db.iterator(range)) yield [key.slice(own.length), this.#whole(key, value)];
  }

  /** What waits while another write is under way goes out together, with one sync for all. */
  async #write(own: string, changes: readonly DiskChange[]): Promise<void> {
    this.#waiting.push(...changes.map((change) => operation(own, change)));
    this.#next ??= this.#inTurn(() => this.#writeWaiting());
    await this.#next;
  }

  async #writeWaiting(): Promise<void> {
    const operations = this.#waiting.splice(0);
    this.#next = undefined;
    try {
      if (this.#logsBefore) await this.#openAgain();
      const logsBefore = await logSizes(this.#directory);
      this.#logsBefore = logsBefore;
      await this.#db.batch(operations, { sync: true });
      this.#logsBefore = undefined;
    } catch (error) {
      throw explained(this.#directory, error);
    }
  }

  /** After a failed write: LevelDB would write behind the half of it, and keeps some errors for ever. */
  async #openAgain(): Promise<void> {
    // While there is no room it could not be opened again, and what is there could not even be read.
    const { bavail, bsize } = await statfs(this.#directory);
    if (bavail * bsize < ROOM_BYTES) throw new DiskError('disk-full', `expected ${ROOM_BYTES} bytes free for the journal in ${this.#directory}: free some space`, undefined);
    await this.#closeFiles();
    await this.#db.open();
  }

  async #closeFiles(): Promise<void> {
    await this.#db.close();
    if (this.#logsBefore) await cutLogs(this.#directory, this.#logsBefore);
    this.#logsBefore = undefined;
  }

  #whole(key: string, value: string): string {
    const text = unsealed(key, value);
    if (text !== undefined) return text;
    throw new DiskError('disk-fault', `${key} in ${this.#directory} is not what was written there: restart the agent, which repairs it`, undefined);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#over.then(work);
    // Whoever asked for the work hears of its failure; the next in turn need not.
    this.#over = done.catch(() => undefined);
    return done;
  }
}

type Operation = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };

const operation = (own: string, change: DiskChange): Operation =>
  'put' in change
    ? { type: 'put', key: own + change.put, value: sealed(own + change.put, change.value) }
    : { type: 'del', key: own + change.remove };

const sumOf = (key: string, text: string): string => crc32c(Buffer.from(`${key}\n${text}`)).toString(16).padStart(SUM_LENGTH, '0');
/** A value with a sum over key and text: LevelDB has sums of its own, but does not look at them when it reads a table. */
const sealed = (key: string, text: string): string => sumOf(key, text) + text;

function unsealed(key: string, value: string): string | undefined {
  const text = value.slice(SUM_LENGTH);
  return value.slice(0, SUM_LENGTH) === sumOf(key, text) ? text : undefined;
}

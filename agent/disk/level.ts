import { statfs } from 'node:fs/promises';
import type { ClassicLevel } from 'classic-level';
import { DiskError, explained } from './disk-error.ts';
import type { Disk, DiskChange } from './disk.ts';
import { cutLogs, isThere, logSizes, sizesAfterWrite } from './level-files.ts';
import { sealed, unsealed } from './sealed.ts';

/** What LevelDB may need to open its logs again. */
const ROOM_BYTES = 16 * 1024 * 1024;

/**
 * An open database. Writes come one after the other. After one that failed LevelDB would write behind the half of it, and
 * keeps some errors for ever: it is closed, its logs are cut back, and it is opened again before it is used again.
 */
export class Level {
  readonly diskId: string;
  readonly #directory: string;
  readonly #db: ClassicLevel;
  readonly #keepFreeBytes: number;
  /** Settles when what was asked before is over. */
  #over: Promise<unknown> = Promise.resolve();
  /** What the next write takes, and its end. */
  readonly #waiting: Operation[] = [];
  /** Some of that must outlive a power cut. */
  #mustSync = false;
  #next: Promise<void> | undefined;
  /** A write failed, and the database has not been opened again since. */
  #mustReopen = false;
  /** How long the logs are since the last write; undefined where they must be looked at. */
  #logSizes: ReadonlyMap<string, number> | undefined;
  /** How long the logs were before the write that failed; what it left in them must go. */
  #logsBefore: ReadonlyMap<string, number> | undefined;

  constructor(directory: string, db: ClassicLevel, diskId: string, keepFreeBytes: number) {
    this.#directory = directory;
    this.#db = db;
    this.diskId = diskId;
    this.#keepFreeBytes = keepFreeBytes;
  }

  /** The part of it that is a feeder's own. */
  of(feederId: string): Disk {
    const own = `${feederId}/`;
    return {
      get: (key) => this.#get(own + key),
      entries: (prefix, fromKey) => this.#entries(own, prefix, fromKey),
      write: (changes) => {
        this.#mustSync = true;
        return this.#write(own, changes);
      },
      letGo: (keys) => this.#write(own, keys.map((key) => ({ remove: key }))),
    };
  }

  /** Resolves when what was asked before is over and the files are closed. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#db.close();
      await this.#cut();
      this.#mustReopen = false;
    });
  }

  async #get(key: string): Promise<string | undefined> {
    const value = await this.#whenOpen(() => this.#db.get(key));
    return value === undefined ? undefined : this.#whole(key, value);
  }

  async *#entries(own: string, prefix: string, fromKey = prefix): AsyncGenerator<[string, string]> {
    const range = { gte: own + fromKey, lt: `${own}${prefix}\uffff` };
    const entries = await this.#whenOpen(() => this.#db.iterator(range));
    for await (const [key, value] of entries) yield [key.slice(own.length), this.#whole(key, value)];
  }

  /** Reads at once, or in turn where the database must be opened again, as it may be closed for that just now. */
  async #whenOpen<T>(read: () => T | Promise<T>): Promise<T> {
    if (!this.#mustReopen) return read();
    return this.#inTurn(async () => {
      if (this.#mustReopen) await this.#reopen();
      return read();
    });
  }

  /** What waits while another write is under way goes out together, with one sync for all. */
  async #write(own: string, changes: readonly DiskChange[]): Promise<void> {
    this.#waiting.push(...changes.map((change) => operation(own, change)));
    this.#next ??= this.#inTurn(() => this.#writeWaiting());
    await this.#next;
  }

  async #writeWaiting(): Promise<void> {
    const operations = this.#waiting.splice(0);
    const sync = this.#mustSync;
    this.#mustSync = false;
    this.#next = undefined;
    try {
      if (this.#mustReopen && !(await this.#reopen())) {
        throw new DiskError('disk-full', `expected ${ROOM_BYTES} bytes free for ${this.#directory}: free some space`, undefined);
      }
      await this.#checkRoomKept(operations);
      const logsBefore = await this.#sizesNow();
      this.#logSizes = undefined;
      await this.#db.batch(operations, { sync }).catch(async (error: unknown) => {
        await this.#takeBack(logsBefore);
        throw error;
      });
      this.#logSizes = sizesAfterWrite(this.#directory, logsBefore);
    } catch (error) {
      throw explained(this.#directory, error);
    }
  }

  /** How long the logs are. Rejects where there is none: what is written then is gone with the last process that has it open. */
  async #sizesNow(): Promise<ReadonlyMap<string, number>> {
    const known = this.#logSizes;
    const sizes = known && isThere(this.#directory, known) ? known : await logSizes(this.#directory);
    if (sizes.size > 0) return sizes;
    throw new DiskError('disk-fault', `expected the files of ${this.#directory}, but they were removed: restart the agent`, undefined);
  }

  /** After a failed write, which may be in the log in part or as a whole, and must not be found there after a restart. */
  async #takeBack(logsBefore: ReadonlyMap<string, number>): Promise<void> {
    // Asked for after the end, it was not tried.
    if (this.#db.status !== 'open') return;
    this.#mustReopen = true;
    this.#logsBefore = logsBefore;
    // The write's own error is told. Whoever asks for something next tries this again, and hears of this one.
    await this.#reopen().catch(() => undefined);
  }

  /**
   * Closes the database, cuts its logs back and opens it again; resolves with whether it did. Without room it could not be
   * opened, and nothing could be read: then it stays open for reading, over logs that are cut back all the same, so that
   * all is well if the agent is killed. They are cut once more when it is closed, as LevelDB may write out then what it
   * still holds of the failed write.
   */
  async #reopen(): Promise<boolean> {
    try {
      if (this.#db.status === 'open' && (await this.#hasRoom())) await this.#db.close();
      await this.#cut();
      if (this.#db.status === 'open') return false;
      // Never a new one: what was kept must not be forgotten because its files are away just now.
      await this.#db.open({ createIfMissing: false });
      this.#mustReopen = false;
      return true;
    } catch (error) {
      throw explained(this.#directory, error);
    }
  }

  /** Cuts from the logs what a failed write left; for good once the database is closed. */
  async #cut(): Promise<void> {
    if (!this.#logsBefore) return;
    await cutLogs(this.#directory, this.#logsBefore);
    if (this.#db.status === 'closed') this.#logsBefore = undefined;
  }

  async #hasRoom(): Promise<boolean> {
    return (await this.#freeBytes()) >= ROOM_BYTES;
  }

  /** What is only let go of needs next to no room, and makes some in the end. */
  async #checkRoomKept(operations: readonly Operation[]): Promise<void> {
    if (this.#keepFreeBytes === 0 || operations.every(({ type }) => type === 'del')) return;
    const free = await this.#freeBytes();
    if (free >= this.#keepFreeBytes) return;
    throw new DiskError('disk-full', `expected ${this.#keepFreeBytes} bytes to be left free beside ${this.#directory}, not ${free}: free some space`, undefined);
  }

  async #freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#directory);
    return bavail * bsize;
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

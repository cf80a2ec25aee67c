import { z } from 'zod';
import { OpaqueId } from '../../topics/identifiers.ts';
import type { Disk, DiskChange } from '../disk/disk.ts';
import { KINDS, placeOf, RecordWriter, type RecordClock } from './kept-record.ts';
import { droppedOf, LettingGo, type Dropped, type Limits } from './letting-go.ts';
import { Observed } from './observed.ts';
import { MOST_AT_ONCE, recordsFrom, recordsOf, selected } from './reading-back.ts';
import type { Batch, Happened, SentRecord, Spool } from './spool.ts';
import { Tally } from './tally.ts';

const META_KEY = 'meta';
const Meta = z.object({
  spoolId: OpaqueId,
  /** The disk's id when this spool began. */
  diskId: OpaqueId,
  /** The place of its record 0: records of spools before it, at lower places, are of no use any more. */
  base: z.int().min(0),
  nextSeq: z.int().min(0),
  /** What the bridge's time was at least when this was written; absent while it was never told. */
  notBeforeMs: z.number().optional(),
  /** Absent until something was, which a new spool is first kept with. */
  observed: Observed.optional(),
});
type Meta = z.infer<typeof Meta>;
type State = Omit<Meta, 'diskId'>;

/**
 * Under what the first number is kept that was never sent: there while a process gives numbers of which it does not know that
 * the bridge has not heard of them from another copy of this disk.
 */
const unsentKey = (spoolId: string): string => `unsent/${spoolId}`;
/** There beside it until that number goes out: if it does and the process ends before the receipt, the bridge knows it by that. */
const untriedKey = (spoolId: string): string => `untried/${spoolId}`;

/** The first number that was never sent; by no process, or by one that heard of no receipt. */
type Unsent = { from: number; hasGoneOut: boolean };

export type SpoolDeps = {
  /** Makes up a new id, for a spool or this process. */
  newId: () => string;
  /** Another one after every repair of the disk: a spool that knew another one may have forgotten records. */
  diskId: string;
  clock: RecordClock;
  limits: Limits;
};

/**
 * Opens the spool that is kept on `disk`, or begins a new one; writes nothing. After a repair of the disk it begins anew,
 * and tells what it lets go of. Rejects where the disk cannot be read.
 */
export async function openSpool(disk: Disk, deps: SpoolDeps): Promise<DiskSpool> {
  const text = await disk.get(META_KEY);
  const meta = text === undefined ? undefined : Meta.safeParse(JSON.parse(text)).data;
  const { spoolId = deps.newId(), base = 0, notBeforeMs, observed } = meta ?? {};
  const waiting = new Tally();
  for (const kind of KINDS) for await (const found of recordsOf(disk, kind, base)) waiting.add(found);
  const nextSeq = Math.max(meta?.nextSeq ?? 0, waiting.lastPlace + 1 - base);
  const unsentText = await disk.get(unsentKey(spoolId));
  const hasGoneOut = unsentText !== undefined && (await disk.get(untriedKey(spoolId))) === undefined;
  const unsent = meta && { from: Number(unsentText ?? nextSeq), hasGoneOut };
  const spool = new DiskSpool(disk, deps, { spoolId, base, nextSeq, notBeforeMs, observed }, waiting, unsent);
  if (nextSeq > 0 && meta?.diskId !== deps.diskId) await spool.beginAnew();
  return spool;
}

/** Holds no records in memory, only what they come to. What is in memory is on the disk too, but for a spool still empty. */
export class DiskSpool implements Spool {
  readonly #disk: Disk;
  readonly #deps: SpoolDeps;
  readonly #writer: RecordWriter;
  readonly #lettingGo: LettingGo;
  #state: State;
  #waiting: Tally;
  /** The place of the oldest record that waits, or one before it. */
  #readFrom: number;
  /** The place below which nothing is left on the disk. */
  #sweepFrom = 0;
  /** What the next append is to tell of a spool before this one. */
  #owed: Dropped | undefined;
  /** For as long as it is not known that the bridge has none from there on. */
  #unsent: Unsent | undefined;
  #onAppended: () => void = () => undefined;
  /** Settles when what was asked before is over. */
  #over: Promise<unknown> = Promise.resolve();

  constructor(disk: Disk, deps: SpoolDeps, state: State, waiting: Tally, unsent: Unsent | undefined) {
    this.#disk = disk;
    this.#deps = deps;
    this.#writer = new RecordWriter(deps.clock, deps.newId(), state.notBeforeMs);
    this.#lettingGo = new LettingGo(disk, this.#writer, deps.clock, deps.limits);
    this.#state = state;
    this.#unsent = unsent;
    this.#waiting = waiting;
    this.#readFrom = Math.min(waiting.firstPlace, state.base + state.nextSeq);
  }

  get spoolId(): string {
    return this.#state.spoolId;
  }

  get observed(): Observed | undefined {
    return this.#state.observed;
  }

  get count(): number {
    return this.#waiting.count;
  }

  /** The number that the next record gets. */
  get nextSeq(): number {
    return this.#state.nextSeq;
  }

  /** Its numbers are surely its own; otherwise it may be an old copy, and another may have given those from `unsentFrom` on. */
  get isTried(): boolean {
    return this.#unsent === undefined;
  }

  /** No process has sent anything behind this number; of a spool that is tried, all may have been sent. */
  get unsentFrom(): number {
    return this.#unsent?.from ?? this.nextSeq;
  }

  /** Has `listener` called after each append, instead of the one before. */
  onAppended(listener: () => void): void {
    this.#onAppended = listener;
  }

  append(happened: readonly Happened[], observed: Observed): Promise<void> {
    const { spoolId } = this;
    return this.#inTurn(async () => {
      if (spoolId !== this.spoolId) throw new Error('expected the spool that this was seen for, but it began anew meanwhile: look again');
      const { base, nextSeq } = this.#state;
      const now = this.#deps.clock.moment();
      const records = happened.map((each, index) => this.#writer.write(each, base + nextSeq + index));
      const coming = new Tally();
      for (const record of records) coming.add(record);
      const gone = await this.#lettingGo.next({ base, fromPlace: this.#readFrom, bytes: this.#waiting.bytes + coming.bytes });
      for (const record of [this.#owed, gone.told]) {
        if (record === undefined) continue;
        const written = this.#writer.write({ at: now, record }, base + nextSeq + records.length);
        records.push(written);
      }
      const state: State = { ...this.#state, nextSeq: nextSeq + records.length, notBeforeMs: this.#writer.notBeforeMs(now), observed };
      await this.#disk.write([
        ...gone.keys.map((key) => ({ remove: key })),
        ...records.map(({ key, value }) => ({ put: key, value })),
        ...this.#unsentKept(),
        this.#meta(state),
      ]);
      this.#state = state;
      this.#owed = undefined;
      this.#waiting.takeOff(gone.tally);
      for (const record of records) this.#waiting.add(record);
      this.#onAppended();
    });
  }

  /**
   * The oldest records, in their order: at most so many, and of no more than about so many bytes, but at least one; undefined
   * where none waits. Rejects where the disk cannot be read.
   */
  oldest(mostRecords: number, mostBytes: number): Promise<Batch | undefined> {
    // In turn, as each kind is read by itself: what is kept meanwhile would be seen in one and not in another.
    return this.#inTurn(async () => {
      const { spoolId, base } = this.#state;
      const records: SentRecord[] = [];
      let bytes = 0;
      for await (const { key, value } of recordsFrom(this.#disk, this.#waiting.kinds, this.#readFrom)) {
        bytes += value.length;
        if (records.length === mostRecords || (records.length > 0 && bytes > mostBytes)) break;
        records.push(this.#writer.read(value, placeOf(key) - base));
      }
      const [first, ...others] = records;
      return first && { spoolId, records: [first, ...others] };
    });
  }

  /** Lets go of what is stored: all up to this number, which must have been given. Rejects where the disk does not let it. */
  async dropThrough(seq: number): Promise<void> {
    const lastPlace = this.#state.base + seq;
    while (!(await this.#inTurn(() => this.#sweep(lastPlace))));
  }

  /** The first number that was never sent goes out now; resolves with whether it is the first time. Rejects where that cannot be kept. */
  trialGoesOut(): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#unsent === undefined || this.#unsent.hasGoneOut) return false;
      // Removed, not written: a disk on which a spool keeps nothing more takes this too, and sending makes room.
      await this.#disk.write([{ remove: untriedKey(this.spoolId) }]);
      this.#unsent = { ...this.#unsent, hasGoneOut: true };
      return true;
    });
  }

  /** The bridge did not know the first number that was never sent; rejects where that cannot be kept. */
  tried(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#disk.write([{ remove: unsentKey(this.spoolId) }, { remove: untriedKey(this.spoolId) }]);
      this.#unsent = undefined;
    });
  }

  /**
   * Begins a new spool, as this one may have forgotten records, or is an old copy; what waits is never sent. Its meals would be
   * counted from counters that are long past: the new one begins from those that are, and the bridge books the difference.
   */
  beginAnew(): Promise<void> {
    return this.#inTurn(() => {
      const { spoolId, base, nextSeq } = this.#state;
      if (this.#waiting.count > 0) this.#owed = { ...droppedOf('damaged', this.#waiting, this.#readFrom - base, nextSeq - 1), ofSpoolId: spoolId };
      this.#state = { ...this.#state, spoolId: this.#deps.newId(), base: base + nextSeq, nextSeq: 0, observed: undefined };
      this.#unsent = undefined;
      this.#waiting = new Tally();
      this.#readFrom = this.#state.base;
      return Promise.resolve();
    });
  }

  #unsentKept(): DiskChange[] {
    if (this.#unsent === undefined) return [];
    const kept = { put: unsentKey(this.spoolId), value: String(this.#unsent.from) };
    return this.#unsent.hasGoneOut ? [kept] : [kept, { put: untriedKey(this.spoolId), value: '' }];
  }

  #meta(state: State): DiskChange {
    const meta: Meta = Meta.parse({ ...state, diskId: this.#deps.diskId });
    return { put: META_KEY, value: JSON.stringify(meta) };
  }

  /** Removes some of what is kept up to a place, the rest the next time; resolves with whether all is gone. */
  async #sweep(lastPlace: number): Promise<boolean> {
    const { base } = this.#state;
    const isOfSpoolBefore = this.#sweepFrom < base;
    const through = isOfSpoolBefore ? base - 1 : lastPlace;
    const kinds = isOfSpoolBefore ? KINDS : this.#waiting.kinds;
    const { keys, tally, isAll } = await selected(this.#disk, kinds, this.#sweepFrom, MOST_AT_ONCE, ({ key }) => placeOf(key) <= through);
    if (keys.length > 0) await this.#disk.letGo(keys);
    if (!isOfSpoolBefore) this.#waiting.takeOff(tally);
    if (!isAll) return false;
    this.#sweepFrom = through + 1;
    this.#readFrom = Math.max(this.#readFrom, this.#sweepFrom);
    return through === lastPlace;
  }

  /** Runs `work` when what was asked before is over. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#over.then(work);
    // Whoever asked for the work hears of its failure; the next in turn need not.
    this.#over = done.catch(() => undefined);
    return done;
  }
}

import { z } from 'zod';
import { OpaqueId } from '../../topics/identifiers.ts';
import type { Disk } from '../disk/disk.ts';
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
  observed: Observed,
});
type Meta = z.infer<typeof Meta>;
/** As kept, but that a new spool has not observed anything yet; it is kept with its first record. */
type State = Omit<Meta, 'diskId' | 'observed'> & { observed: Observed | undefined };

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
  const { spoolId = deps.newId(), base = 0, observed } = meta ?? {};
  const waiting = new Tally();
  for (const kind of KINDS) for await (const found of recordsOf(disk, kind, base)) waiting.add(found);
  const nextSeq = Math.max(meta?.nextSeq ?? 0, waiting.lastPlace + 1 - base);
  const spool = new DiskSpool(disk, deps, { spoolId, base, nextSeq, observed }, waiting);
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
  #onAppended: () => void = () => undefined;
  /** Settles when what was asked before is over. */
  #over: Promise<unknown> = Promise.resolve();

  constructor(disk: Disk, deps: SpoolDeps, state: State, waiting: Tally) {
    this.#disk = disk;
    this.#deps = deps;
    this.#writer = new RecordWriter(deps.clock, deps.newId());
    this.#lettingGo = new LettingGo(disk, this.#writer, deps.clock, deps.limits);
    this.#state = state;
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
      const state: State = { ...this.#state, nextSeq: nextSeq + records.length, observed };
      const meta: Meta = Meta.parse({ ...state, diskId: this.#deps.diskId });
      await this.#disk.write([
        ...gone.keys.map((key) => ({ remove: key })),
        ...records.map(({ key, value }) => ({ put: key, value })),
        { put: META_KEY, value: JSON.stringify(meta) },
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
  async oldest(mostRecords: number, mostBytes: number): Promise<Batch | undefined> {
    const { spoolId, base } = this.#state;
    const records: SentRecord[] = [];
    let bytes = 0;
    for await (const { key, value } of recordsFrom(this.#disk, this.#readFrom)) {
      bytes += value.length;
      if (records.length === mostRecords || (records.length > 0 && bytes > mostBytes)) break;
      records.push(this.#writer.read(value, placeOf(key) - base));
    }
    const [first, ...others] = records;
    return first && { spoolId, records: [first, ...others] };
  }

  /** Lets go of what is stored: all up to this number, which must have been given. Rejects where the disk does not let it. */
  async dropThrough(seq: number): Promise<void> {
    const lastPlace = this.#state.base + seq;
    while (!(await this.#inTurn(() => this.#sweep(lastPlace))));
  }

  /** Begins a new spool, as this one is an old copy of itself or may have forgotten records; what waits is never sent. */
  beginAnew(): Promise<void> {
    return this.#inTurn(() => {
      const { base, nextSeq } = this.#state;
      if (this.#waiting.count > 0) this.#owed = droppedOf('damaged', this.#waiting, this.#readFrom - base, nextSeq - 1);
      this.#state = { spoolId: this.#deps.newId(), base: base + nextSeq, nextSeq: 0, observed: undefined };
      this.#waiting = new Tally();
      this.#readFrom = this.#state.base;
      return Promise.resolve();
    });
  }

  /** Removes some of what is kept up to a place, the rest the next time; resolves with whether all is gone. */
  async #sweep(lastPlace: number): Promise<boolean> {
    const { base } = this.#state;
    const isOfSpoolBefore = this.#sweepFrom < base;
    const through = isOfSpoolBefore ? base - 1 : lastPlace;
    const { keys, tally, isAll } = await selected(this.#disk, KINDS, this.#sweepFrom, MOST_AT_ONCE, ({ key }) => placeOf(key) <= through);
    if (keys.length > 0) await this.#disk.write(keys.map((key) => ({ remove: key })));
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

import { HistoryRecord } from '../../topics/payloads.ts';
import type { Disk } from '../disk/disk.ts';
import { KINDS, placeOf, type Found, type RecordClock, type RecordKind, type RecordWriter } from './kept-record.ts';
import { MOST_AT_ONCE, recordsOf, selected, type Selection } from './reading-back.ts';
import { Tally } from './tally.ts';

const DAY_MS = 24 * 3_600_000;
/** How much of its room a spool that was too full makes use of afterwards. */
const FILLED_AGAIN = 0.9;
/** How often to look for records that are too old. */
const AGE_CHECK_MS = 6 * 3_600_000;
/** What is of use only for so long; the rest goes for want of room alone. */
const AGEING: readonly RecordKind[] = ['reading', 'config', 'plc'];

/** Of one feeder's spool. */
export type Limits = { maxDays: number; maxBytes: number };

export type Dropped = Omit<Extract<HistoryRecord, { kind: 'dropped' }>, 'seq' | 'at'>;

/** What goes unsent, and the record of it. */
export type LetGo = { keys: readonly string[]; tally: Tally; told: Dropped | undefined };

const NOTHING: LetGo = { keys: [], tally: new Tally(), told: undefined };

/** Where a spool is on its disk, and how many bytes it is to hold. */
type Extent = { base: number; fromPlace: number; bytes: number };

/**
 * Keeps a spool within its limits. Some records at a time, told of by one record: one that still waits from the time before
 * is let go of, and what it told is added.
 */
export class LettingGo {
  readonly #disk: Disk;
  readonly #writer: RecordWriter;
  readonly #clock: RecordClock;
  readonly #limits: Limits;
  #ageCheckedAtMs = -Infinity;

  constructor(disk: Disk, writer: RecordWriter, clock: RecordClock, limits: Limits) {
    this.#disk = disk;
    this.#writer = writer;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** What is to go from a spool of this extent; where that is very much, the rest the next time. */
  async next(extent: Extent): Promise<LetGo> {
    const beyond = extent.bytes - this.#limits.maxBytes;
    if (beyond > 0) {
      const enough = beyond + (1 - FILLED_AGAIN) * this.#limits.maxBytes;
      return this.#told('too-many', await this.#selected(KINDS, extent, (_, before) => before.bytes < enough), extent);
    }
    const now = this.#clock.moment();
    const nowMs = this.#clock.roughlyAt(now);
    if (nowMs === undefined || now.monotonicMs - this.#ageCheckedAtMs < AGE_CHECK_MS) return NOTHING;
    const oldestMs = nowMs - this.#limits.maxDays * DAY_MS;
    const old = await this.#selected(AGEING, extent, ({ value }) => (this.#writer.happenedAtMs(value) ?? Infinity) < oldestMs);
    if (old.isAll) this.#ageCheckedAtMs = now.monotonicMs;
    return this.#told('too-old', old, extent);
  }

  #selected(kinds: readonly RecordKind[], { fromPlace }: Extent, wanted: (found: Found, before: Tally) => boolean): Promise<Selection> {
    return selected(this.#disk, kinds, fromPlace, MOST_AT_ONCE, wanted);
  }

  async #told(why: Dropped['why'], { keys, tally }: Selection, { base, fromPlace }: Extent): Promise<LetGo> {
    if (keys.length === 0) return NOTHING;
    const earlier: Dropped[] = [];
    const chosen = new Set(keys);
    for await (const found of recordsOf(this.#disk, 'dropped', fromPlace)) {
      const record = HistoryRecord.safeParse(this.#writer.read(found.value, placeOf(found.key) - base)).data;
      if (record?.kind !== 'dropped' || record.why !== why) continue;
      earlier.push(record);
      if (chosen.has(found.key)) continue;
      keys.push(found.key);
      tally.add(found);
    }
    return { keys, tally, told: earlier.reduce(withEarlier, droppedOf(why, tally, tally.firstPlace - base, tally.lastPlace - base)) };
  }
}

/** A record of what was let go of. */
export const droppedOf = (why: Dropped['why'], { counts }: Tally, fromSeq: number, throughSeq: number): Dropped => ({
  kind: 'dropped',
  why,
  counts,
  fromSeq,
  throughSeq,
});

function withEarlier(told: Dropped, earlier: Dropped): Dropped {
  const counts = Object.fromEntries(
    KINDS.map((kind) => [kind, (told.counts[kind] ?? 0) + (earlier.counts[kind] ?? 0)] as const).filter(([, count]) => count > 0),
  );
  return { ...told, counts, fromSeq: Math.min(told.fromSeq, earlier.fromSeq), throughSeq: Math.max(told.throughSeq, earlier.throughSeq) };
}

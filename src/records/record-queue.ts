import { countOf, numbersIn, partOf, type ReceivedBatch } from './received-batch.ts';

/** Twice as long as an agent waits before it sends a batch again: one that has not come by then was let go of by its spool. */
const HOLE_KEPT_MS = 120_000;
/** How long a feeder in trouble waits for its next turn, at first and at most. */
const FIRST_REST_MS = 10_000;
const LONGEST_REST_MS = 300_000;

/** A batch as far as it is known before anybody looks into it. */
type Outline = Pick<ReceivedBatch, 'feederId' | 'spoolId' | 'from' | 'through'>;

/** How much may wait, of all feeders and of one of them; the batch with which it is reached may go beyond. */
export type QueueLimits = { bytes: number; bytesOfOne: number };

/** What is here of one feeder. */
type Lane = {
  waiting: ReceivedBatch[];
  /** Taken out, and not done yet. */
  taken: ReceivedBatch[];
  bytes: number;
  /** The numbers of its latest spool that were turned away, and when; until they come again, nothing behind them is taken. */
  hole: { spoolId: string; from: number; through: number; atMs: number } | undefined;
  /** It failed alone: until nothing of it is left it goes alone, and not before its time. */
  trouble: { failures: number; dueAtMs: number } | undefined;
};

/**
 * Batches that wait to be stored: of each feeder in the order they came, the feeders by turns; memory is bounded. Invariant:
 * of a spool, what is taken out has no hole where a batch was turned away, so that a receipt never covers what is not stored.
 */
export class RecordQueue {
  readonly #limits: QueueLimits;
  /** By feeder; who was served last is the last. */
  readonly #lanes = new Map<string, Lane>();
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** How much is here, with what was taken and is not done yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether batches of some feeder failed alone. */
  get hasTrouble(): boolean {
    return [...this.#lanes.values()].some(({ trouble }) => trouble !== undefined);
  }

  /** Whether a batch that comes at `nowMs` is worth looking into; else it is turned away. */
  hasRoom(batch: Outline, nowMs: number): boolean {
    const lane = this.#lanes.get(batch.feederId) ?? newLane();
    if (this.#admits(lane, batch, nowMs)) return true;
    this.#lanes.set(batch.feederId, lane);
    return false;
  }

  /** Takes a batch at `nowMs`, or turns it away. Where it is sent again while it is here, only what is new in it counts. */
  add(sent: ReceivedBatch, nowMs: number): 'taken' | 'turned-away' {
    const { feederId, spoolId } = sent;
    const lane = this.#lanes.get(feederId) ?? newLane();
    const batch = withoutKnown(sent, [...lane.taken, ...lane.waiting]);
    if (batch === undefined) return 'taken';
    this.#lanes.set(feederId, lane);
    if (!this.#admits(lane, batch, nowMs)) return 'turned-away';
    if (lane.hole?.spoolId === spoolId) lane.hole = undefined;
    this.#bytes += batch.bytes;
    lane.bytes += batch.bytes;
    lane.waiting.push(batch);
    return 'taken';
  }

  /** Whether there is room for a batch, and nothing before it is missing; else what is behind it is turned away too. */
  #admits(lane: Lane, { spoolId, from, through }: Outline, nowMs: number): boolean {
    const hole = lane.hole?.spoolId === spoolId ? lane.hole : undefined;
    if (hole !== undefined && from > hole.from && nowMs - hole.atMs < HOLE_KEPT_MS) {
      hole.through = Math.max(hole.through, through);
      return false;
    }
    if (this.#bytes < this.#limits.bytes && lane.bytes < this.#limits.bytesOfOne) return true;
    lane.hole = { spoolId, from, through: Math.max(through, hole?.through ?? through), atMs: nowMs };
    return false;
  }

  /**
   * The next batches at `nowMs`: no more than come to about `records` records, but one at least, where one may go. What was
   * taken before must be done, or put back.
   */
  take(records: number, nowMs: number): ReceivedBatch[] {
    const batches: ReceivedBatch[] = [];
    const served: [string, Lane][] = [];
    let count = 0;
    for (const [feederId, lane] of this.#lanes) {
      if (lane.bytes === 0 && isOver(lane.hole, nowMs)) this.#lanes.delete(feederId);
      if (lane.waiting.length === 0) continue;
      if (lane.trouble !== undefined && (batches.length > 0 || nowMs < lane.trouble.dueAtMs)) continue;
      served.push([feederId, lane]);
      for (let next = lane.waiting[0]; next !== undefined; next = lane.waiting[0]) {
        count += countOf(next);
        if (count > records && batches.length > 0) break;
        lane.taken.push(next);
        batches.push(next);
        lane.waiting.shift();
        if (lane.trouble !== undefined) break;
      }
      if (count > records || lane.trouble !== undefined) break;
    }
    for (const [feederId, lane] of served) {
      this.#lanes.delete(feederId);
      this.#lanes.set(feederId, lane);
    }
    return batches;
  }

  /** What was taken is stored, or given up: its room is free, and what of it was turned away when it came again is not missing. */
  done(batches: readonly ReceivedBatch[]): void {
    for (const { feederId, spoolId, from, through, bytes } of batches) {
      const lane = this.#lanes.get(feederId);
      if (lane === undefined) continue;
      this.#bytes -= bytes;
      lane.bytes -= bytes;
      lane.taken = [];
      const { hole } = lane;
      if (hole?.spoolId === spoolId && from <= hole.from && hole.from <= through) {
        if (through < hole.through) hole.from = through + 1;
        else lane.hole = undefined;
      }
      if (lane.bytes === 0) lane.trouble = undefined;
      else if (lane.trouble !== undefined) lane.trouble = { failures: 0, dueAtMs: -Infinity };
      if (lane.bytes === 0 && lane.hole === undefined) this.#lanes.delete(feederId);
    }
  }

  /** What was taken could not be stored: it is the next again, in these parts. */
  putBack(parts: readonly ReceivedBatch[]): void {
    for (const part of parts.toReversed()) {
      const lane = this.#lanes.get(part.feederId);
      if (lane === undefined) continue;
      lane.taken = [];
      lane.waiting.unshift(part);
    }
  }

  /** Lets a feeder's batches wait, longer each time, so that what is wrong with them holds nobody else up. */
  setAside(feederId: string, nowMs: number): void {
    const lane = this.#lanes.get(feederId);
    if (lane === undefined) return;
    const failures = lane.trouble?.failures ?? 0;
    lane.trouble = { failures: failures + 1, dueAtMs: nowMs + Math.min(FIRST_REST_MS * 2 ** failures, LONGEST_REST_MS) };
  }
}

const newLane = (): Lane => ({ waiting: [], taken: [], bytes: 0, hole: undefined, trouble: undefined });

const isOver = (hole: Lane['hole'], nowMs: number): boolean => hole === undefined || nowMs - hole.atMs >= HOLE_KEPT_MS;

/** What is new in a batch that begins where one that is here does; the batch itself where none does. */
function withoutKnown(batch: ReceivedBatch, here: readonly ReceivedBatch[]): ReceivedBatch | undefined {
  const ofSpool = here.filter(({ spoolId }) => spoolId === batch.spoolId);
  if (!ofSpool.some(({ from }) => from === batch.from)) return batch;
  const known = new Set(ofSpool.flatMap(numbersIn));
  const news = partOf(batch, ({ seq }) => seq !== undefined && !known.has(seq));
  return countOf(news) === 0 ? undefined : news;
}

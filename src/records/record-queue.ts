import type { ReceivedBatch } from './received-batch.ts';

/** Twice as long as an agent waits before it sends a batch again: one that has not come by then was let go of by its spool. */
const HOLE_KEPT_MS = 120_000;

/** How much may wait, of all feeders and of one of them. */
export type QueueLimits = { bytes: number; bytesOfOne: number };

/**
 * Batches that wait to be stored, in the order they came; memory is bounded. Invariant: of a spool, what is taken out has no
 * hole where a batch was turned away, so that a receipt never covers what is not stored.
 */
export class RecordQueue {
  readonly #limits: QueueLimits;
  readonly #waiting: ReceivedBatch[] = [];
  readonly #bytesOf = new Map<string, number>();
  /** From where on the latest spool of a feeder was turned away, and when; until it comes again from there, nothing of it is taken. */
  readonly #turnedAway = new Map<string, { spoolId: string; from: number; atMs: number }>();
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** How much is here, with what was taken and is not done yet. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Takes a batch at `nowMs`, or turns it away. */
  add(batch: ReceivedBatch, nowMs: number): 'taken' | 'turned-away' {
    const { feederId, spoolId, from, bytes } = batch;
    const bytesOfFeeder = this.#bytesOf.get(feederId) ?? 0;
    const hole = this.#turnedAway.get(feederId);
    const isBehindHole = hole?.spoolId === spoolId && from > hole.from && nowMs - hole.atMs < HOLE_KEPT_MS;
    // What is too much for the queue by itself still goes through it alone.
    const isFull = this.#bytes + bytes > this.#limits.bytes || (bytesOfFeeder > 0 && bytesOfFeeder + bytes > this.#limits.bytesOfOne);
    if (isBehindHole || isFull) {
      if (!isBehindHole) this.#turnedAway.set(feederId, { spoolId, from, atMs: nowMs });
      return 'turned-away';
    }
    if (hole?.spoolId === spoolId) this.#turnedAway.delete(feederId);
    this.#bytes += bytes;
    this.#bytesOf.set(feederId, bytesOfFeeder + bytes);
    this.#waiting.push(batch);
    return 'taken';
  }

  /** The next batches, at least one where there is one, and no more of them than come to about `records` records. */
  take(records: number): ReceivedBatch[] {
    let count = 0;
    const end = this.#waiting.findIndex(({ good, bad }, index) => (count += good.length + bad.length) > records && index > 0);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  /** What was taken is stored, or given up: its room is free. */
  done(batches: readonly ReceivedBatch[]): void {
    for (const { feederId, bytes } of batches) {
      this.#bytes -= bytes;
      const left = (this.#bytesOf.get(feederId) ?? 0) - bytes;
      if (left > 0) this.#bytesOf.set(feederId, left);
      else this.#bytesOf.delete(feederId);
    }
  }
}

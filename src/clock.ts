import type { MachineClocks } from '../machine/clocks.ts';

const ANCHOR_EVERY_MS = 30_000;
/** Beyond this difference one of the clocks was adjusted, or the machine was suspended. */
const CLOCKS_PARTED_MS = 1_000;
/** How long the database may take to tell its time. */
const LONGEST_TRIP_MS = 1_000;

/** A moment on the database's clock and what this machine's clocks said then. */
type Anchor = { databaseMs: number; wallMs: number; monotonicMs: number };

/**
 * The bridge's time, in milliseconds since 1970: the database's clock carried forward by this machine's clocks. It
 * takes the later of the wall-clock and monotonic estimates, so that a suspended machine never thinks itself in time,
 * and it never steps back.
 */
export class BridgeClock {
  readonly #machine: MachineClocks;
  #anchor: Anchor;
  #latestMs: number;
  #lastEpochMs = 0;

  /** @param floorMs the newest time already stored; the clock never shows an earlier one. */
  constructor(machine: MachineClocks, floorMs = 0) {
    this.#machine = machine;
    this.#anchor = { databaseMs: machine.wallMs(), wallMs: machine.wallMs(), monotonicMs: machine.monotonicMs() };
    this.#latestMs = floorMs;
  }

  /**
   * Asks the database for its time and goes by the answer from now on; half the round trip is added to it. An answer that
   * took long, by either clock, is old by nobody knows how much, as after a suspension: then it asks again.
   */
  async anchor(askDatabaseMs: () => Promise<number>): Promise<void> {
    for (;;) {
      const asked = this.#clocks();
      const databaseMs = await askDatabaseMs();
      const answered = this.#clocks();
      const tripMs = Math.max(answered.wallMs - asked.wallMs, answered.monotonicMs - asked.monotonicMs);
      if (tripMs > LONGEST_TRIP_MS) continue;
      this.#anchor = { databaseMs: databaseMs + tripMs / 2, ...answered };
      return;
    }
  }

  /** Whether the database should be asked again: the last time was long ago, or this machine's clocks part. */
  needsAnchor(): boolean {
    const byWallMs = this.#machine.wallMs() - this.#anchor.wallMs;
    const byMonotonicMs = this.#machine.monotonicMs() - this.#anchor.monotonicMs;
    return byMonotonicMs > ANCHOR_EVERY_MS || Math.abs(byWallMs - byMonotonicMs) > CLOCKS_PARTED_MS;
  }

  /** Whole milliseconds since 1970. */
  now(): number {
    const { databaseMs, wallMs, monotonicMs } = this.#anchor;
    const byWall = databaseMs + this.#machine.wallMs() - wallMs;
    const byMonotonic = databaseMs + this.#machine.monotonicMs() - monotonicMs;
    this.#latestMs = Math.max(this.#latestMs, Math.floor(Math.max(byWall, byMonotonic)));
    return this.#latestMs;
  }

  /** Now, but higher than every epoch given before: which of two sessions is newer is never a tie. */
  nextEpoch(): number {
    this.#lastEpochMs = Math.max(this.now(), this.#lastEpochMs + 1);
    return this.#lastEpochMs;
  }

  #clocks(): Omit<Anchor, 'databaseMs'> {
    return { wallMs: this.#machine.wallMs(), monotonicMs: this.#machine.monotonicMs() };
  }
}

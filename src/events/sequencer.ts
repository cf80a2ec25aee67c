import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { numberEvents, selectEvents, selectNewestEventId, type StoredEvent } from '../store/events.ts';

/** How long what was poked about is gathered, so that many commits make one round. */
const GATHER_MS = 25;
/** How long without a poke until it looks by itself; also the pause after a failure. */
const LOOK_MS = 1_000;
/** How many events one statement moves: on the embedded store commands wait behind it. */
const BATCH = 200;
/**
 * Numbers given to events within a millisecond, at most; it makes the clock's time a number that was never reached. So a
 * number tells when it was given, and not how much has happened before.
 */
const IDS_PER_MS = 1_000;

/** What is numbered after a time has a higher number than this. */
export const floorIdAt = (atMs: number): number => Math.floor(atMs) * IDS_PER_MS;

export type SequencerDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  /** Whether anybody wants events at once. Else it is enough to number them once in a while, many in a batch. */
  isWaitedFor: () => boolean;
  /** Takes events, in the order of their numbers and each once; by then they are committed. */
  onEvents: (events: readonly StoredEvent[]) => void;
  onProblem: (error: unknown) => void;
};

/**
 * Gives events their numbers in the order of their commits, and hands them on. A plain sequence would number them in the
 * order in which they began, and whoever follows the numbers would skip those that are committed late.
 */
export class Sequencer {
  readonly #deps: SequencerDeps;
  #newestId: number;
  #hasFailed = false;
  #isPoked = false;
  #isStopping = false;
  #underWay: Promise<void> | undefined;
  #callOff: () => void;

  /** Goes on after the newest event that is stored. */
  constructor(deps: SequencerDeps, newestId: number) {
    this.#deps = deps;
    this.#newestId = newestId;
    this.#callOff = this.#next(0);
  }

  /** The number of the event handed on last, or by the bridge before; 0 where nothing has happened yet. */
  get newestId(): number {
    return this.#newestId;
  }

  /** Something was committed that may have made events. */
  poke(): void {
    if (this.#isPoked || this.#isStopping || !this.#deps.isWaitedFor()) return;
    this.#isPoked = true;
    if (this.#underWay !== undefined) return;
    this.#callOff();
    this.#callOff = this.#next(GATHER_MS);
  }

  /** Begins no other round; resolves when the one under way is over. What it leaves the next bridge takes up. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#callOff();
    await this.#underWay;
  }

  #next(delayMs: number): () => void {
    return this.#deps.timers.after(delayMs, () => {
      this.#isPoked = false;
      this.#underWay = this.#round();
    });
  }

  async #round(): Promise<void> {
    const failed = await this.#move().then(
      () => false,
      (error: unknown) => {
        // The store may be away for long.
        if (!this.#hasFailed) this.#deps.onProblem(error);
        return true;
      },
    );
    this.#hasFailed = failed;
    this.#underWay = undefined;
    if (!this.#isStopping) this.#callOff = this.#next(this.#isPoked && !failed ? GATHER_MS : LOOK_MS);
  }

  async #move(): Promise<void> {
    const { db, clock } = this.#deps;
    for (let numbered = BATCH; numbered === BATCH && !this.#isStopping; ) {
      const nowMs = clock.now();
      // Of a store that is put back to an earlier state no number given since is given again: a client's stays unknown.
      numbered = await numberEvents(db, floorIdAt(nowMs), nowMs, BATCH);
      // Read as they are stored: of what was numbered before, perhaps nobody heard that it was.
      await this.#handOn();
    }
  }

  async #handOn(): Promise<void> {
    const { db, onEvents, onProblem } = this.#deps;
    const storedId = await selectNewestEventId(db);
    while (this.#newestId < storedId && !this.#isStopping) {
      const { events, problems, throughId } = await selectEvents(db, { afterId: this.#newestId, throughId: storedId }, BATCH);
      this.#newestId = throughId;
      for (const problem of problems) onProblem(problem);
      onEvents(events);
    }
  }
}

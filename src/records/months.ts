import type { Database } from '../store/database.ts';
import { createMonth, dropMonth, monthEndMs, monthOf, selectMonths } from '../store/reading-partitions.ts';

const DAY_MS = 86_400_000;

/** The months that readings are kept in: made when a reading needs one, and let go of by age. */
export class Months {
  readonly #db: Database;
  readonly #keepDays: number;
  readonly #known = new Set<string>();
  /** Settles when the one that is made just now is there, or cannot be: no month is made twice at once. */
  #making: Promise<unknown> = Promise.resolve();

  constructor(db: Database, keepDays: number) {
    this.#db = db;
    this.#keepDays = keepDays;
  }

  /** The time before which readings are not kept. */
  oldestMs(nowMs: number): number {
    return nowMs - this.#keepDays * DAY_MS;
  }

  /** Makes room for readings of these times. */
  async makeRoom(timesMs: readonly number[]): Promise<void> {
    const days = new Set<number>();
    for (const timeMs of timesMs) days.add(Math.floor(timeMs / DAY_MS));
    for (const month of new Set([...days].map((day) => monthOf(day * DAY_MS)))) {
      if (!this.#known.has(month)) await this.#make(month);
    }
  }

  #make(month: string): Promise<void> {
    const made = this.#making.then(async () => {
      if (this.#known.has(month)) return;
      await createMonth(this.#db, month);
      this.#known.add(month);
    });
    this.#making = made.catch(() => undefined);
    return made;
  }

  /** Someone else may have let go of some: looks again before the next. */
  forget(): void {
    this.#known.clear();
  }

  /** Lets go of months that are wholly too old, and makes room for this one and the next. */
  async keepUp(nowMs: number): Promise<void> {
    await this.makeRoom([nowMs, monthEndMs(monthOf(nowMs))]);
    for (const month of await selectMonths(this.#db)) {
      if (monthEndMs(month) > this.oldestMs(nowMs)) continue;
      this.#known.delete(month);
      await dropMonth(this.#db, month);
    }
  }
}

import { gramsPerDayOf } from '../history/feeding-rates.ts';
import type { Queryable } from '../store/database.ts';

/** How long a rate is gone by until it is asked for again; it moves slowly. */
const KEPT_MS = 10 * 60_000;
/** Of how many feeders it is asked for at once. */
const MOST_AT_ONCE = 100;

/** How much each feeder fed a day lately. */
export class FeedingRates {
  readonly #byFeeder = new Map<string, { askedAtMs: number; gramsPerDay: number | undefined }>();

  /** The rate as last asked for; undefined where no meal is known. */
  find(feederId: string): number | undefined {
    return this.#byFeeder.get(feederId)?.gramsPerDay;
  }

  /** Asks for the rates of these feeders that are old or not known. */
  async refresh(db: Queryable, feederIds: readonly string[], nowMs: number): Promise<void> {
    const due = feederIds.filter((feederId) => (this.#byFeeder.get(feederId)?.askedAtMs ?? -Infinity) + KEPT_MS <= nowMs);
    for (let first = 0; first < due.length; first += MOST_AT_ONCE) {
      const asked = due.slice(first, first + MOST_AT_ONCE);
      const rates = await gramsPerDayOf(db, asked, nowMs);
      for (const feederId of asked) this.#byFeeder.set(feederId, { askedAtMs: nowMs, gramsPerDay: rates.get(feederId) });
    }
  }

  /** Lets go of the feeders that are no longer there. */
  keepOnly(isThere: (feederId: string) => boolean): void {
    for (const feederId of this.#byFeeder.keys()) if (!isThere(feederId)) this.#byFeeder.delete(feederId);
  }
}

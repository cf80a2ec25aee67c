import { selectFedSince } from '../store/alarm-evidence.ts';
import type { Queryable } from '../store/database.ts';

const DAY_MS = 24 * 3_600_000;
const RATE_OVER_MS = 3 * DAY_MS;
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

  /**
   * Asks for the rates of these feeders that are old or not known: the last three days', or since the first meal, spread over a
   * day at least, so that the first morning's is not taken for all day's.
   */
  async refresh(db: Queryable, feederIds: readonly string[], nowMs: number): Promise<void> {
    const due = feederIds.filter((feederId) => (this.#byFeeder.get(feederId)?.askedAtMs ?? -Infinity) + KEPT_MS <= nowMs);
    for (let first = 0; first < due.length; first += MOST_AT_ONCE) {
      const asked = due.slice(first, first + MOST_AT_ONCE);
      const fed = new Map((await selectFedSince(db, asked, nowMs - RATE_OVER_MS)).map((each) => [each.feederId, each]));
      for (const feederId of asked) {
        const known = fed.get(feederId);
        const gramsPerDay = known && (known.grams * DAY_MS) / Math.max(DAY_MS, nowMs - known.sinceMs);
        this.#byFeeder.set(feederId, { askedAtMs: nowMs, gramsPerDay });
      }
    }
  }

  /** Lets go of the feeders that are no longer there. */
  keepOnly(isThere: (feederId: string) => boolean): void {
    for (const feederId of this.#byFeeder.keys()) if (!isThere(feederId)) this.#byFeeder.delete(feederId);
  }
}

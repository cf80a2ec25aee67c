import type { Feeder } from '../feeders/directory.ts';
import { selectNewestRecords } from '../store/alarm-evidence.ts';
import type { Queryable } from '../store/database.ts';
import { mealsDue, mealsDueAtMs, scheduleNow } from './missed-meals.ts';
import type { Known, Meals } from './rules.ts';
import type { Sightings } from './sightings.ts';

/** An agent stores a reading a minute at least, oldest first: before one as new as this, nothing waits. */
const CAUGHT_UP_MS = 3 * 60_000;

/** A feeder whose meals are judged: how many missed ones are too many, and what else is known of it. */
export type MealCase = { feeder: Feeder; most: number | null; isOpen: boolean; known: Pick<Known, 'nowMs' | 'agent' | 'plc' | 'readings'> };

/** What became of the meals that were to be fed. */
export class MealEvidence {
  readonly #sightings: Sightings;
  /** The last meal known of each feeder, so that the store is asked only where some seem to be missing. */
  readonly #lastMealAtMs = new Map<string, number>();
  /** Until when nothing can be missed, and by what that was found: it is long to find, and the nights are long. */
  readonly #nothingMissed = new Map<string, { by: string; untilMs: number }>();

  constructor(sightings: Sightings) {
    this.#sightings = sightings;
  }

  /** What is known of these feeders' meals; those of which nothing can be said, or nothing is amiss, are absent. */
  async find(db: Queryable, cases: readonly MealCase[], nowMs: number): Promise<Map<string, Meals>> {
    const found = new Map<string, Meals>();
    const suspects = cases.flatMap(({ feeder, most, isOpen, known }) => {
      const { feederId, timeZone, config } = feeder;
      if (most === null || config === null || known.agent?.state !== 'online' || known.plc?.state !== 'ok') return [];
      const schedule = scheduleNow(config.values, known.readings);
      const key = schedule.state === 'expected' ? JSON.stringify(schedule.values) : undefined;
      const watchedSinceMs = this.#sightings.watchedSinceMs(feederId, nowMs, key);
      if (schedule.state === 'none-expected') found.set(feederId, { state: 'none-expected' });
      if (schedule.state !== 'expected' || watchedSinceMs === undefined) return [];
      const due = (sinceMs: number): number => mealsDue(schedule.values, sinceMs, nowMs, timeZone);
      const knownSinceMs = Math.max(watchedSinceMs, this.#lastMealAtMs.get(feederId) ?? 0);
      const by = `${key} ${timeZone} ${most} ${knownSinceMs}`;
      const untilMs = (): number => mealsDueAtMs(schedule.values, most, knownSinceMs, nowMs, timeZone);
      return isOpen || this.#seemsMissed(feederId, by, nowMs, untilMs) ? [{ feederId, watchedSinceMs, due }] : [];
    });
    if (suspects.length === 0) return found;
    const newest = await selectNewestRecords(db, suspects.map(({ feederId }) => feederId), nowMs - CAUGHT_UP_MS);
    const records = new Map(newest.map((each) => [each.feederId, each]));
    for (const { feederId, watchedSinceMs, due } of suspects) {
      const { mealAtMs = null, readingAtMs = null } = records.get(feederId) ?? {};
      if (mealAtMs !== null) this.#lastMealAtMs.set(feederId, mealAtMs);
      // History lags behind: the meals may be on their way.
      if (readingAtMs === null) continue;
      found.set(feederId, {
        state: 'expected',
        missedSinceMeal: mealAtMs === null ? Infinity : due(mealAtMs),
        missedWhileWatched: due(Math.max(watchedSinceMs, mealAtMs ?? 0)),
        lastMealAtMs: mealAtMs ?? undefined,
      });
    }
    return found;
  }

  #seemsMissed(feederId: string, by: string, nowMs: number, untilMs: () => number): boolean {
    const found = this.#nothingMissed.get(feederId);
    if (found?.by === by && nowMs <= found.untilMs) return false;
    const next = { by, untilMs: untilMs() };
    this.#nothingMissed.set(feederId, next);
    return nowMs > next.untilMs;
  }

  /** Lets go of the feeders that are no longer there. */
  keepOnly(isThere: (feederId: string) => boolean): void {
    for (const byFeeder of [this.#lastMealAtMs, this.#nothingMissed]) {
      for (const feederId of byFeeder.keys()) if (!isThere(feederId)) byFeeder.delete(feederId);
    }
  }
}

import type { Queryable } from '../store/database.ts';
import { selectNextRollupAtMs, selectReadingDays, selectRollups, type ReadingSummary } from '../store/reading-history.ts';
import { secondsOf, storedMinutesOf, type WholeBuckets } from './buckets.ts';
import { siteDays } from './site-days.ts';

/** How many buckets are read at once. */
const BUCKETS_AT_ONCE = 250;

/**
 * A feeder's readings of these names, or of all, in whole buckets: oldest first and by name within each, each with when its
 * bucket begins, in milliseconds since 1970. A bucket without a reading is not there.
 */
export async function* readingBuckets(
  db: Queryable,
  { feederId, timeZone }: { feederId: string; timeZone: string },
  names: readonly string[] | undefined,
  { bucket, fromMs, toMs }: WholeBuckets,
): AsyncGenerator<ReadingSummary<number>, void> {
  if (bucket === '1d') {
    const days = siteDays(fromMs, toMs, timeZone);
    for (let done = 0; done < days.length; done += BUCKETS_AT_ONCE) {
      const some = days.slice(done, done + BUCKETS_AT_ONCE);
      const starts = new Map(some.map((day) => [day.date, day.fromMs]));
      const dates = { fromDate: some[0]?.date ?? '', throughDate: some.at(-1)?.date ?? '' };
      for (const summary of await selectReadingDays(db, feederId, names, dates)) {
        const startsAt = starts.get(summary.startsAt);
        if (startsAt !== undefined) yield { ...summary, startsAt };
      }
    }
    return;
  }
  const level = { storedMinutes: storedMinutesOf(bucket), bucketSeconds: secondsOf(bucket) };
  const bucketMs = level.bucketSeconds * 1000;
  const sliceMs = BUCKETS_AT_ONCE * bucketMs;
  for (let startsAtMs = fromMs; startsAtMs < toMs; ) {
    const endsAtMs = Math.min(startsAtMs + sliceMs, toMs);
    const found = await selectRollups(db, feederId, names, level, { fromMs: startsAtMs, toMs: endsAtMs });
    yield* found;
    startsAtMs = endsAtMs;
    if (found.length > 0 || endsAtMs === toMs) continue;
    // On to where there is something again, however long there was nothing.
    const nextAtMs = await selectNextRollupAtMs(db, feederId, level.storedMinutes, { fromMs: endsAtMs, toMs });
    startsAtMs = nextAtMs === undefined ? toMs : Math.floor(nextAtMs / bucketMs) * bucketMs;
  }
}

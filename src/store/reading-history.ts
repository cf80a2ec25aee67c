import type { Queryable } from './database.ts';

/** What the readings of one name come to in a while that begins at `startsAt`. */
export type ReadingSummary<Start> = { startsAt: Start; name: string; min: number; avg: number; max: number; count: number };

/** Which rows of the rollups are put together: those of so many minutes, to buckets of so many seconds counted from 1970. */
export type RollupLevel = { storedMinutes: 5 | 30 | 180; bucketSeconds: number };

/**
 * Readings of these names, or of all, by bucket: oldest first and by name within each. Buckets begin in `fromMs` ≤ t <
 * `toMs`, in milliseconds since 1970.
 */
export async function selectRollups(
  db: Queryable,
  feederId: string,
  names: readonly string[] | undefined,
  { storedMinutes, bucketSeconds }: RollupLevel,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<ReadingSummary<number>[]> {
  const { rows } = await db.query<Omit<ReadingSummary<number>, 'startsAt'> & { bucket_at: Date }>(
    `SELECT date_bin(make_interval(secs => $6), starts_at, 'epoch') AS bucket_at, name,
            min(min) AS min, sum(sum) / sum(count) AS avg, max(max) AS max, sum(count) AS count
     FROM reading_rollup
     WHERE feeder_id = $1 AND minutes = $2 AND starts_at >= $3 AND starts_at < $4 AND ($5::text[] IS NULL OR name = ANY ($5))
     GROUP BY bucket_at, name ORDER BY bucket_at, name COLLATE "C"`,
    [feederId, storedMinutes, new Date(fromMs), new Date(toMs), names ?? null, bucketSeconds],
  );
  return rows.map(({ bucket_at, ...summary }) => ({ ...summary, startsAt: bucket_at.getTime() }));
}

/** The same by day of the site, from one date through another, both as in 2026-01-31. */
export async function selectReadingDays(
  db: Queryable,
  feederId: string,
  names: readonly string[] | undefined,
  { fromDate, throughDate }: { fromDate: string; throughDate: string },
): Promise<ReadingSummary<string>[]> {
  const { rows } = await db.query<ReadingSummary<string>>(
    `SELECT day::text AS "startsAt", name, min, sum / count AS avg, max, count
     FROM reading_day
     WHERE feeder_id = $1 AND day BETWEEN $2::date AND $3::date AND ($4::text[] IS NULL OR name = ANY ($4))
     ORDER BY day, name COLLATE "C"`,
    [feederId, fromDate, throughDate, names ?? null],
  );
  return rows;
}

/** When the first stored rollup begins in `fromMs` ≤ t < `toMs`, of any name; undefined where there is none. */
export async function selectNextRollupAtMs(
  db: Queryable,
  feederId: string,
  storedMinutes: RollupLevel['storedMinutes'],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<number | undefined> {
  const { rows } = await db.query<{ starts_at: Date }>(
    `SELECT starts_at FROM reading_bucket
     WHERE feeder_id = $1 AND minutes = $2 AND starts_at >= $3 AND starts_at < $4
     ORDER BY starts_at LIMIT 1`,
    [feederId, storedMinutes, new Date(fromMs), new Date(toMs)],
  );
  return rows[0]?.starts_at.getTime();
}

import type { Values } from '../../topics/parameters.ts';
import type { Queryable } from './database.ts';

/** One reading, and where it stands in its spool. */
export type ReadingRow = { feederId: string; spoolId: string; seq: number; atMs: number; values: Values };

/** How many values there were and what they come to; booleans count as 0 and 1. */
export type Stat = { count: number; sum: number; min: number; max: number };

/** What a feeder's readings in one stretch of time come to, by name. */
export type BucketRow = { feederId: string; minutes: number; startsAtMs: number; stats: ReadonlyMap<string, Stat> };
/** The same by day of its site's time zone, such as `2026-01-31`. */
export type DayRow = { feederId: string; day: string; stats: ReadonlyMap<string, Stat> };

/**
 * Stores readings, many in one statement. Columns go in as lines of text, which neither an id nor JSON ever breaks: of all
 * ways it takes the least time to write here and to read there.
 */
export async function insertReadings(tx: Queryable, readings: readonly ReadingRow[]): Promise<void> {
  if (readings.length === 0) return;
  await tx.query(
    {
      name: 'insert-readings',
      text: `INSERT INTO reading (feeder_id, at, spool_id, seq, reading_values)
       SELECT feeder_id, to_timestamp(at_ms / 1000.0), spool_id, seq, values_json::jsonb
       FROM unnest(string_to_array($1, E'\\n'), $2::bigint[], string_to_array($3, E'\\n'), $4::bigint[], string_to_array($5, E'\\n'))
         AS come (feeder_id, at_ms, spool_id, seq, values_json)`,
    },
    [
      lines(readings.map(({ feederId }) => feederId)),
      numbers(readings.map(({ atMs }) => atMs)),
      lines(readings.map(({ spoolId }) => spoolId)),
      numbers(readings.map(({ seq }) => seq)),
      lines(readings.map(({ values }) => JSON.stringify(values))),
    ],
  );
}

/** Adds what new readings come to; no bucket may come twice. */
export async function addToBuckets(tx: Queryable, buckets: readonly BucketRow[]): Promise<void> {
  if (buckets.length === 0) return;
  await tx.query(
    {
      name: 'add-to-buckets',
      text: `INSERT INTO reading_bucket (feeder_id, minutes, starts_at, stats)
       SELECT feeder_id, minutes, to_timestamp(starts_ms / 1000.0), stats::jsonb
       FROM unnest(string_to_array($1, E'\\n'), $2::smallint[], $3::bigint[], string_to_array($4, E'\\n'))
         AS come (feeder_id, minutes, starts_ms, stats)
       ON CONFLICT (feeder_id, minutes, starts_at) DO UPDATE SET stats = merge_stats(reading_bucket.stats, excluded.stats)`,
    },
    [
      lines(buckets.map(({ feederId }) => feederId)),
      numbers(buckets.map(({ minutes }) => minutes)),
      numbers(buckets.map(({ startsAtMs }) => startsAtMs)),
      lines(buckets.map(({ stats }) => statsJson(stats))),
    ],
  );
}

/** Adds what new readings come to by day; no day of a feeder may come twice. */
export async function addToDays(tx: Queryable, days: readonly DayRow[]): Promise<void> {
  if (days.length === 0) return;
  await tx.query(
    {
      name: 'add-to-days',
      text: `INSERT INTO reading_daily (feeder_id, day, stats)
       SELECT feeder_id, day::date, stats::jsonb
       FROM unnest($1::text[], $2::text[], string_to_array($3, E'\\n')) AS come (feeder_id, day, stats)
       ON CONFLICT (feeder_id, day) DO UPDATE SET stats = merge_stats(reading_daily.stats, excluded.stats)`,
    },
    [
      days.map(({ feederId }) => feederId),
      days.map(({ day }) => day),
      lines(days.map(({ stats }) => statsJson(stats))),
    ],
  );
}

const lines = (texts: readonly string[]): string => texts.join('\n');
const numbers = (values: readonly number[]): string => `{${values.join(',')}}`;

/** `{name: [count, sum, min, max]}`. */
const statsJson = (stats: ReadonlyMap<string, Stat>): string =>
  JSON.stringify(Object.fromEntries([...stats].map(([name, { count, sum, min, max }]) => [name, [count, sum, min, max]])));

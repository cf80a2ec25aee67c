import type { ParameterValue, Values } from '../../topics/parameters.ts';
import type { Queryable } from './database.ts';

/** A value that no command brought, and what it was before; `fallback`: the PLC had lost its own. */
export type Deviation = { parameter: string; was: ParameterValue; is: ParameterValue; atMs: number; cause: 'panel' | 'fallback' };

/** A feeder's config as the bridge last saw it, and what deviates in it. */
export type ConfigWatch = { feederId: string; atMs: number; values: Values; deviations: readonly Deviation[] };

/** A stored config report that nobody looked at yet. */
export type UnjudgedChange = {
  configChangeId: number;
  feederId: string;
  atMs: number;
  source: 'start' | 'command' | 'local';
  values: Values;
  enrolledAtMs: number;
  /** When the first records of its spool came. */
  spoolSinceMs: number;
};

type WatchColumns = { feeder_id: string; at: Date; config_values: Values; deviations: Deviation[] };

const watchFrom = (row: WatchColumns): ConfigWatch => ({
  feederId: row.feeder_id,
  atMs: row.at.getTime(),
  values: row.config_values,
  deviations: row.deviations,
});

/** The watches of these feeders, as far as they have one; it may be of before a feeder's removal. */
export async function selectConfigWatches(db: Queryable, feederIds: readonly string[]): Promise<ConfigWatch[]> {
  const { rows } = await db.query<WatchColumns>('SELECT * FROM config_watch WHERE feeder_id = ANY ($1)', [feederIds]);
  return rows.map(watchFrom);
}

/** Every watch since a feeder's enrolment in which something deviates. */
export async function selectDeviating(db: Queryable): Promise<ConfigWatch[]> {
  const { rows } = await db.query<WatchColumns>(
    `SELECT config_watch.* FROM config_watch JOIN feeder USING (feeder_id)
     WHERE removed_at IS NULL AND config_watch.at >= enrolled_at AND deviations <> '[]'`,
  );
  return rows.map(watchFrom);
}

/** Stores watches, each feeder's once. */
export async function upsertConfigWatches(db: Queryable, watches: readonly ConfigWatch[]): Promise<void> {
  await db.query(
    `INSERT INTO config_watch (feeder_id, at, config_values, deviations)
     SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[], $4::jsonb[])
     ON CONFLICT (feeder_id) DO UPDATE
       SET at = excluded.at, config_values = excluded.config_values, deviations = excluded.deviations`,
    [
      watches.map(({ feederId }) => feederId),
      watches.map(({ atMs }) => new Date(atMs)),
      watches.map(({ values }) => JSON.stringify(values)),
      watches.map(({ deviations }) => JSON.stringify(deviations)),
    ],
  );
}

/** Up to `limit` config reports that are not judged, in the order in which they were stored. */
export async function selectUnjudged(db: Queryable, limit: number): Promise<UnjudgedChange[]> {
  const { rows } = await db.query<{
    config_change_id: number;
    feeder_id: string;
    at: Date;
    source: UnjudgedChange['source'];
    config_values: Values;
    enrolled_at: Date;
    first_at: Date;
  }>(
    `SELECT config_change_id, feeder_id, config_change.at, source, config_change.config_values, enrolled_at, first_at
     FROM config_change JOIN feeder USING (feeder_id) JOIN record_spool USING (feeder_id, spool_id)
     WHERE NOT is_judged ORDER BY config_change_id LIMIT $1`,
    [limit],
  );
  return rows.map((row) => ({
    configChangeId: row.config_change_id,
    feederId: row.feeder_id,
    atMs: row.at.getTime(),
    source: row.source,
    values: row.config_values,
    enrolledAtMs: row.enrolled_at.getTime(),
    spoolSinceMs: row.first_at.getTime(),
  }));
}

/** Marks config reports as judged. */
export async function markJudged(db: Queryable, configChangeIds: readonly number[]): Promise<void> {
  await db.query('UPDATE config_change SET is_judged = true WHERE config_change_id = ANY ($1)', [configChangeIds]);
}

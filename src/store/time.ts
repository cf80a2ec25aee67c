import type { Queryable } from './database.ts';

/** The newest time that anything stored carries, in milliseconds since 1970; 0 in an empty database. */
export async function selectNewestTimeMs(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ newest: Date | null; epoch: number | null }>(
    `SELECT greatest((SELECT max(issued_at) FROM command), (SELECT max(config_read_at) FROM feeder)) AS newest,
            (SELECT max(presence_epoch) FROM feeder) AS epoch`,
  );
  return Math.max(rows[0]?.newest?.getTime() ?? 0, rows[0]?.epoch ?? 0);
}

/** The database's own time, in milliseconds since 1970. */
export async function selectDatabaseTimeMs(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('expected the database to tell the time');
  return now.getTime();
}

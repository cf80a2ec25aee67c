import type { Queryable } from './database.ts';

// The events of some sites among all that there are: for each of their feeders, removed ones too, one look into an index.

/** The newest event of these sites up to another one; 0 where there is none. */
export async function selectNewestEventIdOf(db: Queryable, sites: readonly string[], throughId: number): Promise<number> {
  const { rows } = await db.query<{ found: number | null }>(
    `SELECT max(event_id) AS found
     FROM feeder CROSS JOIN LATERAL (
       SELECT event_id FROM event WHERE event.feeder_id = feeder.feeder_id AND event_id <= $2 ORDER BY event_id DESC LIMIT 1
     ) AS newest
     WHERE site = ANY ($1)`,
    [sites, throughId],
  );
  return rows[0]?.found ?? 0;
}

/** The first event of these sites after one and up to another; undefined where there is none. */
export async function selectNextEventIdOf(
  db: Queryable,
  sites: readonly string[],
  { afterId, throughId }: { afterId: number; throughId: number },
): Promise<number | undefined> {
  const { rows } = await db.query<{ found: number | null }>(
    `SELECT min(event_id) AS found
     FROM feeder CROSS JOIN LATERAL (
       SELECT event_id FROM event
       WHERE event.feeder_id = feeder.feeder_id AND event_id > $2 AND event_id <= $3 ORDER BY event_id LIMIT 1
     ) AS next
     WHERE site = ANY ($1)`,
    [sites, afterId, throughId],
  );
  return rows[0]?.found ?? undefined;
}

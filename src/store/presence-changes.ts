import type { Queryable } from './database.ts';
import type { StoredPresence } from './feeders.ts';

/** A change of presence; `unwatchedSinceMs` where no bridge was there to see how long it had been otherwise. */
export type NewPresenceChange = StoredPresence & { feederId: string; unwatchedSinceMs?: number | null };

/** Keeps each change of presence, many in one statement; one that is kept already stays as it is. */
export async function insertPresenceChanges(db: Queryable, changes: readonly NewPresenceChange[]): Promise<void> {
  await db.query(
    `INSERT INTO presence_change (feeder_id, at, state, session_id, epoch, reason, unwatched_since)
     SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [
      changes.map(({ feederId }) => feederId),
      changes.map(({ atMs }) => new Date(atMs)),
      changes.map(({ state }) => state),
      changes.map(({ sessionId }) => sessionId),
      changes.map(({ epoch }) => epoch),
      changes.map(({ reason }) => reason),
      changes.map(({ unwatchedSinceMs = null }) => (unwatchedSinceMs === null ? null : new Date(unwatchedSinceMs))),
    ],
  );
}

/** A change of presence as stored. */
export type PresenceChange = Pick<StoredPresence, 'state' | 'reason' | 'atMs'> & { presenceChangeId: number; unwatchedSinceMs: number | null };

type PresenceChangeColumns = Pick<PresenceChange, 'state' | 'reason'> & { presence_change_id: number; at: Date; unwatched_since: Date | null };

/** Where a list of changes goes on: after this one, towards older ones. */
export type PresenceCursor = Pick<PresenceChange, 'atMs' | 'presenceChangeId'>;

/** A feeder's changes of presence in `fromMs` ≤ t < `toMs`, newest first. */
export async function selectPresenceChanges(
  db: Queryable,
  feederId: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  limit: number,
  after: PresenceCursor | undefined,
): Promise<PresenceChange[]> {
  const { rows } = await db.query<PresenceChangeColumns>(
    `SELECT presence_change_id, at, state, reason, unwatched_since FROM presence_change
     WHERE feeder_id = $1 AND at >= $2 AND at < $3
       AND ($4::timestamptz IS NULL OR (at, presence_change_id) < ($4, $5::bigint))
     ORDER BY at DESC, presence_change_id DESC LIMIT $6`,
    [feederId, new Date(fromMs), new Date(toMs), after ? new Date(after.atMs) : null, after?.presenceChangeId ?? null, limit],
  );
  return rows.map(({ presence_change_id, at, state, reason, unwatched_since }) => ({
    presenceChangeId: presence_change_id,
    atMs: at.getTime(),
    state,
    reason,
    unwatchedSinceMs: unwatched_since?.getTime() ?? null,
  }));
}

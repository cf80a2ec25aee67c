import type { Queryable } from './database.ts';

export type AlarmOrigin = 'plc' | 'bridge';
export type AlarmSeverity = 'info' | 'warning' | 'critical';

/** What is raised and cleared: at most one of a feeder, origin and name is open at a time. */
export type AlarmKey = { feederId: string; name: string; origin: AlarmOrigin };
/** With `clearedAtMs` one that is over already. */
export type RaisedAlarm = AlarmKey & { severity: AlarmSeverity; detail: string; raisedAtMs: number; clearedAtMs?: number };
export type ClearedAlarm = AlarmKey & { clearedAtMs: number };

/** Raises alarms, many in one statement; those that are open already stay as they are. Tells which were raised. */
export async function raiseAlarms(db: Queryable, alarms: readonly RaisedAlarm[]): Promise<{ alarmId: string; feederId: string }[]> {
  if (alarms.length === 0) return [];
  const { rows } = await db.query<{ alarmId: string; feederId: string }>(
    `INSERT INTO alarm (feeder_id, name, origin, severity, detail, raised_at, cleared_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
     ON CONFLICT (feeder_id, origin, name) WHERE cleared_at IS NULL DO NOTHING
     RETURNING alarm_id AS "alarmId", feeder_id AS "feederId"`,
    [
      alarms.map(({ feederId }) => feederId),
      alarms.map(({ name }) => name),
      alarms.map(({ origin }) => origin),
      alarms.map(({ severity }) => severity),
      alarms.map(({ detail }) => detail),
      alarms.map(({ raisedAtMs }) => new Date(raisedAtMs)),
      alarms.map(({ clearedAtMs }) => (clearedAtMs === undefined ? null : new Date(clearedAtMs))),
    ],
  );
  return rows;
}

/** Clears open alarms, many in one statement; none is cleared before it was raised. Tells which were cleared. */
export async function clearAlarms(db: Queryable, alarms: readonly ClearedAlarm[]): Promise<{ alarmId: string; feederId: string }[]> {
  if (alarms.length === 0) return [];
  const { rows } = await db.query<{ alarmId: string; feederId: string }>(
    `UPDATE alarm SET cleared_at = greatest(raised_at, cleared.at)
     FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS cleared (feeder_id, name, origin, at)
     WHERE alarm.feeder_id = cleared.feeder_id AND alarm.origin = cleared.origin AND alarm.name = cleared.name
       AND cleared_at IS NULL
     RETURNING alarm_id AS "alarmId", alarm.feeder_id AS "feederId"`,
    [
      alarms.map(({ feederId }) => feederId),
      alarms.map(({ name }) => name),
      alarms.map(({ origin }) => origin),
      alarms.map(({ clearedAtMs }) => new Date(clearedAtMs)),
    ],
  );
  return rows;
}

/**
 * Clears what is open of feeders that were removed, whoever raised it. It waits for nobody: an alarm that is being changed at
 * this moment is left to the next time.
 */
export async function clearAlarmsOfRemoved(db: Queryable, atMs: number): Promise<void> {
  await db.query(
    `UPDATE alarm SET cleared_at = greatest(raised_at, $1) WHERE alarm_id IN (
       SELECT alarm_id FROM alarm JOIN feeder USING (feeder_id)
       WHERE cleared_at IS NULL AND removed_at IS NOT NULL FOR NO KEY UPDATE OF alarm SKIP LOCKED
     )`,
    [new Date(atMs)],
  );
}

/** Lets go of at most `limit` alarms that were cleared before, and of their notices; tells how many. */
export async function purgeAlarms(db: Queryable, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    'DELETE FROM alarm WHERE alarm_id IN (SELECT alarm_id FROM alarm WHERE cleared_at < $1 ORDER BY cleared_at LIMIT $2)',
    [new Date(beforeMs), limit],
  );
  return rowCount;
}

/** An alarm as stored; times in milliseconds since 1970. */
export type StoredAlarm = Omit<RaisedAlarm, 'clearedAtMs'> & {
  alarmId: string;
  clearedAtMs: number | null;
  acknowledgedAtMs: number | null;
  /** The name of a key. */
  acknowledgedBy: string | null;
};

/** A row of the table. */
export type AlarmColumns = {
  alarm_id: string;
  feeder_id: string;
  name: string;
  origin: AlarmOrigin;
  severity: AlarmSeverity;
  detail: string;
  raised_at: Date;
  cleared_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
};

/** An alarm as its row says. */
export const alarmFrom = (row: AlarmColumns): StoredAlarm => ({
  alarmId: row.alarm_id,
  feederId: row.feeder_id,
  name: row.name,
  origin: row.origin,
  severity: row.severity,
  detail: row.detail,
  raisedAtMs: row.raised_at.getTime(),
  clearedAtMs: row.cleared_at?.getTime() ?? null,
  acknowledgedAtMs: row.acknowledged_at?.getTime() ?? null,
  acknowledgedBy: row.acknowledged_by,
});

/** Alarms that were open at some time in `fromMs` ≤ t < `toMs`; only those that are open or cleared now, where it says so. */
export type AlarmFilter = { fromMs: number; toMs: number; state: 'open' | 'cleared' | undefined };

/** Where a list of alarms goes on: after this one, towards those raised earlier. */
export type AlarmCursor = { raisedAtMs: number; alarmId: string };

const IN_STATE = { open: 'AND cleared_at IS NULL', cleared: 'AND cleared_at IS NOT NULL' };

/** A feeder's alarms, those raised last first. What was raised in the span and what lasted into it is each found by an index. */
export async function selectAlarms(
  db: Queryable,
  feederId: string,
  { fromMs, toMs, state }: AlarmFilter,
  limit: number,
  after: AlarmCursor | undefined,
): Promise<StoredAlarm[]> {
  const inState = state === undefined ? '' : IN_STATE[state];
  const earlier = `raised_at < $3 AND ($4::timestamptz IS NULL OR (raised_at, alarm_id) < ($4, $5::uuid)) ${inState}`;
  const { rows } = await db.query<AlarmColumns>(
    `SELECT * FROM (
       (SELECT * FROM alarm WHERE feeder_id = $1 AND raised_at >= $2 AND ${earlier} ORDER BY raised_at DESC, alarm_id DESC LIMIT $6)
       UNION ALL
       (SELECT * FROM alarm WHERE feeder_id = $1 AND raised_at < $2 AND tstzrange(raised_at, cleared_at, '[]') @> $2 AND ${earlier})
     ) AS found
     ORDER BY raised_at DESC, alarm_id DESC LIMIT $6`,
    [feederId, new Date(fromMs), new Date(toMs), after ? new Date(after.raisedAtMs) : null, after?.alarmId ?? null, limit],
  );
  return rows.map(alarmFrom);
}

/** Notes who acknowledged an alarm first, and tells whether that was this one; undefined where the feeder has no such alarm. */
export async function acknowledgeAlarm(
  db: Queryable,
  { feederId, alarmId }: { feederId: string; alarmId: string },
  acknowledged: { by: string; atMs: number },
): Promise<{ alarm: StoredAlarm; isFirst: boolean } | undefined> {
  const { rowCount } = await db.query(
    `UPDATE alarm SET acknowledged_at = $3, acknowledged_by = $4
     WHERE feeder_id = $1 AND alarm_id = $2 AND acknowledged_at IS NULL`,
    [feederId, alarmId, new Date(acknowledged.atMs), acknowledged.by],
  );
  const { rows } = await db.query<AlarmColumns>('SELECT * FROM alarm WHERE feeder_id = $1 AND alarm_id = $2', [feederId, alarmId]);
  const [row] = rows;
  return row && { alarm: alarmFrom(row), isFirst: rowCount > 0 };
}

/** An alarm that is open. */
export type OpenAlarm = AlarmKey & { detail: string };

/** Every open alarm of that origin. */
export async function selectOpenAlarms(db: Queryable, origin: AlarmOrigin): Promise<OpenAlarm[]> {
  const { rows } = await db.query<OpenAlarm>(
    `SELECT feeder_id AS "feederId", name, origin, detail FROM alarm WHERE origin = $1 AND cleared_at IS NULL`,
    [origin],
  );
  return rows;
}

/** The alarms of these feeders that are open. */
export async function selectOpenOf(db: Queryable, origin: AlarmOrigin, feederIds: readonly string[]): Promise<AlarmKey[]> {
  const { rows } = await db.query<AlarmKey>(
    `SELECT feeder_id AS "feederId", name, origin FROM alarm WHERE feeder_id = ANY ($2) AND origin = $1 AND cleared_at IS NULL`,
    [origin, feederIds],
  );
  return rows;
}

/** The open alarms with one of the names that somebody acknowledged. */
export async function selectAcknowledged(db: Queryable, origin: AlarmOrigin, names: readonly string[]): Promise<AlarmKey[]> {
  const { rows } = await db.query<AlarmKey>(
    `SELECT feeder_id AS "feederId", name, origin FROM alarm
     WHERE origin = $1 AND name = ANY ($2) AND cleared_at IS NULL AND acknowledged_at IS NOT NULL`,
    [origin, names],
  );
  return rows;
}

/** Gives open alarms other words, many in one statement. */
export async function rewordAlarms(db: Queryable, alarms: readonly (AlarmKey & { detail: string })[]): Promise<void> {
  if (alarms.length === 0) return;
  await db.query(
    `UPDATE alarm SET detail = told.detail
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS told (feeder_id, name, origin, detail)
     WHERE alarm.feeder_id = told.feeder_id AND alarm.origin = told.origin AND alarm.name = told.name AND cleared_at IS NULL`,
    [
      alarms.map(({ feederId }) => feederId),
      alarms.map(({ name }) => name),
      alarms.map(({ origin }) => origin),
      alarms.map(({ detail }) => detail),
    ],
  );
}

import type { Values } from '../../topics/parameters.ts';
import type { Queryable } from './database.ts';

/** What an agent saw change, or had to let go of: where it stands in its spool and when it was. */
type Reported = { feederId: string; spoolId: string; seq: number; atMs: number };
export type ConfigChange = Reported & { source: 'start' | 'command' | 'local'; values: Values };
export type PlcChange = Reported & { state: 'ok' | 'unreachable' };
export type DroppedRecords = Reported & { why: string; counts: Readonly<Record<string, number>>; fromSeq: number; throughSeq: number };

/** Keeps config changes, many in one statement. */
export async function insertConfigChanges(tx: Queryable, changes: readonly ConfigChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `INSERT INTO config_change (feeder_id, spool_id, seq, at, source, config_values)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[], $6::jsonb[])`,
    [...head(changes), changes.map(({ source }) => source), changes.map(({ values }) => JSON.stringify(values))],
  );
}

/** Keeps when PLCs were lost and back, many in one statement. */
export async function insertPlcChanges(tx: Queryable, changes: readonly PlcChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `INSERT INTO plc_change (feeder_id, spool_id, seq, at, state)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[])`,
    [...head(changes), changes.map(({ state }) => state)],
  );
}

/** Keeps what agents had to let go of, many in one statement. */
export async function insertDroppedRecords(tx: Queryable, dropped: readonly DroppedRecords[]): Promise<void> {
  if (dropped.length === 0) return;
  await tx.query(
    `INSERT INTO dropped_records (feeder_id, spool_id, seq, at, why, counts, from_seq, through_seq)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[], $6::jsonb[], $7::bigint[], $8::bigint[])`,
    [
      ...head(dropped),
      dropped.map(({ why }) => why),
      dropped.map(({ counts }) => JSON.stringify(counts)),
      dropped.map(({ fromSeq }) => fromSeq),
      dropped.map(({ throughSeq }) => throughSeq),
    ],
  );
}

const head = (reported: readonly Reported[]): unknown[] => [
  reported.map(({ feederId }) => feederId),
  reported.map(({ spoolId }) => spoolId),
  reported.map(({ seq }) => seq),
  reported.map(({ atMs }) => new Date(atMs)),
];

/** The configs that a feeder's PLC held in `fromMs` ≤ t < `toMs`, oldest first; the first of them may be from before. */
export async function selectConfigChanges(
  db: Queryable,
  feederId: string,
  fromMs: number,
  toMs: number,
): Promise<Pick<ConfigChange, 'atMs' | 'values'>[]> {
  const { rows } = await db.query<{ at: Date; config_values: Values }>(
    `SELECT at, config_values FROM config_change
     WHERE feeder_id = $1 AND at < $3
       AND at >= coalesce((SELECT max(at) FROM config_change WHERE feeder_id = $1 AND at <= $2), $2)
     ORDER BY at, config_change_id`,
    [feederId, new Date(fromMs), new Date(toMs)],
  );
  return rows.map(({ at, config_values }) => ({ atMs: at.getTime(), values: config_values }));
}

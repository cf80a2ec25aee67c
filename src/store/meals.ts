import type { MealCounters } from '../../topics/counters.ts';
import type { Queryable } from './database.ts';

/** The PLC's meal counters as last booked, and by which record. */
export type MealCounter = {
  spoolId: string;
  seq: number;
  atMs: number;
  counters: MealCounters;
  /** Where they begin again from 0. */
  wrapAt: MealCounters;
};

/** One meal, or several that cannot be told apart. */
export type MealPart = {
  atMs: number;
  count: number;
  grams: number;
  plannedGrams: number | null;
  /** The PLC's counters after it. */
  counters: MealCounters;
  source: 'schedule' | 'feed-now' | 'panel';
  commandId: string | null;
  /** Not told by an agent as a meal: the difference between the PLC's counters and what was known. */
  isBooked: boolean;
};

/** A part of what one record came to; parts are counted from 0. */
export type MealRow = MealPart & { feederId: string; spoolId: string; seq: number; part: number };

/** A dose that was given, as its command says, and that no meal is told of. */
export type UntoldDose = { commandId: string; grams: number; atMs: number };

/** How long a dose may take until the counters show it. */
const LONGEST_DOSE_MS = 10 * 60_000;

/** The counters known of feeders; none of a feeder that has been enrolled anew since. */
export async function selectMealCounters(tx: Queryable, feederIds: readonly string[]): Promise<Map<string, MealCounter>> {
  const { rows } = await tx.query<{
    feeder_id: string;
    spool_id: string;
    seq: number;
    at: Date;
    count_total: number;
    total_grams: number;
    count_wraps_at: number;
    total_grams_wraps_at: number;
  }>(
    `SELECT meal_counter.* FROM meal_counter JOIN feeder USING (feeder_id)
     WHERE feeder_id = ANY ($1) AND booked_at >= enrolled_at`,
    [feederIds],
  );
  return new Map(
    rows.map((row) => [
      row.feeder_id,
      {
        spoolId: row.spool_id,
        seq: row.seq,
        atMs: row.at.getTime(),
        counters: { count: row.count_total, totalGrams: row.total_grams },
        wrapAt: { count: row.count_wraps_at, totalGrams: row.total_grams_wraps_at },
      },
    ]),
  );
}

/** Keeps the counters known of feeders, one for each. */
export async function upsertMealCounters(tx: Queryable, known: ReadonlyMap<string, MealCounter>, nowMs: number): Promise<void> {
  const counters = [...known.values()];
  await tx.query(
    `INSERT INTO meal_counter (feeder_id, spool_id, seq, at, count_total, total_grams, count_wraps_at, total_grams_wraps_at, booked_at)
     SELECT *, $9::timestamptz FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::double precision[],
       $6::double precision[], $7::double precision[], $8::double precision[])
     ON CONFLICT (feeder_id) DO UPDATE SET
       spool_id = excluded.spool_id, seq = excluded.seq, at = excluded.at, count_total = excluded.count_total,
       total_grams = excluded.total_grams, count_wraps_at = excluded.count_wraps_at,
       total_grams_wraps_at = excluded.total_grams_wraps_at, booked_at = excluded.booked_at`,
    [
      [...known.keys()],
      counters.map(({ spoolId }) => spoolId),
      counters.map(({ seq }) => seq),
      counters.map(({ atMs }) => new Date(atMs)),
      counters.map((counter) => counter.counters.count),
      counters.map((counter) => counter.counters.totalGrams),
      counters.map(({ wrapAt }) => wrapAt.count),
      counters.map(({ wrapAt }) => wrapAt.totalGrams),
      new Date(nowMs),
    ],
  );
}

/** Stores meals, many in one statement. */
export async function insertMeals(tx: Queryable, meals: readonly MealRow[]): Promise<void> {
  if (meals.length === 0) return;
  await tx.query(
    `INSERT INTO meal (meal_id, feeder_id, spool_id, seq, part, at, count, grams, planned_grams, count_total, total_grams, source,
                       command_id, is_booked)
     SELECT (SELECT coalesce(max(meal_id), 0) FROM meal WHERE meal.feeder_id = added.feeder_id)
              + row_number() OVER (PARTITION BY feeder_id ORDER BY place),
            feeder_id, spool_id, seq, part, at, count, grams, planned_grams, count_total, total_grams, source, command_id, is_booked
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::timestamptz[], $6::bigint[],
       $7::double precision[], $8::double precision[], $9::bigint[], $10::double precision[], $11::text[], $12::text[], $13::boolean[])
       WITH ORDINALITY AS added (feeder_id, spool_id, seq, part, at, count, grams, planned_grams, count_total, total_grams, source,
                                 command_id, is_booked, place)`,
    [
      meals.map(({ feederId }) => feederId),
      meals.map(({ spoolId }) => spoolId),
      meals.map(({ seq }) => seq),
      meals.map(({ part }) => part),
      meals.map(({ atMs }) => new Date(atMs)),
      meals.map(({ count }) => count),
      meals.map(({ grams }) => grams),
      meals.map(({ plannedGrams }) => plannedGrams),
      meals.map(({ counters }) => counters.count),
      meals.map(({ counters }) => counters.totalGrams),
      meals.map(({ source }) => source),
      meals.map(({ commandId }) => commandId),
      meals.map(({ isBooked }) => isBooked),
    ],
  );
}

/** Gives meals that were booked for these doses back to the schedule: their agents tell of them after all. */
export async function unbookDoses(tx: Queryable, doses: readonly { feederId: string; commandId: string }[]): Promise<void> {
  if (doses.length === 0) return;
  await tx.query(
    `UPDATE meal SET source = 'schedule', command_id = NULL
     FROM unnest($1::text[], $2::text[]) AS told (feeder_id, command_id)
     WHERE meal.feeder_id = told.feeder_id AND meal.command_id = told.command_id AND is_booked`,
    [doses.map(({ feederId }) => feederId), doses.map(({ commandId }) => commandId)],
  );
}

/**
 * The doses a feeder was given, by its acks, within a time that no meal is told of, oldest first. The counters show a dose before
 * its ack is read; so one counts from when it was ordered.
 */
export async function selectUntoldDoses(tx: Queryable, feederId: string, sinceMs: number, untilMs: number): Promise<UntoldDose[]> {
  const { rows } = await tx.query<{ command_id: string; grams: number; at: Date }>(
    `SELECT command_id::text, grams, coalesce(read_at, ended_at) AS at FROM command
     WHERE feeder_id = $1 AND kind = 'feed-now' AND state = 'applied'
       AND coalesce(read_at, ended_at) >= $2 AND issued_at <= $3
       AND NOT EXISTS (SELECT FROM meal WHERE meal.feeder_id = $1 AND meal.command_id = command.command_id::text)
     ORDER BY at, issued_at`,
    [feederId, new Date(sinceMs - LONGEST_DOSE_MS), new Date(untilMs)],
  );
  return rows.map(({ command_id, grams, at }) => ({ commandId: command_id, grams, atMs: at.getTime() }));
}

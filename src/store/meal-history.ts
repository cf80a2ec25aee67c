import type { Queryable } from './database.ts';

/** A meal, or several that could not be told apart, as stored. */
export type StoredMeal = {
  mealId: number;
  feederId: string;
  atMs: number;
  count: number;
  grams: number;
  plannedGrams: number | null;
  source: 'schedule' | 'feed-now' | 'panel';
  commandId: string | null;
  /** The PLC's counters after it. */
  countTotal: number;
  totalGrams: number;
  /** Found by the PLC's counters, not told by an agent as a meal. */
  isBooked: boolean;
};

/** Where a list of meals goes on: after this one, towards older ones. */
export type MealCursor = { atMs: number; mealId: number };

/** A row of the table. */
export type MealColumns = {
  meal_id: number;
  feeder_id: string;
  at: Date;
  count: number;
  grams: number;
  planned_grams: number | null;
  source: StoredMeal['source'];
  command_id: string | null;
  count_total: number;
  total_grams: number;
  is_booked: boolean;
};

/** A meal as its row says. */
export const mealFrom = (row: MealColumns): StoredMeal => ({
  mealId: row.meal_id,
  feederId: row.feeder_id,
  atMs: row.at.getTime(),
  count: row.count,
  grams: row.grams,
  plannedGrams: row.planned_grams,
  source: row.source,
  commandId: row.command_id,
  countTotal: row.count_total,
  totalGrams: row.total_grams,
  isBooked: row.is_booked,
});

/** A feeder's meals of `fromMs` ≤ t < `toMs`, newest first. */
export async function selectMeals(
  db: Queryable,
  feederId: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  limit: number,
  after: MealCursor | undefined,
): Promise<StoredMeal[]> {
  const { rows } = await db.query<MealColumns>(
    `SELECT * FROM meal
     WHERE feeder_id = $1 AND at >= $2 AND at < $3
       AND ($4::timestamptz IS NULL OR (at, meal_id) < ($4, $5::bigint))
     ORDER BY at DESC, meal_id DESC LIMIT $6`,
    [feederId, new Date(fromMs), new Date(toMs), after ? new Date(after.atMs) : null, after?.mealId ?? null, limit],
  );
  return rows.map(mealFrom);
}

/** When a feeder was first fed since `sinceMs`; undefined where it was not. */
export async function selectFirstMealAtMs(db: Queryable, feederId: string, sinceMs: number): Promise<number | undefined> {
  const { rows } = await db.query<{ at: Date }>(
    'SELECT at FROM meal WHERE feeder_id = $1 AND at >= $2 ORDER BY at LIMIT 1',
    [feederId, new Date(sinceMs)],
  );
  return rows[0]?.at.getTime();
}

/** What the meals of a day come to. */
export type MealTotals = { date: string; count: number; grams: number; feedNowGrams: number; scheduledGrams: number };

/** The totals of each of the days on which there were meals, in no order. */
export async function selectMealTotals(
  db: Queryable,
  feederId: string,
  days: readonly { date: string; fromMs: number; toMs: number }[],
): Promise<MealTotals[]> {
  const { rows } = await db.query<MealTotals>(
    // Day by day, so that each is found by the index: a join would go through all meals of the feeder for each of them.
    `SELECT day.date, fed.*
     FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS day (date, from_at, to_at)
     CROSS JOIN LATERAL (
       SELECT sum(count) AS count, sum(grams) AS grams,
              coalesce(sum(grams) FILTER (WHERE source = 'feed-now'), 0) AS "feedNowGrams",
              coalesce(sum(grams) FILTER (WHERE source = 'schedule'), 0) AS "scheduledGrams"
       FROM meal WHERE feeder_id = $1 AND at >= from_at AND at < to_at
     ) AS fed
     WHERE fed.count IS NOT NULL`,
    [feederId, days.map(({ date }) => date), days.map(({ fromMs }) => new Date(fromMs)), days.map(({ toMs }) => new Date(toMs))],
  );
  return rows;
}

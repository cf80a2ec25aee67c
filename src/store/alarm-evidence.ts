import type { Values } from '../../topics/parameters.ts';
import type { Queryable } from './database.ts';

/** What the bridge's own alarms are judged by: for many feeders in one statement, each by an index. */

/** A feeder and a time of it. */
export type FeederSince = { feederId: string; sinceMs: number };

/** What a feeder fed from a meal on; the meal itself is not in it. */
export type FedSince = { feederId: string; sinceMs: number; grams: number };

/**
 * What each feeder fed since its last meal before `sinceMs`, or since its first one; feeders without a meal are absent. A
 * meal was fed at some time since the one before it, so that what was found late is spread over the time it covers.
 */
export async function selectFedSince(db: Queryable, feederIds: readonly string[], sinceMs: number): Promise<FedSince[]> {
  const { rows } = await db.query<{ feeder_id: string; at: Date; grams: number }>(
    `SELECT asked.feeder_id, base.at, fed.grams
     FROM unnest($1::text[]) AS asked (feeder_id)
     CROSS JOIN LATERAL (
       (SELECT at, meal_id FROM meal WHERE meal.feeder_id = asked.feeder_id AND at < $2 ORDER BY at DESC, meal_id DESC LIMIT 1)
       UNION ALL
       (SELECT at, meal_id FROM meal WHERE meal.feeder_id = asked.feeder_id AND at >= $2 ORDER BY at, meal_id LIMIT 1)
       ORDER BY at LIMIT 1
     ) AS base
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(grams), 0) AS grams FROM meal
       WHERE meal.feeder_id = asked.feeder_id AND (at, meal_id) > (base.at, base.meal_id)
     ) AS fed`,
    [feederIds, new Date(sinceMs)],
  );
  return rows.map((row) => ({ feederId: row.feeder_id, sinceMs: row.at.getTime(), grams: row.grams }));
}

/** When the newest stored meal of the schedule and the newest stored reading of a feeder were; null where there is none. */
export type NewestRecords = { feederId: string; mealAtMs: number | null; readingAtMs: number | null };

/** The newest records of feeders; readings before `readingsFromMs` are not looked for. */
export async function selectNewestRecords(db: Queryable, feederIds: readonly string[], readingsFromMs: number): Promise<NewestRecords[]> {
  const { rows } = await db.query<{ feeder_id: string; meal_at: Date | null; reading_at: Date | null }>(
    `SELECT asked.feeder_id,
       (SELECT at FROM meal WHERE meal.feeder_id = asked.feeder_id AND source <> 'feed-now' AND count > 0
        ORDER BY at DESC, meal_id DESC LIMIT 1) AS meal_at,
       (SELECT at FROM reading WHERE reading.feeder_id = asked.feeder_id AND at >= $2 ORDER BY at DESC LIMIT 1) AS reading_at
     FROM unnest($1::text[]) AS asked (feeder_id)`,
    [feederIds, new Date(readingsFromMs)],
  );
  return rows.map((row) => ({
    feederId: row.feeder_id,
    mealAtMs: row.meal_at?.getTime() ?? null,
    readingAtMs: row.reading_at?.getTime() ?? null,
  }));
}

const ASKED_SINCE = 'unnest($1::text[], $2::timestamptz[]) AS asked (feeder_id, since)';
const sinceValues = (asked: readonly FeederSince[]): unknown[] => [
  asked.map(({ feederId }) => feederId),
  asked.map(({ sinceMs }) => new Date(sinceMs)),
];

/** A config change that was ordered and may have been carried out; `isApplied`: it was. */
export type OrderedChange = { feederId: string; issuedAtMs: number; changes: Values; isApplied: boolean };

/** What commands brought to each feeder, or may have, since its time. */
export async function selectOrderedChanges(db: Queryable, asked: readonly FeederSince[]): Promise<OrderedChange[]> {
  if (asked.length === 0) return [];
  const { rows } = await db.query<{ feeder_id: string; issued_at: Date; changes: Values; is_applied: boolean }>(
    `SELECT feeder_id, issued_at, changes, state = 'applied' AS is_applied
     FROM ${ASKED_SINCE} JOIN command USING (feeder_id)
     WHERE kind = 'set-config' AND issued_at >= since AND state IN ('sent', 'applied', 'rejected', 'indeterminate')`,
    sinceValues(asked),
  );
  return rows.map((row) => ({ feederId: row.feeder_id, issuedAtMs: row.issued_at.getTime(), changes: row.changes, isApplied: row.is_applied }));
}

/** When the PLC of each feeder was there again after it had not answered, since its time. */
export async function selectPlcReturns(db: Queryable, asked: readonly FeederSince[]): Promise<{ feederId: string; atMs: number }[]> {
  if (asked.length === 0) return [];
  const { rows } = await db.query<{ feeder_id: string; at: Date }>(
    `SELECT feeder_id, at FROM ${ASKED_SINCE} JOIN plc_change AS back USING (feeder_id)
     WHERE state = 'ok' AND at >= since AND 'unreachable' = (
       SELECT state FROM plc_change AS former
       WHERE former.feeder_id = back.feeder_id AND (former.at, former.seq) < (back.at, back.seq)
       ORDER BY at DESC, seq DESC LIMIT 1)`,
    sinceValues(asked),
  );
  return rows.map((row) => ({ feederId: row.feeder_id, atMs: row.at.getTime() }));
}

/** The feeders whose PLC had begun to count its meals again when the first meal since the time was counted. */
export async function selectCountedAnew(db: Queryable, asked: readonly FeederSince[]): Promise<string[]> {
  if (asked.length === 0) return [];
  const { rows } = await db.query<{ feeder_id: string }>(
    `SELECT asked.feeder_id FROM ${ASKED_SINCE}
     CROSS JOIN LATERAL (
       SELECT at, meal_id, count, count_total FROM meal WHERE meal.feeder_id = asked.feeder_id AND at >= since
       ORDER BY at, meal_id LIMIT 1
     ) AS first
     CROSS JOIN LATERAL (
       SELECT count_total FROM meal WHERE meal.feeder_id = asked.feeder_id AND (at, meal_id) < (first.at, first.meal_id)
       ORDER BY at DESC, meal_id DESC LIMIT 1
     ) AS former
     WHERE first.count = first.count_total AND former.count_total > first.count_total`,
    sinceValues(asked),
  );
  return rows.map((row) => row.feeder_id);
}

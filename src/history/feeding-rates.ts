import { selectFedSince } from '../store/alarm-evidence.ts';
import type { Queryable } from '../store/database.ts';

const DAY_MS = 24 * 3_600_000;
const RATE_OVER_MS = 3 * DAY_MS;

/**
 * How much each of these feeders fed a day lately: the last three days', or since the first meal, spread over a day at least,
 * so that the first morning's is not taken for all day's. Feeders of which no meal is known are absent.
 */
export async function gramsPerDayOf(db: Queryable, feederIds: readonly string[], nowMs: number): Promise<Map<string, number>> {
  const fed = await selectFedSince(db, feederIds, nowMs - RATE_OVER_MS);
  return new Map(fed.map(({ feederId, sinceMs, grams }) => [feederId, (grams * DAY_MS) / Math.max(DAY_MS, nowMs - sinceMs)]));
}

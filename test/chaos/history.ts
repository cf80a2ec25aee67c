import pg from 'pg';
import { z } from 'zod';
import type { MealCounters } from '../../topics/counters.ts';

const Meal = z.object({ count: z.number(), grams: z.number(), source: z.string(), commandId: z.string().nullable(), told: z.string() });
const Spool = z.object({
  spoolId: z.string(),
  /** The numbers that are stored, as ranges without a gap, in their order; the upper end is not in it. */
  ranges: z.array(z.tuple([z.number(), z.number()])),
  /** What its agent told to have let go of in it, and not of a spool before it: from which number through which. */
  dropped: z.array(z.tuple([z.number(), z.number()])),
});
const Counters = z.object({ count: z.number(), totalGrams: z.number() });

/** A feeder's history as it stands in Postgres. */
const StoredHistory = z.object({
  feederId: z.string(),
  /** The PLC's counters up to which meals are stored; null until the first baseline. */
  counters: Counters.nullable(),
  meals: z.array(Meal),
  spools: z.array(Spool),
  openAlarms: z.array(z.string()),
  readings: z.number(),
});
export type StoredHistory = z.infer<typeof StoredHistory>;

/** The history of every feeder, all of the same moment. */
export async function allHistories(databaseUrl: string): Promise<StoredHistory[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT feeder_id AS "feederId",
         (SELECT jsonb_build_object('count', count_total, 'totalGrams', total_grams) FROM meal_counter WHERE feeder_id = feeder.feeder_id) AS counters,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('count', count, 'grams', grams, 'source', source, 'commandId', command_id,
            'told', spool_id || ' ' || seq || '.' || part)), '[]') FROM meal WHERE feeder_id = feeder.feeder_id) AS meals,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('spoolId', spool_id,
            'ranges', (SELECT coalesce(jsonb_agg(jsonb_build_array(lower(r), upper(r)) ORDER BY r), '[]') FROM unnest(seqs) AS r),
            'dropped', (SELECT coalesce(jsonb_agg(jsonb_build_array(from_seq, through_seq)), '[]') FROM dropped_records AS d
                        WHERE d.feeder_id = s.feeder_id AND d.spool_id = s.spool_id AND why <> 'damaged'))), '[]')
          FROM record_spool AS s WHERE feeder_id = feeder.feeder_id) AS spools,
         (SELECT coalesce(jsonb_agg(name ORDER BY name), '[]') FROM alarm
          WHERE feeder_id = feeder.feeder_id AND origin = 'plc' AND cleared_at IS NULL) AS "openAlarms",
         (SELECT count(*)::integer FROM reading WHERE feeder_id = feeder.feeder_id) AS readings
       FROM feeder ORDER BY feeder_id`,
    );
    return z.array(StoredHistory).parse(rows);
  } finally {
    await client.end();
  }
}

/** What the stored meals come to. */
export const storedSum = ({ meals }: Pick<StoredHistory, 'meals'>): MealCounters => ({
  count: meals.reduce((sum, { count }) => sum + count, 0),
  totalGrams: meals.reduce((sum, { grams }) => sum + grams, 0),
});

/** The PLC's counters at its first baseline: what was counted before that is no meal of this history. */
export function countersAtBaseline(history: StoredHistory): MealCounters | undefined {
  const { count, totalGrams } = storedSum(history);
  return history.counters === null ? undefined : { count: history.counters.count - count, totalGrams: history.counters.totalGrams - totalGrams };
}

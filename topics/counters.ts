import { z } from 'zod';

/** The PLC's meal counters, in engineering units. */
export const MealCounters = z.object({ count: z.number().min(0), totalGrams: z.number().min(0) });
export type MealCounters = z.infer<typeof MealCounters>;

/** What was fed between two looks at the counters. After a reset, what they count since; what nobody saw before it is not known. */
export type Fed = { count: number; grams: number; wasReset: boolean };

/** Counters are engineering values: what is left by their scale's rounding is not a move. */
const TOLERANCE = 1e-6;

/**
 * What was fed from one look to the next, each counter at least 0 and below the value in `wrapAt`, where it begins again
 * from 0. A counter only ever goes forward, and by less than half of that between two looks. If one of them seems to have
 * gone back, the PLC has lost its memory: both count from 0 again.
 */
export function fedBetween(from: MealCounters, to: MealCounters, wrapAt: MealCounters): Fed {
  const count = stepsForward(from.count, to.count, wrapAt.count);
  const grams = stepsForward(from.totalGrams, to.totalGrams, wrapAt.totalGrams);
  if (count === undefined || grams === undefined) return { count: to.count, grams: to.totalGrams, wasReset: true };
  return { count, grams: roundedGrams(grams), wasReset: false };
}

function stepsForward(from: number, to: number, wrapAt: number): number | undefined {
  const by = (((to - from) % wrapAt) + wrapAt) % wrapAt;
  if (by < TOLERANCE || wrapAt - by < TOLERANCE) return 0;
  return by < wrapAt / 2 ? by : undefined;
}

/** No feeder begins a meal more often than this, doses included. */
const SHORTEST_MEAL_MS = 10_000;
/** So many are believed whatever the clocks say. */
const MEALS_BELIEVED = 20;

/** Whether a PLC can have begun so many meals in so long a time; one that counts more has not counted them there. */
export const couldBeFedWithin = ({ count }: Pick<Fed, 'count'>, elapsedMs: number): boolean =>
  count <= MEALS_BELIEVED || count <= elapsedMs / SHORTEST_MEAL_MS;

/** Without the noise of floating point, so that sums of grams stay what the counters say. */
export const roundedGrams = (grams: number): number => Math.round(grams * 1e6) / 1e6;

import { roundedGrams } from '../../topics/counters.ts';
import { dateAt } from '../site-clock.ts';
import { selectConfigChanges } from '../store/reported-changes.ts';
import type { Queryable } from '../store/database.ts';
import { selectFirstMealAtMs, selectMealTotals, type MealTotals } from '../store/meal-history.ts';
import { plannedMeals, STRIDE_MS } from './feeding-plan.ts';
import { momentOf, siteDays } from './site-days.ts';

/** What was fed on a day of the site, and what its schedule asked for; null where the config of that day is not known. */
export type MealDay = MealTotals & { plannedGrams: number | null };

/** How many days are added up in one statement. */
const DAYS_AT_ONCE = 31;

/**
 * The days that `fromMs` ≤ t < `toMs` touches, whole, the last one up to `toMs`; newest first. A day of which nothing is
 * known, neither a meal nor a plan, is left out.
 */
export async function mealDays(
  db: Queryable,
  { feederId, timeZone }: { feederId: string; timeZone: string },
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<MealDay[]> {
  if (fromMs >= toMs) return [];
  const startsAtMs = momentOf(dateAt(fromMs, timeZone), 0, timeZone);
  const changes = await selectConfigChanges(db, feederId, startsAtMs - STRIDE_MS, toMs);
  const firstMealAtMs = await selectFirstMealAtMs(db, feederId, startsAtMs);
  // Earlier days are not even looked at: they may be ten years.
  const knownFromMs = Math.min(changes[0]?.atMs ?? Infinity, firstMealAtMs ?? Infinity);
  if (knownFromMs === Infinity) return [];
  const days = siteDays(Math.min(Math.max(fromMs, knownFromMs), toMs - 1), toMs, timeZone);
  const planned = plannedMeals(changes, (days[0]?.fromMs ?? fromMs) - STRIDE_MS, toMs, timeZone);
  const plans = new Map(planned.map(({ date, plan }) => [date, plan]));
  const totals = new Map<string, MealTotals>();
  for (let done = 0; done < days.length; done += DAYS_AT_ONCE) {
    const some = await selectMealTotals(db, feederId, days.slice(done, done + DAYS_AT_ONCE));
    for (const total of some) totals.set(total.date, total);
  }
  return days.reverse().flatMap(({ date }) => {
    const total = totals.get(date);
    const plan = plans.get(date) ?? null;
    if (total === undefined && plan === null) return [];
    return [{
      date,
      count: total?.count ?? 0,
      grams: roundedGrams(total?.grams ?? 0),
      plannedGrams: plan && roundedGrams(plan.grams),
      feedNowGrams: roundedGrams(total?.feedNowGrams ?? 0),
      scheduledGrams: roundedGrams(total?.scheduledGrams ?? 0),
    }];
  });
}

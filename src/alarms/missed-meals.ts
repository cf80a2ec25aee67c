import type { Values } from '../../topics/parameters.ts';
import { numberOf, plannedMealAtMs, plannedMeals, scheduleIn } from '../history/feeding-plan.ts';

/** How late a meal may be counted: feeding takes its time, and so does word of it. */
const GRACE_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** Further back meals are not missed one by one. */
const LONGEST_MS = 3 * DAY_MS;

/** Whether the PLC's schedule asks for meals just now, and by which values; `readings` are those of now. */
export type ScheduleNow = { state: 'unknown' } | { state: 'none-expected' } | { state: 'expected'; values: Values };

const SCHEDULE_PARAMETERS = ['mealGrams', 'intervalSeconds', 'dailyLimitGrams', 'windowStartMinute', 'windowEndMinute', 'feedingEnabled'];

/** The schedule in a config; a PLC that stops for the day, or because of the water, expects no meals. */
export function scheduleNow(config: Values, readings: Values): ScheduleNow {
  const schedule = scheduleIn(config);
  if (schedule === 'unknown') return { state: 'unknown' };
  const stops =
    schedule === 'no meals' ||
    numberOf(readings, 'dispensedTodayGrams', 0) + schedule.mealGrams > schedule.dailyLimitGrams ||
    numberOf(readings, 'dissolvedOxygenMgPerLitre', Infinity) < numberOf(config, 'oxygenStopMgPerLitre', -Infinity) ||
    numberOf(readings, 'waterTemperatureCelsius', -Infinity) > numberOf(config, 'temperatureStopCelsius', Infinity);
  if (stops) return { state: 'none-expected' };
  return { state: 'expected', values: Object.fromEntries(SCHEDULE_PARAMETERS.flatMap((name) => {
    const value = config[name];
    return value === undefined ? [] : [[name, value]];
  })) };
}

/** When `mealsDue` comes to so many; where that is more than a day from now, a day from now. */
export function mealsDueAtMs(schedule: Values, meals: number, sinceMs: number, nowMs: number, timeZone: string): number {
  const fromMs = firstDueMs(schedule, sinceMs, nowMs);
  const plannedAtMs = plannedMealAtMs(meals, [{ atMs: fromMs, values: schedule }], fromMs, nowMs + DAY_MS, timeZone);
  return plannedAtMs === undefined ? nowMs + DAY_MS : plannedAtMs + GRACE_MS;
}

/** How many meals the schedule has asked for since one that may have been fed at `sinceMs`, and that should be counted by now. */
export function mealsDue(schedule: Values, sinceMs: number, nowMs: number, timeZone: string): number {
  const fromMs = firstDueMs(schedule, sinceMs, nowMs);
  const toMs = nowMs - GRACE_MS;
  if (fromMs >= toMs) return 0;
  return plannedMeals([{ atMs: fromMs, values: schedule }], fromMs, toMs, timeZone)
    .reduce((sum, { plan }) => sum + (plan?.meals ?? 0), 0);
}

const firstDueMs = (schedule: Values, sinceMs: number, nowMs: number): number =>
  Math.max(sinceMs, nowMs - LONGEST_MS) + numberOf(schedule, 'intervalSeconds', NaN) * 1000;

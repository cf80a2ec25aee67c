import type { Values } from '../../topics/parameters.ts';
import { plannedMeals } from '../history/feeding-plan.ts';

/** How late a meal may be counted: feeding takes its time, and so does word of it. */
const GRACE_MS = 5 * 60_000;
/** Further back meals are not missed one by one. */
const LONGEST_MS = 3 * 24 * 3_600_000;

/** Whether the PLC's schedule asks for meals just now, and by which values; `readings` are those of now. */
export type Schedule = { state: 'unknown' } | { state: 'none-expected' } | { state: 'expected'; values: Values };

const SCHEDULE_PARAMETERS = ['mealGrams', 'intervalSeconds', 'dailyLimitGrams', 'windowStartMinute', 'windowEndMinute', 'feedingEnabled'];

/** The schedule in a config; a PLC that stops for the day, or because of the water, expects no meals. */
export function scheduleIn(config: Values, readings: Values): Schedule {
  const numberOf = (values: Values, name: string, otherwise: number): number => {
    const value = values[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const mealGrams = numberOf(config, 'mealGrams', NaN);
  if (Number.isNaN(mealGrams) || Number.isNaN(numberOf(config, 'intervalSeconds', NaN))) return { state: 'unknown' };
  const stops =
    config['feedingEnabled'] === false ||
    mealGrams <= 0 ||
    numberOf(readings, 'dispensedTodayGrams', 0) + mealGrams > numberOf(config, 'dailyLimitGrams', Infinity) ||
    numberOf(readings, 'dissolvedOxygenMgPerLitre', Infinity) < numberOf(config, 'oxygenStopMgPerLitre', -Infinity) ||
    numberOf(readings, 'waterTemperatureCelsius', -Infinity) > numberOf(config, 'temperatureStopCelsius', Infinity);
  if (stops) return { state: 'none-expected' };
  return { state: 'expected', values: Object.fromEntries(SCHEDULE_PARAMETERS.flatMap((name) => {
    const value = config[name];
    return value === undefined ? [] : [[name, value]];
  })) };
}

/** How many meals the schedule has asked for since one that may have been fed at `sinceMs`, and that should be counted by now. */
export function mealsDue(schedule: Values, sinceMs: number, nowMs: number, timeZone: string): number {
  const intervalMs = Number(schedule['intervalSeconds']) * 1000;
  const fromMs = Math.max(sinceMs, nowMs - LONGEST_MS) + intervalMs;
  const toMs = nowMs - GRACE_MS;
  if (fromMs >= toMs) return 0;
  return plannedMeals([{ atMs: fromMs, values: schedule }], fromMs, toMs, timeZone)
    .reduce((sum, { plan }) => sum + (plan?.meals ?? 0), 0);
}

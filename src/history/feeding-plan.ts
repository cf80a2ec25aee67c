import type { Values } from '../../topics/parameters.ts';
import { momentOf, siteDays, type SiteDay } from './site-days.ts';

/** The config that a PLC held from a moment on. */
export type ConfigChange = { atMs: number; values: Values };

/** What the schedule asked for on one day, as far as it was asked about; null where the config of that time is not known. */
export type PlannedDay = { date: string; plan: { meals: number; grams: number } | null };

/** The schedule of a config; times of day in minutes after the site's midnight. */
type Schedule = {
  mealGrams: number;
  intervalMs: number;
  dailyLimitGrams: number;
  windowStartMinute: number;
  windowEndMinute: number;
};

type Span = { fromMs: number; toMs: number };

/** No PLC feeds faster than it scans. */
const SHORTEST_INTERVAL_MS = 1_000;

/**
 * The meals that the schedule asks for in `fromMs` ≤ t < `toMs`, by day of the site, oldest first: one whenever the
 * interval has passed, in the window and within the daily limit; the first may be due at `fromMs`. `changes` are in the
 * order of their times; the last one before the span says what holds when it begins. It knows nothing of doses, nor of
 * feeding that stops because of the water.
 */
export function plannedMeals(changes: readonly ConfigChange[], fromMs: number, toMs: number, timeZone: string): PlannedDay[] {
  const held = changes.map(({ atMs, values }, index) => ({
    fromMs: atMs,
    toMs: changes[index + 1]?.atMs ?? Infinity,
    schedule: scheduleIn(values),
  }));
  let lastMealAtMs = -Infinity;
  let over = 0;
  return siteDays(fromMs, toMs, timeZone).map((day) => {
    const asked = overlap(day, { fromMs, toMs });
    const plan = { meals: 0, grams: 0 };
    let isKnown = (changes[0]?.atMs ?? Infinity) <= asked.fromMs;
    while ((held[over]?.toMs ?? Infinity) <= asked.fromMs) over += 1;
    for (const { schedule, ...span } of held.slice(over)) {
      if (span.fromMs >= asked.toMs) break;
      const part = overlap(span, asked);
      if (part.fromMs >= part.toMs || schedule === 'no meals') continue;
      if (schedule === 'unknown') {
        isKnown = false;
        continue;
      }
      for (const window of windowsOf(schedule, day, timeZone)) {
        const open = overlap(window, part);
        const firstAtMs = Math.max(open.fromMs, lastMealAtMs + schedule.intervalMs);
        const inTime = Math.ceil((open.toMs - firstAtMs) / schedule.intervalMs);
        const withinLimit = Math.floor((schedule.dailyLimitGrams - plan.grams) / schedule.mealGrams);
        const meals = Math.min(inTime, withinLimit);
        if (meals <= 0) continue;
        plan.meals += meals;
        plan.grams += meals * schedule.mealGrams;
        lastMealAtMs = firstAtMs + (meals - 1) * schedule.intervalMs;
      }
    }
    return { date: day.date, plan: isKnown ? plan : null };
  });
}

/** A feeder that is asked for nothing has no schedule; what a config leaves out does not limit. */
function scheduleIn(values: Values): Schedule | 'no meals' | 'unknown' {
  const numberOf = (name: string, otherwise: number): number => {
    const value = values[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const mealGrams = numberOf('mealGrams', NaN);
  const intervalSeconds = numberOf('intervalSeconds', NaN);
  if (Number.isNaN(mealGrams) || Number.isNaN(intervalSeconds)) return 'unknown';
  if (values['feedingEnabled'] === false || mealGrams <= 0) return 'no meals';
  return {
    mealGrams,
    intervalMs: Math.max(intervalSeconds * 1000, SHORTEST_INTERVAL_MS),
    dailyLimitGrams: numberOf('dailyLimitGrams', Infinity),
    windowStartMinute: numberOf('windowStartMinute', 0),
    windowEndMinute: numberOf('windowEndMinute', 0),
  };
}

/** When the window is open on a day: one that ends before it starts goes over midnight, one of no length is the whole day. */
function windowsOf({ windowStartMinute: start, windowEndMinute: end }: Schedule, day: SiteDay, timeZone: string): Span[] {
  if (start === end) return [day];
  const opensAtMs = momentOf(day.date, start, timeZone);
  const closesAtMs = momentOf(day.date, end, timeZone);
  if (start < end) return [{ fromMs: opensAtMs, toMs: closesAtMs }];
  return [{ fromMs: day.fromMs, toMs: closesAtMs }, { fromMs: opensAtMs, toMs: day.toMs }];
}

const overlap = (a: Span, b: Span): Span => ({ fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) });

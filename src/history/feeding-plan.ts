import type { Values } from '../../topics/parameters.ts';
import { momentIn, siteDays, type SiteDay } from './site-days.ts';

/** The config that a PLC held from a moment on. */
export type ConfigChange = { atMs: number; values: Values };

/** What the schedule asked for on one day, as far as it was asked about; null where the config of that time is not known. */
export type PlannedDay = { date: string; plan: { meals: number; grams: number } | null };

/** The schedule of a config; times of day in minutes after the site's midnight. */
export type Schedule = {
  mealGrams: number;
  intervalMs: number;
  dailyLimitGrams: number;
  windowStartMinute: number;
  windowEndMinute: number;
};

type Span = { fromMs: number; toMs: number };

/** Meals that follow one another, an interval apart. */
type Series = { firstAtMs: number; intervalMs: number; meals: number; grams: number };

/** No PLC feeds faster than it scans. */
const SHORTEST_INTERVAL_MS = 1_000;

/**
 * The meals that the schedule asks for in `fromMs` ≤ t < `toMs`, by day of the site, oldest first: one whenever the
 * interval has passed, in the window and within the daily limit; the first may be due at `fromMs`. `changes` are in the
 * order of their times; the last one before the span says what holds when it begins. It knows nothing of doses, nor of
 * feeding that stops because of the water.
 */
export function plannedMeals(changes: readonly ConfigChange[], fromMs: number, toMs: number, timeZone: string): PlannedDay[] {
  return [...seriesByDay(changes, fromMs, toMs, timeZone)].map(({ date, isKnown, series }) => {
    const sum = (of: 'meals' | 'grams'): number => series.reduce((total, each) => total + each[of], 0);
    return { date, plan: isKnown ? { meals: sum('meals'), grams: sum('grams') } : null };
  });
}

/** How far back a plan begins, so that the schedule is in its stride when the day that is asked about does. */
export const STRIDE_MS = 86_400_000;

/**
 * What the schedule asks for on one day, and the part of it that is due before `nowMs`; null where the config of the day is
 * not known. What holds at the last change holds for the rest of the day.
 */
export function plannedOn(
  day: SiteDay,
  changes: readonly ConfigChange[],
  nowMs: number,
  timeZone: string,
): { grams: number; soFarGrams: number } | null {
  for (const { date, isKnown, series } of seriesByDay(changes, day.fromMs - STRIDE_MS, day.toMs, timeZone)) {
    if (date !== day.date) continue;
    if (!isKnown) return null;
    const due = ({ firstAtMs, intervalMs, meals }: Series): number => Math.min(meals, Math.max(0, Math.ceil((nowMs - firstAtMs) / intervalMs)));
    return {
      grams: series.reduce((sum, { grams }) => sum + grams, 0),
      soFarGrams: series.reduce((sum, each) => sum + (due(each) * each.grams) / each.meals, 0),
    };
  }
  return null;
}

/** When the nth of these meals is due, the first being 1; undefined where they are fewer. */
export function plannedMealAtMs(nth: number, ...planned: Parameters<typeof plannedMeals>): number | undefined {
  let before = 0;
  for (const { series } of seriesByDay(...planned)) {
    for (const { firstAtMs, intervalMs, meals } of series) {
      if (before + meals >= nth) return firstAtMs + (nth - before - 1) * intervalMs;
      before += meals;
    }
  }
  return undefined;
}

function* seriesByDay(
  changes: readonly ConfigChange[],
  fromMs: number,
  toMs: number,
  timeZone: string,
): Generator<{ date: string; isKnown: boolean; series: Series[] }> {
  const held = changes.map(({ atMs, values }, index) => ({
    fromMs: atMs,
    toMs: changes[index + 1]?.atMs ?? Infinity,
    schedule: scheduleIn(values),
  }));
  let lastMealAtMs = -Infinity;
  let over = 0;
  for (const day of siteDays(fromMs, toMs, timeZone)) {
    const asked = overlap(day, { fromMs, toMs });
    const series: Series[] = [];
    let gramsOfDay = 0;
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
        const withinLimit = Math.floor((schedule.dailyLimitGrams - gramsOfDay) / schedule.mealGrams);
        const meals = Math.min(inTime, withinLimit);
        if (meals <= 0) continue;
        const grams = meals * schedule.mealGrams;
        series.push({ firstAtMs, intervalMs: schedule.intervalMs, meals, grams });
        gramsOfDay += grams;
        lastMealAtMs = firstAtMs + (meals - 1) * schedule.intervalMs;
      }
    }
    yield { date: day.date, isKnown, series };
  }
}

/** A feeder that is asked for nothing has no schedule; what a config leaves out does not limit. */
export function scheduleIn(values: Values): Schedule | 'no meals' | 'unknown' {
  const mealGrams = numberOf(values, 'mealGrams', NaN);
  const intervalSeconds = numberOf(values, 'intervalSeconds', NaN);
  if (Number.isNaN(mealGrams) || Number.isNaN(intervalSeconds)) return 'unknown';
  if (values['feedingEnabled'] === false || mealGrams <= 0) return 'no meals';
  return {
    mealGrams,
    intervalMs: Math.max(intervalSeconds * 1000, SHORTEST_INTERVAL_MS),
    dailyLimitGrams: numberOf(values, 'dailyLimitGrams', Infinity),
    windowStartMinute: numberOf(values, 'windowStartMinute', 0),
    windowEndMinute: numberOf(values, 'windowEndMinute', 0),
  };
}

/** A number among values; `otherwise` where there is none of that name. */
export function numberOf(values: Values, name: string, otherwise: number): number {
  const value = values[name];
  return typeof value === 'number' ? value : otherwise;
}

/** When the window is open on a day: one that ends before it starts goes over midnight, one of no length is the whole day. */
function windowsOf({ windowStartMinute: start, windowEndMinute: end }: Schedule, day: SiteDay, timeZone: string): Span[] {
  if (start === end) return [day];
  const opensAtMs = momentIn(day, start, timeZone);
  const closesAtMs = momentIn(day, end, timeZone);
  if (start < end) return [{ fromMs: opensAtMs, toMs: closesAtMs }];
  return [{ fromMs: day.fromMs, toMs: closesAtMs }, { fromMs: opensAtMs, toMs: day.toMs }];
}

const overlap = (a: Span, b: Span): Span => ({ fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) });

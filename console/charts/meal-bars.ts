import type { MealDay } from '../api/shapes.ts';
import { daysIn, type TimeSpan } from './site-days.ts';

/** A day of the chart, and what was fed on it; null where nothing is known. */
export type DayBar = { date: string; fed: MealDay | null };

/** Every day that the span touches, oldest first, with what is known of it. */
export function barsOf(days: readonly MealDay[], span: TimeSpan, timeZone: string): DayBar[] {
  const known = new Map(days.map((day) => [day.date, day]));
  return daysIn(span, timeZone).map(({ date }) => ({ date, fed: known.get(date) ?? null }));
}

export type MealSummary = { grams: number; feedNowGrams: number; plannedGrams: number | null; count: number };

/** What the days come to; the plan alone where each day that is known has one. Undefined where nothing is known. */
export function mealSummaryOf(bars: readonly DayBar[]): MealSummary | undefined {
  const known = bars.flatMap(({ fed }) => fed ?? []);
  if (known.length === 0) return undefined;
  const sum = (of: (day: MealDay) => number): number => known.reduce((total, day) => total + of(day), 0);
  return {
    grams: sum(({ grams }) => grams),
    feedNowGrams: sum(({ feedNowGrams }) => feedNowGrams),
    plannedGrams: known.every(({ plannedGrams }) => plannedGrams !== null) ? sum(({ plannedGrams }) => plannedGrams ?? 0) : null,
    count: sum(({ count }) => count),
  };
}

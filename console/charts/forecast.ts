import type { FeederOverview } from '../api/shapes.ts';

/** How a level is thought to go on: a straight line, cut where the chart ends. */
export type Forecast = { fromMs: number; fromGrams: number; toMs: number; toGrams: number };

/** How much of a chart's width the time to come may take, as a part of the time past. */
const MOST_AHEAD = 0.5;

/**
 * The line from what the hopper holds to when it is empty, as far as a chart of the last `shownMs` shows it; undefined where
 * nobody can tell. It begins when the forecast was made.
 */
export function forecastOf({ at, hopper }: Pick<FeederOverview, 'at' | 'hopper'>, shownMs: number): Forecast | undefined {
  if (hopper.grams === null || hopper.emptyAt === null) return undefined;
  const [fromMs, emptyMs] = [Date.parse(at), Date.parse(hopper.emptyAt)];
  if (!(emptyMs > fromMs)) return undefined;
  const toMs = Math.min(emptyMs, fromMs + shownMs * MOST_AHEAD);
  return { fromMs, fromGrams: hopper.grams, toMs, toGrams: hopper.grams * (1 - (toMs - fromMs) / (emptyMs - fromMs)) };
}

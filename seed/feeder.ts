import type { StandardConfig } from '../topics/parameters.ts';

/** A feeder whose history is made up, of `fromMs` ≤ t < `toMs`. All that happens by chance comes from the seed and its id. */
export type SeededFeeder = {
  feederId: string;
  timeZone: string;
  /** Its link was lost in the end; else its agent was stopped. */
  isLost?: boolean;
} & SeededSpan;
export type SeededSpan = { seed: number; fromMs: number; toMs: number };

/** The spool that its records are of. */
export const spoolIdOf = ({ seed, fromMs, toMs }: SeededSpan): string => `seed-${seed}-${fromMs}-${toMs}`;

/** What a seeded spool is of; undefined where it is another one. */
export function spanOfSpool(spoolId: string): SeededSpan | undefined {
  const [, seed, fromMs, toMs] = /^seed-(\d+)-(\d+)-(\d+)$/.exec(spoolId) ?? [];
  return toMs === undefined ? undefined : { seed: Number(seed), fromMs: Number(fromMs), toMs: Number(toMs) };
}

/** A meal each hour from six in the morning to eight in the evening. */
export const startConfig = (mealGrams: number): StandardConfig => ({
  mealGrams,
  intervalSeconds: 3600,
  dailyLimitGrams: 2400,
  windowStartMinute: 360,
  windowEndMinute: 1200,
  spreaderPercent: 60,
  doseRateGramsPerSecond: 20,
  feedingEnabled: true,
  oxygenStopMgPerLitre: 5,
  temperatureStopCelsius: 24,
});

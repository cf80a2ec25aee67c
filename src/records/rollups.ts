import type { Values } from '../../topics/parameters.ts';
import { dateAt } from '../site-clock.ts';
import type { BucketRow, DayRow, Stat } from '../store/readings.ts';

/** One reading of a feeder, and the time zone of its site. */
export type Reading = { feederId: string; timeZone: string; atMs: number; values: Values };

type Stats = Map<string, Stat>;
/** What a feeder's readings come to, by when they were: the bucket that begins then, or the day. */
type Gathered<When> = { feederId: string; timeZone: string; at: Map<When, Stats> };

/**
 * What readings come to in buckets of 5, 30 and 180 minutes (UTC) and by day of their feeder's time zone. Every change of
 * a time zone falls between two buckets of 5 minutes.
 */
export function rollUp(readings: readonly Reading[]): { buckets: BucketRow[]; days: DayRow[] } {
  const buckets: BucketRow[] = [];
  const days: DayRow[] = [];
  for (const { feederId, timeZone, at: of5 } of gatherReadings(readings)) {
    const of30 = gather(of5, (startsAtMs) => floorTo(startsAtMs, 30));
    const of180 = gather(of30, (startsAtMs) => floorTo(startsAtMs, 180));
    for (const [minutes, level] of [[5, of5], [30, of30], [180, of180]] as const) {
      for (const [startsAtMs, stats] of level) buckets.push({ feederId, minutes, startsAtMs, stats });
    }
    for (const [day, stats] of gather(of5, (startsAtMs) => dateAt(startsAtMs, timeZone))) days.push({ feederId, day, stats });
  }
  return { buckets, days };
}

/** In buckets of 5 minutes. This and `add` see every value that comes, so they make nothing anew that is there. */
function gatherReadings(readings: readonly Reading[]): Iterable<Gathered<number>> {
  const byFeeder = new Map<string, Gathered<number>>();
  for (const { feederId, timeZone, atMs, values } of readings) {
    const { at } = getOrMake(byFeeder, feederId, () => ({ feederId, timeZone, at: new Map<number, Stats>() }));
    const stats = getOrMake(at, floorTo(atMs, 5), newStats);
    for (const name in values) {
      const value = Number(values[name]);
      add(stats, name, 1, value, value, value);
    }
  }
  return byFeeder.values();
}

function gather<From, To>(parts: ReadonlyMap<From, Stats>, whenOf: (from: From) => To): Map<To, Stats> {
  const whole = new Map<To, Stats>();
  for (const [from, stats] of parts) {
    const held = getOrMake(whole, whenOf(from), newStats);
    for (const [name, { count, sum, min, max }] of stats) add(held, name, count, sum, min, max);
  }
  return whole;
}

function add(stats: Stats, name: string, count: number, sum: number, min: number, max: number): void {
  const held = stats.get(name);
  if (held === undefined) {
    stats.set(name, { count, sum, min, max });
    return;
  }
  held.count += count;
  held.sum += sum;
  if (min < held.min) held.min = min;
  if (max > held.max) held.max = max;
}

const newStats = (): Stats => new Map();

const floorTo = (atMs: number, minutes: number): number => Math.floor(atMs / (minutes * 60_000)) * minutes * 60_000;

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

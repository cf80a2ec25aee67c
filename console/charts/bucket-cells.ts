import type { Readings } from '../api/shapes.ts';
import { daysIn, type TimeSpan } from './site-days.ts';

/** What was read in a stretch of time; null where nothing was. */
export type Cell = TimeSpan & { read: { min: number; avg: number; max: number; count: number } | null };

function gridOf({ from, to, bucket, bucketSeconds }: Readings, timeZone: string): TimeSpan[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (bucket === '1d') return daysIn({ fromMs, toMs }, timeZone);
  const lengthMs = bucketSeconds * 1000;
  return Array.from({ length: Math.ceil((toMs - fromMs) / lengthMs) }, (_, index) => ({ fromMs: fromMs + index * lengthMs, toMs: fromMs + (index + 1) * lengthMs }));
}

/**
 * A reading over time, oldest first: one cell for each bucket that was answered, and an empty one for each that is missing, so
 * that a gap is seen as one. Buckets that begin after `nowMs` are left out.
 */
export function cellsOf(readings: Readings, name: string, timeZone: string, nowMs: number): Cell[] {
  const given = readings.items.flatMap(({ at, values }) => {
    const read = values[name];
    return read === undefined ? [] : [{ atMs: Date.parse(at), read }];
  });
  const cells: Cell[] = [];
  let next = 0;
  // A bucket that begins within a cell of our calendar fills it, if the bridge's knows the zone's clocks otherwise.
  const take = (beforeMs: number, toMs: number): boolean => {
    const first = next;
    for (let item = given[next]; item !== undefined && item.atMs < beforeMs; item = given[next]) {
      next += 1;
      cells.push({ fromMs: item.atMs, toMs: Math.max(toMs, item.atMs), read: item.read });
    }
    return next > first;
  };
  for (const { fromMs, toMs } of gridOf(readings, timeZone)) {
    take(fromMs, fromMs);
    if (!take(toMs, toMs) && fromMs < nowMs) cells.push({ fromMs, toMs, read: null });
  }
  take(Infinity, -Infinity);
  return cells;
}

/** The moment a cell is drawn at: its middle, but never one that is still to come. */
export const middleOf = ({ fromMs, toMs }: TimeSpan, nowMs: number): number => Math.max(fromMs, Math.min((fromMs + toMs) / 2, nowMs));

export type ReadingSummary = { min: number; avg: number; max: number; missingSeconds: number };

/** What the cells come to; undefined where nothing was read in any of them. */
export function summaryOf(cells: readonly Cell[], nowMs: number): ReadingSummary | undefined {
  const read = cells.flatMap((cell) => cell.read ?? []);
  const count = read.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return undefined;
  return {
    min: Math.min(...read.map(({ min }) => min)),
    max: Math.max(...read.map(({ max }) => max)),
    avg: read.reduce((sum, each) => sum + each.avg * (each.count / count), 0),
    missingSeconds: cells.reduce((sum, { read: found, fromMs, toMs }) => (found ? sum : sum + (Math.min(toMs, nowMs) - fromMs) / 1000), 0),
  };
}

/** The points that no line leads to or from: they are drawn as dots, or they would not be seen. */
export function lonelyPoints(values: readonly (number | null)[]): number[] {
  const isThere = (index: number): boolean => values[index] !== null && values[index] !== undefined;
  return values.flatMap((_, index) => (isThere(index) && !isThere(index - 1) && !isThere(index + 1) ? [index] : []));
}

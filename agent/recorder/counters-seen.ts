import type { MealCounters } from '../../topics/counters.ts';
import type { Moment } from '../clock.ts';

/** After so long, counters that never stand still are taken as they are. */
const LONGEST_MOVE_MS = 10 * 60_000;

/** The PLC's meal counters as they were seen last. */
export type CountersSeen = {
  counters: MealCounters;
  /** When they were first seen so. */
  since: Moment;
  /** Since when they move, by the monotonic clock. */
  movingSinceMs: number;
  /**
   * They were the same at two looks in a row, or have moved for 10 min: what they show may be counted. A PLC that counts up
   * while it feeds, or is read between its two counters, so makes one meal and not several.
   */
  isSettled: boolean;
};

/** What is known of the counters after another look at them. */
export function countersSeen(before: CountersSeen | undefined, counters: MealCounters, at: Moment): CountersSeen {
  if (before?.counters.count === counters.count && before.counters.totalGrams === counters.totalGrams) return { ...before, isSettled: true };
  const movingSinceMs = before === undefined || before.isSettled ? at.monotonicMs : before.movingSinceMs;
  return { counters, since: at, movingSinceMs, isSettled: at.monotonicMs - movingSinceMs >= LONGEST_MOVE_MS };
}

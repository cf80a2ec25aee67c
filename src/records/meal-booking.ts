import { couldBeFedWithin, fedBetween, roundedGrams, type Fed, type MealCounters } from '../../topics/counters.ts';
import type { HistoryRecord } from '../../topics/payloads.ts';
import type { MealCounter, MealPart, UntoldDose } from '../store/meals.ts';

/** A meal as its agent told it. */
export type ToldMeal = Extract<HistoryRecord, { kind: 'meal' }> & { spoolId: string; atMs: number };

/** Where counters begin again whose agent never said where: it is far enough from what feeders feed. */
const USUAL_WRAP = 2 ** 32;
/** Counters are engineering values: what is left by their scale's rounding is not fed. */
const TOLERANCE_GRAMS = 1e-6;

/**
 * What is stored of a meal, oldest first, and the counters known after it. The parts' sum is what the PLC's counters moved
 * from `known`: what a spool had to drop or a wiped one forgot is booked with it. Nothing is stored of a meal that was
 * booked before it was told: from another spool than the last, and older than what that one told, by the clock or the
 * counters. Nothing either where the
 * counters are others than those known, by their agent or by what they count: then they are followed from where they stand.
 */
export function bookMeal(known: MealCounter | undefined, meal: ToldMeal): { parts: MealPart[]; known: MealCounter } {
  const wrapAt = {
    count: meal.countWrapsAt ?? known?.wrapAt.count ?? USUAL_WRAP,
    totalGrams: meal.totalGramsWrapsAt ?? known?.wrapAt.totalGrams ?? USUAL_WRAP,
  };
  const after = { count: meal.countTotal, totalGrams: meal.totalGrams };
  const before = stepBack(after, meal, wrapAt);
  const next = { spoolId: meal.spoolId, seq: meal.seq, atMs: meal.atMs, counters: after, wrapAt };
  const own: MealPart[] =
    meal.count === 0 && meal.grams === 0
      ? []
      : [{
          atMs: meal.atMs,
          count: meal.count,
          grams: meal.grams,
          plannedGrams: meal.plannedGrams ?? null,
          counters: after,
          source: meal.source,
          commandId: meal.commandId ?? null,
          isBooked: false,
        }];
  if (known === undefined) return { parts: own, known: next };
  const isSameSpool = meal.spoolId === known.spoolId;
  if (isSameSpool ? meal.seq <= known.seq : meal.atMs <= known.atMs) return { parts: [], known };

  const fed = fedBetween(known.counters, after, wrapAt);
  // A spool that was put back goes on from counters of long ago, past what another told: no reset, from which it counts from 0.
  const isBehind = fed.wasReset && meal.baseline !== true && (before.count > 0 || before.totalGrams > TOLERANCE_GRAMS);
  if (!isSameSpool && isBehind) return { parts: [], known };
  // Another PLC in its place counts what that fed elsewhere. Counters that begin again elsewhere are of another scale, or other registers.
  const isOfOtherWidth = meal.baseline === true && (wrapAt.count !== known.wrapAt.count || wrapAt.totalGrams !== known.wrapAt.totalGrams);
  if (meal.countersAnew || isOfOtherWidth || (fed.wasReset && !couldBeFedWithin(fed, meal.atMs - known.atMs))) return { parts: [], known: next };
  const untold = fedBetween(known.counters, before, wrapAt);
  // Another spool may have followed the counters from further back, over what is booked already.
  if (!isSameSpool && Math.abs(untold.grams + meal.grams - fed.grams) > TOLERANCE_GRAMS) {
    return { parts: booked(fed, after, meal.atMs), known: next };
  }
  return { parts: [...booked(untold, before, meal.atMs), ...own], known: next };
}

const booked = ({ count, grams }: Fed, counters: MealCounters, atMs: number): MealPart[] =>
  count === 0 && grams === 0
    ? []
    : [{ atMs, count, grams, plannedGrams: null, counters, source: 'schedule', commandId: null, isBooked: true }];

/** The booked part with the doses in it told apart, oldest first; what they do not come to stays as it is. */
export function withDosesApart(part: MealPart, doses: readonly UntoldDose[], wrapAt: MealCounters): MealPart[] {
  const parts: MealPart[] = [];
  let left = { count: part.count, grams: part.grams };
  const take = (count: number, grams: number, more: Partial<MealPart>): void => {
    left = { count: left.count - count, grams: roundedGrams(left.grams - grams) };
    parts.push({ ...part, ...more, count, grams, counters: stepBack(part.counters, left, wrapAt) });
  };
  for (const { commandId, grams, atMs } of doses) {
    if (left.grams <= TOLERANCE_GRAMS) break;
    // Less than was asked for where the hopper ran empty.
    take(Math.min(1, left.count), Math.min(grams, left.grams), { atMs: Math.min(atMs, part.atMs), source: 'feed-now', commandId });
  }
  if (left.grams > TOLERANCE_GRAMS || left.count > 0) take(left.count, left.grams, {});
  return parts;
}

/** The counters as they were before so much was fed. */
const stepBack = (after: MealCounters, fed: { count: number; grams: number }, wrapAt: MealCounters): MealCounters => ({
  count: within(after.count - fed.count, wrapAt.count),
  totalGrams: roundedGrams(within(after.totalGrams - fed.grams, wrapAt.totalGrams)),
});

const within = (value: number, wrapAt: number): number => ((value % wrapAt) + wrapAt) % wrapAt;

import type { MealCounters } from '../../topics/counters.ts';
import type { AppliedDose } from '../journal/entry.ts';
import type { Observed } from '../spool/observed.ts';

/** A dose that the counters are to show, or show. */
export type Dose = Observed['dosesToCome'][number];

/** Doses that do not show in the counters for so long are given up. */
const MOST_TO_COME = 10;
/** How many of the doses given are looked at; twice as many are remembered, so that none is taken twice. */
const MOST_GIVEN = 100;

/**
 * Takes what is new among the doses that were given, oldest first: the counters are still to show them. Before the baseline
 * there is nothing to be told apart: the bridge does that with what was fed until then.
 */
export function withDoses(observed: Observed, given: readonly AppliedDose[]): Observed {
  const known = new Set(observed.dosesKnown);
  const fresh = given.slice(-MOST_GIVEN).filter(({ commandId }) => !known.has(commandId)).map(toCome);
  if (fresh.length === 0) return observed;
  return {
    ...observed,
    dosesToCome: observed.counters === undefined ? [] : [...observed.dosesToCome, ...fresh].slice(-MOST_TO_COME),
    dosesKnown: [...observed.dosesKnown, ...fresh.map(({ commandId }) => commandId)].slice(-2 * MOST_GIVEN),
  };
}

/**
 * The doses given that counters at a baseline do not hold yet: those before which they showed the same. A PLC may count a dose
 * when it ends, and the bridge would take it for one of the PLC's own meals.
 */
export const dosesBeyond = ({ count, totalGrams }: MealCounters, given: readonly AppliedDose[]): Dose[] =>
  given.filter(({ mealsBefore }) => mealsBefore?.count === count && mealsBefore.totalGrams === totalGrams).slice(-MOST_TO_COME).map(toCome);

const toCome = ({ commandId, grams }: Dose): Dose => ({ commandId, grams });

/** The doses still to come when `fed` are counted; an older one than those never comes: a PLC feeds in order. */
export function dosesAfter(waiting: readonly Dose[], fed: readonly Dose[]): Dose[] {
  const newest = fed.at(-1);
  return newest === undefined ? [...waiting] : waiting.slice(waiting.findIndex(({ commandId }) => commandId === newest.commandId) + 1);
}

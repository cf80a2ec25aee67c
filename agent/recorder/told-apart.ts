import { roundedGrams } from '../../topics/counters.ts';
import type { Dose } from './doses.ts';

/** A part of what was fed: one dose, or meals of the PLC's own. */
export type FedPart = { count: number; grams: number; plannedGrams?: number; dose?: Dose };

/**
 * Tells doses and meals of the PLC's own apart in what its counters counted at once. The parts add up to exactly that,
 * none below 0. `doses` may be among it, each once; those are taken for it whose grams, with `mealGrams` for each other
 * meal, come closest: exactly in all but a feeder that ran empty. Of equals, the most doses and the oldest. The time it
 * takes doubles with each dose.
 */
export function toldApart(fed: { count: number; grams: number }, doses: readonly Dose[], mealGrams: number | undefined): FedPart[] {
  if (fed.count === 0 && fed.grams === 0) return [];
  const chosen = closest(fed, doses, mealGrams);
  const otherMeals = fed.count - chosen.length;
  let leftGrams = fed.grams;
  const parts = chosen.map((dose, index): FedPart => {
    // What is too much or missing falls to the last part.
    const isLast = otherMeals === 0 && index === chosen.length - 1;
    const grams = isLast ? leftGrams : Math.min(dose.grams, leftGrams);
    leftGrams = roundedGrams(leftGrams - grams);
    return { count: 1, grams, plannedGrams: dose.grams, dose };
  });
  if (otherMeals > 0 || chosen.length === 0) {
    const plannedGrams = mealGrams === undefined || otherMeals === 0 ? undefined : roundedGrams(otherMeals * mealGrams);
    parts.push({ count: otherMeals, grams: leftGrams, ...(plannedGrams !== undefined && { plannedGrams }) });
  }
  return parts;
}

function closest(fed: { count: number; grams: number }, doses: readonly Dose[], mealGrams: number | undefined): Dose[] {
  let best: { chosen: Dose[]; offGrams: number } = { chosen: [], offGrams: Infinity };
  for (const chosen of choices(doses, fed.count)) {
    const offGrams = missedBy(fed, chosen, mealGrams);
    if (offGrams < best.offGrams || (offGrams === best.offGrams && chosen.length > best.chosen.length)) best = { chosen, offGrams };
  }
  return best.chosen;
}

/** By how many grams these doses and the other meals would differ from what was fed. */
function missedBy({ count, grams }: { count: number; grams: number }, chosen: readonly Dose[], mealGrams: number | undefined): number {
  const overGrams = chosen.reduce((sum, dose) => sum + dose.grams, 0) - grams;
  const otherMeals = count - chosen.length;
  if (otherMeals === 0) return Math.abs(roundedGrams(overGrams));
  // Meals of a size that nobody knows make up for whatever is missing.
  if (mealGrams === undefined) return Math.max(0, roundedGrams(overGrams));
  return Math.abs(roundedGrams(overGrams + otherMeals * mealGrams));
}

/** All ways to choose at most so many, in their order; those with older ones first. */
function* choices(doses: readonly Dose[], most: number): Generator<Dose[]> {
  const [oldest, ...newer] = doses;
  if (oldest === undefined || most === 0) {
    yield [];
    return;
  }
  for (const others of choices(newer, most - 1)) yield [oldest, ...others];
  yield* choices(newer, most);
}

import { fedBetween, roundedGrams, type MealCounters } from '../../topics/counters.ts';
import type { Moment } from '../clock.ts';
import type { AppliedDose } from '../journal/entry.ts';
import { wordCount } from '../modbus/codec.ts';
import type { RegisterMap } from '../plc/register-map.ts';
import type { Observed } from '../spool/observed.ts';
import type { NewRecord } from '../spool/spool.ts';
import { dosesAfter, dosesBeyond } from './doses.ts';
import type { Told } from './told.ts';
import { toldApart } from './told-apart.ts';

type Meal = Extract<NewRecord, { kind: 'meal' }>;
type CounterEntries = NonNullable<RegisterMap['meals']>;

/** The values at which the counters begin again from 0: the width of their registers. */
const wrapAt = ({ count, totalGrams }: CounterEntries): MealCounters => ({
  count: 2 ** (16 * wordCount(count.type)),
  totalGrams: roundedGrams(2 ** (16 * wordCount(totalGrams.type)) * totalGrams.scale),
});

/**
 * What was fed since the counters were recorded last, doses told apart from the PLC's own meals, each record with the
 * counters after it. In a spool without a baseline, that, and of the doses `given` those to come are looked for after it; a new
 * one where the register map has them elsewhere by now. After a reset of the PLC, what it counted since; a dose to come is then
 * told as one of its own meals, for it may have been lost.
 */
export function mealsTold(observed: Observed, given: readonly AppliedDose[], counters: MealCounters, at: Moment, entries: CounterEntries): Told {
  const wrapsAt = wrapAt(entries);
  const countersAre = JSON.stringify(entries);
  const told = (meals: readonly Meal[], dosesToCome: Observed['dosesToCome']): Told => ({
    happened: meals.map((record) => ({ at, record })),
    observed: { ...observed, counters, countersAre, dosesToCome },
  });
  if (observed.counters === undefined) return told([baseline(counters, wrapsAt)], dosesBeyond(counters, given));
  if (observed.countersAre !== countersAre) return told([{ ...baseline(counters, wrapsAt), countersAnew: true }], []);
  const fed = fedBetween(observed.counters, counters, wrapsAt);
  if (fed.count === 0 && fed.grams === 0 && !fed.wasReset) return { happened: [], observed };
  const toCome = fed.wasReset ? [] : observed.dosesToCome;
  const mealGrams = observed.config?.['mealGrams'];
  const parts = toldApart(fed, toCome, typeof mealGrams === 'number' ? mealGrams : undefined);
  let { count, totalGrams } = fed.wasReset ? FROM_NOTHING : observed.counters;
  const meals = parts.map(({ dose, ...part }, index): Meal => {
    count = (count + part.count) % wrapsAt.count;
    totalGrams = roundedGrams(totalGrams + part.grams) % wrapsAt.totalGrams;
    const after = index === parts.length - 1 ? counters : { count, totalGrams: roundedGrams(totalGrams) };
    const source = dose ? { source: 'feed-now' as const, commandId: dose.commandId } : { source: 'schedule' as const };
    return { kind: 'meal', ...part, countTotal: after.count, totalGrams: after.totalGrams, ...source };
  });
  return told(meals, dosesAfter(toCome, parts.flatMap(({ dose }) => dose ?? [])));
}

const FROM_NOTHING: MealCounters = { count: 0, totalGrams: 0 };

const baseline = ({ count, totalGrams }: MealCounters, wrapsAt: MealCounters): Meal => ({
  kind: 'meal',
  count: 0,
  grams: 0,
  countTotal: count,
  totalGrams,
  source: 'schedule',
  baseline: true,
  countWrapsAt: wrapsAt.count,
  totalGramsWrapsAt: wrapsAt.totalGrams,
});

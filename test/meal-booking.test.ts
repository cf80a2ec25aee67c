import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookMeal, withDosesApart, type ToldMeal } from '../src/records/meal-booking.ts';
import type { MealCounter, MealPart } from '../src/store/meals.ts';
import { fedBetween, roundedGrams, type MealCounters } from '../topics/counters.ts';

const WRAP: MealCounters = { count: 1000, totalGrams: 50_000 };

const meal = (more: Partial<ToldMeal>): ToldMeal => ({
  kind: 'meal', spoolId: 's', seq: 1, at: '', atMs: 1, count: 1, grams: 100, countTotal: 1, totalGrams: 100, source: 'schedule', ...more,
});
const known = (more: Partial<MealCounter> = {}): MealCounter => ({
  spoolId: 's', seq: 0, atMs: 0, counters: { count: 0, totalGrams: 0 }, wrapAt: WRAP, ...more,
});
const told = ({ parts }: { parts: MealPart[] }) => parts.map(({ count, grams, isBooked }) => [count, grams, isBooked]);

test('the first that is ever told is where the counters are followed from', () => {
  const first = bookMeal(undefined, meal({ baseline: true, count: 0, grams: 0, countTotal: 40, totalGrams: 9000, countWrapsAt: 65_536, totalGramsWrapsAt: 2 ** 32 }));
  expect(first.parts).toEqual([]);
  expect(first.known).toMatchObject({ counters: { count: 40, totalGrams: 9000 }, wrapAt: { count: 65_536, totalGrams: 2 ** 32 } });
});

test('meals that a spool had to drop are booked before the next', () => {
  const next = bookMeal(known(), meal({ seq: 9, countTotal: 4, totalGrams: 450 }));
  expect(told(next)).toEqual([[3, 350, true], [1, 100, false]]);
  expect(next.parts.map(({ counters }) => counters)).toEqual([{ count: 3, totalGrams: 350 }, { count: 4, totalGrams: 450 }]);
});

test('over the place where the counters begin again', () => {
  const before = known({ counters: { count: 998, totalGrams: 49_900 } });
  expect(told(bookMeal(before, meal({ countTotal: 1, totalGrams: 150 })))).toEqual([[2, 150, true], [1, 100, false]]);
});

test('after a reset the agent is trusted, and what was dropped since is booked', () => {
  const before = known({ counters: { count: 80, totalGrams: 9000 } });
  expect(told(bookMeal(before, meal({})))).toEqual([[1, 100, false]]);
  expect(told(bookMeal(before, meal({ countTotal: 3, totalGrams: 300 })))).toEqual([[2, 200, true], [1, 100, false]]);
});

test('counters that are others than those known are followed from where they stand', () => {
  const before = known({ counters: { count: 80, totalGrams: 9000 } });
  const anew = bookMeal(before, meal({ baseline: true, countersAnew: true, count: 0, grams: 0, countTotal: 81, totalGrams: 40_000 }));
  expect(anew).toMatchObject({ parts: [], known: { counters: { count: 81, totalGrams: 40_000 } } });
  // Of a PLC in place of another: it never fed so often in that time.
  const hourLater = { atMs: 3_600_000, count: 400, grams: 20_000, countTotal: 400, totalGrams: 20_000 };
  const late = known({ counters: { count: 450, totalGrams: 22_500 } });
  expect(bookMeal(late, meal(hourLater))).toMatchObject({ parts: [], known: { counters: { count: 400, totalGrams: 20_000 } } });
  expect(told(bookMeal(late, meal({ ...hourLater, atMs: 4_000_000 })))).toEqual([[400, 20_000, false]]);
});

test('nothing is booked where a baseline tells that the counters begin again elsewhere', () => {
  const before = known({ counters: { count: 80, totalGrams: 9000 } });
  const baseline = { baseline: true, count: 0, grams: 0, countTotal: 80, totalGrams: 900, countWrapsAt: WRAP.count };
  const other = bookMeal(before, meal({ ...baseline, totalGramsWrapsAt: WRAP.totalGrams / 10 }));
  expect(other).toMatchObject({ parts: [], known: { counters: { totalGrams: 900 }, wrapAt: { totalGrams: 5_000 } } });
  const same = bookMeal(before, meal({ ...baseline, countTotal: 82, totalGrams: 9200, totalGramsWrapsAt: WRAP.totalGrams }));
  expect(told(same)).toEqual([[2, 200, true]]);
});

test('what an older spool tells after a newer one booked it is not stored again; what it goes on to tell is', () => {
  const newer = known({ spoolId: 'new', atMs: 100, counters: { count: 5, totalGrams: 500 } });
  const late = bookMeal(newer, meal({ atMs: 90, countTotal: 3, totalGrams: 300 }));
  expect(late).toEqual({ parts: [], known: newer });
  // It followed the counters from 300 on, of which 200 are booked.
  expect(told(bookMeal(newer, meal({ atMs: 200, count: 4, grams: 400, countTotal: 7, totalGrams: 700 })))).toEqual([[2, 200, true]]);
  expect(told(bookMeal(newer, meal({ atMs: 200, count: 1, grams: 100, countTotal: 7, totalGrams: 700 })))).toEqual([[1, 100, true], [1, 100, false]]);
});

test('a spool that was put back, and tells at a later time what another told before, is not stored again', () => {
  const newer = known({ spoolId: 'new', atMs: 100, counters: { count: 5, totalGrams: 500 } });
  const again = [3, 4, 5].reduce((last, count) => {
    const next = bookMeal(last, meal({ seq: count, atMs: 200, countTotal: count, totalGrams: 100 * count }));
    expect(next.parts).toEqual([]);
    return next.known;
  }, newer);
  expect(told(bookMeal(again, meal({ seq: 6, atMs: 200, count: 3, grams: 300, countTotal: 8, totalGrams: 800 })))).toEqual([[3, 300, false]]);
  // But a PLC that lost its memory counts from 0.
  expect(told(bookMeal(newer, meal({ atMs: 200, count: 2, grams: 200, countTotal: 2, totalGrams: 200 })))).toEqual([[2, 200, false]]);
});

test('doses in what is booked are told apart, the rest is the schedule', () => {
  const [part] = bookMeal(known(), meal({ count: 0, grams: 0, countTotal: 4, totalGrams: 400 })).parts;
  if (part === undefined) throw new Error('expected a part');
  const doses = [{ commandId: 'a', grams: 50, atMs: 0 }, { commandId: 'b', grams: 120, atMs: 9 }];
  expect(withDosesApart(part, doses, WRAP).map(({ source, commandId, grams, count, counters }) => [source, commandId, grams, count, counters.totalGrams])).toEqual([
    ['feed-now', 'a', 50, 1, 50], ['feed-now', 'b', 120, 1, 170], ['schedule', null, 230, 2, 400],
  ]);
  // Never more than was fed.
  expect(withDosesApart(part, [{ commandId: 'a', grams: 5000, atMs: 0 }], WRAP).map(({ grams }) => grams)).toEqual([400, 0]);
});

/** One feeder: its PLC's counters, and an agent that records what it sees in a spool the bridge hears of sooner or later. */
type Step =
  | { do: 'feed'; grams: number }
  | { do: 'look' }
  | { do: 'deliver'; most: number }
  | { do: 'deliver-again' }
  | { do: 'drop'; index: number }
  | { do: 'reset' }
  | { do: 'wipe' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 3000 }).map((tenths): Step => ({ do: 'feed', grams: tenths / 10 })) },
  { weight: 5, arbitrary: fc.constant<Step>({ do: 'look' }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }).map((most): Step => ({ do: 'deliver', most })) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'deliver-again' }) },
  { weight: 2, arbitrary: fc.nat(5).map((index): Step => ({ do: 'drop', index })) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'reset' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'wipe' }) },
);

test('over any history of drops, wipes, wraps and resets, what is stored is what the PLC fed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.record({ count: fc.nat(999), totalGrams: fc.nat(49_999) }), (steps, start) => {
      let plc: MealCounters = start;
      let fedGrams = 0;
      let nowMs = 0;
      let spoolId = 0;
      let seq = 0;
      let seen: MealCounters | undefined;
      let waiting: ToldMeal[] = [];
      let delivered: ToldMeal[] = [];
      let older: ToldMeal[] = [];
      let booked: MealCounter | undefined;
      let storedGrams = 0;

      const record = (more: Partial<ToldMeal>): void => {
        waiting.push(meal({ spoolId: `s${spoolId}`, seq: seq++, atMs: ++nowMs, countTotal: plc.count, totalGrams: plc.totalGrams, ...more }));
        seen = plc;
      };
      const look = (): void => {
        if (seen === undefined) {
          record({ count: 0, grams: 0, baseline: true, countWrapsAt: WRAP.count, totalGramsWrapsAt: WRAP.totalGrams });
          return;
        }
        const { count, grams } = fedBetween(seen, plc, WRAP);
        if (count > 0 || grams > 0) record({ count, grams });
      };
      const deliver = (meals: readonly ToldMeal[]): void => {
        for (const one of meals) {
          const { parts, known: next } = bookMeal(booked, one);
          booked = next;
          for (const part of parts) storedGrams += part.grams;
        }
      };
      const deliverAll = (): void => {
        deliver(waiting);
        delivered = waiting.splice(0);
      };
      look();
      deliverAll();
      for (const one of steps) {
        switch (one.do) {
          case 'feed':
            // Less than half the way round between two looks and two records that arrive.
            if (fedBetween(booked?.counters ?? plc, plc, WRAP).grams + one.grams > 20_000) break;
            plc = { count: (plc.count + 1) % WRAP.count, totalGrams: roundedGrams((plc.totalGrams + one.grams) % WRAP.totalGrams) };
            fedGrams += one.grams;
            break;
          case 'look':
            look();
            break;
          case 'deliver':
            delivered = waiting.splice(0, one.most);
            deliver(delivered);
            break;
          case 'deliver-again':
            // The numbers of a spool are known; what a wiped disk left on the way may still arrive.
            deliver(older);
            break;
          case 'drop':
            waiting.splice(one.index, 1);
            break;
          case 'reset':
            // What was fed and not told before a reset nobody can know: the counters are gone.
            look();
            deliverAll();
            if (fedBetween(booked?.counters ?? plc, plc, WRAP).grams > 0 || plc.totalGrams < 1) break;
            // A counter that goes back by more than half looks like one that goes on.
            if (!fedBetween(plc, { count: 0, totalGrams: 0 }, WRAP).wasReset) break;
            plc = { count: 0, totalGrams: 0 };
            record({ count: 0, grams: 0 });
            deliverAll();
            break;
          case 'wipe':
            older = waiting;
            waiting = [];
            spoolId++;
            seq = 0;
            seen = undefined;
            look();
            break;
        }
      }
      look();
      record({ count: 0, grams: 0 });
      deliverAll();
      deliver(older);
      expect(storedGrams).toBeCloseTo(fedGrams, 4);
    }),
    { numRuns: 2_000 },
  );
});

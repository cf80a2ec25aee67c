import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observed } from '../agent/spool/observed.ts';
import type { NewRecord } from '../agent/spool/spool.ts';
import { whatIsNew, type Recorded } from '../agent/recorder/news.ts';
import { toldApart } from '../agent/recorder/told-apart.ts';
import { fedBetween, roundedGrams } from '../topics/counters.ts';

type Meal = Extract<NewRecord, { kind: 'meal' }>;

const AT = { wallMs: 0, monotonicMs: 0 };
const entry = { table: 'input', scale: 1, offset: 0, wordOrder: 'big' } as const;
/** Both registers small, so that they wrap often. */
const MAP = {
  meals: { count: { ...entry, type: 'uint16', address: 0 }, totalGrams: { ...entry, type: 'uint16', address: 1, scale: 0.1 } },
  readings: new Map(),
} as const;
const WRAPS_AT = { count: 65_536, totalGrams: 6_553.6 };
const MEAL_GRAMS = 100;

/** A PLC that counts what it fed, and a recorder that looks at it now and then. */
class Feeder {
  /** All that was fed since it was first looked at and may be known: less what nobody saw before it lost its memory. */
  fed = { count: 0, grams: 0 };
  readonly meals: Meal[] = [];
  readonly given: { commandId: string; grams: number }[] = [];
  isDoseUnderWay = false;
  #counters: { count: number; totalGrams: number };
  #recorded: Recorded = { observed: undefined, readings: undefined };
  #fedRecorded = this.fed;

  constructor(counters: { count: number; totalGrams: number }) {
    this.#counters = counters;
    this.look(true);
  }

  get observed(): Observed | undefined {
    return this.#recorded.observed;
  }

  feed(count: number, grams: number): void {
    this.#counters = {
      count: (this.#counters.count + count) % WRAPS_AT.count,
      totalGrams: roundedGrams(roundedGrams(this.#counters.totalGrams + grams) % WRAPS_AT.totalGrams),
    };
    this.fed = { count: this.fed.count + count, grams: roundedGrams(this.fed.grams + grams) };
  }

  /** It loses its memory; true where that can be seen. */
  reset(): boolean {
    const zero = { count: 0, totalGrams: 0 };
    const isSeen = this.observed?.counters !== undefined && fedBetween(this.observed.counters, zero, WRAPS_AT).wasReset;
    if (!isSeen) return false;
    this.#counters = zero;
    this.fed = this.#fedRecorded;
    this.look(true);
    return true;
  }

  give(grams: number): void {
    this.given.push({ commandId: `dose-${this.given.length}`, grams });
  }

  /** Looks at it; what is new is kept, or is not, by a disk that is full. */
  look(isKept: boolean): void {
    const counters = { counters: this.#counters, since: AT, movingSinceMs: 0, isSettled: true };
    const config = { values: { mealGrams: MEAL_GRAMS }, source: 'start' as const, at: AT };
    const news = whatIsNew(this.#recorded, { counters, config }, { given: this.given, isUnderWay: this.isDoseUnderWay }, MAP);
    if (!news || !isKept) return;
    this.#recorded = news;
    this.#fedRecorded = this.isDoseUnderWay ? this.#fedRecorded : this.fed;
    this.meals.push(...news.happened.flatMap(({ record }) => (record.kind === 'meal' ? [record] : [])));
  }

  get recorded(): { count: number; grams: number } {
    const sum = (of: 'count' | 'grams') => roundedGrams(this.meals.reduce((total, meal) => total + meal[of], 0));
    return { count: sum('count'), grams: sum('grams') };
  }
}

const deciGrams = (most: number) => fc.integer({ min: 0, max: most * 10 }).map((tenths) => tenths / 10);
const start = fc.record({ count: fc.integer({ min: 0, max: 65_535 }), totalGrams: deciGrams(6_553) });

describe('what the counters tell', () => {
  const happening = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('meals' as const), count: fc.integer({ min: 0, max: 5 }), grams: deciGrams(500) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('dose' as const), grams: deciGrams(300).map((grams) => grams + 0.1), fed: deciGrams(300) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost dose' as const), grams: deciGrams(300).map((grams) => grams + 0.1) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reset' as const) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('look' as const), isKept: fc.boolean() }) },
  );

  it('is recorded to the gram, whatever was given, cut short, lost, not kept or reset meanwhile', () => {
    fc.assert(
      fc.property(start, fc.array(happening, { maxLength: 40 }), (counters, happenings) => {
        const feeder = new Feeder(counters);
        let sinceLook = 0;
        for (const what of happenings) {
          // More than half a counter's width between two looks cannot be told from a reset.
          if (sinceLook > 2_000) feeder.look(true);
          if (sinceLook > 2_000) sinceLook = 0;
          switch (what.kind) {
            case 'meals':
              feeder.feed(what.count, what.grams);
              sinceLook += what.grams;
              break;
            case 'dose':
              feeder.give(what.grams);
              feeder.feed(1, what.fed);
              sinceLook += what.fed;
              break;
            case 'lost dose':
              feeder.give(what.grams);
              break;
            case 'reset':
              if (feeder.reset()) sinceLook = 0;
              break;
            case 'look':
              feeder.look(what.isKept);
              if (what.isKept) sinceLook = 0;
              break;
          }
        }
        feeder.look(true);
        expect(feeder.recorded).toEqual(feeder.fed);
        const ids = feeder.meals.flatMap(({ commandId }) => commandId ?? []);
        expect(new Set(ids).size).toBe(ids.length);
        expect(feeder.meals.every(({ count, grams }) => count >= 0 && grams >= 0)).toBe(true);
        expect(feeder.meals.filter(({ baseline }) => baseline)).toHaveLength(1);
      }),
      { numRuns: 3_000 },
    );
  });

  it('makes records of which each goes on from the one before', () => {
    fc.assert(
      fc.property(start, fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), deciGrams(400), fc.boolean()), { maxLength: 30 }), (counters, fed) => {
        const feeder = new Feeder(counters);
        for (const [count, grams, isDose] of fed) {
          if (isDose) feeder.give(30);
          feeder.feed(count, grams);
          feeder.look(true);
        }
        for (const [index, meal] of feeder.meals.entries()) {
          const before = feeder.meals[index - 1];
          if (before === undefined) continue;
          expect((before.countTotal + meal.count) % WRAPS_AT.count).toBe(meal.countTotal);
          expect(roundedGrams(roundedGrams(before.totalGrams + meal.grams) % WRAPS_AT.totalGrams)).toBe(meal.totalGrams);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives each dose its own grams where all is fed as it was asked for, in whatever company it is counted', () => {
    // No two sets of these come to the same.
    const DOSES = [1.1, 2.2, 4.4, 8.8, 17.6, 35.2];
    fc.assert(
      fc.property(start, fc.array(fc.constantFrom('meal', 'dose taken', 'dose fed', 'look'), { maxLength: 40 }), (counters, happenings) => {
        const feeder = new Feeder(counters);
        const waiting = [...DOSES];
        const taken: number[] = [];
        const fed: number[] = [];
        const feedNext = (): void => {
          const grams = taken.shift();
          if (grams === undefined) return;
          feeder.feed(1, grams);
          fed.push(grams);
        };
        for (const what of happenings) {
          if (what === 'meal') feeder.feed(1, MEAL_GRAMS);
          if (what === 'look') feeder.look(true);
          if (what === 'dose fed') feedNext();
          const grams = what === 'dose taken' ? waiting.shift() : undefined;
          if (grams === undefined) continue;
          feeder.give(grams);
          taken.push(grams);
        }
        feeder.look(true);
        const credited = feeder.meals.filter(({ source }) => source === 'feed-now');
        expect(credited.map(({ grams }) => grams)).toEqual(fed);
        expect(credited.map(({ commandId }) => commandId)).toEqual(feeder.given.slice(0, fed.length).map(({ commandId }) => commandId));
        expect(credited.every(({ count, grams, plannedGrams }) => count === 1 && plannedGrams === grams)).toBe(true);
        const own = feeder.meals.filter(({ source, count }) => source === 'schedule' && count > 0);
        expect(own.every(({ count, grams, plannedGrams }) => grams === count * MEAL_GRAMS && plannedGrams === grams)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('waits while it is not known how a dose ended', () => {
    const feeder = new Feeder({ count: 7, totalGrams: 300 });
    feeder.isDoseUnderWay = true;
    feeder.feed(1, 40);
    feeder.look(true);
    expect(feeder.meals).toHaveLength(1);
    feeder.isDoseUnderWay = false;
    feeder.give(40);
    feeder.look(true);
    expect(feeder.meals[1]).toEqual({
      kind: 'meal', count: 1, grams: 40, plannedGrams: 40, countTotal: 8, totalGrams: 340, source: 'feed-now', commandId: 'dose-0',
    });
    feeder.look(true);
    feeder.feed(1, 40);
    feeder.look(true);
    expect(feeder.meals.slice(2)).toMatchObject([{ source: 'schedule', grams: 40 }]);
  });

  it('begins a spool with a baseline; doses given before it are not looked for after it', () => {
    const feeder = new Feeder({ count: 7, totalGrams: 300 });
    expect(feeder.meals).toEqual([
      {
        kind: 'meal', count: 0, grams: 0, countTotal: 7, totalGrams: 300, source: 'schedule',
        baseline: true, countWrapsAt: 65_536, totalGramsWrapsAt: 6_553.6,
      },
    ]);
    const given = [{ commandId: 'before', grams: 40 }];
    const seen = { counters: { counters: { count: 7, totalGrams: 300 }, since: AT, movingSinceMs: 0, isSettled: true } };
    const first = whatIsNew({ observed: undefined, readings: undefined }, seen, { given, isUnderWay: false }, MAP);
    expect(first?.observed).toMatchObject({ dosesToCome: [], dosesKnown: ['before'] });
    // Nor after a restart, when the journal tells of it again.
    expect(first && whatIsNew(first, seen, { given, isUnderWay: false }, MAP)).toBeUndefined();
  });

  it('still looks for a dose that its baseline does not hold: one before which the counters showed the same', () => {
    const counters = { count: 7, totalGrams: 300 };
    const given = [
      { commandId: 'long-ago', grams: 40, mealsBefore: { count: 5, totalGrams: 220 } },
      { commandId: 'being-fed', grams: 40, mealsBefore: counters },
      { commandId: 'unknown', grams: 40 },
    ];
    const look = (recorded: Recorded, shown: typeof counters) =>
      whatIsNew(recorded, { counters: { counters: shown, since: AT, movingSinceMs: 0, isSettled: true } }, { given, isUnderWay: false }, MAP);
    const first = look({ observed: undefined, readings: undefined }, counters);
    expect(first?.observed.dosesToCome).toEqual([{ commandId: 'being-fed', grams: 40 }]);
    const second = first && look(first, { count: 8, totalGrams: 340 });
    expect(second?.happened).toMatchObject([{ record: { kind: 'meal', count: 1, grams: 40, source: 'feed-now', commandId: 'being-fed' } }]);
  });

  it('loses a dose to come with the memory of the PLC', () => {
    const feeder = new Feeder({ count: 7, totalGrams: 300 });
    feeder.give(40);
    expect(feeder.reset()).toBe(true);
    feeder.feed(1, 40);
    feeder.look(true);
    expect(feeder.meals.slice(1)).toMatchObject([{ source: 'schedule', count: 1, grams: 40, countTotal: 1, totalGrams: 40 }]);
  });
});

describe('doses and meals counted at once', () => {
  const dose = (commandId: string, grams: number) => ({ commandId, grams });
  const told = (...args: Parameters<typeof toldApart>) =>
    toldApart(...args).map(({ count, grams, dose: of }) => [of?.commandId ?? 'schedule', count, grams]);

  it.each([
    ['a dose alone', 1, 40, [dose('a', 40)], 100, [['a', 1, 40]]],
    ['a meal, the dose still to come', 1, 100, [dose('a', 40)], 100, [['schedule', 1, 100]]],
    ['both', 2, 140, [dose('a', 40)], 100, [['a', 1, 40], ['schedule', 1, 100]]],
    ['a dose cut short', 1, 31, [dose('a', 40)], 100, [['a', 1, 31]]],
    ['a meal cut short', 2, 120, [dose('a', 40)], 100, [['a', 1, 40], ['schedule', 1, 80]]],
    ['two doses, the second cut short', 2, 70, [dose('a', 40), dose('b', 60)], 100, [['a', 1, 40], ['b', 1, 30]]],
    ['a dose after one that was lost', 1, 60, [dose('a', 40), dose('b', 60)], 100, [['b', 1, 60]]],
    ['a hopper that ran empty', 3, 30, [dose('a', 40), dose('b', 60)], 100, [['a', 1, 30], ['b', 1, 0], ['schedule', 1, 0]]],
    ['meals of a size nobody knows', 3, 300, [dose('a', 40)], undefined, [['a', 1, 40], ['schedule', 2, 260]]],
    ['two doses of the same grams', 1, 40, [dose('a', 40), dose('b', 40)], 100, [['a', 1, 40]]],
    ['grams without a count', 0, 12, [dose('a', 40)], 100, [['schedule', 0, 12]]],
    ['nothing', 0, 0, [dose('a', 40)], 100, []],
  ])('%s', (_, count, grams, doses, mealGrams, expected) => {
    expect(told({ count, grams }, doses, mealGrams)).toEqual(expected);
  });
});

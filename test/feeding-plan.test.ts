import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Values } from '../topics/parameters.ts';
import { plannedMeals, plannedOn, type ConfigChange } from '../src/history/feeding-plan.ts';
import { siteDayAt, type SiteDay } from '../src/history/site-days.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const at = (instant: string): number => Date.parse(instant);
const midnight = at('2026-01-31T00:00:00Z');

const DAYTIME: Values = { mealGrams: 100, intervalSeconds: 3600, windowStartMinute: 360, windowEndMinute: 1200, feedingEnabled: true };
const since = (atMs: number, values: Values): ConfigChange => ({ atMs, values });

describe('a day', () => {
  const planOf = (values: Values) => plannedMeals([since(0, values)], midnight, midnight + DAY_MS, 'UTC')[0]?.plan;

  test.each<[string, Values, { meals: number; grams: number } | null]>([
    ['in its window', DAYTIME, { meals: 14, grams: 1400 }],
    ['whose window is not a multiple of the interval', { ...DAYTIME, intervalSeconds: 7000 }, { meals: 8, grams: 800 }],
    ['with a window over midnight', { ...DAYTIME, windowStartMinute: 1320, windowEndMinute: 120 }, { meals: 4, grams: 400 }],
    ['with a window of no length, which is the whole day', { ...DAYTIME, windowEndMinute: 360 }, { meals: 24, grams: 2400 }],
    ['up to its limit', { ...DAYTIME, dailyLimitGrams: 550 }, { meals: 5, grams: 500 }],
    ['of a feeder that is paused', { ...DAYTIME, feedingEnabled: false }, { meals: 0, grams: 0 }],
    ['of meals of nothing', { ...DAYTIME, mealGrams: 0 }, { meals: 0, grams: 0 }],
    ['of a feeder without window or limit', { mealGrams: 10, intervalSeconds: 1800 }, { meals: 48, grams: 480 }],
    ['of a config that does not say how much', { intervalSeconds: 3600 }, null],
  ])('%s', (_, values, plan) => expect(planOf(values)).toEqual(plan));
});

test('what is asked for follows the config through the day, and days before it was known have no plan', () => {
  const changes = [
    since(midnight - DAY_MS + 9 * HOUR_MS, DAYTIME),
    since(midnight + 10 * HOUR_MS + MINUTE_MS, { ...DAYTIME, mealGrams: 50, intervalSeconds: 1800 }),
    since(midnight + 12 * HOUR_MS, { ...DAYTIME, feedingEnabled: false }),
    since(midnight + 18 * HOUR_MS, DAYTIME),
  ];
  // 6:00 to 10:00, 10:30 to 11:30, 18:00 and 19:00
  expect(plannedMeals(changes, midnight - DAY_MS, midnight + DAY_MS, 'UTC')).toEqual([
    { date: '2026-01-30', plan: null },
    { date: '2026-01-31', plan: { meals: 5 + 3 + 2, grams: 500 + 150 + 200 } },
  ]);
  expect(plannedMeals([], midnight, midnight + DAY_MS, 'UTC')).toEqual([{ date: '2026-01-31', plan: null }]);
  expect(plannedMeals(changes, midnight, midnight, 'UTC')).toEqual([]);
});

test('the days when the clocks of Oslo change are as long as they are', () => {
  const allDay = [since(0, { mealGrams: 1, intervalSeconds: 3600 })];
  const daytime = [since(0, DAYTIME)];
  const meals = (changes: ConfigChange[], from: string, to: string) => plannedMeals(changes, at(from), at(to), 'Europe/Oslo').map(({ date, plan }) => [date, plan?.meals]);
  expect(meals(allDay, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toEqual([['2026-03-29', 23]]);
  expect(meals(allDay, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual([['2026-10-25', 25]]);
  expect(meals(daytime, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toEqual([['2026-03-29', 14]]);
});

/** The same, second by second as a PLC does it. */
function simulated(changes: readonly ConfigChange[], fromMs: number, toMs: number): Map<string, number> {
  const byDate = new Map<string, number>();
  let lastAtMs = -Infinity;
  for (let nowMs = fromMs; nowMs < toMs; nowMs += MINUTE_MS) {
    const values = changes.findLast(({ atMs }) => atMs <= nowMs)?.values ?? {};
    const numberOf = (name: string): number => Number(values[name]);
    const [start, end, grams] = [numberOf('windowStartMinute'), numberOf('windowEndMinute'), numberOf('mealGrams')];
    const date = new Date(nowMs).toISOString().slice(0, 10);
    const minute = (nowMs % DAY_MS) / MINUTE_MS;
    const isOpen = start < end ? minute >= start && minute < end : start === end || minute >= start || minute < end;
    const today = byDate.get(date) ?? 0;
    const isDue = nowMs - lastAtMs >= numberOf('intervalSeconds') * 1000;
    if (values['feedingEnabled'] !== true || grams === 0 || !isOpen || !isDue || today + grams > numberOf('dailyLimitGrams')) continue;
    byDate.set(date, today + grams);
    lastAtMs = nowMs;
  }
  return byDate;
}

test('it is what a PLC does that looks at its clock again and again', () => {
  const minutes = fc.integer({ min: 0, max: 1439 });
  const config = fc.record({
    mealGrams: fc.integer({ min: 0, max: 200 }),
    intervalSeconds: fc.integer({ min: 1, max: 600 }).map((each) => each * 60),
    dailyLimitGrams: fc.integer({ min: 0, max: 4000 }),
    windowStartMinute: minutes,
    windowEndMinute: fc.oneof(minutes, fc.constant(360)),
    feedingEnabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  });
  const change = fc.tuple(fc.integer({ min: 0, max: 4 * 1440 }), config);
  const later = fc.array(change, { maxLength: 5 }).map((list) => list.sort(([a], [b]) => a - b));
  fc.assert(
    fc.property(config, later, minutes, fc.integer({ min: 1, max: 4 * 1440 }), (first, others, startMinute, length) => {
      const changes = [since(0, first), ...others.map(([minute, values]) => since(midnight + minute * MINUTE_MS, values))];
      const fromMs = midnight + startMinute * MINUTE_MS;
      const toMs = fromMs + length * MINUTE_MS;
      const expected = simulated(changes, fromMs, toMs);
      for (const { date, plan } of plannedMeals(changes, fromMs, toMs, 'UTC')) expect(plan?.grams).toBe(expected.get(date) ?? 0);
    }),
    { numRuns: 100 },
  );
});

describe('what is planned on a day', () => {
  const whole = (day: SiteDay, changes: readonly ConfigChange[], timeZone: string) =>
    plannedMeals(changes, day.fromMs - DAY_MS, day.toMs, timeZone).find(({ date }) => date === day.date)?.plan;

  test('is what the day comes to, and the part of it that is due', () => {
    const day = siteDayAt(midnight, 'UTC');
    const on = (instant: string, changes = [since(0, DAYTIME)]) => plannedOn(day, changes, at(instant), 'UTC');
    expect(on('2026-01-31T05:00:00Z')).toEqual({ grams: 1400, soFarGrams: 0 });
    expect(on('2026-01-31T06:00:00.000Z')).toEqual({ grams: 1400, soFarGrams: 0 });
    expect(on('2026-01-31T06:00:00.001Z')).toEqual({ grams: 1400, soFarGrams: 100 });
    expect(on('2026-01-31T23:00:00Z')).toEqual({ grams: 1400, soFarGrams: 1400 });
    expect(on('2026-01-31T12:30:00Z', [since(0, DAYTIME), since(at('2026-01-31T12:10:00Z'), { ...DAYTIME, feedingEnabled: false })])).toEqual({ grams: 700, soFarGrams: 700 });
    expect(on('2026-01-31T12:30:00Z', [since(midnight + 1, DAYTIME)])).toBeNull();
    expect(on('2026-01-31T12:30:00Z', [])).toBeNull();
  });

  test.each([['2026-03-29', 23], ['2026-10-25', 25]])('has as many hours as %s in Oslo', (date, hours) => {
    const day = siteDayAt(at(`${date}T12:00:00Z`), 'Europe/Oslo');
    const hourly = [since(0, { mealGrams: 10, intervalSeconds: 3600 })];
    expect(plannedOn(day, hourly, day.fromMs + 5.5 * HOUR_MS, 'Europe/Oslo')).toEqual({ grams: hours * 10, soFarGrams: 60 });
  });

  test('is as the plan of a span that ends with the day, or now', () => {
    const config = fc.record({
      mealGrams: fc.integer({ min: 0, max: 50 }),
      intervalSeconds: fc.integer({ min: 600, max: 20_000 }),
      windowStartMinute: fc.integer({ min: 0, max: 1_440 }),
      windowEndMinute: fc.integer({ min: 0, max: 1_440 }),
      dailyLimitGrams: fc.integer({ min: 0, max: 500 }),
      feedingEnabled: fc.boolean(),
    });
    const changes = fc.array(fc.tuple(fc.integer({ min: -3_000, max: 1_500 }), config), { minLength: 1, maxLength: 6 });
    const dates = fc.constantFrom('2026-01-31', '2026-03-29', '2026-10-25');
    fc.assert(
      fc.property(dates, changes, fc.integer({ min: 0, max: 1_380 }), (date, told, minute) => {
        const day = siteDayAt(at(`${date}T12:00:00Z`), 'Europe/Oslo');
        const nowMs = day.fromMs + minute * MINUTE_MS + 1;
        const held = told.sort(([a], [b]) => a - b).map(([after, values]) => since(day.fromMs + after * MINUTE_MS, values));
        const plan = plannedOn(day, held, nowMs, 'Europe/Oslo');
        expect(plan?.grams).toBe(whole(day, held, 'Europe/Oslo')?.grams);
        expect(plan?.soFarGrams).toBe(whole({ ...day, toMs: nowMs }, held, 'Europe/Oslo')?.grams);
      }),
      { numRuns: 300 },
    );
  });
});

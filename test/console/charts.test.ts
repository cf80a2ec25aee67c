import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MealDay, PresenceDay, Readings } from '../../console/api/shapes.ts';
import { cellsOf, lonelyPoints, middleOf, summaryOf } from '../../console/charts/bucket-cells.ts';
import { forecastOf } from '../../console/charts/forecast.ts';
import { limitsOf } from '../../console/charts/limits.ts';
import { barsOf, mealSummaryOf } from '../../console/charts/meal-bars.ts';
import { bandsOf, presenceSummaryOf } from '../../console/charts/presence-bands.ts';
import { dateAt, daysIn, daysLater, startOfDay } from '../../console/charts/site-days.ts';
import { spanOf, wrongDates } from '../../console/charts/time-range.ts';
import { siteDays } from '../../src/history/site-days.ts';

const HOUR_MS = 3_600_000;
const NAME = 'hopperGrams';
const ZONES = ['UTC', 'Europe/Madrid', 'America/Santiago', 'Asia/Jerusalem', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe', 'America/St_Johns'];
const zone = fc.constantFrom(...ZONES);
const moment = fc.integer({ min: Date.UTC(2008, 0), max: Date.UTC(2030, 0) });
const read = (avg: number) => ({ min: avg - 1, avg, max: avg + 1, count: 3 });

describe('the days of a site', () => {
  test('are those that the bridge counts in, whatever its clocks do', () => {
    fc.assert(
      fc.property(zone, moment, fc.integer({ min: 1, max: 40 }), (timeZone, fromMs, days) => {
        const toMs = fromMs + days * 24 * HOUR_MS;
        expect(daysIn({ fromMs, toMs }, timeZone)).toEqual(siteDays(fromMs, toMs, timeZone));
      }),
      { numRuns: 60 },
    );
  });

  test('have 23 and 25 hours when the clocks change', () => {
    const span = { fromMs: startOfDay('2026-03-28', 'Europe/Madrid'), toMs: startOfDay('2026-03-31', 'Europe/Madrid') };
    expect(daysIn(span, 'Europe/Madrid').map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS)).toEqual([24, 23, 24]);
    expect(daysLater('2026-02-28', 1)).toBe('2026-03-01');
  });
});

/** An answer in buckets of five minutes, of which some are there. */
const inMinutes = (isThere: readonly boolean[]): Readings => {
  const fromMs = Date.UTC(2026, 0, 31);
  const at = (index: number): string => new Date(fromMs + index * 300_000).toISOString();
  return {
    from: at(0),
    to: at(isThere.length),
    bucket: '5m',
    bucketSeconds: 300,
    names: [NAME],
    items: isThere.flatMap((is, index) => (is ? [{ at: at(index), values: { [NAME]: read(index) } }] : [])),
  };
};

describe('readings over time', () => {
  test('show each bucket that is given, and a gap exactly where one is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (isThere) => {
        const cells = cellsOf(inMinutes(isThere), NAME, 'UTC', Infinity);
        expect(cells.map((cell) => cell.read !== null)).toEqual(isThere);
        expect(cells.flatMap((cell) => cell.read?.avg ?? [])).toEqual(isThere.flatMap((is, index) => (is ? [index] : [])));
      }),
    );
  });

  test('show days by the calendar of the site, when the clocks change too', () => {
    fc.assert(
      fc.property(zone, moment, fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (timeZone, fromMs, isThere) => {
        const days = siteDays(fromMs, fromMs + isThere.length * 24 * HOUR_MS, timeZone);
        const given = days.filter((_, index) => isThere[index] === true);
        const readings: Readings = {
          from: new Date(days[0]?.fromMs ?? 0).toISOString(),
          to: new Date(days.at(-1)?.toMs ?? 0).toISOString(),
          bucket: '1d',
          bucketSeconds: 86_400,
          names: [NAME],
          items: given.map((day) => ({ at: new Date(day.fromMs).toISOString(), values: { [NAME]: read(1) } })),
        };
        const cells = cellsOf(readings, NAME, timeZone, Infinity);
        expect(cells.map((cell) => [cell.fromMs, cell.toMs, cell.read !== null])).toEqual(days.map((day) => [day.fromMs, day.toMs, given.includes(day)]));
      }),
      { numRuns: 60 },
    );
  });

  test('never lose a bucket, even where the bridge counts days otherwise than this browser', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -30, max: 200 }), { maxLength: 30 }), (hours) => {
        const fromMs = Date.UTC(2026, 0, 31);
        const items = hours.sort((a, b) => a - b).map((hour) => ({ at: new Date(fromMs + hour * HOUR_MS).toISOString(), values: { [NAME]: read(hour) } }));
        const readings: Readings = { from: new Date(fromMs).toISOString(), to: new Date(fromMs + 120 * HOUR_MS).toISOString(), bucket: '1d', bucketSeconds: 86_400, names: [NAME], items };
        const cells = cellsOf(readings, NAME, 'UTC', Infinity);
        expect(cells.flatMap((cell) => cell.read?.avg ?? [])).toEqual(hours);
        expect(cells.map((cell) => cell.fromMs)).toEqual(cells.map((cell) => cell.fromMs).sort((a, b) => a - b));
      }),
    );
  });

  test('end now: what is to come is no gap, and nothing is drawn in it', () => {
    const readings = inMinutes([true, true, false, false]);
    const nowMs = Date.parse(readings.from) + 11 * 60_000;
    const cells = cellsOf(readings, NAME, 'UTC', nowMs);
    expect(cells.map((cell) => cell.read !== null)).toEqual([true, true, false]);
    expect(cells.map((cell) => middleOf(cell, nowMs) - Date.parse(readings.from))).toEqual([150_000, 450_000, 660_000]);
  });

  test('come to the least, the most, the average of all readings, and the time without any', () => {
    const readings = inMinutes([true, false, true]);
    const [first] = readings.items;
    if (first) first.values[NAME] = { min: -5, avg: 10, max: 11, count: 9 };
    const nowMs = Date.parse(readings.to);
    expect(summaryOf(cellsOf(readings, NAME, 'UTC', nowMs), nowMs)).toEqual({ min: -5, max: 11, avg: 8, missingSeconds: 300 });
    expect(summaryOf(cellsOf(readings, 'motorCurrentAmps', 'UTC', nowMs), nowMs)).toBeUndefined();
  });

  test('that stand between two gaps are drawn as points', () => {
    expect(lonelyPoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(lonelyPoints([null, null])).toEqual([]);
  });
});

describe('the forecast of the hopper', () => {
  const at = '2026-01-31T00:00:00.000Z';
  const hopper = { grams: 1000, readAt: at, gramsPerDay: 500, daysLeft: 2, emptyAt: '2026-02-02T00:00:00.000Z' };

  test('goes straight from what is there to nothing, and is cut where the chart ends', () => {
    const fromMs = Date.parse(at);
    expect(forecastOf({ at, hopper }, 7 * 24 * HOUR_MS)).toEqual({ fromMs, fromGrams: 1000, toMs: fromMs + 48 * HOUR_MS, toGrams: 0 });
    expect(forecastOf({ at, hopper }, 24 * HOUR_MS)).toEqual({ fromMs, fromGrams: 1000, toMs: fromMs + 12 * HOUR_MS, toGrams: 750 });
  });

  test('is none where nobody can tell', () => {
    expect(forecastOf({ at, hopper: { ...hopper, emptyAt: null } }, HOUR_MS)).toBeUndefined();
    expect(forecastOf({ at, hopper: { ...hopper, grams: null } }, HOUR_MS)).toBeUndefined();
    expect(forecastOf({ at, hopper: { ...hopper, emptyAt: at } }, HOUR_MS)).toBeUndefined();
  });
});

test('limits are those that the bridge watches and those that the PLC itself stops at', () => {
  const thresholds = {
    hopperDaysLeft: 3, mealsMissed: 2, feedingMaxMinutes: 30, plcLostMinutes: 5, agentLostMinutes: 5,
    oxygenMinMgPerLitre: 5, temperatureMinCelsius: null, temperatureMaxCelsius: 22,
  };
  const settings = { oxygenStopMgPerLitre: 4.5, temperatureStopCelsius: 24, feedingEnabled: true };
  expect(limitsOf('dissolvedOxygenMgPerLitre', thresholds, settings)).toEqual([{ kind: 'alarm-below', value: 5 }, { kind: 'stop-below', value: 4.5 }]);
  expect(limitsOf('waterTemperatureCelsius', thresholds, settings)).toEqual([{ kind: 'alarm-above', value: 22 }, { kind: 'stop-above', value: 24 }]);
  expect(limitsOf('waterTemperatureCelsius', thresholds, undefined)).toEqual([{ kind: 'alarm-above', value: 22 }]);
  expect(limitsOf('hopperGrams', thresholds, settings)).toEqual([]);
});

describe('meals by day', () => {
  const day = (date: string, plannedGrams: number | null = 100): MealDay => ({ date, count: 2, grams: 90, plannedGrams, feedNowGrams: 10, scheduledGrams: 80 });
  const span = { fromMs: Date.parse('2026-01-30T10:00:00Z'), toMs: Date.parse('2026-02-01T10:00:00Z') };

  test('have a place for every day, oldest first, known or not', () => {
    const bars = barsOf([day('2026-02-01'), day('2026-01-30')], span, 'UTC');
    expect(bars.map(({ date, fed }) => [date, fed !== null])).toEqual([['2026-01-30', true], ['2026-01-31', false], ['2026-02-01', true]]);
  });

  test('come to a plan only where every day has one', () => {
    expect(mealSummaryOf(barsOf([day('2026-02-01'), day('2026-01-30')], span, 'UTC'))).toEqual({ grams: 180, feedNowGrams: 20, plannedGrams: 200, count: 4 });
    expect(mealSummaryOf(barsOf([day('2026-02-01'), day('2026-01-30', null)], span, 'UTC'))?.plannedGrams).toBeNull();
    expect(mealSummaryOf(barsOf([], span, 'UTC'))).toBeUndefined();
  });
});

describe('presence over time', () => {
  const at = (hour: number): string => new Date(Date.UTC(2026, 0, 31, hour)).toISOString();
  const day = (...spans: PresenceDay['spans']): PresenceDay => ({ date: '2026-01-31', onlineShare: 0, onlineSeconds: 0, knownSeconds: 0, changes: [], spans });
  const days = [
    day({ state: 'offline', from: at(24), to: at(30) }, { state: 'online', from: at(30), to: at(48) }),
    day({ state: 'online', from: at(2), to: at(20) }, { state: 'offline', from: at(20), to: at(24) }),
  ];

  test('is one band where midnight cut it, within the span alone; what nobody knows is in none', () => {
    const span = { fromMs: Date.parse(at(0)), toMs: Date.parse(at(40)) };
    const bands = bandsOf(days, span);
    expect(bands.map(({ state, fromMs, toMs }) => [state, fromMs, toMs])).toEqual([
      ['online', Date.parse(at(2)), Date.parse(at(20))],
      ['offline', Date.parse(at(20)), Date.parse(at(30))],
      ['online', Date.parse(at(30)), Date.parse(at(40))],
    ]);
    expect(presenceSummaryOf(bands, span)).toEqual({ onlineShare: 28 / 38, offlineCount: 1, unknownSeconds: 7_200 });
    expect(presenceSummaryOf([], span)).toBeUndefined();
  });
});

describe('the time that is shown', () => {
  const nowMs = Date.parse('2026-03-29T21:30:00Z');

  test('is whole days of the site and today so far; a day is 24 hours', () => {
    expect(spanOf({ kind: 'last', days: 1 }, nowMs, 'Europe/Madrid')).toEqual({ fromMs: nowMs - 24 * HOUR_MS, toMs: nowMs });
    fc.assert(
      fc.property(zone, moment, (timeZone, now) => {
        const { fromMs, toMs } = spanOf({ kind: 'last', days: 7 }, now, timeZone);
        expect(toMs).toBe(now);
        expect(dateAt(fromMs, timeZone) >= daysLater(dateAt(now, timeZone), -6)).toBe(true);
        expect(dateAt(fromMs - 1000, timeZone) < daysLater(dateAt(now, timeZone), -6)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('is from the first midnight to the last of two dates, never past now', () => {
    expect(spanOf({ kind: 'dates', fromDate: '2026-03-28', toDate: '2026-03-28' }, nowMs, 'Europe/Madrid')).toEqual({
      fromMs: Date.parse('2026-03-27T23:00:00Z'), toMs: Date.parse('2026-03-28T23:00:00Z'),
    });
    expect(spanOf({ kind: 'dates', fromDate: '2026-03-29', toDate: '2026-03-29' }, nowMs, 'Europe/Madrid').toMs).toBe(nowMs);
  });

  test.each([
    ['', '2026-03-01', 'missing'],
    ['2026-13-40', '2026-03-01', 'missing'],
    ['2026-03-02', '2026-03-01', 'wrong-way-round'],
    ['2026-03-02', '2026-03-30', 'in-the-future'],
    ['2025-03-01', '2026-03-29', 'too-long'],
    ['2025-03-29', '2026-03-29', undefined],
    ['2026-03-29', '2026-03-29', undefined],
  ])('from %s to %s: %s', (from, to, wrong) => {
    expect(wrongDates(from, to, '2026-03-29')).toBe(wrong);
  });
});

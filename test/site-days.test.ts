import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentOf, newestSiteDays, siteDays } from '../src/history/site-days.ts';
import { dateAt } from '../src/site-clock.ts';

const HOUR_MS = 3_600_000;
const at = (instant: string): number => Date.parse(instant);
const hoursOf = (fromMs: number, toMs: number): number => (toMs - fromMs) / HOUR_MS;

test('the days of Oslo have 23 and 25 hours when its clocks change', () => {
  const spring = siteDays(at('2026-03-28T12:00:00Z'), at('2026-03-30T12:00:00Z'), 'Europe/Oslo');
  expect(spring.map(({ date, fromMs, toMs }) => [date, hoursOf(fromMs, toMs)])).toEqual([['2026-03-28', 24], ['2026-03-29', 23], ['2026-03-30', 24]]);
  const autumn = siteDays(at('2026-10-24T22:00:00Z'), at('2026-10-25T23:00:00Z'), 'Europe/Oslo');
  expect(autumn.map(({ date, fromMs, toMs }) => [date, hoursOf(fromMs, toMs)])).toEqual([['2026-10-25', 25]]);
});

describe('days', () => {
  // A zone without changes, some with, one of half hours, one that changes at midnight, two beyond the date line.
  const zones = ['UTC', 'Europe/Oslo', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Africa/Cairo', 'Pacific/Apia', 'America/St_Johns', 'Asia/Kathmandu'];

  test('follow each other without a gap, and cover what they were asked about', () => {
    const span = fc.tuple(fc.integer({ min: at('2011-12-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }), fc.integer({ min: 1, max: 40 * 24 * HOUR_MS }));
    fc.assert(
      fc.property(fc.constantFrom(...zones), span, (timeZone, [fromMs, lengthMs]) => {
        const toMs = fromMs + lengthMs;
        const days = siteDays(fromMs, toMs, timeZone);
        expect(days[0]?.fromMs).toBeLessThanOrEqual(fromMs);
        expect(days[0]?.toMs).toBeGreaterThan(fromMs);
        expect(days.at(-1)?.fromMs).toBeLessThan(toMs);
        expect(days.at(-1)?.toMs).toBeGreaterThanOrEqual(toMs);
        for (const [index, day] of days.entries()) {
          expect(dateAt(day.fromMs, timeZone)).toBe(day.date);
          expect(dateAt(day.toMs - 1, timeZone)).toBe(day.date);
          expect(dateAt(day.fromMs - 1, timeZone) < day.date).toBe(true);
          if (index > 0) expect(days[index - 1]?.toMs).toBe(day.fromMs);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('of a zone that changes its clocks for a week alone', () => {
    for (const fromDay of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const days = siteDays(Date.UTC(2000, 9, fromDay, 12), at('2000-10-20T12:00:00Z'), 'America/Recife');
      const hours = new Map(days.map(({ date, fromMs, toMs }) => [date, hoursOf(fromMs, toMs)]));
      expect([...hours].filter(([, each]) => each !== 24)).toEqual([['2000-10-08', 23], ['2000-10-14', 25]]);
    }
  });

  test('the newest are found without looking at the others', () => {
    const asked = fc.tuple(fc.integer({ min: at('2011-12-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }), fc.integer({ min: 1, max: 40 * 24 * HOUR_MS }));
    fc.assert(
      fc.property(fc.constantFrom(...zones), asked, fc.integer({ min: 1, max: 30 }), (timeZone, [fromMs, lengthMs], most) => {
        const all = siteDays(fromMs, fromMs + lengthMs, timeZone);
        expect(newestSiteDays(fromMs, fromMs + lengthMs, timeZone, most)).toEqual(all.reverse().slice(0, most));
      }),
      { numRuns: 100 },
    );
    expect(newestSiteDays(0, at('9998-12-31T00:00:00Z'), 'UTC', 2).map(({ date }) => date)).toEqual(['9998-12-30', '9998-12-29']);
  });

  test('of no span there are none', () => {
    expect(siteDays(5, 5, 'UTC')).toEqual([]);
  });
});

test('a time of day that comes twice is the first of them, one that is skipped comes after the skip', () => {
  expect(momentOf('2026-10-25', 150, 'Europe/Oslo')).toBe(at('2026-10-25T00:30:00Z'));
  expect(momentOf('2026-03-29', 150, 'Europe/Oslo')).toBe(at('2026-03-29T01:30:00Z'));
  expect(momentOf('2026-03-29', 1440, 'Europe/Oslo')).toBe(at('2026-03-29T22:00:00Z'));
  expect(momentOf('2026-01-31', 360, 'Asia/Kathmandu')).toBe(at('2026-01-31T00:15:00Z'));
});

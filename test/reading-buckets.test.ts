import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mealDays } from '../src/history/meal-days.ts';
import { readingBuckets } from '../src/history/readings.ts';
import { BUCKETS, finestBuckets, MAX_POINTS, secondsOf, storedMinutesOf, wholeBuckets } from '../src/history/buckets.ts';

const DAY_MS = 86_400_000;
const fromMs = fc.integer({ min: 0, max: Date.UTC(2040) });
const zone = fc.constantFrom('UTC', 'Europe/Oslo', 'Asia/Kathmandu');

test('the finest buckets are at most 1,000, cover the span with no bucket to spare, and are the finest', () => {
  fc.assert(
    // Begun just before midnight in winter and ended in summer, 999 days would touch 1,001.
    fc.property(fromMs, fc.integer({ min: 1, max: 998 * DAY_MS }), zone, (from, lengthMs, timeZone) => {
      const to = from + lengthMs;
      const found = finestBuckets(from, to, timeZone) ?? expect.fail('none');
      expect(found.points).toBeLessThanOrEqual(MAX_POINTS);
      expect(found.fromMs).toBeLessThanOrEqual(from);
      expect(found.toMs).toBeGreaterThanOrEqual(to);
      // A day is an hour longer or shorter at times.
      const lengthsMs = secondsOf(found.bucket) * 1000;
      const slackMs = found.bucket === '1d' ? 3_600_000 : 0;
      expect(from - found.fromMs).toBeLessThan(lengthsMs + slackMs);
      expect(found.toMs - to).toBeLessThan(lengthsMs + slackMs);
      expect(Math.abs(found.toMs - found.fromMs - found.points * lengthsMs)).toBeLessThanOrEqual(slackMs);
      const finer = BUCKETS[BUCKETS.indexOf(found.bucket) - 1];
      if (finer !== undefined) expect(wholeBuckets(finer, from, to, timeZone).points).toBeGreaterThan(MAX_POINTS);
    }),
    { numRuns: 300 },
  );
});

test('more than 1,000 days are not shown in any', () => {
  expect(finestBuckets(0, 1_000 * DAY_MS, 'UTC')).toMatchObject({ bucket: '1d', points: 1_000 });
  expect(finestBuckets(0, 1_000 * DAY_MS + 1, 'UTC')).toBeUndefined();
  // It does not take as long as counting them would.
  expect(finestBuckets(0, Date.UTC(9998), 'Europe/Oslo')).toBeUndefined();
});

test('every bucket is a multiple of the level it is computed from, and of no coarser one', () => {
  for (const bucket of BUCKETS) {
    if (bucket === '1d') continue;
    const dividing = [5, 30, 180].filter((minutes) => secondsOf(bucket) % (minutes * 60) === 0);
    expect(storedMinutesOf(bucket)).toBe(dividing.at(-1));
  }
});

test('of ten years without a reading or a meal the database is asked few times', async () => {
  let asked = 0;
  const empty = {
    query: () => {
      asked += 1;
      return Promise.resolve({ rows: [], rowCount: 0 });
    },
  };
  const feeder = { feederId: 'pond-1', timeZone: 'Europe/Oslo' };
  const tenYears = { fromMs: Date.UTC(2016), toMs: Date.UTC(2026) };
  for await (const summary of readingBuckets(empty, feeder, undefined, wholeBuckets('5m', tenYears.fromMs, tenYears.toMs, 'UTC'))) expect.fail(summary.name);
  expect(await mealDays(empty, feeder, tenYears)).toEqual([]);
  expect(asked).toBeLessThan(6);
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toInstant } from '../topics/identifiers.ts';
import { Months } from '../src/records/months.ts';
import { monthEndMs, monthOf, selectMonths } from '../src/store/reading-partitions.ts';
import { openRecordStore, type RecordStore } from './support/records.ts';

let store: RecordStore;
let feeders = 0;

beforeAll(async () => {
  store = await openRecordStore({ retentionDays: 36_500 });
});
afterAll(() => store.dispose());

/** Around both changes of the clocks, over months and years, on odd minutes. */
const time = fc.oneof(
  ...['2025-03-30T00:00:00Z', '2025-10-26T00:00:00Z', '2024-12-31T22:00:00Z', '2025-04-05T12:00:00Z'].map((around) =>
    fc.integer({ min: -36 * 60, max: 36 * 60 }).map((minutes) => Date.parse(around) + minutes * 60_000 + 1_234),
  ),
);
const value = fc.oneof(fc.boolean(), fc.integer({ min: -1000, max: 1000 }).map((tenths) => tenths / 10));
const reading = fc.record({
  atMs: time,
  values: fc.dictionary(fc.constantFrom('hopperGrams', 'waterTemperatureCelsius', 'feeding'), value, { maxKeys: 3 }),
});
const zone = fc.constantFrom('Europe/Oslo', 'UTC', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia');

/** What the raw readings come to by the database's own reckoning, next to what is kept; both in the same order. */
const COUNTED = `
  WITH value AS (
    SELECT at, name, CASE value WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE value::double precision END AS number
    FROM reading, jsonb_each_text(reading_values) AS each (name, value) WHERE feeder_id = $1
  ), counted AS (
    SELECT minutes::text || ' ' || date_bin(minutes * interval '1 minute', at, '2000-01-01T00:00:00Z')::text AS stretch, name, number
    FROM value, unnest(ARRAY[5, 30, 180]) AS minutes
    UNION ALL
    SELECT (at AT TIME ZONE $2)::date::text, name, number FROM value
  )
  SELECT stretch, name, count(*)::integer AS count, round(sum(number)::numeric, 6) AS sum, min(number), max(number)
  FROM counted GROUP BY stretch, name ORDER BY stretch, name`;
const KEPT = `
  SELECT minutes::text || ' ' || starts_at::text AS stretch, name, count, round(sum::numeric, 6) AS sum, min, max
  FROM reading_rollup WHERE feeder_id = $1
  UNION ALL
  SELECT day::text, name, count, round(sum::numeric, 6), min, max FROM reading_day WHERE feeder_id = $1 AND $2 <> ''
  ORDER BY stretch, name`;

test('in whatever order readings come, what is kept of them is what the raw ones come to, days of 23 and 25 hours too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 60 }), zone, fc.integer({ min: 1, max: 30 }), async (readings, timeZone, size) => {
      const feederId = `pond-${++feeders}`;
      await store.enrol(feederId, timeZone);
      const records = readings.map(({ atMs, values }, seq) => ({ kind: 'reading', seq, at: toInstant(atMs), values }));
      for (let from = 0; from < records.length; from += size) await store.send(feederId, 's', records.slice(from, from + size));
      const [counted, kept] = [await store.db.query(COUNTED, [feederId, timeZone]), await store.db.query(KEPT, [feederId, timeZone])];
      expect(kept.rows).toEqual(counted.rows);
    }),
    { numRuns: 8 },
  );
});

test('months that are wholly too old are let go of, what they come to by day is kept', async () => {
  const DAY_MS = 86_400_000;
  const feederId = `pond-${++feeders}`;
  await store.enrol(feederId);
  const atMs = Date.now() - 300 * DAY_MS;
  await store.send(feederId, 's', [{ kind: 'reading', seq: 0, at: toInstant(atMs), values: { hopperGrams: 1 } }]);
  const kept = async (table: string): Promise<number> => (await store.db.query(`SELECT FROM ${table} WHERE feeder_id = $1`, [feederId])).rowCount;
  const months = new Months(store.db, 365);
  await months.keepUp(Date.now() + 30 * DAY_MS);
  expect([await kept('reading'), await kept('reading_rollup'), await kept('reading_day')]).toEqual([1, 3, 1]);
  await months.keepUp(Date.now() + 100 * DAY_MS);
  expect([await kept('reading'), await kept('reading_rollup'), await kept('reading_day')]).toEqual([0, 0, 1]);
  expect(await selectMonths(store.db)).not.toContain(monthOf(atMs));
  // There is room for the month that is, and the next.
  const nowMs = Date.now() + 100 * DAY_MS;
  expect(await selectMonths(store.db)).toEqual(expect.arrayContaining([monthOf(nowMs), monthOf(monthEndMs(monthOf(nowMs)))]));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seedHistory } from '../seed/seed-history.ts';
import type { SeededFeeder } from '../seed/feeder.ts';
import { planOf } from '../seed/plan.ts';
import { presenceOf } from '../seed/presence.ts';
import { seededRecords } from '../seed/records.ts';
import { selectAlarms } from '../src/store/alarms.ts';
import { openDatabase } from '../src/store/database.ts';
import { selectFeeders } from '../src/store/feeders.ts';
import { selectMeals } from '../src/store/meal-history.ts';
import { selectMealCounters } from '../src/store/meals.ts';
import { selectCommands } from '../src/store/postgres-commands.ts';
import { selectReadingDays } from '../src/store/reading-history.ts';
import { HistoryRecord } from '../topics/payloads.ts';
import { freshDatabase } from './support/postgres.ts';

const DAY_MS = 86_400_000;

const recordsOf = (feeder: SeededFeeder): HistoryRecord[] => [...seededRecords(feeder, planOf(feeder))];
const mealsIn = (records: readonly HistoryRecord[]) => records.filter((record) => record.kind === 'meal');

/** Feeders of some days, in zones whose clocks change or not, at any time of the year. */
const feeders = fc.record({
  feederId: fc.constantFrom('seed-1', 'seed-2', 'pond-1'),
  timeZone: fc.constantFrom('Europe/Oslo', 'UTC', 'Pacific/Auckland'),
  seed: fc.nat(999_999),
  fromMs: fc.integer({ min: Date.UTC(2025), max: Date.UTC(2027) }),
  days: fc.integer({ min: 1, max: 4 }),
}).map(({ days, ...feeder }): SeededFeeder => ({ ...feeder, toMs: feeder.fromMs + days * DAY_MS }));

const check = (holds: (feeder: SeededFeeder) => void): void => fc.assert(fc.property(feeders, holds), { numRuns: 8 });

describe('a made-up history', () => {
  test('is the same for the same seed, and another for another', () => {
    check((feeder) => {
      const told = JSON.stringify(recordsOf(feeder));
      expect(JSON.stringify(recordsOf(feeder)) === told).toBe(true);
      expect(JSON.stringify(recordsOf({ ...feeder, seed: feeder.seed + 1 })) === told).toBe(false);
    });
  });

  test('is of records that an agent could have told, in the order of their numbers and times', () => {
    check((feeder) => {
      const records = recordsOf(feeder);
      const astray = records.find((record, index) => record.seq !== index || record.at < (records[index - 1]?.at ?? ''));
      expect(astray).toBeUndefined();
      for (const record of records.filter(({ kind, seq }) => kind !== 'reading' || seq % 100 === 0)) HistoryRecord.parse(record);
      expect(Date.parse(records.at(-1)?.at ?? '')).toBeLessThan(feeder.toMs);
    });
  });

  test('has meals that come to what the counters say', () => {
    check((feeder) => {
      const [baseline, ...meals] = mealsIn(recordsOf(feeder));
      let { countTotal = 0, totalGrams = 0 } = baseline ?? {};
      expect(baseline).toMatchObject({ baseline: true, count: 0, grams: 0 });
      for (const meal of meals) {
        countTotal += meal.count;
        totalGrams += meal.grams;
        expect([meal.countTotal, meal.totalGrams]).toEqual([countTotal, totalGrams]);
      }
    });
  });

  test('has no reading while agent or PLC is away, and one a minute else', () => {
    check((feeder) => {
      const { incidents } = planOf(feeder);
      const away = incidents.filter(({ kind }) => kind === 'agent-down' || kind === 'plc-lost');
      const readAtMs = recordsOf(feeder).flatMap(({ kind, at }) => (kind === 'reading' ? Date.parse(at) : []));
      for (const { fromMs, toMs } of away) expect(readAtMs.filter((atMs) => atMs >= fromMs && atMs < toMs)).toEqual([]);
      const gaps = readAtMs.filter((atMs, index) => atMs - (readAtMs[index - 1] ?? atMs) > 60_000);
      expect(gaps).toEqual(away.map(({ toMs }) => toMs));
    });
  });

  test('has the feeder offline while its agent or its link is away, and at the end', () => {
    check((feeder) => {
      const { incidents } = planOf(feeder);
      const changes = presenceOf(feeder, incidents);
      const offline = incidents.filter(({ kind }) => kind === 'agent-down' || kind === 'link-lost');
      expect(changes.map(({ state }) => state)).toEqual([...offline.flatMap(() => ['online', 'offline']), 'online', 'offline']);
      expect(changes.filter(({ state }) => state === 'online').map(({ atMs }) => atMs)).toEqual([feeder.fromMs, ...offline.map(({ toMs }) => toMs)]);
    });
  });
});

test('a feeder whose link was lost has a history until then, and is known to be away since, however often it is seeded', async () => {
  const database = await freshDatabase();
  const db = await openDatabase({ databaseUrl: database.databaseUrl, dataDir: database.dataDir, onLost: (reason) => expect.fail(reason.message) });
  try {
    const feeders = [{ feederId: 'pond-1', name: 'Pond 1', lostHoursAgo: 22 }];
    const order = { feeders, site: 'farm', timeZone: 'Europe/Oslo', days: 1, seed: 36, retentionDays: 30, onStored: () => undefined };
    const [seeded] = await seedHistory(db, order);
    if (seeded === undefined) throw new Error('expected the feeder to be told');
    await seedHistory(db, order);
    const { feeder } = seeded;
    const lostAtMs = feeder.toMs;
    expect((feeder.toMs - feeder.fromMs) / 3_600_000).toBe(2);
    const [row] = await selectFeeders(db);
    expect(row).toMatchObject({ feederId: 'pond-1', lastSeenAtMs: lostAtMs, presence: { state: 'offline', reason: 'lease-expired', atMs: lostAtMs + 25_000 } });
    const alarms = await selectAlarms(db, 'pond-1', { fromMs: lostAtMs, toMs: lostAtMs + DAY_MS, state: 'open' }, 10, undefined);
    expect(alarms.filter(({ origin }) => origin === 'bridge')).toMatchObject([{ name: 'agentLost', raisedAtMs: lostAtMs + 5 * 60_000, acknowledgedAtMs: null }]);
    expect(Math.max(...recordsOf(feeder).map(({ at }) => Date.parse(at)))).toBeLessThan(lostAtMs);
  } finally {
    await db.close();
    await database.dispose();
  }
});

test('a history is stored once, however often it is seeded, and its meals are what the counters say', async () => {
  const database = await freshDatabase();
  const db = await openDatabase({ databaseUrl: database.databaseUrl, dataDir: database.dataDir, onLost: (reason) => expect.fail(reason.message) });
  try {
    let stored = 0;
    const order = {
      feeders: [{ feederId: 'pond-1', name: 'Pond 1' }],
      site: 'farm',
      timeZone: 'Europe/Oslo',
      days: 1,
      seed: 36,
      retentionDays: 30,
      onStored: (records: number) => (stored += records),
    };
    const [seeded] = await seedHistory(db, order);
    if (seeded === undefined) throw new Error('expected the feeder to be told');
    const { feeder, life } = seeded;
    const records = recordsOf(feeder);
    expect(stored).toBe(records.length);

    const look = async () => ({
      meals: await selectMeals(db, 'pond-1', feeder, 1_000, undefined),
      days: await selectReadingDays(db, 'pond-1', ['hopperGrams'], { fromDate: '2000-01-01', throughDate: '2100-01-01' }),
      alarms: await selectAlarms(db, 'pond-1', { ...feeder, state: undefined }, 1_000, undefined),
      commands: await selectCommands(db, 'pond-1', { state: undefined, nowMs: feeder.toMs }, 1_000, undefined),
    });
    const first = await look();
    const [baseline] = mealsIn(records);
    const known = (await selectMealCounters(db, ['pond-1'])).get('pond-1');
    expect(known?.counters).toEqual(life.counters);
    expect(first.meals.reduce((sum, { grams }) => sum + grams, 0)).toBe(life.counters.totalGrams - (baseline?.totalGrams ?? 0));
    expect(first.meals.filter(({ isBooked }) => isBooked)).toEqual([]);
    expect(first.days.reduce((sum, { count }) => sum + count, 0)).toBe(records.filter(({ kind }) => kind === 'reading').length);
    expect(first.commands.map(({ ending }) => ending?.state)).toEqual(planOf(feeder).orders.map(() => 'applied'));

    stored = 0;
    await seedHistory(db, { ...order, seed: 5, days: 3 });
    expect(stored).toBe(0);
    expect(await look()).toEqual(first);
    await expect(seedHistory(db, { ...order, days: 31 })).rejects.toThrow('at most 30 days');
  } finally {
    await db.close();
    await database.dispose();
  }
});

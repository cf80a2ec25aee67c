import { afterAll, expect, test } from 'vitest';
import type { Values } from '../topics/parameters.ts';
import { MOST_CONFIGS, MOST_PRESENCE_CHANGES, overviewsOf, type Overview } from '../src/history/overview.ts';
import { insertMeals, type MealRow } from '../src/store/meals.ts';
import { insertPresenceChanges, type NewPresenceChange } from '../src/store/presence-changes.ts';
import { insertConfigChanges } from '../src/store/reported-changes.ts';
import { openRecordStore } from './support/records.ts';

// What an overview says at a time that is chosen, by what is stored.

const store = await openRecordStore();
afterAll(() => store.dispose());

const HOUR_MS = 3_600_000;
const at = (instant: string): number => Date.parse(instant);
const HOURLY: Values = { mealGrams: 10, intervalSeconds: 3600, feedingEnabled: true };

async function overviewAt(feederId: string, instant: string, more: { timeZone?: string; values?: Values; readAt?: string } = {}): Promise<Overview> {
  const { timeZone = 'Europe/Oslo', values, readAt } = more;
  const config = values && readAt !== undefined ? { values, readAtMs: at(readAt) } : null;
  const [overview] = await overviewsOf(store.db, [{ feederId, timeZone, config, state: null }], at(instant));
  return overview ?? expect.fail('expected an overview');
}

let seq = 0;
const told = (feederId: string, instant: string) => ({ feederId, spoolId: 's', seq: ++seq, atMs: at(instant) });
const meal = (feederId: string, instant: string, grams: number): MealRow => ({
  ...told(feederId, instant), part: 0, count: 1, grams, plannedGrams: null, counters: { count: 0, totalGrams: 0 }, source: 'schedule', commandId: null, isBooked: false,
});
const change = (feederId: string, instant: string, state: 'online' | 'offline', unwatchedSince?: string): NewPresenceChange => ({
  feederId, atMs: at(instant), state, sessionId: 's', epoch: at(instant), reason: 'connected', unwatchedSinceMs: unwatchedSince === undefined ? null : at(unwatchedSince),
});

test('a day has 23 and 25 hours where its clocks change, and ends at the midnight of its site', async () => {
  await insertConfigChanges(store.db, [{ ...told('days', '2026-01-01T00:00:00Z'), source: 'start', values: HOURLY }]);
  await insertMeals(store.db, [
    meal('days', '2026-03-28T22:59:59.999Z', 1),
    meal('days', '2026-03-28T23:00:00.000Z', 10),
    meal('days', '2026-03-29T21:59:59.999Z', 100),
    meal('days', '2026-03-29T22:00:00.000Z', 1000),
  ]);
  const spring = await overviewAt('days', '2026-03-29T04:30:00Z');
  expect(spring.today).toEqual({ date: '2026-03-29', meals: 2, fedGrams: 110, plannedGrams: 230, plannedSoFarGrams: 60 });
  expect((await overviewAt('days', '2026-10-25T22:59:59Z')).today).toMatchObject({ date: '2026-10-25', meals: 0, plannedGrams: 250, plannedSoFarGrams: 250 });
  expect((await overviewAt('days', '2026-03-29T04:30:00Z', { timeZone: 'UTC' })).today).toMatchObject({ date: '2026-03-29', meals: 2, fedGrams: 1100, plannedGrams: 240 });
});

test('nothing is planned on the day on which the config is first known, and the config that was read last goes on', async () => {
  await insertConfigChanges(store.db, [{ ...told('plans', '2026-01-30T10:00:00Z'), source: 'start', values: HOURLY }]);
  expect((await overviewAt('plans', '2026-01-30T12:00:00Z')).today).toMatchObject({ plannedGrams: null, plannedSoFarGrams: null });
  expect((await overviewAt('plans', '2026-01-31T11:30:00Z')).today).toMatchObject({ plannedGrams: 240, plannedSoFarGrams: 130 });
  const read = { values: { ...HOURLY, mealGrams: 5 }, readAt: '2026-01-31T11:15:00Z' };
  expect((await overviewAt('plans', '2026-01-31T11:30:00Z', read)).today).toMatchObject({ plannedGrams: 130 + 11 * 5, plannedSoFarGrams: 130 });
  // Read before what the agent reported of later.
  expect((await overviewAt('plans', '2026-01-31T11:30:00Z', { ...read, readAt: '2026-01-30T09:00:00Z' })).today).toMatchObject({ plannedGrams: 240 });
});

test('of a config that changes all the time there is no plan, rather than a wrong one', async () => {
  const changes = Array.from({ length: MOST_CONFIGS + 10 }, (_, index) => ({
    ...told('restless', '2026-01-31T00:00:00Z'), atMs: at('2026-01-31T00:00:00Z') + index * 60_000, source: 'local' as const, values: { ...HOURLY, mealGrams: index },
  }));
  await insertConfigChanges(store.db, [{ ...told('restless', '2026-01-01T00:00:00Z'), source: 'start', values: HOURLY }, ...changes]);
  expect((await overviewAt('restless', '2026-01-31T12:00:00Z')).today.plannedGrams).toBeNull();
  expect((await overviewAt('restless', '2026-02-01T12:00:00Z')).today.plannedGrams).toBe(24 * (MOST_CONFIGS + 9));
});

test('presence is that of 24 hours, with a gap where no bridge was there, and the newest of too many changes', async () => {
  await insertPresenceChanges(store.db, [
    change('watched', '2026-01-29T00:00:00Z', 'online'),
    change('watched', '2026-01-31T06:00:00Z', 'offline', '2026-01-31T02:00:00Z'),
    change('watched', '2026-01-31T07:00:00Z', 'online'),
  ]);
  const { presence } = await overviewAt('watched', '2026-01-31T12:00:00Z');
  expect(presence).toEqual([
    { state: 'online', fromMs: at('2026-01-30T12:00:00Z'), toMs: at('2026-01-31T02:00:00Z') },
    { state: 'offline', fromMs: at('2026-01-31T06:00:00Z'), toMs: at('2026-01-31T07:00:00Z') },
    { state: 'online', fromMs: at('2026-01-31T07:00:00Z'), toMs: at('2026-01-31T12:00:00Z') },
  ]);
  const flapping = Array.from({ length: 300 }, (_, index): NewPresenceChange => {
    const atMs = at('2026-01-31T00:00:00Z') + index * 60_000;
    return { ...change('flapping', '2026-01-31T00:00:00Z', index % 2 === 0 ? 'online' : 'offline'), atMs, epoch: atMs };
  });
  await insertPresenceChanges(store.db, [change('flapping', '2026-01-01T00:00:00Z', 'online'), ...flapping]);
  const many = (await overviewAt('flapping', '2026-01-31T06:00:00Z')).presence;
  expect(many).toHaveLength(MOST_PRESENCE_CHANGES);
  expect(many[0]).toEqual({ state: 'online', fromMs: at('2026-01-31T00:00:00Z') + 200 * 60_000, toMs: at('2026-01-31T00:00:00Z') + 201 * 60_000 });
  expect(many.at(-1)).toEqual({ state: 'offline', fromMs: at('2026-01-31T00:00:00Z') + 299 * 60_000, toMs: at('2026-01-31T00:00:00Z') + 6 * HOUR_MS });
});

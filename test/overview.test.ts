import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { toInstant } from '../topics/identifiers.ts';
import { makeKey, withKey } from './support/api-key.ts';
import { eventually, openTestBridge, type Answer } from './support/bridge.ts';
import { historyTeller, type NewRecord } from './support/history-teller.ts';
import { commandIn, listOf, problemIn } from './support/rest-shapes.ts';
import { untilShown } from './support/presence.ts';

const bridge = await openTestBridge({ REDIS_URL: '' });
afterAll(() => bridge.dispose());

const instant = z.iso.datetime({ precision: 3 });
const Overview = z.strictObject({
  feederId: z.string(),
  at: instant,
  today: z.strictObject({
    date: z.string(), meals: z.int(), fedGrams: z.number(), plannedGrams: z.number().nullable(), plannedSoFarGrams: z.number().nullable(),
  }),
  lastMeal: z.strictObject({ at: instant, grams: z.number(), count: z.int(), source: z.string() }).nullable(),
  lastDose: z.strictObject({ at: instant, grams: z.number(), commandId: z.string(), counted: z.boolean() }).nullable(),
  hopper: z.strictObject({
    grams: z.number().nullable(), readAt: instant.nullable(), gramsPerDay: z.number().nullable(), daysLeft: z.number().nullable(), emptyAt: instant.nullable(),
  }),
  presence: z.array(z.strictObject({ state: z.enum(['online', 'offline']), from: instant, to: instant })),
  openAlarms: z.array(z.looseObject({ name: z.string(), feederId: z.string(), severity: z.string(), state: z.literal('open') })),
  openAlarmCount: z.int(),
});
type Overview = z.infer<typeof Overview>;

const HOUR_MS = 3_600_000;
const ALL_DAY = { mealGrams: 10, intervalSeconds: 3600, feedingEnabled: true };
const overviewOf = async (feederId: string): Promise<Overview> => Overview.parse((await bridge.rest('GET', `/feeders/${feederId}/overview`)).body);
const until = (feederId: string, fits: (found: Overview) => boolean): Promise<Overview> =>
  eventually(async () => {
    const found = await overviewOf(feederId);
    return fits(found) ? found : undefined;
  });
const meal = (atMs: number, grams: number, more: Partial<Extract<NewRecord, { kind: 'meal' }>> = {}): NewRecord =>
  ({ kind: 'meal', at: toInstant(atMs), count: 1, grams, source: 'schedule', ...more });

/** The clock on the wall of a zone, by another calendar than the bridge's. */
const wall = (atMs: number, timeZone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(atMs);

test('of a feeder that told nothing yet nothing is made up', async () => {
  await bridge.enrol('silent');
  const { at, ...rest } = await overviewOf('silent');
  expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(5_000);
  expect(rest).toEqual({
    feederId: 'silent',
    today: { date: at.slice(0, 10), meals: 0, fedGrams: 0, plannedGrams: null, plannedSoFarGrams: null },
    lastMeal: null,
    lastDose: null,
    hopper: { grams: null, readAt: null, gramsPerDay: null, daysLeft: null, emptyAt: null },
    presence: [],
    openAlarms: [],
    openAlarmCount: 0,
  });
});

// 25 hours apart: it is never the same day at both.
test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])('today is that of %s', async (timeZone) => {
  const feederId = timeZone.slice(8).toLowerCase().replace('_', '-');
  const { tell } = await historyTeller(bridge, feederId, { timeZone, values: ALL_DAY });
  const nowMs = Date.now();
  // A meal every hour on the half hour of the zones, of another weight each.
  const times = Array.from({ length: 50 }, (_, index) => Math.floor(nowMs / HOUR_MS) * HOUR_MS - (50 - index) * HOUR_MS + HOUR_MS / 2);
  await tell([
    { kind: 'config', at: toInstant(nowMs - 80 * HOUR_MS), source: 'start', values: ALL_DAY },
    ...times.map((atMs, index) => meal(atMs, index + 0.1, { count: 1 + (index % 2) })),
  ]);
  const { at, today, lastMeal, hopper } = await overviewOf(feederId);
  expect(today.date).toBe(wall(Date.parse(at), timeZone).slice(0, 10));
  const fed = times.map((atMs, index) => ({ atMs, grams: index + 0.1, count: 1 + (index % 2) })).filter(({ atMs }) => wall(atMs, timeZone).startsWith(today.date));
  expect(today.meals).toBe(fed.reduce((sum, { count }) => sum + count, 0));
  expect(today.fedGrams).toBeCloseTo(fed.reduce((sum, { grams }) => sum + grams, 0), 6);
  expect(today.plannedGrams).toBe(240);
  const [hours = 0, minutes = 0, seconds = 0] = wall(Date.parse(at), timeZone).slice(11).split(':').map(Number);
  // One at midnight and one each hour since, the one of this very moment not yet.
  const due = hours + (minutes + seconds + (Date.parse(at) % 1000) > 0 ? 1 : 0);
  expect(today.plannedSoFarGrams).toBe(10 * due);
  expect(lastMeal).toEqual({ at: toInstant(times.at(-1) ?? 0), grams: 49.1, count: 2, source: 'schedule' });
  // All but the first meal, in the time since that.
  const days = (Date.parse(at) - (times[0] ?? 0)) / 86_400_000;
  expect(hopper.gramsPerDay).toBeCloseTo(times.slice(1).reduce((sum, _, index) => sum + index + 1.1, 0) / days, 3);
});

test('what is planned for the rest of today goes by the config as it is now', async () => {
  const { tell, agent } = await historyTeller(bridge, 'changed-now', { timeZone: 'UTC', values: ALL_DAY });
  await tell([{ kind: 'config', at: toInstant(Date.now() - 80 * HOUR_MS), source: 'start', values: ALL_DAY }]);
  const before = await until('changed-now', ({ today }) => today.plannedGrams === 240);
  await agent.report({ ...ALL_DAY, feedingEnabled: false }, 'local');
  const after = await until('changed-now', ({ today }) => today.plannedGrams !== 240);
  expect(after.today.plannedGrams).toBe(after.today.plannedSoFarGrams);
  if (before.today.date === after.today.date) expect(after.today.plannedSoFarGrams).toBeGreaterThanOrEqual(before.today.plannedSoFarGrams ?? NaN);
});

test('the last dose is the one that fed or may have, whether it is counted yet or not', async () => {
  const { tell, agent } = await historyTeller(bridge, 'dosed');
  await tell([meal(Date.now() - 2 * HOUR_MS, 30)]);
  await untilShown(bridge, 'dosed', 'online');
  const dose = async (grams: number, outcome: 'applied' | 'indeterminate' | 'rejected'): Promise<string> => {
    const body = { kind: 'feed-now', grams };
    const answer = bridge.rest('POST', '/feeders/dosed/commands', { body, headers: { 'Idempotency-Key': `${grams}` } });
    const command = await agent.otherCommand();
    const reason = { code: 'maximum-dose', message: 'too much' };
    await agent.ack(command, { outcome, ...(outcome === 'applied' ? { readBack: {} } : { reason }) });
    await answer;
    return command.commandId;
  };
  expect((await overviewOf('dosed')).lastDose).toBeNull();
  const fed = await dose(50, 'applied');
  expect((await overviewOf('dosed')).lastDose).toMatchObject({ commandId: fed, grams: 50, counted: false });
  const atMs = Date.now();
  await tell([meal(atMs, 48, { source: 'feed-now', commandId: fed })]);
  const counted = await overviewOf('dosed');
  expect(counted.lastDose).toEqual({ at: toInstant(atMs), commandId: fed, grams: 48, counted: true });
  expect(counted.lastMeal).toMatchObject({ grams: 48, source: 'feed-now' });
  await dose(70, 'rejected');
  expect((await overviewOf('dosed')).lastDose).toEqual(counted.lastDose);
  const perhaps = await dose(60, 'indeterminate');
  expect((await overviewOf('dosed')).lastDose).toMatchObject({ commandId: perhaps, grams: 60, counted: false });
  // One that nobody answered yet may feed.
  const headers = { 'Idempotency-Key': 'waiting', Prefer: 'respond-async' };
  const { commandId } = commandIn(await bridge.rest('POST', '/feeders/dosed/commands', { body: { kind: 'feed-now', grams: 20 }, headers }), 202);
  expect((await overviewOf('dosed')).lastDose).toMatchObject({ commandId, grams: 20, counted: false });
});

test('a hopper lasts as long as the pace of late says, from when it was read', async () => {
  const { tell, agent } = await historyTeller(bridge, 'hopper');
  const nowMs = Date.now();
  await tell([meal(nowMs - 96 * HOUR_MS, 10), ...[80, 60, 40, 20].map((hours) => meal(nowMs - hours * HOUR_MS, 500))]);
  const readAtMs = nowMs - 6 * HOUR_MS;
  const readAt = toInstant(readAtMs);
  await agent.publish('state', { at: readAt, values: { hopperGrams: 5_000 }, quality: {} });
  const { at, hopper } = await until('hopper', ({ hopper: { grams } }) => grams === 5_000);
  // Since the last meal three days ago.
  const gramsPerDay = (1_500 * 24 * HOUR_MS) / (Date.parse(at) - (nowMs - 80 * HOUR_MS));
  expect(hopper).toMatchObject({ grams: 5_000, readAt });
  expect(hopper.gramsPerDay).toBeCloseTo(gramsPerDay, 3);
  expect(Date.parse(hopper.emptyAt ?? '')).toBeCloseTo(readAtMs + (5_000 / gramsPerDay) * 24 * HOUR_MS, -3);
  expect(hopper.daysLeft).toBeCloseTo((Date.parse(hopper.emptyAt ?? '') - Date.parse(at)) / (24 * HOUR_MS), 3);
  await agent.publish('state', { at: toInstant(nowMs), values: { hopperGrams: 5_000 }, quality: { hopperGrams: 'stale' } });
  await until('hopper', ({ hopper: { grams, daysLeft } }) => grams === null && daysLeft === null);
  await agent.publish('state', { at: toInstant(nowMs), values: { hopperGrams: 0 }, quality: {} });
  expect((await until('hopper', ({ hopper: { grams } }) => grams === 0)).hopper).toMatchObject({ daysLeft: 0, emptyAt: toInstant(nowMs) });
});

test('presence is told as it was, up to now', async () => {
  const { agent } = await historyTeller(bridge, 'comes-and-goes');
  await until('comes-and-goes', ({ presence }) => presence.length === 1);
  agent.crash();
  const { at, presence } = await until('comes-and-goes', (found) => found.presence.length === 2);
  expect(presence.map(({ state }) => state)).toEqual(['online', 'offline']);
  expect(presence[0]?.to).toBe(presence[1]?.from);
  expect(presence[1]?.to).toBe(at);
});

test('the worst alarms come first, twenty at most, and all are counted', async () => {
  const { tell } = await historyTeller(bridge, 'alarming');
  const atMs = Date.now() - HOUR_MS;
  const alarm = (name: string, minute: number, active = true): NewRecord => ({ kind: 'alarm', at: toInstant(atMs + minute * 60_000), name, active });
  await tell([alarm('motorJam', 0), ...Array.from({ length: 24 }, (_, index) => alarm(`bit${index}`, index + 1)), alarm('bit3', 30, false)]);
  const { openAlarms, openAlarmCount } = await overviewOf('alarming');
  expect(openAlarmCount).toBe(24);
  expect(openAlarms.map(({ name }) => name)).toEqual(['motorJam', ...Array.from({ length: 19 }, (_, index) => `bit${23 - index}`)]);
});

test('the list has those that the key is for and that are asked for, in pages, each as it is alone', async () => {
  for (const feederId of ['z-1', 'z-2', 'z-3']) await bridge.enrol(feederId, 'elsewhere');
  await bridge.enrol('a-1', 'here');
  const key = await makeKey(bridge, 'viewer', { sites: ['elsewhere'] });
  const list = async (query: string): Promise<Answer> => bridge.rest('GET', `/overview${query}`, withKey(key));
  const pageOf = async (query: string) => {
    const { items, nextCursor } = listOf(Overview).parse((await list(query)).body);
    return { ids: items.map(({ feederId }) => feederId), items, nextCursor };
  };
  expect(await pageOf('')).toMatchObject({ ids: ['z-1', 'z-2', 'z-3'], nextCursor: undefined });
  expect(await pageOf('?feeders=a-1,z-3,nobody,z-1')).toMatchObject({ ids: ['z-1', 'z-3'] });
  expect(await pageOf('?feeders=a-1')).toMatchObject({ ids: [], nextCursor: undefined });
  const first = await pageOf('?limit=2');
  expect(first.ids).toEqual(['z-1', 'z-2']);
  expect(await pageOf(`?limit=2&cursor=${first.nextCursor ?? ''}`)).toMatchObject({ ids: ['z-3'], nextCursor: undefined });
  for (const query of ['?feeders=', '?feeders=Z', '?limit=501', '?cursor=x']) problemIn(await list(query), 400, 'malformed');
  problemIn(await bridge.rest('GET', '/feeders/a-1/overview', withKey(key)), 404, 'not-found');

  const all = listOf(Overview).parse((await bridge.rest('GET', '/overview?limit=500')).body).items;
  for (const item of all) {
    const { today, lastMeal, lastDose, openAlarms } = await overviewOf(item.feederId);
    expect(item).toMatchObject({ today: { ...today, plannedSoFarGrams: item.today.plannedSoFarGrams }, lastMeal, lastDose, openAlarms });
  }
  expect(all.length).toBeGreaterThan(8);
});

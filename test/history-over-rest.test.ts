import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toInstant } from '../topics/identifiers.ts';
import { ADMIN_KEY, eventually, openTestBridge, type Answer } from './support/bridge.ts';
import { parseCsv } from './support/csv.ts';
import { historyTeller, type HistoryTeller, type NewRecord } from './support/history-teller.ts';
import { listOf, problemIn } from './support/rest-shapes.ts';

const bridge = await openTestBridge({ RETENTION_DAYS: '36500', REDIS_URL: '' });
afterAll(() => bridge.dispose());

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const Readings = z.strictObject({
  from: instant,
  to: instant,
  bucket: z.string(),
  bucketSeconds: z.int(),
  names: z.array(z.string()),
  items: z.array(z.strictObject({ at: instant, values: z.record(z.string(), z.strictObject({ min: z.number(), avg: z.number(), max: z.number(), count: z.int() })) })),
});
const Meal = z.strictObject({
  mealId: z.int(), feederId: z.string(), at: instant, count: z.int(), grams: z.number(), plannedGrams: z.number().nullable(),
  source: z.string(), commandId: z.string().nullable(), countTotal: z.int(), totalGrams: z.number(), booked: z.boolean(),
});
const MealDay = z.strictObject({
  date: z.string(), count: z.int(), grams: z.number(), plannedGrams: z.number().nullable(), feedNowGrams: z.number(), scheduledGrams: z.number(),
});
const Meals = listOf(Meal).extend({ days: z.array(MealDay).optional() });
const Alarm = z.strictObject({
  alarmId: z.uuid(), feederId: z.string(), name: z.string(), origin: z.string(), severity: z.string(), detail: z.string(),
  state: z.enum(['open', 'cleared']), raisedAt: instant, clearedAt: instant.nullable(), acknowledgedAt: instant.nullable(), acknowledgedBy: z.string().nullable(),
});
const PresenceDay = z.strictObject({
  date: z.string(), onlineShare: z.number(), onlineSeconds: z.number(), knownSeconds: z.number(),
  changes: z.array(z.strictObject({ at: instant, state: z.string(), reason: z.string() })),
  spans: z.array(z.strictObject({ state: z.string(), from: instant, to: instant })),
});

const feederInOslo = (feederId: string): Promise<HistoryTeller> => historyTeller(bridge, feederId);

/** What several tests look at, made in the first of them. */
function once(make: () => Promise<void>): () => Promise<void> {
  let made: Promise<void> | undefined;
  return () => (made ??= make());
}

const get = (path: string): Promise<Answer> => bridge.rest('GET', `/feeders/${path}`);
async function getCsv(path: string): Promise<string[][]> {
  const answer = await fetch(`${bridge.url}/api/v1/feeders/${path}`, { headers: { Authorization: `Bearer ${ADMIN_KEY}`, Accept: 'text/csv' } });
  const text = await answer.text();
  expect({ status: answer.status, text }).toMatchObject({ status: 200 });
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('vary')).toContain('Accept');
  return parseCsv(text);
}

const meal = (at: string, grams: number, more: Partial<Extract<NewRecord, { kind: 'meal' }>> = {}): NewRecord =>
  ({ kind: 'meal', at, count: 1, grams, source: 'schedule', ...more });
const reading = (at: string, values: Extract<NewRecord, { kind: 'reading' }>['values']): NewRecord => ({ kind: 'reading', at, values });

describe('readings', () => {
  const told = once(async () => {
    const { tell } = await feederInOslo('readings');
    await tell([
      reading('2026-10-24T21:30:00.000Z', { hopperGrams: 500 }),
      reading('2026-10-25T08:01:00.000Z', { hopperGrams: 400, feeding: true }),
      reading('2026-10-25T08:03:00.000Z', { hopperGrams: 300, feeding: false }),
      reading('2026-10-25T08:21:00.000Z', { hopperGrams: 200 }),
      reading('2026-10-25T22:59:59.999Z', { hopperGrams: 100 }),
      reading('2026-10-25T23:00:00.000Z', { hopperGrams: 50 }),
    ]);
  });
  const readings = async (query: string) => {
    await told();
    return Readings.parse((await get(`readings/readings?${query}`)).body);
  };
  const of = (min: number, avg: number, max: number, n: number) => ({ min, avg, max, count: n });

  test('come in buckets, and where there were none there is no bucket', async () => {
    expect(await readings('from=2026-10-25T08:02:00Z&to=2026-10-25T09:00:00Z')).toEqual({
      from: '2026-10-25T08:00:00.000Z', to: '2026-10-25T09:00:00.000Z', bucket: '5m', bucketSeconds: 300, names: ['feeding', 'hopperGrams'],
      items: [
        { at: '2026-10-25T08:00:00.000Z', values: { feeding: of(0, 0.5, 1, 2), hopperGrams: of(300, 350, 400, 2) } },
        { at: '2026-10-25T08:20:00.000Z', values: { hopperGrams: of(200, 200, 200, 1) } },
      ],
    });
  });

  test.each([
    ['15m', ['08:00', '08:15']],
    ['30m', ['08:00']],
    ['1h', ['08:00']],
    ['3h', ['06:00']],
    ['6h', ['06:00']],
  ])('by %s', async (bucket, starts) => {
    const { items } = await readings(`from=2026-10-25T08:00:00Z&to=2026-10-25T09:00:00Z&bucket=${bucket}&names=hopperGrams`);
    expect(items.map(({ at }) => at)).toEqual(starts.map((start) => `2026-10-25T${start}:00.000Z`));
    expect(items.reduce((sum, { values }) => sum + (values['hopperGrams']?.count ?? 0), 0)).toBe(3);
    expect(Math.min(...items.map(({ values }) => values['hopperGrams']?.min ?? NaN))).toBe(200);
  });

  test('by day of the site, the one of 25 hours too', async () => {
    expect(await readings('from=2026-10-25T12:00:00Z&to=2026-10-25T13:00:00Z&bucket=1d&names=hopperGrams')).toEqual({
      from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z', bucket: '1d', bucketSeconds: 86_400, names: ['hopperGrams'],
      items: [{ at: '2026-10-24T22:00:00.000Z', values: { hopperGrams: of(100, 250, 400, 4) } }],
    });
  });

  test('of a name that the feeder has not are none', async () => {
    expect(await readings('from=2026-10-25T08:00:00Z&to=2026-10-25T09:00:00Z&names=lightLux')).toMatchObject({ names: ['lightLux'], items: [] });
  });

  test('the bucket is as fine as 1,000 points allow, and one that is finer is told which', async () => {
    expect(await readings('to=2026-10-26T00:00:00Z')).toMatchObject({ from: '2026-10-25T00:00:00.000Z', bucket: '5m' });
    expect(await readings('from=2026-10-01T00:00:00Z&to=2026-10-26T00:00:00Z')).toMatchObject({ bucket: '1h' });
    expect(await readings('from=2025-10-26T00:00:00Z&to=2026-10-26T00:00:00Z')).toMatchObject({ bucket: '1d' });
    const { detail } = problemIn(await get('readings/readings?from=2026-10-01T00:00:00Z&to=2026-10-26T00:00:00Z&bucket=5m'), 400, 'malformed');
    expect(detail).toContain('expected 1h or longer');
    problemIn(await get('readings/readings?from=2020-01-01T00:00:00Z&to=2026-10-26T00:00:00Z'), 400, 'malformed');
  });

  test('as CSV there may be more, a row for each name', async () => {
    await told();
    expect(await getCsv('readings/readings?from=2026-10-01T00:00:00Z&to=2026-10-25T09:00:00Z&bucket=5m')).toEqual([
      ['at', 'name', 'min', 'avg', 'max', 'count'],
      ['2026-10-24T21:30:00.000Z', 'hopperGrams', '500', '500', '500', '1'],
      ['2026-10-25T08:00:00.000Z', 'feeding', '0', '0.5', '1', '2'],
      ['2026-10-25T08:00:00.000Z', 'hopperGrams', '300', '350', '400', '2'],
      ['2026-10-25T08:20:00.000Z', 'hopperGrams', '200', '200', '200', '1'],
    ]);
    const days = await getCsv('readings/readings?from=2020-01-01T00:00:00Z&to=2026-10-26T00:00:00Z');
    expect(days.map(([at]) => at)).toEqual(['at', '2026-10-23T22:00:00.000Z', '2026-10-24T22:00:00.000Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
    expect(await getCsv('readings/readings?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).toEqual([['at', 'name', 'min', 'avg', 'max', 'count']]);
  });
});

describe('meals', () => {
  const meals = async (path: string) => Meals.parse((await get(path)).body);

  test('days add up in the time zone of the site, those of 23 and 25 hours too', async () => {
    const { tell } = await feederInOslo('meal-days');
    const allDay = { mealGrams: 10, intervalSeconds: 3600, feedingEnabled: true };
    await tell([
      { kind: 'config', at: '2026-03-28T10:00:00.000Z', source: 'start', values: allDay },
      meal('2026-03-28T22:59:59.999Z', 1),
      meal('2026-03-28T23:00:00.000Z', 10),
      meal('2026-03-29T21:59:59.999Z', 20, { source: 'feed-now', commandId: 'c1', plannedGrams: 25 }),
      meal('2026-03-29T22:00:00.000Z', 100),
      { kind: 'config', at: '2026-04-01T10:00:00.000Z', source: 'local', values: { ...allDay, feedingEnabled: false } },
      meal('2026-10-24T22:00:00.000Z', 7),
      meal('2026-10-25T22:59:59.999Z', 0.1, { source: 'panel' }),
      meal('2026-10-25T22:59:59.999Z', 0.2, { count: 2 }),
      meal('2026-10-25T23:00:00.000Z', 1000),
      { kind: 'config', at: '2026-10-24T10:00:00.000Z', source: 'local', values: allDay },
    ]);
    const spring = await meals('meal-days/meals?from=2026-03-29T12:00:00Z&to=2026-03-29T22:00:00Z');
    expect(spring.items).toMatchObject([{ at: '2026-03-29T21:59:59.999Z', grams: 20, plannedGrams: 25, source: 'feed-now', commandId: 'c1', booked: false }]);
    expect(spring.days).toEqual([{ date: '2026-03-29', count: 2, grams: 30, plannedGrams: 230, feedNowGrams: 20, scheduledGrams: 10 }]);
    const autumn = await meals('meal-days/meals?from=2026-10-23T12:00:00Z&to=2026-10-25T22:00:00Z');
    expect(autumn.days).toEqual([
      { date: '2026-10-25', count: 4, grams: 7.3, plannedGrams: 240, feedNowGrams: 0, scheduledGrams: 7.2 },
      { date: '2026-10-24', count: 0, grams: 0, plannedGrams: 120, feedNowGrams: 0, scheduledGrams: 0 },
      { date: '2026-10-23', count: 0, grams: 0, plannedGrams: 0, feedNowGrams: 0, scheduledGrams: 0 },
    ]);
    const before = await meals('meal-days/meals?from=2026-03-20T00:00:00Z&to=2026-03-28T23:00:00Z');
    expect(before.days).toEqual([{ date: '2026-03-28', count: 1, grams: 1, plannedGrams: null, feedNowGrams: 0, scheduledGrams: 1 }]);
  });

  test('pages hold each meal once, whatever comes meanwhile, and CSV holds all', async () => {
    const { tell } = await feederInOslo('many-meals');
    const started = Date.parse('2026-10-01T00:00:00Z');
    // Three of each moment, so that a page ends between those of one.
    await tell(Array.from({ length: 1_100 }, (_, index) => meal(toInstant(started + Math.floor(index / 3) * 60_000), index)));
    const span = 'from=2026-10-01T00:00:00Z&to=2026-10-08T00:00:00Z';
    const grams: number[] = [];
    let query = span;
    for (;;) {
      const { items, nextCursor, days } = await meals(`many-meals/meals?${query}&limit=400`);
      // They are of the whole span, and come with the first page.
      expect(days?.length).toBe(query === span ? 1 : undefined);
      grams.push(...items.map((item) => item.grams));
      if (nextCursor === undefined) break;
      expect(items).toHaveLength(400);
      query = `cursor=${nextCursor}`;
      await tell([meal('2026-10-07T00:00:00.000Z', 9999)]);
    }
    expect(grams).toEqual(Array.from({ length: 1_100 }, (_, index) => 1_099 - index));
    const [names, ...rows] = await getCsv(`many-meals/meals?${span}`);
    expect(names).toEqual(['mealId', 'feederId', 'at', 'count', 'grams', 'plannedGrams', 'source', 'commandId', 'countTotal', 'totalGrams', 'booked']);
    expect(rows.map((row) => Number(row[4])).filter((each) => each !== 9999)).toEqual(grams);
    expect(rows.at(-1)?.slice(1, 8)).toEqual(['many-meals', '2026-10-01T00:00:00.000Z', '1', '0', '', 'schedule', '']);
    expect(rows.at(-1)?.[10]).toBe('false');
  });

  test.each(['from=yesterday', 'from=2026-10-01T00:00:00Z&to=2026-10-01T00:00:00Z', 'from=2001-01-01T00:00:00Z', 'to=1969-12-31T00:00:00Z', 'cursor=x', 'limit=501'])('%s is 400', async (query) => {
    await bridge.rest('POST', '/feeders', { body: { feederId: 'bad-times', name: 'bad-times', site: 'farm' } });
    for (const list of ['readings', 'meals', 'alarms', 'presence']) {
      if (list === 'readings' && !/from|to/.test(query)) continue;
      problemIn(await get(`bad-times/${list}?${query}`), 400, 'malformed');
    }
  });

  test('a cursor belongs to its span', async () => {
    const { tell } = await feederInOslo('cursors-of-spans');
    await tell([meal('2026-10-01T00:00:00.000Z', 1), meal('2026-10-01T01:00:00.000Z', 2)]);
    const { nextCursor = '' } = await meals('cursors-of-spans/meals?limit=1&to=2026-10-02T00:00:00Z');
    expect((await meals(`cursors-of-spans/meals?limit=1&to=2026-10-02T00:00:00Z&cursor=${nextCursor}`)).items).toMatchObject([{ grams: 1 }]);
    problemIn(await get(`cursors-of-spans/meals?limit=1&to=2026-10-03T00:00:00Z&cursor=${nextCursor}`), 400, 'malformed');
  });
});

describe('alarms', () => {
  const alarms = async (query: string) => listOf(Alarm).parse((await get(`alarms/alarms?${query}`)).body).items;
  const told = once(async () => {
    const { tell } = await feederInOslo('alarms');
    const alarm = (at: string, name: string, active: boolean): NewRecord => ({ kind: 'alarm', at, name, active });
    await tell([
      alarm('2026-10-01T00:00:00.000Z', 'hopperLow', true),
      alarm('2026-10-02T00:00:00.000Z', 'hopperLow', false),
      alarm('2026-10-03T00:00:00.000Z', 'motorJam', true),
    ]);
  });

  test('are those that were open in the span, and in the state that is asked for', async () => {
    await told();
    const names = async (query: string) => (await alarms(query)).map(({ name, state }) => `${name} ${state}`);
    expect(await names('from=2026-10-01T12:00:00Z&to=2026-10-04T00:00:00Z')).toEqual(['motorJam open', 'hopperLow cleared']);
    expect(await names('from=2026-10-02T00:00:00.000Z&to=2026-10-04T00:00:00Z')).toEqual(['motorJam open', 'hopperLow cleared']);
    expect(await names('from=2026-10-02T00:00:00.001Z&to=2026-10-04T00:00:00Z')).toEqual(['motorJam open']);
    expect(await names('from=2026-10-01T12:00:00Z&to=2026-10-03T00:00:00Z')).toEqual(['hopperLow cleared']);
    expect(await names('')).toEqual(['motorJam open']);
    expect(await names('from=2026-10-01T12:00:00Z&state=cleared')).toEqual(['hopperLow cleared']);
    expect(await names('from=2026-10-01T12:00:00Z&state=open')).toEqual(['motorJam open']);
    problemIn(await get('alarms/alarms?state=acknowledged'), 400, 'malformed');
  });

  test('a page goes on in its own list alone', async () => {
    await told();
    const list = 'alarms/alarms?from=2026-10-01T12:00:00Z&to=2026-10-04T00:00:00Z&limit=1';
    const { items, nextCursor = '' } = listOf(Alarm).parse((await get(list)).body);
    expect(items).toMatchObject([{ name: 'motorJam' }]);
    expect((await get(`${list}&cursor=${nextCursor}`)).body).toMatchObject({ items: [{ name: 'hopperLow' }] });
    problemIn(await get(`${list}&cursor=${nextCursor}&state=open`), 400, 'malformed');
  });

  test('one is acknowledged once, by the name of the key', async () => {
    await told();
    const [open] = await alarms('state=open');
    expect(open).toMatchObject({ name: 'motorJam', origin: 'plc', clearedAt: null, acknowledgedAt: null, acknowledgedBy: null });
    const path = `/feeders/alarms/alarms/${open?.alarmId ?? ''}/acknowledge`;
    const first = Alarm.parse((await bridge.rest('POST', path)).body);
    expect(first).toEqual({ ...open, acknowledgedAt: first.acknowledgedAt, acknowledgedBy: 'ADMIN_KEY' });
    expect(first.acknowledgedAt).not.toBeNull();
    expect((await bridge.rest('POST', path)).body).toEqual(first);
    expect(await alarms('state=open')).toEqual([first]);
    await bridge.enrol('no-alarms');
    problemIn(await bridge.rest('POST', path.replace('/alarms/', '/no-alarms/')), 404, 'not-found');
    problemIn(await bridge.rest('POST', '/feeders/alarms/alarms/one/acknowledge'), 404, 'not-found');
    const rows = await getCsv('alarms/alarms?from=2026-10-01T00:00:00Z');
    expect(rows.map((row) => [row[2], row[6], row[7], row[8], row[10]])).toEqual([
      ['name', 'state', 'raisedAt', 'clearedAt', 'acknowledgedBy'],
      ['motorJam', 'open', '2026-10-03T00:00:00.000Z', '', 'ADMIN_KEY'],
      ['hopperLow', 'cleared', '2026-10-01T00:00:00.000Z', '2026-10-02T00:00:00.000Z', ''],
    ]);
  });
});

describe('presence', () => {
  const presence = async (feederId: string) => {
    const { items } = listOf(PresenceDay).parse((await get(`${feederId}/presence`)).body);
    return { items, changes: items.flatMap((day) => day.changes) };
  };
  const untilChanged = (feederId: string, times: number) =>
    eventually(async () => {
      const found = await presence(feederId);
      return found.changes.length === times ? found : undefined;
    });

  test('is the share of the days since it was first known', async () => {
    await bridge.enrol('never-there');
    const { agent } = await feederInOslo('presence');
    expect((await untilChanged('presence', 1)).changes).toMatchObject([{ state: 'online', reason: 'connected' }]);
    agent.crash();
    const { items, changes } = await untilChanged('presence', 2);
    expect(changes).toMatchObject([{ state: 'offline', reason: 'connection-lost' }, { state: 'online', reason: 'connected' }]);
    const known = items.reduce((sum, day) => sum + day.knownSeconds, 0);
    const online = items.reduce((sum, day) => sum + day.onlineSeconds, 0);
    expect(online).toBeCloseTo((Date.parse(changes[0]?.at ?? '') - Date.parse(changes[1]?.at ?? '')) / 1000, 5);
    expect(known).toBeGreaterThanOrEqual(online);
    expect(items[0]?.onlineShare).toBeLessThan(1);
    const spans = items.toReversed().flatMap((day) => day.spans);
    expect([spans[0], spans.at(-1)]).toMatchObject([{ state: 'online', from: changes[1]?.at }, { state: 'offline' }]);
    expect(spans.find(({ state }) => state === 'offline')?.from).toBe(changes[0]?.at);
    expect((await getCsv('presence/presence')).map(([, state, reason]) => [state, reason])).toEqual([
      ['state', 'reason'], ['offline', 'connection-lost'], ['online', 'connected'],
    ]);
    expect((await get('never-there/presence')).body).toEqual({ items: [] });
  });

  test('knows of changes that are found when a bridge starts', async () => {
    await feederInOslo('left-behind');
    await untilChanged('left-behind', 1);
    await bridge.restart();
    const { changes, items } = await untilChanged('left-behind', 2);
    expect(changes).toMatchObject([{ state: 'offline', reason: 'lease-expired' }, { state: 'online' }]);
    // Of the time without a bridge nobody knows.
    const betweenSeconds = (Date.parse(changes[0]?.at ?? '') - Date.parse(changes[1]?.at ?? '')) / 1000;
    expect(items.reduce((sum, day) => sum + day.onlineSeconds, 0)).toBeLessThan(betweenSeconds);
  });
});

import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createLog } from '../machine/log.ts';
import { machineTimers } from '../machine/timers.ts';
import { startEvents, type Events } from '../src/events/events.ts';
import type { EventFilter } from '../src/events/follower.ts';
import { LaterWrites } from '../src/later-writes.ts';
import { openDatabase, type Database, type Queryable } from '../src/store/database.ts';
import { isEventKept, numberEvents, purgeEvents, selectNewestEventId } from '../src/store/events.ts';
import { StoreUnavailable } from '../src/store/store-errors.ts';
import { migrate } from '../src/store/migrate.ts';
import { eventually } from './support/bridge.ts';
import { MIGRATIONS } from './support/migrations.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';

let fresh: FreshDatabase;
let db: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  db = await openDatabase({ ...fresh, onLost: (reason) => expect.fail(reason.message) });
  await migrate(db, MIGRATIONS, () => undefined);
});
afterAll(async () => {
  await db.close();
  await fresh.dispose();
});

const running: Events[] = [];
afterEach(async () => {
  for (const events of running.splice(0)) await events.stop();
});

const ALL: EventFilter = { feeders: undefined, types: undefined, sites: undefined };
let nowMs = 1_000_000;

async function start(db_: Database = db): Promise<{ events: Events; follow: (lastEventId?: number, filter?: EventFilter) => Promise<() => { id: number; feederId: string }[]>; problems: unknown[] }> {
  const problems: unknown[] = [];
  const events = startEvents({
    newestId: await selectNewestEventId(db_),
    db: db_,
    clock: { now: () => nowMs++ },
    timers: machineTimers,
    render: ({ eventId, feederId }) => Buffer.from(`id: ${eventId}\ndata: ${feederId}\n\n`),
    renderState: () => undefined,
    feeders: { ids: () => [], siteOf: () => undefined },
    onProblem: (error) => problems.push(error),
    onDropped: () => expect.fail('cut off'),
  });
  running.push(events);
  const follow = async (lastEventId?: number, filter: EventFilter = ALL) => {
    const out = new PassThrough();
    let text = '';
    out.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    events.follow(out, filter, await events.startAfter(lastEventId, filter.sites));
    return () => [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, feederId = '']) => ({ id: Number(id), feederId }));
  };
  return { events, follow, problems };
}

const BODY = JSON.stringify({ state: 'online', session_id: 's', at: '2026-01-31T08:00:00+00:00', reason: 'connected' });

/** Something that happened to a feeder, written down at a place in the order in which such things began. */
async function happens(tx: Queryable, feederId: string, began: number): Promise<void> {
  await tx.query(
    `INSERT INTO event_outbox (event_outbox_id, type, feeder_id, at, body) OVERRIDING SYSTEM VALUE
     VALUES ($1, 'presence', $2, '2026-01-31T08:00:00Z', $3)`,
    [began, feederId, BODY],
  );
}

test('what began earlier and is committed later comes later, and nobody misses it', async () => {
  const { events, follow } = await start();
  const told = await follow();
  await happens(db, 'began-second', 11);
  events.poke();
  const [second] = await eventually(() => (told().length === 1 ? told() : undefined));
  // Whoever resumes from what it has by now gets all that is committed afterwards.
  await happens(db, 'began-first', 10);
  await happens(db, 'began-third', 12);
  events.poke();
  const all = await eventually(() => (told().length === 3 ? told() : undefined));
  expect(all.map(({ feederId }) => feederId)).toEqual(['began-second', 'began-first', 'began-third']);
  expect(all.map(({ id }) => id)).toEqual([...all.map(({ id }) => id)].sort((a, b) => a - b));
  const resumed = await follow(second?.id);
  expect((await eventually(() => (resumed().length === 2 ? resumed() : undefined))).map(({ feederId }) => feederId)).toEqual(['began-first', 'began-third']);
});

test.skipIf(process.env['DATABASE_URL'] === undefined)('the same with two transactions at once', async () => {
  const { events, follow } = await start();
  const told = await follow();
  await db.transaction(async (late) => {
    await happens(late, 'began-first', 20);
    await db.transaction((tx) => happens(tx, 'began-second', 21));
    events.poke();
    await eventually(() => (told().length === 1 ? true : undefined));
  });
  events.poke();
  await eventually(() => (told().length === 2 ? true : undefined));
  expect(told().map(({ feederId }) => feederId)).toEqual(['began-second', 'began-first']);
});

test('numbers go on rising from bridge to bridge, and above all that a store put back to an earlier state ever gave', async () => {
  const first = await start();
  const told = await first.follow();
  await happens(db, 'a', 30);
  first.events.poke();
  const [a] = await eventually(() => (told().length === 1 ? told() : undefined));
  await first.events.stop();
  // The store as it was before: what was told is unknown to it.
  await db.query('DELETE FROM event WHERE event_id = $1', [a?.id]);
  nowMs += 1_000;
  const { events, follow } = await start();
  expect(await events.startAfter(a?.id, undefined)).toMatchObject({ kind: 'reset' });
  const toldNext = await follow();
  await happens(db, 'b', 31);
  await happens(db, 'c', 32);
  events.poke();
  const [b, c] = await eventually(() => (toldNext().length === 2 ? toldNext() : undefined));
  expect(b?.id).toBeGreaterThan(a?.id ?? 0);
  expect(c?.id).toBeGreaterThan(b?.id ?? 0);
  expect(await selectNewestEventId(db)).toBe(c?.id);
});

test('numbers rise, in the order of what happened and above all that were given; how much happened before cannot be read off them', async () => {
  const alone: number[] = [];
  for (let turn = 0; turn < 60; turn += 1) {
    const count = turn % 2 === 0 ? 1 : 1 + turn;
    const began = 2_000_000 + turn * 1_000;
    await db.query(
      `INSERT INTO event_outbox (event_outbox_id, type, feeder_id, at, body) OVERRIDING SYSTEM VALUE
       SELECT began, 'presence', began, '2026-01-31T08:00:00Z', $1 FROM generate_series($2::integer, $3::integer) AS began`,
      [BODY, began, began + count - 1],
    );
    const newest = await selectNewestEventId(db);
    // Now and then the clock has not come as far as the numbers.
    const floorId = turn % 5 === 4 ? newest - 7_000 : newest + 1_000_000;
    expect(await numberEvents(db, floorId, nowMs, 200)).toBe(count);
    const { rows } = await db.query<{ event_id: number; feeder_id: string }>('SELECT event_id, feeder_id FROM event WHERE event_id > $1 ORDER BY event_id', [newest]);
    expect(rows.map(({ feeder_id }) => Number(feeder_id))).toEqual(Array.from({ length: count }, (_, place) => began + place));
    const beforeFirst = Math.max(newest, floorId);
    expect(rows[0]?.event_id).toBeGreaterThan(beforeFirst);
    expect(rows.at(-1)?.event_id).toBeLessThanOrEqual(beforeFirst + 20_000 + count);
    if (count === 1 && rows[0] !== undefined) alone.push(rows[0].event_id - beforeFirst);
  }
  expect(Math.max(...alone) - Math.min(...alone)).toBeGreaterThan(5_000);
  expect(new Set(alone.map((place) => place % 1_000)).size).toBeGreaterThan(20);
});

test('what was numbered without anybody hearing of it is handed on all the same', async () => {
  let losesAnswers = false;
  const deaf: Database = {
    ...db,
    query: async (...asked) => {
      const result = await db.query<never>(...asked);
      if (losesAnswers) throw new Error('no answer came');
      return result;
    },
  };
  const { events, follow, problems } = await start(deaf);
  const told = await follow();
  losesAnswers = true;
  await happens(db, 'unheard', 40);
  events.poke();
  await eventually(() => (problems.length > 0 ? true : undefined));
  expect((await db.query('SELECT FROM event_outbox')).rowCount).toBe(0);
  losesAnswers = false;
  await eventually(() => (told().length === 1 ? true : undefined));
  await happens(db, 'heard', 41);
  events.poke();
  await eventually(() => (told().length === 2 ? true : undefined));
  expect(told().map(({ feederId }) => feederId)).toEqual(['unheard', 'heard']);
});

test('who comes back gets what it asked for out of all that happened, and costs the store little', async () => {
  const { events, follow, problems } = await start();
  const told = await follow();
  await happens(db, 'wanted', 1_000);
  events.poke();
  const [first] = await eventually(() => (told().length === 1 ? told() : undefined));
  await db.query(
    `INSERT INTO event_outbox (event_outbox_id, type, feeder_id, at, body) OVERRIDING SYSTEM VALUE
     SELECT began, CASE WHEN began % 1000 = 0 THEN 'weather' ELSE 'presence' END, CASE WHEN began % 1000 = 500 THEN 'wanted' ELSE 'other' END,
            '2026-01-31T08:00:00Z', $1 FROM generate_series(1001, 5500) AS began`,
    [BODY],
  );
  await eventually(() => (told().length === 4_497 ? true : undefined), 10_000);
  // Of the weather no bridge knows.
  expect(problems).toHaveLength(4);
  const wanted = await follow(first?.id, { ...ALL, feeders: new Set(['wanted']), types: new Set(['presence', 'meal']) });
  await eventually(() => (wanted().length === 5 ? true : undefined));
  expect(wanted().map(({ feederId }) => feederId)).toEqual(Array.from({ length: 5 }, () => 'wanted'));
  expect(wanted().at(-1)).toEqual(told().at(-1));
});

test('old events are let go of, but for the newest', async () => {
  const { events, follow } = await start();
  const told = await follow();
  for (let began = 50; began < 60; began++) await happens(db, 'x', began);
  events.poke();
  const ids = (await eventually(() => (told().length === 10 ? told() : undefined))).map(({ id }) => id);
  await db.query('DELETE FROM event WHERE event_id < $1', [ids[0]]);
  expect(await purgeEvents(db, 0, 100)).toBe(0);
  expect(await purgeEvents(db, nowMs, 4)).toBe(4);
  expect(await purgeEvents(db, nowMs, 100)).toBe(5);
  expect(await purgeEvents(db, nowMs, 100)).toBe(0);
  expect(await isEventKept(db, ids[9] ?? 0)).toBe(true);
  expect(await events.startAfter(ids[8], undefined)).toEqual({ kind: 'reset', eventId: ids[9] });
  expect(await events.startAfter(ids[9], undefined)).toEqual({ kind: 'after', eventId: ids[9] });
});

test('a change of presence is stored together with what holds now, or not at all', async () => {
  await db.query(
    `INSERT INTO feeder (feeder_id, name, site, time_zone, token_sha256, enrolled_at) VALUES ('pond-1', 'pond-1', 'farm', 'UTC', '', now())`,
  );
  let refuses = true;
  const dies: Database = {
    ...db,
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          query: (statement, values) => {
            if (refuses && typeof statement === 'string' && statement.includes('INTO presence_change')) throw new StoreUnavailable('expected to live on');
            return tx.query(statement, values);
          },
        }),
      ),
  };
  const later = new LaterWrites({
    db: dies,
    clock: { now: () => 0 },
    timers: machineTimers,
    log: createLog('silent'),
    lastSeenAtMs: () => undefined,
    seenBeforeAtMs: () => 5,
    online: () => [],
    onStored: () => undefined,
  });
  const told = { feederId: 'pond-1', sessionId: 's', epoch: 1 } as const;
  const stored = async () => {
    const { rows } = await db.query<{ reason: string | null; changes: string[] | null }>(
      `SELECT presence_reason AS reason, (SELECT array_agg(state || ' ' || reason || ' ' || coalesce(extract(epoch FROM unwatched_since)::text, '-')
         ORDER BY at) FROM presence_change) AS changes FROM feeder`,
    );
    return rows;
  };
  later.presenceChanged({ ...told, state: 'online', atMs: 1, reason: 'connected' });
  later.presenceChanged({ ...told, state: 'offline', atMs: 2, reason: 'lease-expired' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await stored()).toEqual([{ reason: null, changes: null }]);
  refuses = false;
  await eventually(async () => ((await stored())[0]?.changes ? true : undefined));
  await later.stop();
  expect(await stored()).toEqual([{ reason: 'lease-expired', changes: ['online connected -', 'offline lease-expired 0.005000'] }]);
});

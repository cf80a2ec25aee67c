import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { machineTimers } from '../machine/timers.ts';
import { startEvents, type Events } from '../src/events/events.ts';
import { openDatabase, type Database, type Queryable } from '../src/store/database.ts';
import { isEventKept, purgeEvents, selectNewestEventId } from '../src/store/events.ts';
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

const ALL = { feeders: undefined, types: undefined };
let nowMs = 1_000_000;

async function start(db_: Database = db): Promise<{ events: Events; follow: (lastEventId?: number) => Promise<() => { id: number; feederId: string }[]>; problems: unknown[] }> {
  const problems: unknown[] = [];
  const events = await startEvents({
    db: db_,
    clock: { now: () => nowMs++ },
    timers: machineTimers,
    render: ({ eventId, feederId }) => Buffer.from(`id: ${eventId}\ndata: ${feederId}\n\n`),
    renderState: () => undefined,
    feederIds: () => [],
    onProblem: (error) => problems.push(error),
    onDropped: () => expect.fail('cut off'),
  });
  running.push(events);
  const follow = async (lastEventId?: number) => {
    const out = new PassThrough();
    let text = '';
    out.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    events.follow(out, ALL, await events.startAfter(lastEventId));
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
  expect(await events.startAfter(a?.id)).toEqual({ kind: 'reset' });
  const toldNext = await follow();
  await happens(db, 'b', 31);
  await happens(db, 'c', 32);
  events.poke();
  const [b, c] = await eventually(() => (toldNext().length === 2 ? toldNext() : undefined));
  expect(b?.id).toBeGreaterThan(a?.id ?? 0);
  expect(c?.id).toBe((b?.id ?? 0) + 1);
  expect(await selectNewestEventId(db)).toBe(c?.id);
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
  expect(await events.startAfter(ids[8])).toEqual({ kind: 'reset' });
  expect(await events.startAfter(ids[9])).toEqual({ kind: 'after', eventId: ids[9] });
});

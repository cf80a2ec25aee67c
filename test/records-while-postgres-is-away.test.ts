import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toInstant } from '../topics/identifiers.ts';
import { lookInto } from '../src/records/received-batch.ts';
import { storeBatches } from '../src/records/store-batches.ts';
import { eventually } from './support/bridge.ts';
import { openRecordStore, type RecordStore } from './support/records.ts';
import { hasPostgres, startPostgres, type ServerProcess } from './support/server-process.ts';

const reading = (seq: number, values: Record<string, number> = { hopperGrams: seq }) => ({ kind: 'reading', seq, at: toInstant(Date.now()), values });
const readings = (from: number, through: number) => Array.from({ length: through - from + 1 }, (_, index) => reading(from + index));

describe.skipIf(!hasPostgres)('records that come while Postgres is away', () => {
  let server: ServerProcess;
  let store: RecordStore;

  beforeAll(async () => {
    server = await startPostgres();
    store = await openRecordStore({ databaseUrl: server.url });
  });
  afterAll(async () => {
    await store.dispose();
    await server.dispose();
  });

  const storedCount = async (feederId: string): Promise<number> =>
    (await store.db.query<{ count: number }>('SELECT count(*) AS count FROM reading WHERE feeder_id = $1', [feederId])).rows[0]?.count ?? 0;

  test.each(['killed', 'frozen'] as const)('%s: no receipt before they are stored, and each once when it is back', async (how) => {
    const feederId = `pond-${how}`;
    await store.enrol(feederId);
    await store.send(feederId, 's', readings(0, 9));
    if (how === 'killed') await server.kill();
    else server.freeze();
    store.problems.splice(0);
    const told = store.receipts.length;
    store.records.receive(feederId, { spoolId: 's', records: readings(10, 19) });
    // As its agent does when no receipt comes.
    store.records.receive(feederId, { spoolId: 's', records: readings(10, 29) });
    await eventually(() => (store.problems.length > 0 ? true : undefined), 10_000);
    expect(store.receipts.length).toBe(told);
    if (how === 'killed') await server.start();
    else server.thaw();
    await eventually(() => (store.receipts.at(-1)?.throughSeq === 29 ? true : undefined), 10_000);
    expect(await storedCount(feederId)).toBe(30);
    expect((await store.db.query('SELECT sum(count)::integer AS count FROM reading_day WHERE feeder_id = $1', [feederId])).rows).toEqual([{ count: 30 }]);
  });

  test('a transaction of which nothing was heard, and the same again at the same moment: each record is stored once', async () => {
    await store.enrol('twice');
    const nowMs = Date.now();
    const batch = lookInto({ feederId: 'twice', timeZone: 'UTC' }, { spoolId: 's', records: readings(0, 99) }, { nowMs, oldestReadingMs: 0, mayName: () => true });
    const told = await Promise.all([1, 2, 3].map(() => storeBatches(store.db, [batch], nowMs)));
    expect(told.map(({ storedCount: count }) => count).sort()).toEqual([0, 0, 100]);
    expect(told.flatMap(({ receipts }) => receipts.map(({ throughSeq }) => throughSeq))).toEqual([99, 99, 99]);
    expect(await storedCount('twice')).toBe(100);
  });

  test('memory is bounded: what finds no room comes again, and no receipt covers a hole', async () => {
    await Promise.all(['flood', 'calm'].map((feederId) => store.enrol(feederId)));
    await server.kill();
    const wide = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`value${index}`, index]));
    let sent = 0;
    const send = (): void => store.records.receive('flood', { spoolId: 's', records: Array.from({ length: 100 }, () => reading(sent++, wide)) });
    while (store.turnedAway.length === 0) send();
    const firstMissing = sent - 100;
    const bytes = store.records.queuedBytes();
    for (let time = 0; time < 20; time++) send();
    expect(store.records.queuedBytes()).toBe(bytes);
    expect(bytes).toBeLessThan(4 * 1024 * 1024);
    // One that floods leaves room for the others.
    store.records.receive('calm', { spoolId: 's', records: readings(0, 9) });
    expect(new Set(store.turnedAway)).toEqual(new Set(['flood']));
    await server.start();
    await eventually(() => (store.receipts.some(({ feederId }) => feederId === 'calm') ? true : undefined), 10_000);
    await store.idle();
    const last = () => store.receipts.findLast(({ feederId }) => feederId === 'flood')?.throughSeq;
    expect(last()).toBe(firstMissing - 1);
    // There is room again, but not for what comes after the hole.
    send();
    await store.idle();
    expect(last()).toBe(firstMissing - 1);
    sent = firstMissing;
    send();
    send();
    await store.idle();
    expect(last()).toBe(firstMissing + 199);
    expect(await storedCount('flood')).toBe(firstMissing + 200);
  });
});

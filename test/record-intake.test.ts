import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toInstant } from '../topics/identifiers.ts';
import { openRecordStore, type RecordStore } from './support/records.ts';

const HOUR_MS = 3_600_000;
let store: RecordStore;
let feeders = 0;
let feederId = '';

beforeAll(async () => {
  store = await openRecordStore();
});
afterAll(() => store.dispose());
beforeEach(async () => {
  feederId = `pond-${++feeders}`;
  await store.enrol(feederId);
});

const startMs = Date.now() - 10 * HOUR_MS;
const reading = (seq: number, values: Record<string, unknown> = { hopperGrams: 1000 - seq }) => ({
  kind: 'reading', seq, at: toInstant(startMs + seq * 60_000), values,
});
const readings = (from: number, through: number) => Array.from({ length: through - from + 1 }, (_, index) => reading(from + index));

async function select<Row>(text: string, values: unknown[] = [feederId]): Promise<Row[]> {
  return (await store.db.query<Row>(text, values)).rows;
}

const storedSeqs = async (): Promise<number[]> =>
  (await select<{ seq: number }>('SELECT seq FROM reading WHERE feeder_id = $1 ORDER BY seq')).map(({ seq }) => seq);

const quarantined = () =>
  select<{ problem: string; payload: Buffer; topic: string }>(
    'SELECT topic, problem, payload FROM quarantined_message WHERE feeder_id = $1 ORDER BY quarantine_id',
  );

async function expectStoredOnce(from: number, through: number): Promise<void> {
  const seqs = Array.from({ length: through - from + 1 }, (_, index) => from + index);
  expect(await storedSeqs()).toEqual(seqs);
  // What is stored once is counted once.
  const [day] = await select<{ count: number; sum: number }>('SELECT sum(count)::integer AS count, sum(sum) AS sum FROM reading_day WHERE feeder_id = $1');
  expect(day).toEqual({ count: seqs.length, sum: seqs.reduce((sum, seq) => sum + 1000 - seq, 0) });
}

describe('each record is stored once', () => {
  test('however often its batch comes', async () => {
    for (let time = 0; time < 3; time++) {
      expect(await store.send(feederId, 's', readings(0, 49))).toMatchObject({ spoolId: 's', throughSeq: 49 });
    }
    await expectStoredOnce(0, 49);
  });

  test('where batches overlap, or come in one breath', async () => {
    store.records.receive(feederId, { spoolId: 's', records: readings(0, 20) });
    store.records.receive(feederId, { spoolId: 's', records: readings(10, 30) });
    expect(await store.send(feederId, 's', readings(15, 40))).toMatchObject({ throughSeq: 40 });
    await expectStoredOnce(0, 40);
  });

  test('out of order; a receipt never covers what is missing before, and all that is there after', async () => {
    expect(await store.send(feederId, 's', readings(20, 29))).toMatchObject({ throughSeq: 29 });
    expect(await store.send(feederId, 's', readings(0, 9))).toMatchObject({ throughSeq: 9 });
    expect(await store.send(feederId, 's', readings(10, 19))).toMatchObject({ throughSeq: 29 });
    await expectStoredOnce(0, 29);
  });

  test('and the receipt says how many of its numbers were known, and the highest of its spool', async () => {
    expect(await store.send(feederId, 's', readings(0, 9))).toMatchObject({ throughSeq: 9, known: 0, heldThrough: 9 });
    expect(await store.send(feederId, 's', readings(20, 29))).toMatchObject({ throughSeq: 29, known: 0, heldThrough: 29 });
    expect(await store.send(feederId, 's', readings(8, 11))).toMatchObject({ throughSeq: 11, known: 2, heldThrough: 29 });
  });

  test('by its spool, not by its time or its number alone', async () => {
    await store.send(feederId, 's', readings(0, 4));
    await store.send(feederId, 'another', readings(0, 4));
    expect(await storedSeqs()).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });

  test('whatever gaps its numbers have', async () => {
    const sparse = (from: number) => Array.from({ length: 500 }, (_, index) => reading(from + 2 * index));
    await store.send(feederId, 's', sparse(0));
    expect(await store.send(feederId, 's', sparse(1))).toMatchObject({ throughSeq: 999 });
    await expectStoredOnce(0, 999);
  });

  test('where one number comes twice in a batch, the first stands', async () => {
    await store.send(feederId, 's', [reading(0, { hopperGrams: 1 }), reading(0, { hopperGrams: 2 })]);
    expect(await select('SELECT reading_values AS values FROM reading WHERE feeder_id = $1')).toEqual([{ values: { hopperGrams: 1 } }]);
  });
});

describe('what cannot be stored', () => {
  test('goes to quarantine alone, and is receipted', async () => {
    const bad = [{ kind: 'reading', seq: 2, at: 'yesterday', values: {} }, { kind: 'song', seq: 3, at: toInstant(startMs) }, 'no record at all'];
    const receipt = await store.send(feederId, 's', [...readings(0, 1), ...bad, ...readings(4, 5)]);
    expect(receipt).toMatchObject({ throughSeq: 5 });
    await store.send(feederId, 's', [...readings(0, 1), ...bad, ...readings(4, 5)]);
    expect(await storedSeqs()).toEqual([0, 1, 4, 5]);
    const kept = await quarantined();
    expect(kept.map(({ payload }) => JSON.parse(payload.toString()) as unknown)).toEqual(bad);
    expect(kept[0]).toMatchObject({ topic: 'records', problem: expect.stringMatching(/^at: expected a time/) as string });
  });

  test('is kept without a receipt where nothing in its batch has a number', async () => {
    store.records.receive(feederId, { spoolId: 's', records: [{ kind: 'reading' }, 7] });
    await store.idle();
    expect(await quarantined()).toHaveLength(2);
    expect(store.receipts.filter((receipt) => receipt.feederId === feederId)).toEqual([]);
  });

  test('by its time: too old for readings, from a clock that was never set, or ahead', async () => {
    const at = toInstant(Date.now() - 401 * 24 * HOUR_MS);
    const ahead = toInstant(Date.now() + HOUR_MS);
    await store.send(feederId, 's', [
      { ...reading(0), at },
      { ...reading(1), at: '0001-01-01T00:00:00Z' },
      { kind: 'plc', seq: 2, at, state: 'unreachable' },
      { kind: 'plc', seq: 3, at: '1970-01-01T00:00:05Z', state: 'ok' },
      { ...reading(4), at: ahead },
    ]);
    expect((await quarantined()).map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/RETENTION_DAYS/), expect.stringMatching(/after the year 2000/), expect.stringMatching(/after the year 2000/),
    ]);
    expect(await select('SELECT seq FROM plc_change WHERE feeder_id = $1')).toEqual([{ seq: 2 }]);
    const [latest] = await select<{ at: Date }>('SELECT at FROM reading WHERE feeder_id = $1');
    expect(latest?.at.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
    expect((await select('SELECT relname FROM pg_class WHERE relname LIKE $1', ['reading_0%']))).toEqual([]);
  });

  test('by what no register holds, or no PLC has: nested without end, grams beyond all counting, a new name each time', async () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 20_000; depth++) deep = [deep];
    const meal = { kind: 'meal', seq: 1, at: toInstant(startMs), count: 1, grams: 1e308, countTotal: 1, totalGrams: 1e308, source: 'schedule' };
    const named = (seq: number) => reading(seq, Object.fromEntries(Array.from({ length: 400 }, (_, name) => [`reading${seq}x${name}`, name])));
    const records = [{ kind: 'reading', seq: 0, deep, at: 'never' }, meal, named(2), named(3), reading(4)];
    expect(await store.send(feederId, 's', records)).toMatchObject({ throughSeq: 4 });
    expect(await storedSeqs()).toEqual([2, 4]);
    expect((await quarantined()).map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/^at: /), expect.stringMatching(/a register can hold/), expect.stringMatching(/fewer names/),
    ]);
  });

  test('because the database refuses it: the others are stored, and its reason is kept', async () => {
    await store.db.query(`ALTER TABLE plc_change ADD CONSTRAINT not_7 CHECK (feeder_id <> '${feederId}' OR seq <> 7)`);
    const records = [...readings(0, 6), { kind: 'plc', seq: 7, at: toInstant(startMs), state: 'ok' }, ...readings(8, 20)];
    const other = `${feederId}-other`;
    await store.enrol(other);
    store.records.receive(other, { spoolId: 's', records: readings(0, 3) });
    store.records.receive(feederId, { spoolId: 's', records });
    await store.idle();
    expect(await storedSeqs()).toEqual([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect((await quarantined()).map(({ problem }) => problem)).toEqual([expect.stringMatching(/not_7/)]);
    const last = (id: string) => store.receipts.findLast((receipt) => receipt.feederId === id)?.throughSeq;
    expect([last(feederId), last(other)]).toEqual([20, 3]);
    expect(store.problems).toEqual([]);
  });

  test('not even in quarantine: its number is dealt with, and what is beside it kept', async () => {
    const records = [...readings(0, 2), { kind: 'song', seq: 3, at: toInstant(startMs), song: 'x' }, { kind: 'reading', seq: 4 }, ...readings(5, 6)];
    await store.db.query(`ALTER TABLE quarantined_message ADD CONSTRAINT no_song CHECK (feeder_id <> '${feederId}' OR position('song'::bytea IN payload) = 0)`);
    store.records.receive(feederId, { spoolId: 's', records });
    await store.idle();
    expect(await storedSeqs()).toEqual([0, 1, 2, 5, 6]);
    expect(await quarantined()).toHaveLength(1);
    // A receipt never covers what is stored after it.
    expect(store.receipts.filter((receipt) => receipt.feederId === feederId).map(({ throughSeq }) => throughSeq)).toEqual([1, 2, 3, 6]);
  });

  test('because its feeder was removed: nothing is told', async () => {
    store.remove(feederId);
    store.records.receive(feederId, { spoolId: 's', records: readings(0, 3) });
    await store.idle();
    expect(await storedSeqs()).toEqual([]);
    expect(await quarantined()).toEqual([]);
  });
});

describe('meals are what the counters say', () => {
  const meal = (seq: number, totalGrams: number, more: Record<string, unknown> = {}) => ({
    kind: 'meal', seq, at: toInstant(startMs + seq * 60_000), count: 1, grams: 100, countTotal: Math.floor(totalGrams / 100), totalGrams, source: 'schedule', ...more,
  });
  const baseline = (seq: number, totalGrams: number, at: number) =>
    meal(seq, totalGrams, { count: 0, grams: 0, baseline: true, countWrapsAt: 65_536, totalGramsWrapsAt: 2 ** 32, at: toInstant(at) });
  const meals = () => select('SELECT spool_id AS spool, seq, part, grams, count, source, command_id AS command, is_booked AS booked FROM meal WHERE feeder_id = $1 ORDER BY meal_id');

  test('a new spool begins where the counters are: the difference is booked, doses told apart', async () => {
    await store.send(feederId, 's', [baseline(0, 5000, startMs), meal(1, 5100)]);
    const commandId = randomUUID();
    const issuedAt = new Date(startMs + HOUR_MS);
    await store.db.query(
      `INSERT INTO command (command_id, feeder_id, kind, state, grams, issued_by, issued_at, expires_at, ended_at, read_at)
       VALUES ($1, $2, 'feed-now', 'applied', 50, 'someone', $3, $3, $3, $3)`,
      [commandId, feederId, issuedAt],
    );
    const wiped = [baseline(0, 5350, startMs + 2 * HOUR_MS), meal(1, 5450, { at: toInstant(startMs + 3 * HOUR_MS) })];
    await store.send(feederId, 'after', wiped);
    // What the lost spool had under way was booked already; and nothing is booked twice.
    await store.send(feederId, 's', [meal(2, 5200)]);
    await store.send(feederId, 'after', wiped);
    expect(await meals()).toEqual([
      { spool: 's', seq: 1, part: 0, grams: 100, count: 1, source: 'schedule', command: null, booked: false },
      { spool: 'after', seq: 0, part: 0, grams: 50, count: 1, source: 'feed-now', command: commandId, booked: true },
      { spool: 'after', seq: 0, part: 1, grams: 200, count: 1, source: 'schedule', command: null, booked: true },
      { spool: 'after', seq: 1, part: 0, grams: 100, count: 1, source: 'schedule', command: null, booked: false },
    ]);
  });

  test('a dose that the counters showed before its ack was read is told apart', async () => {
    await store.send(feederId, 's', [baseline(0, 5000, startMs)]);
    const commandId = randomUUID();
    const lookedAt = startMs + HOUR_MS;
    await store.db.query(
      `INSERT INTO command (command_id, feeder_id, kind, state, grams, issued_by, issued_at, expires_at, ended_at, read_at)
       VALUES ($1, $2, 'feed-now', 'applied', 50, 'someone', $3, $4, $4, $4)`,
      [commandId, feederId, new Date(lookedAt - 50), new Date(lookedAt + 10)],
    );
    await store.send(feederId, 'after', [baseline(0, 5350, lookedAt)]);
    expect(await meals()).toMatchObject([
      { seq: 0, part: 0, grams: 50, source: 'feed-now', command: commandId, booked: true },
      { seq: 0, part: 1, grams: 300, source: 'schedule', command: null, booked: true },
    ]);
  });

  test('a dose told by a spool that was put back, over what is booked already, is told apart all the same', async () => {
    await store.send(feederId, 's', [baseline(0, 5000, startMs)]);
    await store.send(feederId, 'after', [baseline(0, 5200, startMs + HOUR_MS)]);
    const commandId = randomUUID();
    const [issuedAt, at] = [startMs + HOUR_MS + 1_000, startMs + HOUR_MS + 2_000];
    await store.db.query(
      `INSERT INTO command (command_id, feeder_id, kind, state, grams, issued_by, issued_at, expires_at, ended_at, read_at)
       VALUES ($1, $2, 'feed-now', 'applied', 50, 'someone', $3, $4, $4, $4)`,
      [commandId, feederId, new Date(issuedAt), new Date(at)],
    );
    await store.send(feederId, 's', [
      meal(1, 5100, { at: toInstant(startMs + 2 * HOUR_MS) }),
      meal(2, 5250, { at: toInstant(startMs + 2 * HOUR_MS), grams: 150, source: 'feed-now', commandId }),
    ]);
    expect(await meals()).toMatchObject([
      { spool: 'after', seq: 0, part: 0, grams: 200, source: 'schedule', booked: true },
      { spool: 's', seq: 2, part: 0, grams: 50, source: 'feed-now', command: commandId, booked: true },
    ]);
  });

  test('no dose is told twice: where its meal comes after all, what was booked for it is the schedule', async () => {
    await store.send(feederId, 's', [baseline(0, 5000, startMs)]);
    const given = async (issuedAt: number, at: number): Promise<string> => {
      const commandId = randomUUID();
      await store.db.query(
        `INSERT INTO command (command_id, feeder_id, kind, state, grams, issued_by, issued_at, expires_at, ended_at, read_at)
         VALUES ($1, $2, 'feed-now', 'applied', 50, 'someone', $3, $3, $4, $4)`,
        [commandId, feederId, new Date(issuedAt), new Date(at)],
      );
      return commandId;
    };
    const early = await given(startMs, startMs + 2 * 60_000);
    const late = await given(startMs + 9 * 60_000, startMs + 10 * 60_000);
    // One meal of 200 g was dropped; neither dose is counted yet, and the later one not even given.
    await store.send(feederId, 's', [meal(4, 5300, { grams: 100 })]);
    await store.send(feederId, 's', [
      meal(5, 5350, { grams: 50, countTotal: 54, source: 'feed-now', commandId: early }),
      meal(11, 5400, { grams: 50, countTotal: 55, source: 'feed-now', commandId: late }),
    ]);
    expect(await meals()).toMatchObject([
      { seq: 4, part: 0, grams: 50, source: 'schedule', command: null, booked: true },
      { seq: 4, part: 1, grams: 150, source: 'schedule', command: null, booked: true },
      { seq: 4, part: 2, grams: 100, booked: false },
      { seq: 5, grams: 50, command: early },
      { seq: 11, grams: 50, command: late },
    ]);
  });

  test('what was known before a feeder was removed says nothing after its return', async () => {
    await store.send(feederId, 's', [baseline(0, 5000, startMs)]);
    await store.db.query('UPDATE feeder SET enrolled_at = $2 WHERE feeder_id = $1', [feederId, new Date(Date.now() + 1000)]);
    await store.send(feederId, 'another', [baseline(0, 9000, startMs + HOUR_MS)]);
    expect(await meals()).toEqual([]);
  });
});

describe('each kind has its place', () => {
  test('what a spool let go of leaves no hole in its numbers; what another let go of, or is still to come, does', async () => {
    const dropped = (seq: number, fromSeq: number, throughSeq: number, more = {}) => ({
      kind: 'dropped', seq, at: toInstant(startMs), why: 'too-many', counts: { reading: 1 }, fromSeq, throughSeq, ...more,
    });
    await store.send(feederId, 's', [...readings(0, 4), ...readings(10, 11)]);
    await store.send(feederId, 's', [dropped(20, 5, 9), dropped(21, 12, 15, { ofSpoolId: 'another' }), dropped(22, 16, 30), dropped(23, 19, 17)]);
    expect(await select('SELECT seqs::text FROM record_spool WHERE feeder_id = $1')).toEqual([{ seqs: '{[0,12),[20,24)}' }]);
    expect(store.problems).toEqual([]);
  });

  test('alarms are raised and cleared in their order', async () => {
    const alarm = (seq: number, name: string, active: boolean) => ({ kind: 'alarm', seq, at: toInstant(startMs + seq * 1000), name, active });
    await store.send(feederId, 's', [
      alarm(0, 'motorJam', true), alarm(1, 'hopperLow', true), alarm(2, 'motorJam', false), alarm(3, 'motorJam', true), alarm(4, 'motorJam', true),
    ]);
    await store.send(feederId, 's', [alarm(5, 'hopperLow', false)]);
    const alarms = await select('SELECT name, origin, severity, detail, raised_at AS raised, cleared_at AS cleared FROM alarm WHERE feeder_id = $1 ORDER BY raised_at');
    const at = (seq: number) => new Date(startMs + seq * 1000);
    expect(alarms).toEqual([
      { name: 'motorJam', origin: 'plc', severity: 'critical', detail: 'The PLC reports: motor jam.', raised: at(0), cleared: at(2) },
      { name: 'hopperLow', origin: 'plc', severity: 'warning', detail: 'The PLC reports: hopper low.', raised: at(1), cleared: at(5) },
      { name: 'motorJam', origin: 'plc', severity: 'critical', detail: 'The PLC reports: motor jam.', raised: at(3), cleared: null },
    ]);
  });

  test('config, PLC link and what was dropped', async () => {
    const at = toInstant(startMs);
    await store.send(feederId, 's', [
      { kind: 'config', seq: 0, at, source: 'local', values: { mealGrams: 120 } },
      { kind: 'plc', seq: 1, at, state: 'unreachable' },
      { kind: 'dropped', seq: 2, at, why: 'too-many', counts: { reading: 40 }, fromSeq: 3, throughSeq: 44 },
    ]);
    expect(await select('SELECT source, config_values AS values FROM config_change WHERE feeder_id = $1')).toEqual([{ source: 'local', values: { mealGrams: 120 } }]);
    expect(await select('SELECT state FROM plc_change WHERE feeder_id = $1')).toEqual([{ state: 'unreachable' }]);
    expect(await select('SELECT why, counts, from_seq, through_seq FROM dropped_records WHERE feeder_id = $1')).toEqual([
      { why: 'too-many', counts: { reading: 40 }, from_seq: 3, through_seq: 44 },
    ]);
  });
});

describe('one feeder in trouble', () => {
  test('holds nobody else up, and is not told of at every try', async () => {
    await store.db.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now' USING ERRCODE = '55000'; END $$`);
    await store.db.query(`CREATE TRIGGER refuse BEFORE INSERT ON plc_change FOR EACH ROW WHEN (NEW.feeder_id = '${feederId}') EXECUTE FUNCTION refuse()`);
    const others = [1, 2, 3].map((other) => `${feederId}-${other}`);
    for (const other of others) await store.enrol(other);
    store.records.receive(feederId, { spoolId: 's', records: [...readings(0, 9), { kind: 'plc', seq: 10, at: toInstant(startMs), state: 'ok' }] });
    await Promise.all(others.map((other) => store.send(other, 's', readings(0, 99))));
    expect(store.receipts.filter((receipt) => receipt.feederId === feederId)).toEqual([]);
    // Once where it failed together with others, and once where it did alone.
    expect(new Set(store.problems.map(String))).toEqual(new Set(['error: not now']));
    expect(store.problems.length).toBeLessThan(3);
  });
});

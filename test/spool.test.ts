import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BridgeTime, type Moment } from '../agent/clock.ts';
import { openSpool, type DiskSpool } from '../agent/spool/disk-spool.ts';
import type { Observed } from '../agent/spool/observed.ts';
import type { Happened, NewRecord, SentRecord } from '../agent/spool/spool.ts';
import { HistoryRecord } from '../topics/payloads.ts';
import { MemoryDisk } from './support/memory-disk.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGAN_MS = Date.UTC(2026, 0, 31, 8);
const ROOMY = { maxDays: 30, maxBytes: 1_000_000 };

/** A machine whose clocks go as told, and what it knows of the bridge's time. */
class TestMachine {
  /** By how much its wall clock is wrong. */
  readonly wrongByMs: number;
  #monotonicMs: number;
  #nowMs: number;
  readonly clock: BridgeTime;

  constructor(nowMs = BEGAN_MS, wrongByMs = 0, monotonicMs = 5_000) {
    this.wrongByMs = wrongByMs;
    this.#nowMs = nowMs;
    this.#monotonicMs = monotonicMs;
    this.clock = new BridgeTime({ wallMs: () => this.#nowMs + this.wrongByMs, monotonicMs: () => this.#monotonicMs }, 20);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }

  /** The bridge tells its time. */
  tell(): this {
    this.clock.take(this.clock.moment(), this.#nowMs);
    return this;
  }
}

type Limits = { maxDays: number; maxBytes: number };
let ids = 0;
const open = (disk: MemoryDisk, machine = new TestMachine().tell(), limits: Limits = ROOMY, diskId = 'disk-1'): Promise<DiskSpool> =>
  openSpool(disk, { newId: () => `id-${(ids += 1)}`, diskId, clock: machine.clock, limits });

const seen = (mark: number): Observed => ({ activeAlarms: [], dosesToCome: [], dosesKnown: [], counters: { count: mark, totalGrams: mark } });
const RECORDS = {
  reading: { kind: 'reading', values: { hopperGrams: 1 } },
  config: { kind: 'config', values: { mealGrams: 2 }, source: 'local' },
  plc: { kind: 'plc', state: 'ok' },
  alarm: { kind: 'alarm', name: 'motorJam', active: true },
  meal: { kind: 'meal', count: 1, grams: 5, countTotal: 1, totalGrams: 5, source: 'schedule' },
} satisfies Record<string, NewRecord>;
type Kind = keyof typeof RECORDS;
const happenedAt = (at: Moment, ...kinds: Kind[]): Happened[] => kinds.map((kind) => ({ at, record: RECORDS[kind] }));

const recordsIn = async (spool: DiskSpool, most = 100_000): Promise<SentRecord[]> => (await spool.oldest(most, Infinity))?.records ?? [];
/** What a spool sends, as the bridge reads it. */
const readIn = async (spool: DiskSpool): Promise<HistoryRecord[]> => (await recordsIn(spool)).map((record) => HistoryRecord.parse(record));

describe('a spool', () => {
  it('gives what it was given in its order, whatever the kinds, and the same after a restart', async () => {
    const disk = new MemoryDisk();
    const machine = new TestMachine().tell();
    const spool = await open(disk, machine);
    expect(spool).toMatchObject({ observed: undefined, count: 0, nextSeq: 0 });
    expect(await spool.oldest(10, 10_000)).toBeUndefined();
    await spool.append(happenedAt(machine.clock.moment(), 'meal', 'reading', 'plc'), seen(1));
    machine.pass(1_000);
    await spool.append(happenedAt(machine.clock.moment(), 'reading', 'alarm', 'config'), seen(2));
    const records = await readIn(spool);
    expect(records.map(({ seq, kind }) => [seq, kind])).toEqual([[0, 'meal'], [1, 'reading'], [2, 'plc'], [3, 'reading'], [4, 'alarm'], [5, 'config']]);
    expect(records[0]).toEqual({ seq: 0, at: '2026-01-31T08:00:00.000Z', ...RECORDS.meal });
    expect(records[5]).toEqual({ seq: 5, at: '2026-01-31T08:00:01.000Z', ...RECORDS.config });

    const again = await open(disk.crash(), new TestMachine(BEGAN_MS + HOUR_MS));
    expect(again).toMatchObject({ spoolId: spool.spoolId, observed: seen(2), count: 6, nextSeq: 6 });
    expect(await readIn(again)).toEqual(records);
  });

  it('gives no more at once than was asked for, but always one', async () => {
    const spool = await open(new MemoryDisk());
    const { clock } = new TestMachine();
    for (let count = 0; count < 10; count += 1) await spool.append(happenedAt(clock.moment(), 'reading'), seen(count));
    expect((await spool.oldest(3, 100_000))?.records.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect((await spool.oldest(100, 350))?.records.length).toBeGreaterThan(2);
    expect((await spool.oldest(100, 350))?.records.length).toBeLessThan(7);
    expect((await spool.oldest(100, 1))?.records).toHaveLength(1);
  });

  it('lets go of what is stored, and never gives a number twice', async () => {
    const disk = new MemoryDisk();
    const spool = await open(disk);
    const { clock } = new TestMachine();
    await spool.append(happenedAt(clock.moment(), 'reading', 'meal', 'reading', 'meal'), seen(1));
    await spool.dropThrough(2);
    expect((await readIn(spool)).map(({ seq }) => seq)).toEqual([3]);
    await spool.dropThrough(3);
    await spool.dropThrough(1);
    expect([...disk.kept.keys()]).toEqual(['meta']);
    const again = await open(disk.crash());
    expect(again).toMatchObject({ observed: seen(1), count: 0 });
    await again.append(happenedAt(clock.moment(), 'plc'), seen(2));
    expect((await readIn(again)).map(({ seq }) => seq)).toEqual([4]);
  });

  it('that could not keep something still has what it had, and keeps the next', async () => {
    const disk = new MemoryDisk();
    const spool = await open(disk);
    const { clock } = new TestMachine();
    await spool.append(happenedAt(clock.moment(), 'meal'), seen(1));
    disk.fails = true;
    await expect(spool.append(happenedAt(clock.moment(), 'meal'), seen(2))).rejects.toThrow('room on the disk');
    expect(spool).toMatchObject({ observed: seen(1), count: 1, nextSeq: 1 });
    disk.fails = false;
    await spool.append(happenedAt(clock.moment(), 'meal'), seen(3));
    expect((await readIn(spool)).map(({ seq }) => seq)).toEqual([0, 1]);
  });
});

describe('the time of a record', () => {
  it('is the bridge’s, also of what happened before that was told', async () => {
    const machine = new TestMachine(BEGAN_MS, -2 * DAY_MS);
    const spool = await open(new MemoryDisk(), machine);
    await spool.append(happenedAt(machine.clock.moment(), 'meal'), seen(1));
    machine.pass(60_000);
    machine.tell();
    expect((await readIn(spool))[0]?.at).toBe('2026-01-31T08:00:00.000Z');
  });

  it('is told by the wall clock where another process saw it and never knew the bridge’s time', async () => {
    const disk = new MemoryDisk();
    const first = new TestMachine(BEGAN_MS, -2 * DAY_MS, 90_000_000);
    await (await open(disk, first)).append(happenedAt(first.clock.moment(), 'meal'), seen(1));
    const second = new TestMachine(BEGAN_MS + HOUR_MS, -2 * DAY_MS, 100).tell();
    expect((await readIn(await open(disk.crash(), second)))[0]?.at).toBe('2026-01-31T08:00:00.000Z');
  });

  it('stays what it was where the wall clock is wrong after a restart', async () => {
    const disk = new MemoryDisk();
    const first = new TestMachine().tell();
    await (await open(disk, first)).append(happenedAt(first.clock.moment(), 'meal'), seen(1));
    const second = new TestMachine(BEGAN_MS + HOUR_MS, 400 * DAY_MS).tell();
    expect((await readIn(await open(disk.crash(), second)))[0]?.at).toBe('2026-01-31T08:00:00.000Z');
  });
});

describe('a machine that does not know the time', () => {
  /** It was started again and stands at the beginning of 1970; what it keeps it sees a minute later, and then ten. */
  async function offline(disk: MemoryDisk): Promise<MemoryDisk> {
    const machine = new TestMachine(BEGAN_MS + HOUR_MS, -BEGAN_MS, 100);
    const left = disk.crash();
    const spool = await open(left, machine);
    machine.pass(60_000);
    await spool.append(happenedAt(machine.clock.moment(), 'reading'), seen(2));
    machine.pass(600_000);
    await spool.append(happenedAt(machine.clock.moment(), 'meal'), seen(3));
    return left.crash();
  }
  const known = async (): Promise<MemoryDisk> => {
    const disk = new MemoryDisk();
    const machine = new TestMachine().tell();
    await (await open(disk, machine)).append(happenedAt(machine.clock.moment(), 'reading'), seen(1));
    return disk;
  };

  it('never tells of something before what it knew, and keeps the order, over several starts', async () => {
    const left = await offline(await offline(await known()));
    const machine = new TestMachine(BEGAN_MS + DAY_MS).tell();
    expect((await readIn(await open(left, machine))).map(({ at }) => at.slice(0, 19))).toEqual([
      '2026-01-31T08:00:00', '2026-01-31T08:01:00', '2026-01-31T08:11:00', '2026-01-31T08:12:00', '2026-01-31T08:22:00',
    ]);
  });

  it('calls nothing too old by such a time', async () => {
    const machine = new TestMachine(BEGAN_MS + 2 * HOUR_MS).tell();
    const left = await offline(await known());
    await (await open(left)).dropThrough(0);
    const spool = await open(left.crash(), machine);
    await spool.append(happenedAt(machine.clock.moment(), 'plc'), seen(4));
    expect((await readIn(spool)).map(({ kind }) => kind)).toEqual(['reading', 'meal', 'plc']);
  });
});

describe('a spool that is too full', () => {
  const SMALL = { maxDays: 30, maxBytes: 10_000 };

  it('lets go of readings first, then of config and PLC link, then of alarms, and of meals last', async () => {
    const spool = await open(new MemoryDisk(), undefined, SMALL);
    const { clock } = new TestMachine();
    const kinds = async (): Promise<Set<string>> => new Set((await readIn(spool)).map(({ kind }) => kind));
    await spool.append(happenedAt(clock.moment(), 'meal', 'alarm', 'plc', 'config'), seen(0));
    for (let at = 0; at < 200; at += 1) await spool.append(happenedAt(clock.moment(), 'reading'), seen(at));
    expect(await kinds()).toEqual(new Set(['meal', 'alarm', 'plc', 'config', 'reading', 'dropped']));
    for (let at = 0; at < 200; at += 1) await spool.append(happenedAt(clock.moment(), 'alarm'), seen(at));
    expect(await kinds()).toEqual(new Set(['meal', 'alarm', 'dropped']));
    for (let at = 0; at < 200; at += 1) await spool.append(happenedAt(clock.moment(), 'meal'), seen(at));
    expect(await kinds()).toEqual(new Set(['meal', 'dropped']));
    expect(spool.count).toBe((await readIn(spool)).length);
    expect(spool.count).toBeGreaterThan(40);
  });

  it('makes room for many at a time, and tells of all in one record', async () => {
    const spool = await open(new MemoryDisk(), undefined, SMALL);
    const { clock } = new TestMachine();
    for (let at = 0; at < 1_000; at += 1) await spool.append(happenedAt(clock.moment(), 'reading'), seen(at));
    const records = await readIn(spool);
    const dropped = records.flatMap((record) => (record.kind === 'dropped' ? [record] : []));
    const left = records.filter(({ kind }) => kind === 'reading').length;
    expect(dropped).toMatchObject([{ why: 'too-many', counts: { reading: 1_000 - left }, fromSeq: 0 }]);
    expect(dropped[0]?.counts.dropped).toBeGreaterThan(20);
    expect(dropped[0]?.counts.dropped).toBeLessThan(200);
  });
});

describe('what is too old', () => {
  it('goes where it is a reading, a config or a PLC link, and stays where it is a meal or an alarm', async () => {
    const disk = new MemoryDisk();
    const machine = new TestMachine().tell();
    const spool = await open(disk, machine);
    await spool.append(happenedAt(machine.clock.moment(), 'meal', 'alarm', 'reading', 'config', 'plc'), seen(1));
    machine.pass(15 * DAY_MS);
    machine.tell();
    await spool.append(happenedAt(machine.clock.moment(), 'reading'), seen(2));
    machine.pass(16 * DAY_MS);
    machine.tell();
    await spool.append(happenedAt(machine.clock.moment(), 'reading'), seen(3));
    expect((await readIn(spool)).map(({ kind, seq }) => [seq, kind])).toEqual([[0, 'meal'], [1, 'alarm'], [5, 'reading'], [6, 'reading'], [7, 'dropped']]);
    expect((await readIn(spool)).at(-1)).toMatchObject({ why: 'too-old', counts: { reading: 1, config: 1, plc: 1 }, fromSeq: 2, throughSeq: 4 });
  });

  it('is not told by a clock that the bridge never set', async () => {
    const disk = new MemoryDisk();
    const first = new TestMachine().tell();
    await (await open(disk, first)).append(happenedAt(first.clock.moment(), 'reading'), seen(1));
    const second = new TestMachine(BEGAN_MS + HOUR_MS, 400 * DAY_MS);
    const spool = await open(disk.crash(), second);
    await spool.append(happenedAt(second.clock.moment(), 'reading'), seen(2));
    expect(spool.count).toBe(2);
  });
});

describe('a spool that begins anew', () => {
  const filled = async (): Promise<{ disk: MemoryDisk; spool: DiskSpool; clock: BridgeTime }> => {
    const disk = new MemoryDisk();
    const { clock } = new TestMachine();
    const spool = await open(disk);
    await spool.append(happenedAt(clock.moment(), 'meal', 'reading', 'reading', 'meal'), seen(1));
    await spool.dropThrough(0);
    return { disk, spool, clock };
  };
  const told = { kind: 'dropped', why: 'damaged', counts: { reading: 2, meal: 1 }, fromSeq: 1, throughSeq: 3, ofSpoolId: expect.any(String) as string };

  it('has another id and numbers of its own, sends nothing of before, and tells of it behind its first record', async () => {
    const { disk, spool, clock } = await filled();
    const { spoolId } = spool;
    await spool.beginAnew();
    expect(spool).toMatchObject({ observed: undefined, count: 0, nextSeq: 0 });
    expect(spool.spoolId).not.toBe(spoolId);
    expect(await recordsIn(spool)).toEqual([]);
    await spool.append(happenedAt(clock.moment(), 'meal'), seen(2));
    expect(await readIn(spool)).toMatchObject([{ seq: 0, kind: 'meal' }, { seq: 1, ...told }]);
    const left = disk.crash();
    const again = await open(left);
    expect(again).toMatchObject({ spoolId: spool.spoolId, observed: seen(2), count: 2, nextSeq: 2 });
    await again.dropThrough(0);
    expect((await readIn(again)).map(({ seq }) => seq)).toEqual([1]);
    await again.dropThrough(1);
    await again.append(happenedAt(clock.moment(), 'plc'), seen(3));
    expect((await readIn(again)).map(({ seq }) => seq)).toEqual([2]);
    expect((await open(left.crash())).count).toBe(1);
  });

  it('leaves nothing of before on the disk in the end', async () => {
    const { disk, spool, clock } = await filled();
    await spool.beginAnew();
    await spool.append(happenedAt(clock.moment(), 'meal'), seen(2));
    await spool.dropThrough(1);
    expect([...disk.kept.keys()].filter((key) => key !== 'meta')).toEqual([]);
  });

  it('keeps nothing that was seen for the one before', async () => {
    const { spool, clock } = await filled();
    const begun = spool.beginAnew();
    await expect(spool.append(happenedAt(clock.moment(), 'meal'), seen(2))).rejects.toThrow('look again');
    await begun;
    expect(spool).toMatchObject({ observed: undefined, count: 0 });
  });

  it('does so where its disk was repaired, and says what it had', async () => {
    const { disk, spool, clock } = await filled();
    const machine = new TestMachine().tell();
    const again = await open(disk.crash(), machine, ROOMY, 'disk-2');
    expect(again.observed).toBeUndefined();
    expect(again.spoolId).not.toBe(spool.spoolId);
    await again.append(happenedAt(clock.moment(), 'meal'), seen(2));
    expect(await readIn(again)).toMatchObject([{ seq: 0 }, { ...told, ofSpoolId: spool.spoolId }]);
  });

  it.each([
    ['is gone', (disk: MemoryDisk) => disk.kept.delete('meta')],
    ['is of another make', (disk: MemoryDisk) => disk.kept.set('meta', '{"spoolId":7}')],
  ])('does so where what it goes by %s', async (_, damage) => {
    const { disk, spool, clock } = await filled();
    const left = disk.crash();
    damage(left);
    const again = await open(left);
    expect(again.spoolId).not.toBe(spool.spoolId);
    await again.append(happenedAt(clock.moment(), 'meal'), seen(2));
    expect(await readIn(again)).toMatchObject([{ seq: 0 }, told]);
  });
});

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      what: fc.constant('append' as const),
      kinds: fc.array(fc.constantFrom<Kind>('reading', 'reading', 'reading', 'config', 'plc', 'alarm', 'meal'), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('stored' as const), records: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('later' as const), ms: fc.constantFrom(60_000, 7 * HOUR_MS, 12 * DAY_MS) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('full' as const), fails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('anew' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('crash' as const), cut: fc.constantFrom('none' as const, 'before-write' as const, 'after-write' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What is known of the records of one spool, by number. */
type Ledger = { kinds: Map<number, string>; stored: Set<number>; told: Map<number, HistoryRecord & { kind: 'dropped' }>; observed: number };

it('gives no number twice, and loses nothing but what it says, wherever the power goes', async () => {
  const run = async (steps: readonly Step[]): Promise<void> => {
    let disk = new MemoryDisk();
    let machine = new TestMachine().tell();
    const limits = { maxDays: 30, maxBytes: 1_500 };
    let spool = await open(disk, machine, limits);
    const ledgers = new Map<string, Ledger>();
    let marks = 0;
    /** The records of the append that was last asked for. */
    let asked: Kind[] = [];
    const ledger = (): Ledger => {
      const known = ledgers.get(spool.spoolId) ?? { kinds: new Map<number, string>(), stored: new Set<number>(), told: new Map<number, never>(), observed: 0 };
      ledgers.set(spool.spoolId, known);
      return known;
    };
    const restart = async (): Promise<void> => {
      disk = disk.crash();
      machine = new TestMachine(machine.nowMs).tell();
      spool = await open(disk, machine, limits);
    };
    /** Waits for the work, or for the power cut that it dies of. */
    const ends = async (work: Promise<void>): Promise<void> => {
      const isCut = disk.powerCut !== 'none';
      const ended = work.then(() => true, () => !isCut || disk.fails);
      const settled = isCut ? await Promise.race([ended, new Promise<boolean>((resolve) => setImmediate(() => setImmediate(() => resolve(false))))]) : await ended;
      if (!settled) await restart();
    };
    const take = async (next: Step): Promise<void> => {
      if (next.what === 'later') {
        machine.pass(next.ms);
        machine.tell();
      } else if (next.what === 'full') disk.fails = next.fails;
      else if (next.what === 'crash' && next.cut === 'none') await restart();
      else if (next.what === 'crash') disk.powerCut = next.cut;
      else if (next.what === 'anew') await spool.beginAnew();
      else if (next.what === 'append') {
        asked = next.kinds;
        marks += 1;
        await ends(spool.append(happenedAt(machine.clock.moment(), ...next.kinds), seen(marks)));
      } else {
        const before = ledger();
        const sent = await recordsIn(spool, next.records);
        const last = sent.at(-1);
        if (last) await ends(spool.dropThrough(last.seq));
        const left = new Set((await recordsIn(spool)).map(({ seq }) => seq));
        for (const { seq } of sent) if (!left.has(seq)) before.stored.add(seq);
      }
    };
    const holds = async (): Promise<void> => {
      const known = ledger();
      const records = await readIn(spool);
      expect(spool.count).toBe(records.length);
      const seqs = records.map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      // All that was asked for, or nothing of it; and what it was seen by with it.
      const fresh = records.filter(({ seq }) => !known.kinds.has(seq));
      if (fresh.length > 0) {
        expect(fresh.filter(({ kind }) => kind !== 'dropped').map(({ kind }) => kind)).toEqual(asked);
        expect(fresh.map(({ seq }) => seq)).toEqual(fresh.map((_, index) => known.kinds.size + index));
        known.observed = marks;
      }
      expect(spool.observed?.counters?.count ?? 0).toBe(known.observed);
      for (const record of fresh) known.kinds.set(record.seq, record.kind);
      for (const record of fresh) if (record.kind === 'dropped') known.told.set(record.seq, record);
      expect(spool.nextSeq).toBe(known.kinds.size);
      // What is neither stored nor waits is told of.
      const missing = [...known.kinds].filter(([seq]) => !known.stored.has(seq) && !seqs.includes(seq));
      const told = [...known.told.values()].filter(({ seq, why }) => why !== 'damaged' && !missing.some(([gone]) => gone === seq));
      const sumOf = (kind: HistoryRecord['kind']): number => told.reduce((sum, { counts }) => sum + (counts[kind] ?? 0), 0);
      for (const kind of ['reading', 'config', 'plc', 'alarm', 'meal', 'dropped'] as const) {
        expect([kind, sumOf(kind)]).toEqual([kind, missing.filter(([, other]) => other === kind).length]);
      }
      for (const [seq] of missing) expect(told.some(({ fromSeq, throughSeq }) => fromSeq <= seq && seq <= throughSeq)).toBe(true);
    };
    for (const next of steps) {
      await take(next);
      await holds();
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), run), { numRuns: 25 });
});

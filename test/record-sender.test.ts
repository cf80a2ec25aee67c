import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BridgeTime } from '../agent/clock.ts';
import { openLevelDisk } from '../agent/disk/level-disk.ts';
import { openSpool, type DiskSpool } from '../agent/spool/disk-spool.ts';
import { Sender } from '../agent/spool/sender.ts';
import type { Batch } from '../agent/spool/spool.ts';
import { machineClocks } from '../machine/clocks.ts';
import { eventually } from './support/bridge.ts';
import { MemoryDisk } from './support/memory-disk.ts';

const LIMITS = { maxDays: 30, maxBytes: 10_000_000 };
const clock = new BridgeTime(machineClocks, 20);
const SEEN = { activeAlarms: [], dosesToCome: [], dosesKnown: [] };
const lineUp = (count: number) =>
  Array.from({ length: count }, () => ({ at: clock.moment(), record: { kind: 'reading' as const, values: { hopperGrams: 1 } } }));

let ids = 0;
const newId = (): string => `id-${(ids += 1)}`;

/** What is gathered for one batch. */
const SECOND_MS = 1_000;

/** A sender with what it sent, and its pauses, which the test ends. */
async function openSender(waiting: number, opened?: DiskSpool) {
  const disk = new MemoryDisk();
  const spool = opened ?? (await openSpool(disk, { newId, diskId: 'disk-1', clock, limits: LIMITS }));
  if (waiting > 0) await spool.append(lineUp(waiting), SEEN);
  const sent: Batch[] = [];
  const pausesMs: number[] = [];
  const told: string[] = [];
  const timers = new Set<{ delayMs: number; work: () => void }>();
  const end = (isMeant: (delayMs: number) => boolean): void => {
    for (const timer of [...timers].filter(({ delayMs }) => isMeant(delayMs))) {
      timers.delete(timer);
      timer.work();
    }
  };
  const sender = new Sender({
    spool,
    timers: {
      after: (delayMs, work) => {
        if (delayMs > SECOND_MS) pausesMs.push(delayMs);
        const timer = { delayMs, work };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    send: (batch) => sent.push(batch),
    onOldCopy: () => told.push('old copy'),
    onFailing: () => told.push('failing'),
    onWell: () => told.push('well'),
  });
  const sentBatches = (count: number): Promise<number[][]> =>
    eventually(() => (sent.length === count ? sent.map(({ records: [first, ...others] }) => [first.seq, others.at(-1)?.seq ?? first.seq]) : undefined));
  return {
    disk, spool, sender, sent, pausesMs, told, sentBatches,
    endSecond: () => end((delayMs) => delayMs === SECOND_MS),
    endPause: () => end(() => true),
    stored: (throughSeq: number, spoolId = spool.spoolId) => sender.receive({ spoolId, throughSeq }),
    storedBefore: (seq: number, heldThrough = seq) => sender.receive({ spoolId: spool.spoolId, throughSeq: seq, known: 1, heldThrough }),
  };
}

/** All that a sender was asked for is done. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the sender of records', () => {
  it('sends nothing before the session is up and its clock told, then one batch after the other, oldest first', async () => {
    const { sender, sent, sentBatches, stored, spool, endSecond } = await openSender(1_200);
    await spool.append(lineUp(1), SEEN);
    await settled();
    expect(sent).toEqual([]);
    sender.sessionReady();
    expect(await sentBatches(1)).toEqual([[0, 499]]);
    await spool.append(lineUp(1), SEEN);
    await settled();
    expect(sent).toHaveLength(1);
    stored(499);
    expect((await sentBatches(2))[1]).toEqual([500, 999]);
    stored(999);
    expect((await sentBatches(3))[2]).toEqual([1_000, 1_201]);
    stored(1_201);
    await settled();
    expect([spool.count, sent.length]).toEqual([0, 3]);
    await spool.append(lineUp(1), SEEN);
    await spool.append(lineUp(1), SEEN);
    await settled();
    expect(sent).toHaveLength(3);
    endSecond();
    expect((await sentBatches(4))[3]).toEqual([1_202, 1_203]);
    stored(1_203);
    endSecond();
    await settled();
    expect(sent).toHaveLength(4);
    await spool.append(lineUp(1), SEEN);
    expect((await sentBatches(5))[4]).toEqual([1_204, 1_204]);
  });

  it('waits for the rest of the second in no new session, and sends what it gathered after the receipt, however late that comes', async () => {
    const { sender, sent, sentBatches, stored, spool, endSecond } = await openSender(1);
    sender.sessionReady();
    await sentBatches(1);
    await spool.append(lineUp(1), SEEN);
    endSecond();
    await settled();
    expect(sent).toHaveLength(1);
    stored(0);
    expect((await sentBatches(2))[1]).toEqual([1, 1]);
    stored(1);
    await spool.append(lineUp(1), SEEN);
    await settled();
    expect(sent).toHaveLength(2);
    sender.sessionOver();
    sender.sessionReady();
    expect((await sentBatches(3))[2]).toEqual([2, 2]);
  });

  it('sends again after pauses that grow to a minute, at once in a new session, and not where there is none', async () => {
    const { sender, sent, sentBatches, endPause, pausesMs } = await openSender(3);
    sender.sessionReady();
    for (let round = 1; round <= 5; round += 1) {
      await sentBatches(round);
      endPause();
    }
    expect(await sentBatches(6)).toEqual(Array.from({ length: 6 }, () => [0, 2]));
    expect(pausesMs).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
    sender.sessionOver();
    endPause();
    await settled();
    expect(sent).toHaveLength(6);
    sender.sessionReady();
    await sentBatches(7);
    expect(pausesMs.at(-1)).toBe(10_000);
  });

  it('takes a second receipt for the same batch for what it is, and one of another spool for nothing', async () => {
    const { sentBatches, sender, stored, sent, spool } = await openSender(600);
    sender.sessionReady();
    await sentBatches(1);
    stored(499, 'another');
    await settled();
    expect(spool.count).toBe(600);
    stored(499);
    await sentBatches(2);
    stored(499);
    await settled();
    expect(sent).toHaveLength(2);
  });

  describe('of a spool that may be an old copy', () => {
    const reopened = async (disk: MemoryDisk) => openSpool(disk.crash(), { newId, diskId: 'disk-1', clock, limits: LIMITS });
    /** One that gave 0 to 9 and has been told that 0 to 6 are stored, and a copy of its disk. */
    async function copied(): Promise<MemoryDisk> {
      const disk = new MemoryDisk();
      const earlier = await openSpool(disk, { newId, diskId: 'disk-1', clock, limits: LIMITS });
      await earlier.append(lineUp(10), SEEN);
      await earlier.dropThrough(6);
      return disk;
    }

    it('sends again what may have been sent, then one record that never was, and then the rest', async () => {
      const { sentBatches, sender, stored, spool, told } = await openSender(5, await reopened(await copied()));
      sender.sessionReady();
      expect(await sentBatches(1)).toEqual([[7, 9]]);
      stored(9);
      expect((await sentBatches(2))[1]).toEqual([10, 10]);
      stored(9);
      await settled();
      stored(10);
      expect((await sentBatches(3))[2]).toEqual([11, 14]);
      stored(14);
      await settled();
      expect([told, spool.count]).toEqual([[], 0]);
    });

    it.each([
      ['by one record', 10, 5],
      ['by fewer records than it gave since', 12, 5],
      ['by more', 1_000, 5],
    ])('that lacks what the bridge has %s, begins anew from what is seen next, and says what it lets go of', async (_, heldThrough, since) => {
      const { sent, sentBatches, sender, stored, storedBefore, spool, told } = await openSender(since, await reopened(await copied()));
      const { spoolId } = spool;
      sender.sessionReady();
      await sentBatches(1);
      stored(9);
      await sentBatches(2);
      storedBefore(10, heldThrough);
      await settled();
      expect([told, spool.spoolId === spoolId, spool.observed, spool.count]).toEqual([['old copy'], false, undefined, 0]);
      await spool.append(lineUp(1), SEEN);
      await sentBatches(3);
      expect(sent.at(-1)?.records).toMatchObject([{ seq: 0, kind: 'reading' }, { kind: 'dropped', why: 'damaged', counts: { reading: since }, ofSpoolId: spoolId }]);
    });

    it('is told also where it was restarted before it could send anything new', async () => {
      const disk = (await copied()).crash();
      const offline = await openSpool(disk, { newId, diskId: 'disk-1', clock, limits: LIMITS });
      await offline.append(lineUp(5), SEEN);
      await offline.append(lineUp(5), SEEN);
      const { sentBatches, sender, stored, storedBefore, spool, told } = await openSender(1, await reopened(disk));
      sender.sessionReady();
      expect(await sentBatches(1)).toEqual([[7, 9]]);
      stored(9);
      await sentBatches(2);
      storedBefore(10, 12);
      await settled();
      expect([told, spool.count]).toEqual([['old copy'], 0]);
    });

    it('is not taken for one where the receipt of its first new record was lost', async () => {
      const { sentBatches, sender, stored, storedBefore, endPause, told } = await openSender(2, await reopened(await copied()));
      sender.sessionReady();
      stored(9);
      await sentBatches(2);
      endPause();
      await sentBatches(3);
      storedBefore(10);
      expect((await sentBatches(4)).slice(1)).toEqual([[10, 10], [10, 10], [11, 11]]);
      expect(told).toEqual([]);
    });
  });

  it.each([
    ['had no more', 10, []],
    ['had more since', 12, ['old copy']],
  ])('a process that ended before the receipt of its first new record is no copy; where the bridge %s', async (_, heldThrough, tells) => {
    const disk = new MemoryDisk();
    const open = (from: MemoryDisk) => openSpool(from, { newId, diskId: 'disk-1', clock, limits: LIMITS });
    const earlier = await open(disk);
    await earlier.append(lineUp(10), SEEN);
    await earlier.dropThrough(9);
    const beforeKill = disk.crash();
    const killed = await openSender(1, await open(beforeKill));
    killed.sender.sessionReady();
    expect(await killed.sentBatches(1)).toEqual([[10, 10]]);
    const { sentBatches, sender, storedBefore, told } = await openSender(1, await open(beforeKill.crash()));
    sender.sessionReady();
    expect(await sentBatches(1)).toEqual([[10, 10]]);
    storedBefore(10, heldThrough);
    await settled();
    expect(told).toEqual(tells);
  });

  it('says once that what is stored cannot be let go of, and lets go of it when that is over', async () => {
    const { disk, sentBatches, sender, stored, spool, told, endPause } = await openSender(5);
    sender.sessionReady();
    await sentBatches(1);
    disk.fails = true;
    stored(4);
    stored(4);
    await settled();
    expect(told).toEqual(['failing']);
    disk.fails = false;
    endPause();
    await sentBatches(2);
    stored(4);
    await settled();
    expect([spool.count, told]).toEqual([0, ['failing', 'well']]);
  });
});

describe('a spool on a disk that is to be left free', () => {
  it('keeps nothing more, but lets go of what is stored', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spool-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const withSpool = async (keepFreeBytes: number, use: (spool: DiskSpool) => Promise<void>): Promise<void> => {
      const level = await openLevelDisk(join(folder, 'spool'), (what) => expect.fail(what), keepFreeBytes);
      await use(await openSpool(level.of('pond-1'), { newId, diskId: level.diskId, clock, limits: LIMITS }));
      await level.close();
    };
    await withSpool(0, (spool) => spool.append(lineUp(20), SEEN));
    await withSpool(Number.MAX_SAFE_INTEGER, async (spool) => {
      await expect(spool.append(lineUp(1), SEEN)).rejects.toThrow(/bytes to be left free/);
      expect((await spool.oldest(500, 100_000))?.records).toHaveLength(20);
      await spool.dropThrough(9);
      expect(spool.count).toBe(10);
    });
    await withSpool(0, async (spool) => {
      await spool.append(lineUp(1), SEEN);
      expect((await spool.oldest(500, 100_000))?.records.map(({ seq }) => seq)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    });
  });
});

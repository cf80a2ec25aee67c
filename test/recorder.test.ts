import { expect, it } from 'vitest';
import type { Moment } from '../agent/clock.ts';
import type { Readings } from '../agent/plc/plc.ts';
import type { RegisterMap } from '../agent/plc/register-map.ts';
import { Recorder } from '../agent/recorder/recorder.ts';
import { openSpool, type DiskSpool } from '../agent/spool/disk-spool.ts';
import { HistoryRecord } from '../topics/payloads.ts';
import { MemoryDisk } from './support/memory-disk.ts';
import { readMap } from './support/whole-system.ts';

const NOTHING_GIVEN = { appliedDoses: [], unfinished: [] };
const START_MS = Date.UTC(2026, 0, 31, 8);

let nowMs = 0;
const moment = (): Moment => ({ wallMs: START_MS + nowMs, monotonicMs: nowMs });

async function open(disk: MemoryDisk): Promise<DiskSpool> {
  const clock = { moment, roughlyAt: ({ wallMs }: Moment) => wallMs };
  return openSpool(disk, { newId: () => crypto.randomUUID(), diskId: 'disk', clock, limits: { maxDays: 30, maxBytes: 1_000_000 } });
}

async function record(disk: MemoryDisk, map?: RegisterMap) {
  const told: string[] = [];
  const spool = await open(disk);
  const recorder = new Recorder({
    spool,
    journal: NOTHING_GIVEN,
    map: map ?? (await readMap()),
    onFailing: (error) => told.push(`failing: ${String(error)}`),
    onWell: () => told.push('well'),
  });
  /** The PLC at the next poll. */
  const look = (count: number, totalGrams: number, motorJam = false): void => {
    nowMs += 2_000;
    const readings: Readings = { values: { hopperGrams: 25_000 - totalGrams }, bad: [], meals: { count, totalGrams }, alarms: { motorJam } };
    recorder.readings(readings, moment());
  };
  return { recorder, spool, look, told };
}

/** What is in the spool, in short. */
async function kept(disk: MemoryDisk): Promise<string[]> {
  const batch = await (await open(disk)).oldest(1_000, 1_000_000);
  return (batch?.records ?? []).map((each) => {
    const line = HistoryRecord.parse(each);
    if (line.kind === 'meal') return `meal ${line.count}/${line.grams} to ${line.countTotal}/${line.totalGrams}${line.countersAnew ? ' anew' : ''}`;
    if (line.kind === 'reading') return `reading ${String(line.values['hopperGrams'])}`;
    if (line.kind === 'alarm') return `${line.name} ${line.active ? 'raised' : 'cleared'}`;
    return line.kind === 'plc' ? `plc ${line.state}` : line.kind;
  });
}

it('keeps in one write what one look shows, and what changes while it is being kept in the next', async () => {
  const disk = new MemoryDisk();
  const { recorder, look } = await record(disk);
  look(10, 1_000);
  // All of these come while the first is being kept: the latest look stands for them.
  look(10, 1_000, true);
  look(10, 1_000, false);
  look(10, 1_000, true);
  recorder.config({ mealGrams: 100 }, moment(), 'start');
  await expect.poll(() => disk.writes).toBe(2);
  await recorder.stop();
  expect(await kept(disk)).toEqual(['plc ok', 'motorJam cleared', 'reading 24000', 'config', 'motorJam raised', 'meal 0/0 to 10/1000']);
  expect(disk.writes).toBe(2);
});

it('finds again what could not be kept, and says once that it cannot and once that it can', async () => {
  const disk = new MemoryDisk();
  const { recorder, spool, look, told } = await record(disk);
  look(10, 1_000);
  look(10, 1_000);
  await expect.poll(() => kept(disk)).toContain('meal 0/0 to 10/1000');
  disk.fails = true;
  for (let count = 11; count < 15; count += 1) {
    const writes = disk.writes;
    look(count, 100 * count);
    look(count, 100 * count, count === 11);
    await expect.poll(() => disk.writes).toBeGreaterThan(writes);
  }
  disk.fails = false;
  look(14, 1_400);
  await expect.poll(() => kept(disk)).toContain('meal 4/400 to 14/1400');
  await recorder.stop();
  expect(told).toEqual(['failing: Error: expected room on the disk', 'well']);
  const all = await kept(disk);
  expect(all.filter((line) => !line.startsWith('reading'))).toEqual(['plc ok', 'motorJam cleared', 'meal 0/0 to 10/1000', 'meal 4/400 to 14/1400']);
  expect(spool.count).toBe(all.length);
});

it('goes on where it was after a restart, and begins a new spool with where the counters stand', async () => {
  const disk = new MemoryDisk();
  const first = await record(disk);
  first.look(10, 1_000, true);
  first.look(10, 1_000, true);
  await expect.poll(() => kept(disk)).toContain('meal 0/0 to 10/1000');
  await first.recorder.stop();

  const second = await record(disk);
  second.look(12, 1_200);
  second.look(12, 1_200);
  await expect.poll(() => kept(disk)).toContain('meal 2/200 to 12/1200');
  expect(await kept(disk)).toContain('motorJam cleared');

  await second.spool.beginAnew();
  second.look(13, 1_300);
  second.look(13, 1_300);
  await expect.poll(() => kept(disk)).toContain('meal 0/0 to 13/1300');
  second.look(14, 1_400);
  second.look(14, 1_400);
  await expect.poll(() => kept(disk)).toContain('meal 1/100 to 14/1400');
  await second.recorder.stop();
  expect(await kept(disk)).not.toContain('meal 2/200 to 12/1200');
});

it('follows counters anew where the register map was corrected, and tells no meal of the difference', async () => {
  const disk = new MemoryDisk();
  const first = await record(disk);
  first.look(10, 1_000);
  first.look(10, 1_000);
  await expect.poll(() => kept(disk)).toContain('meal 0/0 to 10/1000');
  await first.recorder.stop();

  const { meals, ...rest } = await readMap();
  if (!meals) throw new Error('expected a map with counters');
  const second = await record(disk, { ...rest, meals: { ...meals, totalGrams: { ...meals.totalGrams, address: 90 } } });
  second.look(10, 82_000);
  second.look(10, 82_000);
  await expect.poll(() => kept(disk)).toContain('meal 0/0 to 10/82000 anew');
  second.look(11, 82_100);
  second.look(11, 82_100);
  await expect.poll(() => kept(disk)).toContain('meal 1/100 to 11/82100');
  await second.recorder.stop();
});

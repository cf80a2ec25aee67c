import type { RecordReceipt } from '../../topics/payloads.ts';
import { clearAlarms, raiseAlarms, selectOpenOf } from '../store/alarms.ts';
import type { Database, Queryable } from '../store/database.ts';
import { insertMeals, selectMealCounters, selectUntoldDoses, unbookDoses, upsertMealCounters, type MealRow } from '../store/meals.ts';
import { insertQuarantined } from '../store/quarantine.ts';
import { addToBuckets, addToDays, insertReadings } from '../store/readings.ts';
import { addSeqs, lockSpools, type SeqRange, type SpoolKey } from '../store/record-spools.ts';
import { insertConfigChanges, insertDroppedRecords, insertPlcChanges } from '../store/reported-changes.ts';
import { bookMeal, withDosesApart } from './meal-booking.ts';
import { bitChanges } from './plc-alarms.ts';
import { numbersIn, type BadRecord, type GoodRecord, type ReceivedBatch } from './received-batch.ts';
import { rollUp } from './rollups.ts';

/** What was stored, and how far each spool may be receipted. */
export type StoredBatches = {
  receipts: (SpoolKey & Required<RecordReceipt>)[];
  storedCount: number;
  quarantined: BadRecord[];
};

type OfKind<K extends GoodRecord['kind']> = Extract<GoodRecord, { kind: K }>;

/**
 * Stores what is new in these batches, all or nothing. Doing it again does nothing more: each spool remembers the numbers
 * that are dealt with, and is locked meanwhile.
 */
export function storeBatches(
  db: Database,
  batches: readonly ReceivedBatch[],
  nowMs: number,
): Promise<StoredBatches> {
  return db.transaction(async (tx) => {
    const { good, bad, spools, known } = await lockNew(tx, batches, nowMs);
    const readings = ofKind(good, 'reading');
    const inserting = insertReadings(tx, readings);
    // Done while Postgres is at work.
    const [{ buckets, days }] = await Promise.all([Promise.resolve().then(() => rollUp(readings)), inserting]);
    await addToBuckets(tx, buckets);
    await addToDays(tx, days);
    await storeMeals(tx, ofKind(good, 'meal'), nowMs);
    await storeBits(tx, ofKind(good, 'alarm'));
    await insertConfigChanges(tx, ofKind(good, 'config'));
    await insertPlcChanges(tx, ofKind(good, 'plc'));
    const dropped = ofKind(good, 'dropped');
    await insertDroppedRecords(tx, dropped);
    const kept = bad.flatMap(({ feederId, payload, problem }) =>
      payload === undefined ? [] : { feederId, topic: 'records', payload, problem, receivedAtMs: nowMs },
    );
    if (kept.length > 0) await insertQuarantined(tx, kept);
    const reached = await addSeqs(tx, spools.map((spool) => ({ ...spool, gone: goneFrom(spool, dropped) })));
    const receipts = reached.map((spool) => ({ ...spool, known: known.get(keyOf(spool)) ?? 0 }));
    return { receipts, storedCount: good.length, quarantined: bad };
  });
}

/** Locks the spools of these batches, and tells what of them is new, in its order, and how much of each spool is not. */
async function lockNew(tx: Queryable, batches: readonly ReceivedBatch[], nowMs: number) {
  const byKey = new Map<string, SpoolKey & { seqs: Set<number> }>();
  for (const batch of batches) {
    const { feederId, spoolId } = batch;
    const seqs = numbersIn(batch);
    const spool = byKey.get(keyOf(batch)) ?? { feederId, spoolId, seqs: new Set<number>() };
    for (const seq of seqs) spool.seqs.add(seq);
    if (seqs.length > 0) byKey.set(keyOf(batch), spool);
  }
  const spools = [...byKey.values()];
  const news = await lockSpools(tx, spools, nowMs);
  const known = new Map(spools.map((spool, index) => [keyOf(spool), spool.seqs.size - (news[index]?.size ?? 0)]));
  const newByKey = new Map(spools.map((spool, index) => [keyOf(spool), news[index] ?? new Set<number>()]));

  const good: GoodRecord[] = [];
  const bad: BadRecord[] = [];
  for (const batch of batches) {
    const isNew = newByKey.get(keyOf(batch)) ?? new Set<number>();
    const seqs = numbersIn(batch);
    // What has no number is new where something beside it is, or nothing beside it has one.
    const isNewBatch = seqs.length === 0 || seqs.some((seq) => isNew.has(seq));
    for (const record of batch.good) if (isNew.delete(record.seq)) good.push(record);
    for (const record of batch.bad) if (record.seq === undefined ? isNewBatch : isNew.delete(record.seq)) bad.push(record);
  }
  return { good, bad, spools, known };
}

const keyOf = ({ feederId, spoolId }: SpoolKey): string => `${feederId} ${spoolId}`;

/** The numbers of a spool that will not come any more: what it let go of, told by a record behind it. */
const goneFrom = ({ feederId, spoolId }: SpoolKey, dropped: readonly OfKind<'dropped'>[]): SeqRange[] =>
  dropped.flatMap((record) => {
    const { fromSeq: from, throughSeq: through, ofSpoolId } = record;
    const isOfSpool = record.feederId === feederId && record.spoolId === spoolId && ofSpoolId === undefined;
    return isOfSpool && from <= through && through < record.seq ? { from, through } : [];
  });

const ofKind = <K extends GoodRecord['kind']>(records: readonly GoodRecord[], kind: K): OfKind<K>[] =>
  records.filter((record): record is OfKind<K> => record.kind === kind);

/** Raises and clears the PLC's alarms; however often a bit came and went, by the same few statements. */
async function storeBits(tx: Queryable, bits: readonly OfKind<'alarm'>[]): Promise<void> {
  if (bits.length === 0) return;
  const { cleared, raised } = bitChanges(bits, await selectOpenOf(tx, 'plc', [...new Set(bits.map(({ feederId }) => feederId))]));
  await clearAlarms(tx, cleared);
  await raiseAlarms(tx, raised);
}

/** Stores meals in their order, each with what the counters tell beyond it. */
async function storeMeals(tx: Queryable, meals: readonly OfKind<'meal'>[], nowMs: number): Promise<void> {
  if (meals.length === 0) return;
  const counters = await selectMealCounters(tx, [...new Set(meals.map(({ feederId }) => feederId))]);
  const taken = meals.map((meal) => {
    const before = counters.get(meal.feederId);
    const { parts, known } = bookMeal(before, meal);
    counters.set(meal.feederId, known);
    return { meal, before, parts, known };
  });
  const doseKey = (feederId: string, commandId: string): string => `${feederId} ${commandId}`;
  // A meal of which nothing is stored, or only what the counters tell, tells of no dose.
  const told = new Set(taken.flatMap(({ meal, parts }) => parts.flatMap(({ commandId }) => (commandId === null ? [] : doseKey(meal.feederId, commandId)))));
  const rows: MealRow[] = [];
  for (const { meal, before, parts, known } of taken) {
    const { feederId, spoolId, seq } = meal;
    const split = [];
    for (const part of parts) {
      if (!part.isBooked || before === undefined) {
        split.push(part);
        continue;
      }
      const untold = await selectUntoldDoses(tx, feederId, before.atMs, meal.atMs);
      const doses = untold.filter(({ commandId }) => !told.has(doseKey(feederId, commandId)));
      const apart = withDosesApart(part, doses, known.wrapAt);
      for (const { commandId } of apart) if (commandId !== null) told.add(doseKey(feederId, commandId));
      split.push(...apart);
    }
    rows.push(...split.map((part, index) => ({ ...part, feederId, spoolId, seq, part: index })));
  }
  await unbookDoses(tx, rows.flatMap(({ feederId, commandId, isBooked }) => (commandId === null || isBooked ? [] : { feederId, commandId })));
  await insertMeals(tx, rows);
  await upsertMealCounters(tx, counters, nowMs);
}

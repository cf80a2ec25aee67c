import { z } from 'zod';
import { fromInstant } from '../../topics/identifiers.ts';
import { HistoryRecord, type RecordBatch } from '../../topics/payloads.ts';
import { keptPayload } from '../store/quarantine.ts';

/** Where a record comes from, and the time zone of its feeder's site. */
type Origin = { feederId: string; timeZone: string; spoolId: string };
/** A record that was understood, at a time on the bridge's clock that does not lie ahead of it. */
export type GoodRecord = HistoryRecord & Origin & { atMs: number };
/** One that was not. */
export type BadRecord = Origin & {
  seq: number | undefined;
  /** As far as it is kept; undefined where the store takes nothing of it. */
  payload: Buffer | undefined;
  problem: string;
};

/** A batch of one feeder's records, each looked at on its own. */
export type ReceivedBatch = Origin & {
  good: GoodRecord[];
  bad: BadRecord[];
  /** Its lowest and its highest number; from more than through where none of its records has one. */
  from: number;
  through: number;
  /** About how much memory it takes. */
  bytes: number;
};

/** How old records may be, and whether a feeder may tell of readings with these names. */
export type RecordLimits = { nowMs: number; oldestReadingMs: number; mayName: (feederId: string, names: readonly string[]) => boolean };

/** Before it no feeder told anything: a clock that was never set says so. */
const OLDEST_MS = Date.UTC(2000);
/** The most that a register holds, as floating point; sums of it stay numbers. */
const MOST = 3.5e38;
const MAX_PROBLEM_LENGTH = 500;
const RECORD_BYTES = 200;
const VALUE_BYTES = 50;

/** The lowest and the highest number that a batch tells of, at a glance; from more than through where it tells none. */
export function numbersToldIn({ records }: RecordBatch): { from: number; through: number } {
  const span = { from: Infinity, through: -Infinity };
  for (const told of records) {
    if (typeof told !== 'object' || told === null || !('seq' in told) || typeof told.seq !== 'number') continue;
    span.from = Math.min(span.from, told.seq);
    span.through = Math.max(span.through, told.seq);
  }
  return span;
}

/** What can still be told of a record that is not understood. */
const Numbered = z.object({ seq: HistoryRecord.options[0].shape.seq });

/**
 * Looks at each record of a batch on its own: what cannot be stored does not keep the others from being. Of two with the
 * same number the first stands.
 */
export function lookInto(feeder: { feederId: string; timeZone: string }, batch: RecordBatch, limits: RecordLimits): ReceivedBatch {
  const origin = { feederId: feeder.feederId, timeZone: feeder.timeZone, spoolId: batch.spoolId };
  const received: ReceivedBatch = { ...origin, good: [], bad: [], from: Infinity, through: -Infinity, bytes: 0 };
  const seqs = new Set<number>();
  for (const told of batch.records) {
    const seen = understand(feeder.feederId, told, limits);
    if (seen.seq !== undefined) {
      if (seqs.has(seen.seq)) continue;
      seqs.add(seen.seq);
      received.from = Math.min(received.from, seen.seq);
      received.through = Math.max(received.through, seen.seq);
    }
    if (seen.problem === undefined) {
      received.good.push(Object.assign(seen.record, origin, { atMs: seen.atMs }));
      received.bytes += RECORD_BYTES + VALUE_BYTES * ('values' in seen.record ? Object.keys(seen.record.values).length : 0);
    } else {
      const payload = payloadOf(told);
      received.bad.push({ ...origin, seq: seen.seq, payload, problem: seen.problem });
      received.bytes += RECORD_BYTES + payload.length;
    }
  }
  return received;
}

type Understood =
  | { seq: number; record: HistoryRecord; atMs: number; problem?: undefined }
  | { seq: number | undefined; problem: string };

function understand(feederId: string, told: unknown, { nowMs, oldestReadingMs, mayName }: RecordLimits): Understood {
  const parsed = HistoryRecord.safeParse(told);
  if (!parsed.success) return { seq: Numbered.safeParse(told).data?.seq, problem: problemOf(parsed.error) };
  const record = parsed.data;
  const { seq } = record;
  const atMs = Math.min(fromInstant(record.at), nowMs);
  if (atMs < OLDEST_MS) return { seq, problem: 'at: expected a time after the year 2000' };
  if (record.kind === 'meal') {
    const { grams, plannedGrams = 0, totalGrams, countWrapsAt = 0, totalGramsWrapsAt = 0 } = record;
    const isHeld = [grams, plannedGrams, totalGrams, countWrapsAt, totalGramsWrapsAt].every((amount) => amount <= MOST);
    return isHeld ? { seq, record, atMs } : { seq, problem: 'grams, totalGrams: expected numbers that a register can hold' };
  }
  if (record.kind !== 'reading') return { seq, record, atMs };
  if (atMs < oldestReadingMs) return { seq, problem: 'at: expected a reading that is not older than readings are kept (RETENTION_DAYS)' };
  for (const name in record.values) {
    if (Math.abs(Number(record.values[name])) > MOST) return { seq, problem: `values.${name}: expected a number that a register can hold` };
  }
  if (!mayName(feederId, Object.keys(record.values))) return { seq, problem: 'values: expected fewer names; no PLC has so many readings' };
  return { seq, record, atMs };
}

/** As it was sent, as far as that can be kept. */
function payloadOf(told: unknown): Buffer {
  try {
    return keptPayload(Buffer.from(JSON.stringify(told)));
  } catch {
    // Nested so deeply that it cannot be written out again.
    return Buffer.from('(nested too deeply)');
  }
}

/** The numbers of a batch's records. */
export const numbersIn = ({ good, bad }: ReceivedBatch): number[] => [...good, ...bad].flatMap(({ seq }) => seq ?? []);

/** How many records a batch holds. */
export const countOf = ({ good, bad }: ReceivedBatch): number => good.length + bad.length;

/** A batch of those of its records alone that are `wanted`. */
export function partOf(batch: ReceivedBatch, wanted: (record: GoodRecord | BadRecord) => boolean): ReceivedBatch {
  const part = { ...batch, good: batch.good.filter(wanted), bad: batch.bad.filter(wanted) };
  const seqs = numbersIn(part);
  const bytes = Math.ceil((batch.bytes * countOf(part)) / countOf(batch));
  return { ...part, from: Math.min(...seqs), through: Math.max(...seqs), bytes };
}

/**
 * A batch as two, or as it is where it holds one record. The lower numbers come first: a receipt for them covers nothing of
 * the rest.
 */
export function halves(batch: ReceivedBatch): ReceivedBatch[] {
  const records = [...batch.good, ...batch.bad].sort((a, b) => (a.seq ?? -1) - (b.seq ?? -1));
  if (records.length < 2) return [batch];
  const lower = new Set(records.slice(0, Math.ceil(records.length / 2)));
  const first = partOf(batch, (record) => lower.has(record));
  const second = partOf(batch, (record) => !lower.has(record));
  return [first, { ...second, bytes: batch.bytes - first.bytes }];
}

/**
 * What is left to store of a batch of one record that the store refused: the record for quarantine; where it is refused there
 * too, its number alone. Throws the refusal of that.
 */
export function afterRefusal(batch: ReceivedBatch, refusal: Error): ReceivedBatch {
  const bad = batch.bad.map((record) => {
    if (record.payload === undefined) throw refusal;
    return { ...record, payload: undefined, problem: printable(`${record.problem}; not kept, the database refused it: ${refusal.message}`) };
  });
  return { ...batch, good: [], bad: [...batch.good.map((record) => refused(record, refusal)), ...bad] };
}

/** A record that the store refused, with its reason. */
const refused = (record: GoodRecord, { message }: Error): BadRecord => ({
  feederId: record.feederId,
  timeZone: record.timeZone,
  spoolId: record.spoolId,
  seq: record.seq,
  payload: keptPayload(Buffer.from(JSON.stringify(record))),
  problem: printable(`the database refused it: ${message}`),
});

const problemOf = ({ issues }: z.ZodError): string =>
  printable(issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));

const printable = (problem: string): string => problem.slice(0, MAX_PROBLEM_LENGTH).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');

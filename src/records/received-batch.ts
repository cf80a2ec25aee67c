import { z } from 'zod';
import { fromInstant } from '../../topics/identifiers.ts';
import { HistoryRecord, type RecordBatch } from '../../topics/payloads.ts';
import { keptPayload } from '../store/quarantine.ts';

/** Where a record comes from, and the time zone of its feeder's site. */
type Origin = { feederId: string; timeZone: string; spoolId: string };
/** A record that was understood, at a time on the bridge's clock that does not lie ahead of it. */
export type GoodRecord = HistoryRecord & Origin & { atMs: number };
/** One that was not. */
export type BadRecord = Origin & { seq: number | undefined; payload: Buffer; problem: string };

/** A batch of one feeder's records, each looked at on its own. */
export type ReceivedBatch = Origin & {
  good: GoodRecord[];
  bad: BadRecord[];
  /** Its lowest number. */
  from: number;
  /** About how much memory it takes. */
  bytes: number;
};

/** How old records may be. */
export type AgeLimits = { nowMs: number; oldestReadingMs: number };

/** Before it no feeder told anything: a clock that was never set says so. */
const OLDEST_MS = Date.UTC(2000);
/** The most that a register holds, as floating point; sums of it stay numbers. */
const MOST = 3.5e38;
const MAX_PROBLEM_LENGTH = 500;
const RECORD_BYTES = 200;
const VALUE_BYTES = 50;

/** What can still be told of a record that is not understood. */
const Numbered = z.object({ seq: HistoryRecord.options[0].shape.seq });

/**
 * Looks at each record of a batch on its own: what cannot be stored does not keep the others from being. Of two with the
 * same number the first stands.
 */
export function lookInto(feeder: { feederId: string; timeZone: string }, batch: RecordBatch, limits: AgeLimits): ReceivedBatch {
  const origin = { feederId: feeder.feederId, timeZone: feeder.timeZone, spoolId: batch.spoolId };
  const received: ReceivedBatch = { ...origin, good: [], bad: [], from: Infinity, bytes: 0 };
  const seqs = new Set<number>();
  for (const told of batch.records) {
    const seen = understand(told, limits);
    if (seen.seq !== undefined) {
      if (seqs.has(seen.seq)) continue;
      seqs.add(seen.seq);
      received.from = Math.min(received.from, seen.seq);
    }
    if (seen.problem === undefined) {
      received.good.push(Object.assign(seen.record, origin, { atMs: seen.atMs }));
      received.bytes += RECORD_BYTES + VALUE_BYTES * ('values' in seen.record ? Object.keys(seen.record.values).length : 0);
    } else {
      const payload = keptPayload(Buffer.from(JSON.stringify(told)));
      received.bad.push({ ...origin, seq: seen.seq, payload, problem: seen.problem });
      received.bytes += RECORD_BYTES + payload.length;
    }
  }
  return received;
}

type Understood =
  | { seq: number; record: HistoryRecord; atMs: number; problem?: undefined }
  | { seq: number | undefined; problem: string };

function understand(told: unknown, { nowMs, oldestReadingMs }: AgeLimits): Understood {
  const parsed = HistoryRecord.safeParse(told);
  if (!parsed.success) return { seq: Numbered.safeParse(told).data?.seq, problem: problemOf(parsed.error) };
  const record = parsed.data;
  const { seq } = record;
  const atMs = Math.min(fromInstant(record.at), nowMs);
  if (atMs < OLDEST_MS) return { seq, problem: 'at: expected a time after the year 2000' };
  if (record.kind !== 'reading') return { seq, record, atMs };
  if (atMs < oldestReadingMs) return { seq, problem: 'at: expected a reading that is not older than readings are kept (RETENTION_DAYS)' };
  for (const name in record.values) {
    if (Math.abs(Number(record.values[name])) > MOST) return { seq, problem: `values.${name}: expected a number that a register can hold` };
  }
  return { seq, record, atMs };
}

/** A record that the store refused, with its reason. */
export const refused = (record: GoodRecord, { message }: Error): BadRecord => ({
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

import type { HistoryRecord } from '../../topics/payloads.ts';
import type { Moment } from '../clock.ts';
import type { Observed } from './observed.ts';

/** A record without what the spool gives it: its number, and its time on the bridge's clock. */
export type NewRecord = HistoryRecord extends infer R ? (R extends HistoryRecord ? Omit<R, 'seq' | 'at'> : never) : never;

/** Something to be kept, and when it happened. */
export type Happened = { at: Moment; record: NewRecord };

/** A record as it is sent; the bridge parses the rest of it. */
export type SentRecord = { seq: number; at: string; [field: string]: unknown };
export type Batch = { spoolId: string; records: [SentRecord, ...SentRecord[]] };

/**
 * What an agent saw of one feeder and the bridge has not yet stored, on disk, oldest first. Invariant: records and what they
 * were seen by (`observed`) are kept together, synced, so that what could not be kept is seen again at the next look.
 */
export type Spool = {
  /** Another one when the spool has begun anew, which it may at any time. */
  readonly spoolId: string;
  /** What the latest records were told by; undefined in a new spool. */
  readonly observed: Observed | undefined;
  /** How many records wait. */
  readonly count: number;

  /**
   * Keeps records and what they were seen by, all or nothing; they get their numbers in this order. Where that makes the
   * spool too full it lets go of older ones first, and keeps a record of that. Rejects where the disk does not take them,
   * and where the spool began anew meanwhile: what is recorded in it must be told by what it observed.
   */
  append(happened: readonly Happened[], observed: Observed): Promise<void>;
};

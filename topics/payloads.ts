import { z } from 'zod';
import { CommandKind, Version } from './commands.ts';
import { Instant, OpaqueId } from './identifiers.ts';
import { Parameter, ParameterName, Values } from './parameters.ts';

const SequenceNumber = z.int().min(0);
const Counter = z.int().min(0);

/** Whether the agent reaches its PLC. */
export const PlcLink = z.enum(['ok', 'unreachable']);
export type PlcLink = z.infer<typeof PlcLink>;

export const Heartbeat = z.object({
  sessionId: OpaqueId,
  seq: SequenceNumber,
  sentAt: Instant,
  uptimeSeconds: z.number().min(0),
  plc: PlcLink,
  /** The highest command version this agent ever applied. */
  configVersion: Version,
});
export type Heartbeat = z.infer<typeof Heartbeat>;

export const HeartbeatReply = z.object({
  sessionId: OpaqueId,
  seq: SequenceNumber,
  agentSentAt: Instant,
  bridgeAt: Instant,
});
export type HeartbeatReply = z.infer<typeof HeartbeatReply>;

export const SessionNotice = z.object({
  sessionId: OpaqueId,
  state: z.enum(['started', 'ended']),
  reason: z.enum(['connected', 'shutdown', 'connection-lost']),
  journalId: OpaqueId.optional(),
});
export type SessionNotice = z.infer<typeof SessionNotice>;

export const PresenceNotice = z.object({
  state: z.enum(['online', 'offline']),
  sessionId: OpaqueId,
  at: Instant,
  reason: z.enum(['connected', 'shutdown', 'connection-lost', 'lease-expired']),
});
export type PresenceNotice = z.infer<typeof PresenceNotice>;

/** What the agent holds a feed-now to, each where its register map says so. It does not hold for the PLC's own schedule. */
export const FeedGuards = z.object({
  maxDoseGrams: z.number().positive().optional(),
  /** From one dose to the next. */
  minGapSeconds: z.number().min(0).optional(),
  /** In any 24 hours. */
  maxGramsPerDay: z.number().positive().optional(),
});

/** What a feeder is: the agent beside it, its register map, what may be set, and the guards of feed-now where it has any. */
export const Profile = z.object({
  agentVersion: z.string().max(100),
  registerMap: z.object({ name: z.string().max(200), sha256: z.string().max(64) }),
  parameters: z.array(Parameter).max(500),
  kinds: z.array(z.union([CommandKind, z.string().max(64)])).max(50),
  guards: FeedGuards.optional(),
});
export type Profile = z.infer<typeof Profile>;

/** All config values as last read from the PLC. */
export const ConfigReport = z.object({
  configVersion: Version,
  values: Values,
  readAt: Instant,
  source: z.enum(['start', 'command', 'local']),
});
export type ConfigReport = z.infer<typeof ConfigReport>;

export const State = z.object({
  at: Instant,
  values: Values,
  quality: z.record(ParameterName, z.enum(['stale', 'bad'])).default({}),
});
export type State = z.infer<typeof State>;

const recordHead = { seq: SequenceNumber, at: Instant };

/** One line of a feeder's durable history. */
export const HistoryRecord = z.discriminatedUnion('kind', [
  z.object({ ...recordHead, kind: z.literal('reading'), values: Values }),
  z.object({
    ...recordHead,
    kind: z.literal('meal'),
    count: Counter,
    grams: z.number().min(0),
    plannedGrams: z.number().min(0).optional(),
    countTotal: Counter,
    totalGrams: z.number().min(0),
    source: z.enum(['schedule', 'feed-now', 'panel']),
    commandId: OpaqueId.optional(),
    /** Of no grams, the first of a spool: from where the PLC's counters are followed in it. */
    baseline: z.boolean().optional(),
    /** In a baseline: these counters are others than those before it, so that nobody knows what was fed between. */
    countersAnew: z.boolean().optional(),
    /** The values at which the PLC's counters begin again from 0, in a baseline. */
    countWrapsAt: z.number().positive().optional(),
    totalGramsWrapsAt: z.number().positive().optional(),
  }),
  z.object({ ...recordHead, kind: z.literal('alarm'), name: ParameterName, active: z.boolean() }),
  z.object({ ...recordHead, kind: z.literal('config'), values: Values, source: ConfigReport.shape.source }),
  z.object({ ...recordHead, kind: z.literal('plc'), state: PlcLink }),
  /**
   * What a spool had to let go of unsent: how many records of each kind, the first and last of them by number; these are
   * the numbers of `ofSpoolId` where that is given, a spool before this one.
   */
  z.object({
    ...recordHead,
    kind: z.literal('dropped'),
    why: z.enum(['too-many', 'too-old', 'damaged']),
    counts: z.partialRecord(z.enum(['reading', 'meal', 'alarm', 'config', 'plc', 'dropped']), Counter),
    fromSeq: SequenceNumber,
    throughSeq: SequenceNumber,
    ofSpoolId: OpaqueId.optional(),
  }),
]);
export type HistoryRecord = z.infer<typeof HistoryRecord>;

/** The most records in one batch. */
export const MAX_BATCH_RECORDS = 1000;

/**
 * A batch as it comes: each of its records is parsed on its own, by `HistoryRecord`, so that a bad one does not keep the
 * others from being stored.
 */
export const RecordBatch = z.object({ spoolId: OpaqueId, records: z.array(z.unknown()).min(1).max(MAX_BATCH_RECORDS) });
export type RecordBatch = z.infer<typeof RecordBatch>;

export const RecordReceipt = z.object({
  spoolId: OpaqueId,
  /** All up to this number is stored. */
  throughSeq: SequenceNumber,
  /** How many of the numbers that this is the receipt for were stored before. */
  known: Counter.optional(),
  /** The highest number that is stored of the spool. */
  heldThrough: SequenceNumber.optional(),
});
export type RecordReceipt = z.infer<typeof RecordReceipt>;

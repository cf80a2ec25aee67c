import { z } from 'zod';
import { Instant, OpaqueId, toInstant } from '../../topics/identifiers.ts';
import type { BridgeTime, Moment } from '../clock.ts';
import type { Happened, SentRecord } from './spool.ts';

/** The kinds of records, in the order in which a spool that is too full lets go of them. */
export const KINDS = ['reading', 'config', 'plc', 'alarm', 'meal', 'dropped'] as const;
export type RecordKind = (typeof KINDS)[number];

/**
 * When a record happened: on the bridge's clock, or, where no reply had told that yet, by the clocks of the machine and the
 * process that read them, and not before what the bridge's time was known to be.
 */
const KeptTime = z.union([
  Instant,
  z.object({ wallMs: z.number(), monotonicMs: z.number(), processId: OpaqueId, notBeforeMs: z.number().optional() }),
]);
type KeptTime = z.infer<typeof KeptTime>;

/** Only the time is looked into: a record that is not as it should be is the bridge's to put aside, and keeps no other back. */
const KeptRecord = z.looseObject({ at: KeptTime });

/** A feeder's bridge's clock, as far as records need it. */
export type RecordClock = Pick<BridgeTime, 'moment' | 'roughlyAt'>;

const PLACE_DIGITS = 16;

/** Under what all records of a kind are kept. */
export const rangeOf = (kind: RecordKind): string => `${kind}/`;
/** Under what the record at that place is kept; places count the records of a disk, of all its spools. */
export const keyOf = (kind: RecordKind, place: number): string => `${kind}/${String(place).padStart(PLACE_DIGITS, '0')}`;
export const placeOf = (key: string): number => Number(key.slice(-PLACE_DIGITS));

/** A record where it is kept. */
export type Found = { kind: RecordKind; key: string; value: string };

/** What a record takes on the disk, roughly: before LevelDB packs it, and without what waits there to be removed. */
export const bytesOf = ({ key, value }: Found): number => key.length + value.length;

/** Writes records down and reads them again, in a process of this id that begins now, at `beganMs` or later by the bridge's clock. */
export class RecordWriter {
  readonly #clock: RecordClock;
  readonly #processId: string;
  readonly #began: { bridgeMs: number; monotonicMs: number } | undefined;

  constructor(clock: RecordClock, processId: string, beganMs: number | undefined) {
    this.#clock = clock;
    this.#processId = processId;
    this.#began = beganMs === undefined ? undefined : { bridgeMs: beganMs, monotonicMs: clock.moment().monotonicMs };
  }

  /** The bridge's time at a moment, or one before it; undefined where nothing tells that. */
  notBeforeMs(moment: Moment): number | undefined {
    return this.#clock.roughlyAt(moment) ?? (this.#began && Math.floor(this.#began.bridgeMs + moment.monotonicMs - this.#began.monotonicMs));
  }

  /** A record as it is kept at its place. */
  write({ at, record }: Happened, place: number): Found {
    const bridgeMs = this.#clock.roughlyAt(at);
    const time: KeptTime = bridgeMs === undefined ? { ...at, processId: this.#processId, notBeforeMs: this.notBeforeMs(at) } : toInstant(bridgeMs);
    return { kind: record.kind, key: keyOf(record.kind, place), value: JSON.stringify({ ...record, at: time }) };
  }

  /** A record as it is sent. Where the bridge's time was never told, its time is the machine's own. */
  read(value: string, seq: number): SentRecord {
    const kept = KeptRecord.parse(JSON.parse(value));
    const { at } = kept;
    if (typeof at === 'string') return { ...kept, seq, at };
    return { ...kept, seq, at: toInstant(Math.max(this.#bridgeMs(at) ?? Math.floor(at.wallMs), at.notBeforeMs ?? -Infinity)) };
  }

  /**
   * When a record happened, in milliseconds since 1970 on the bridge's clock; undefined where that is not known, or by
   * nothing but the wall clock of another process.
   */
  happenedAtMs(value: string): number | undefined {
    const { at } = KeptRecord.parse(JSON.parse(value));
    if (typeof at === 'string') return Date.parse(at);
    return at.processId === this.#processId ? this.#bridgeMs(at) : undefined;
  }

  #bridgeMs({ processId, wallMs, monotonicMs }: Exclude<KeptTime, string>): number | undefined {
    return this.#clock.roughlyAt(processId === this.#processId ? { wallMs, monotonicMs } : this.#byTheWall(wallMs));
  }

  /** A moment of another process, whose monotonic clock tells nothing here. */
  #byTheWall(wallMs: number): Moment {
    const now = this.#clock.moment();
    return { wallMs, monotonicMs: now.monotonicMs - (now.wallMs - wallMs) };
  }
}

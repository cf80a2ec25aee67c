import type { MachineClocks } from '../../machine/clocks.ts';
import type { RecordBatch, RecordReceipt } from '../../topics/payloads.ts';
import type { BridgeClock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { isDataRefused, isOutOfOrder } from '../store/store-errors.ts';
import { selectDatabaseTimeMs } from '../store/time.ts';
import type { Months } from './months.ts';
import { afterRefusal, countOf, halves, lookInto, numbersToldIn, type ReceivedBatch } from './received-batch.ts';
import { ReadingNames } from './reading-names.ts';
import { RecordQueue } from './record-queue.ts';
import { storeBatches, type StoredBatches } from './store-batches.ts';

export type IngestDeps = {
  db: Database;
  clock: BridgeClock;
  machine: MachineClocks;
  /** About how long a transaction may take: in the embedded store everything else waits behind it. */
  transactionMs: number;
  months: Months;
  /** An enrolled feeder. */
  findFeeder: (feederId: string) => { feederId: string; timeZone: string } | undefined;
  publishReceipt: (feederId: string, receipt: RecordReceipt) => void;
  /** What was committed. */
  onStored: (stored: StoredBatches) => void;
  /** A batch found no room; its agent sends it again. */
  onTurnedAway: (feederId: string) => void;
  onProblem: (error: unknown) => void;
};

const LIMITS = { bytes: 32 * 1024 * 1024, bytesOfOne: 2 * 1024 * 1024 };
/** How long after a failed transaction the next one is tried. */
const RETRY_MS = 1_000;
const FEWEST_RECORDS = 100;
const MOST_RECORDS = 4_000;

/**
 * Stores the history that agents send, each record once, and gives the receipts. One transaction at a time holds what came
 * meanwhile, of all feeders; while the store is away what came waits, in bounded memory.
 */
export class Ingest {
  readonly #deps: IngestDeps;
  readonly #queue = new RecordQueue(LIMITS);
  readonly #names = new ReadingNames();
  /** How many records go in one transaction: as many as it stores in good time. */
  #records = 500;
  #running: Promise<void> | undefined;
  #later: NodeJS.Timeout | undefined;
  /** The failure that was told last: the same again and again is told once. */
  #lastTold: string | undefined;
  #isStopping = false;
  #wake: () => void = () => undefined;

  constructor(deps: IngestDeps) {
    this.#deps = deps;
  }

  /** About how much memory takes what waits to be stored. */
  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** Takes a batch off the wire; its receipt follows once it is stored. */
  receive(feederId: string, batch: RecordBatch): void {
    const { clock, months, findFeeder, onTurnedAway } = this.#deps;
    const feeder = findFeeder(feederId);
    if (this.#isStopping || feeder === undefined) return;
    const nowMs = clock.now();
    const look = (): ReceivedBatch =>
      lookInto(feeder, batch, {
        nowMs,
        oldestReadingMs: months.oldestMs(nowMs),
        mayName: (...asked) => this.#names.take(...asked),
      });
    // Looking into a batch costs time, which is not spent on what finds no room.
    const outline = { feederId, spoolId: batch.spoolId, ...numbersToldIn(batch) };
    if (this.#queue.hasRoom(outline, nowMs) && this.#queue.add(look(), nowMs) === 'taken') this.#begin();
    else onTurnedAway(feederId);
  }

  /** Takes nothing more, and resolves when what is being stored is stored, or cannot be; agents send the rest again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#later);
    this.#wake();
    await this.#running;
  }

  #begin(): void {
    clearTimeout(this.#later);
    this.#running ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Gathers what comes in the same breath.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#isStopping) {
      const batches = this.#queue.take(this.#records, this.#deps.clock.now());
      if (batches.length === 0) break;
      try {
        await this.#store(batches);
        this.#queue.done(batches);
        if (!this.#queue.hasTrouble) this.#lastTold = undefined;
      } catch (error) {
        await this.#putBack(batches, error);
      }
    }
    this.#running = undefined;
    // What is left waits for its time.
    if (this.#queue.bytes > 0 && !this.#isStopping) this.#later = setTimeout(() => this.#begin(), RETRY_MS);
  }

  /**
   * What failed is tried again, less of it at a time: a transaction of which nothing was heard may still come, and storing
   * twice does no harm. What fails alone while the store answers waits behind the others.
   */
  async #putBack(batches: readonly ReceivedBatch[], error: unknown): Promise<void> {
    const { db, clock, onProblem } = this.#deps;
    const told = error instanceof Error ? error.message : String(error);
    if (told !== this.#lastTold) onProblem(error);
    this.#lastTold = told;
    const isAway = isOutOfOrder(error) || !(await answers(db));
    const [first, ...others] = batches;
    this.#records = Math.max(1, Math.floor(batches.reduce((sum, batch) => sum + countOf(batch), 0) / 2));
    if (first === undefined || others.length > 0) {
      this.#queue.putBack(batches);
    } else {
      this.#queue.putBack(halves(first));
      if (!isAway) this.#queue.setAside(first.feederId, clock.now());
    }
    await this.#pause();
  }

  /** In one transaction; where the store refuses something in it, in smaller and smaller ones, until that is alone. */
  async #store(all: readonly ReceivedBatch[]): Promise<void> {
    const { db, clock, machine, months, findFeeder, publishReceipt, onStored } = this.#deps;
    const batches = all.filter(({ feederId }) => findFeeder(feederId) !== undefined);
    if (batches.length === 0) return;
    const startedAtMs = machine.monotonicMs();
    try {
      await months.makeRoom(batches.flatMap(({ good }) => good.flatMap(({ kind, atMs }) => (kind === 'reading' ? atMs : []))));
      const stored = await storeBatches(db, batches, clock.now());
      this.#adapt(batches, machine.monotonicMs() - startedAtMs);
      for (const { feederId, ...receipt } of stored.receipts) publishReceipt(feederId, receipt);
      onStored(stored);
    } catch (error) {
      if (!isDataRefused(error)) throw error;
      months.forget();
      for (const part of smaller(batches, error)) await this.#store(part);
    }
  }

  /** More at a time where a full transaction was quick, fewer where it took too long. */
  #adapt(batches: readonly ReceivedBatch[], tookMs: number): void {
    const { transactionMs } = this.#deps;
    const stored = batches.reduce((sum, batch) => sum + countOf(batch), 0);
    if (tookMs > transactionMs && this.#records > FEWEST_RECORDS) this.#records = Math.max(FEWEST_RECORDS, this.#records / 2);
    else if (stored > this.#records / 2 && tookMs < transactionMs / 2) this.#records = Math.min(MOST_RECORDS, this.#records * 2);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#isStopping) this.#wake();
    });
  }
}

/**
 * What was refused together, in smaller parts. A record that is refused alone goes to quarantine, with the store's reason; of
 * what is refused there too the number is noted. Throws the refusal of that.
 */
function smaller(batches: readonly ReceivedBatch[], refusal: Error): ReceivedBatch[][] {
  const middle = Math.ceil(batches.length / 2);
  if (batches.length > 1) return [batches.slice(0, middle), batches.slice(middle)];
  return batches.flatMap((batch) => {
    const parts = halves(batch);
    return parts.length > 1 ? parts.map((part) => [part]) : [[afterRefusal(batch, refusal)]];
  });
}

/** Whether the store answers others. */
const answers = (db: Database): Promise<boolean> => selectDatabaseTimeMs(db).then(() => true, () => false);

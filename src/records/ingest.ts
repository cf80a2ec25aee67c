import type { MachineClocks } from '../../machine/clocks.ts';
import type { RecordBatch, RecordReceipt } from '../../topics/payloads.ts';
import type { BridgeClock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { isDataRefused } from '../store/store-errors.ts';
import type { Months } from './months.ts';
import { lookInto, refused, type ReceivedBatch } from './received-batch.ts';
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
  /** How many records go in one transaction: as many as it stores in good time. */
  #records = 500;
  #running: Promise<void> | undefined;
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
    const received = lookInto(feeder, batch, { nowMs, oldestReadingMs: months.oldestMs(nowMs) });
    if (this.#queue.add(received, nowMs) === 'turned-away') {
      onTurnedAway(feederId);
      return;
    }
    this.#running ??= this.#drain();
  }

  /** Takes nothing more, and resolves when what is being stored is stored, or cannot be; agents send the rest again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Gathers what comes in the same breath.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#queue.isEmpty && !this.#isStopping) {
      const batches = this.#queue.take(this.#records);
      await this.#storeUntilDone(batches);
      this.#queue.done(batches);
    }
    this.#running = undefined;
  }

  /** The same batches again and again until they are stored: a transaction of which nothing was heard may still come. */
  async #storeUntilDone(batches: readonly ReceivedBatch[]): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#store(batches);
        return;
      } catch (error) {
        this.#deps.onProblem(error);
        await this.#pause();
      }
    }
  }

  /** In one transaction; where the store refuses something in it, in smaller and smaller ones, until that is alone. */
  async #store(all: readonly ReceivedBatch[]): Promise<void> {
    const { db, clock, machine, months, findFeeder, publishReceipt, onStored, onProblem } = this.#deps;
    const batches = all.filter(({ feederId }) => findFeeder(feederId) !== undefined);
    if (batches.length === 0) return;
    const startedAtMs = machine.monotonicMs();
    try {
      await months.makeRoom(batches.flatMap(({ good }) => good.flatMap(({ kind, atMs }) => (kind === 'reading' ? atMs : []))));
      const stored = await storeBatches(db, batches, clock.now());
      this.#adapt(batches, machine.monotonicMs() - startedAtMs);
      for (const { feederId, spoolId, throughSeq } of stored.receipts) publishReceipt(feederId, { spoolId, throughSeq });
      onStored(stored);
    } catch (error) {
      if (!isDataRefused(error)) throw error;
      months.forget();
      const smaller = halved(batches, error);
      if (smaller.length === 0) onProblem(error);
      for (const part of smaller) await this.#store(part);
    }
  }

  /** More at a time where a full transaction was quick, fewer where it took too long. */
  #adapt(batches: readonly ReceivedBatch[], tookMs: number): void {
    const { transactionMs } = this.#deps;
    const stored = batches.reduce((sum, { good, bad }) => sum + good.length + bad.length, 0);
    if (tookMs > transactionMs) this.#records = Math.max(FEWEST_RECORDS, this.#records / 2);
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
 * What was refused together, in two parts. A record that is refused alone goes to quarantine, with the store's reason; of
 * what is refused there too nothing is left.
 */
function halved(batches: readonly ReceivedBatch[], refusal: Error): ReceivedBatch[][] {
  const middle = Math.ceil(batches.length / 2);
  if (batches.length > 1) return [batches.slice(0, middle), batches.slice(middle)];
  return batches.flatMap((batch) => {
    const { good, bad } = batch;
    const [first] = good;
    if (first === undefined) return [];
    if (good.length === 1 && bad.length === 0) return [[{ ...batch, good: [], bad: [refused(first, refusal)] }]];
    const half = Math.floor(good.length / 2);
    return [[{ ...batch, good: good.slice(0, half), bad }], [{ ...batch, good: good.slice(half), bad: [] }]];
  });
}

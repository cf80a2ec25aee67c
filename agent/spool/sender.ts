import type { Timers } from '../../machine/timers.ts';
import type { RecordReceipt } from '../../topics/payloads.ts';
import type { DiskSpool } from './disk-spool.ts';
import type { Batch } from './spool.ts';

/** The most records in a batch, and about how much of JSON: on a thin line it must not hold up an ack for long. */
const MOST_RECORDS = 500;
const MOST_BYTES = 64 * 1024;
/** How long after a batch that left nothing behind the next goes at the earliest: each costs the bridge a transaction. */
const GATHER_MS = 1_000;
/** How long to wait for a receipt before the records are sent again; twice as long every time. */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

export type SenderDeps = {
  spool: Pick<DiskSpool, 'spoolId' | 'isTried' | 'unsentFrom' | 'nextSeq' | 'oldest' | 'dropThrough' | 'trialGoesOut' | 'tried' | 'beginAnew' | 'onAppended'>;
  timers: Timers;
  /** Publishes a batch; nobody knows whether it is heard. */
  send: (batch: Batch) => void;
  /** The bridge holds records that this spool has never sent: it was an old copy, and has begun anew. */
  onOldCopy: () => void;
  /** The spool cannot be read, or does not let go of what is stored, for the first time since it last could. */
  onFailing: (error: unknown) => void;
  onWell: () => void;
};

/**
 * Sends what waits in a spool, oldest first: one batch, and the next when the bridge has stored that. What comes after a quiet
 * second goes at once, what comes in the second after that together. What gets no receipt is sent again after a pause, and at
 * once in a new session.
 *
 * An old copy of a disk gives numbers once more, and what it sent with them would be taken for what the bridge has already. So
 * the first record that this spool surely never sent goes out alone, and its receipt says whether its number was known.
 */
export class Sender {
  readonly #deps: SenderDeps;
  /** There is a session, and the bridge has told its time in it. */
  #isReady = false;
  /** The first number of the batch that a receipt is awaited for. */
  #awaited: number | undefined;
  /** The first record that was never sent has gone out once: after the second time it may be known by the first. */
  #isFirstTrial = false;
  #pauseMs = FIRST_PAUSE_MS;
  #callOff: () => void = () => undefined;
  /** The latest batch left nothing behind, and its second is not over. */
  #isGathering = false;
  #endGathering: () => void = () => undefined;
  #isFailing = false;
  /** Settles when what was begun is over; never rejects. */
  #over: Promise<void> = Promise.resolve();

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    deps.spool.onAppended(() => this.#begin(() => this.#sendOldest()));
  }

  /** The session is up and the bridge's time known, so that records can be sent with the time they happened. */
  sessionReady(): void {
    this.#isReady = true;
    this.#endGathering();
    this.#awaited = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#begin(() => this.#sendOldest());
  }

  sessionOver(): void {
    this.#isReady = false;
    this.#endGathering();
    this.#callOff();
  }

  /** The bridge has stored what this says. */
  receive(receipt: RecordReceipt): void {
    this.#begin(() => this.#take(receipt));
  }

  /** Sends no more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.sessionOver();
    await this.#over;
  }

  async #sendOldest(): Promise<void> {
    if (!this.#isReady || this.#awaited !== undefined || this.#isGathering) return;
    const { spool, send } = this.#deps;
    const oldest = await spool.oldest(MOST_RECORDS, MOST_BYTES);
    // The session may have ended meanwhile.
    if (oldest === undefined || !this.#mayStillSend()) return;
    const { spoolId, records } = oldest;
    const [first, ...others] = records;
    const isTrial = !spool.isTried && first.seq >= spool.unsentFrom;
    const rest = spool.isTried ? others : others.filter(({ seq }) => seq < spool.unsentFrom);
    if (isTrial) this.#isFirstTrial = await spool.trialGoesOut();
    if (!this.#mayStillSend()) return;
    this.#awaited = first.seq;
    this.#sendAgainLater();
    const last = rest.at(-1) ?? first;
    if (last.seq === spool.nextSeq - 1) this.#gather();
    send({ spoolId, records: [first, ...rest] });
  }

  #gather(): void {
    this.#isGathering = true;
    const callOff = this.#deps.timers.after(GATHER_MS, () => {
      this.#isGathering = false;
      this.#begin(() => this.#sendOldest());
    });
    this.#endGathering = () => {
      callOff();
      this.#isGathering = false;
    };
  }

  #mayStillSend(): boolean {
    return this.#isReady;
  }

  async #take({ spoolId, throughSeq, known = 0, heldThrough = throughSeq }: RecordReceipt): Promise<void> {
    const { spool, onOldCopy } = this.#deps;
    if (spoolId !== spool.spoolId) return;
    const awaited = this.#awaited;
    const isOfTrial = !spool.isTried && awaited !== undefined && awaited >= spool.unsentFrom && throughSeq >= awaited;
    if (isOfTrial && (heldThrough > awaited || (known > 0 && this.#isFirstTrial))) {
      await spool.beginAnew();
      onOldCopy();
    } else {
      if (isOfTrial) await spool.tried();
      await spool.dropThrough(Math.min(throughSeq, spool.isTried ? spool.nextSeq - 1 : spool.unsentFrom - 1));
      // The second receipt for a batch that was sent twice.
      if (awaited !== undefined && throughSeq < awaited) return;
    }
    this.#awaited = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#callOff();
    await this.#sendOldest();
    // Only now has it both let go of what is stored and read on.
    if (this.#isFailing) this.#deps.onWell();
    this.#isFailing = false;
  }

  #sendAgainLater(): void {
    this.#callOff();
    this.#callOff = this.#deps.timers.after(this.#pauseMs, () => {
      this.#awaited = undefined;
      this.#begin(() => this.#sendOldest());
    });
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  /** Does `work` when what was begun before is over. */
  #begin(work: () => Promise<void>): void {
    this.#over = this.#over.then(work).catch((error: unknown) => {
      if (!this.#isFailing) this.#deps.onFailing(error);
      this.#isFailing = true;
      if (this.#isReady) this.#sendAgainLater();
    });
  }
}

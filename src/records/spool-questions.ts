import type { RecordReceipt } from '../../topics/payloads.ts';
import type { Database } from '../store/database.ts';
import { selectHeldThrough } from '../store/record-spools.ts';

export type SpoolQuestionsDeps = {
  db: Database;
  publishReceipt: (feederId: string, receipt: RecordReceipt) => void;
  onProblem: (error: unknown) => void;
};

/** Answers agents that ask how far their spool is known. One question of a feeder at a time; who hears nothing asks again. */
export class SpoolQuestions {
  readonly #deps: SpoolQuestionsDeps;
  readonly #answering = new Map<string, Promise<void>>();

  constructor(deps: SpoolQuestionsDeps) {
    this.#deps = deps;
  }

  take(feederId: string, spoolId: string): void {
    if (this.#answering.has(feederId)) return;
    const answered = this.#answer(feederId, spoolId)
      .catch(this.#deps.onProblem)
      .finally(() => this.#answering.delete(feederId));
    this.#answering.set(feederId, answered);
  }

  /** Resolves when none is being answered. */
  async stop(): Promise<void> {
    await Promise.all(this.#answering.values());
  }

  async #answer(feederId: string, spoolId: string): Promise<void> {
    const { db, publishReceipt } = this.#deps;
    publishReceipt(feederId, { spoolId, throughSeq: -1, heldThrough: await selectHeldThrough(db, feederId, spoolId) });
  }
}

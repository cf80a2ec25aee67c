import { StoreUnavailable } from './store-errors.ts';

/** How long after a failed write the next one is tried. */
const RETRY_MS = 1_000;
const MAX_BATCH = 500;

/**
 * Stores what may be stored a little later, in batches, one write at a time. Memory is bounded: beyond `capacity` the
 * oldest waiting items give way, and `onDropped` is told how many.
 */
export class WriteBehind<T> {
  readonly #write: (batch: readonly T[]) => Promise<void>;
  readonly #capacity: number;
  readonly #onDropped: (count: number, why: unknown) => void;
  readonly #keyOf: (item: T) => unknown;
  /** What waits; a later item with the same key replaces an earlier one. */
  readonly #waiting = new Map<unknown, T>();
  #running: Promise<void> | undefined;
  #stopping = false;

  constructor(options: {
    write: (batch: readonly T[]) => Promise<void>;
    capacity: number;
    onDropped: (count: number, why: unknown) => void;
    /** Items with the same key are the same thing, and only the latest is written. Without it, all are different. */
    keyOf?: (item: T) => unknown;
  }) {
    this.#write = options.write;
    this.#capacity = options.capacity;
    this.#onDropped = options.onDropped;
    this.#keyOf = options.keyOf ?? (() => Symbol());
  }

  add(item: T): void {
    if (this.#stopping) return;
    const key = this.#keyOf(item);
    this.#waiting.delete(key);
    this.#waiting.set(key, item);
    this.#shed();
    this.#running ??= this.#drain();
  }

  /** Writes what waits, with one try for each batch, and takes nothing more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Let the caller answer first, and gather what comes with it.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, MAX_BATCH);
      for (const [key] of batch) this.#waiting.delete(key);
      try {
        await this.#write(batch.map(([, item]) => item));
      } catch (error) {
        if (this.#stopping) {
          this.#onDropped(batch.length + this.#waiting.size, error);
          break;
        }
        if (error instanceof StoreUnavailable) {
          this.#putBack(batch);
          this.#shed(error);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        } else {
          await this.#writeOneByOne(batch.map(([, item]) => item));
        }
      }
    }
    this.#running = undefined;
  }

  /** The store refuses something in the batch, and always will: the rest must not wait for it. */
  async #writeOneByOne(batch: readonly T[]): Promise<void> {
    for (const item of batch) {
      await this.#write([item]).catch((error: unknown) => this.#onDropped(1, error));
    }
  }

  #putBack(batch: readonly (readonly [unknown, T])[]): void {
    const newer = [...this.#waiting];
    this.#waiting.clear();
    for (const [key, item] of [...batch, ...newer]) this.#waiting.set(key, item);
  }

  #shed(why?: unknown): void {
    const excess = this.#waiting.size - this.#capacity;
    if (excess <= 0) return;
    for (const key of [...this.#waiting.keys()].slice(0, excess)) this.#waiting.delete(key);
    this.#onDropped(excess, why);
  }
}

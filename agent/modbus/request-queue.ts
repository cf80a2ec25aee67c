/** `write`: everything that belongs to a command, its reads too. `read`: polls, which can wait. */
export type Priority = 'write' | 'read';

type Waiting = { start: () => Promise<void>; refuse: (reason: Error) => void };

/** Runs one task at a time: those of priority `write` first, else in the order they came. */
export class RequestQueue {
  readonly #waiting: Record<Priority, Waiting[]> = { write: [], read: [] };
  #current: Promise<void> | undefined;
  #closed: Error | undefined;

  /** Settles as `task` does, once its turn has come; rejects with the reason given to `close` if it never does. */
  run<T>(priority: Priority, task: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) {
        reject(this.#closed);
        return;
      }
      this.#waiting[priority].push({ start: () => task().then(resolve, reject), refuse: reject });
      this.#next();
    });
  }

  /** Refuses what waits and all that comes; resolves when the running task has ended. */
  async close(reason: Error): Promise<void> {
    this.#closed = reason;
    for (const { refuse } of [...this.#waiting.write.splice(0), ...this.#waiting.read.splice(0)]) refuse(reason);
    await this.#current;
  }

  #next(): void {
    if (this.#current) return;
    const turn = this.#waiting.write.shift() ?? this.#waiting.read.shift();
    if (!turn) return;
    this.#current = turn.start().finally(() => {
      this.#current = undefined;
      this.#next();
    });
  }
}

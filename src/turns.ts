/** Runs work one after the other for each key; works of different keys do not wait for each other. */
export class Turns {
  readonly #last = new Map<string, { over: Promise<void>; waiting: number }>();

  /** How many works of this key are running or waiting. */
  count(key: string): number {
    return this.#last.get(key)?.waiting ?? 0;
  }

  /** Resolves when nothing runs or waits, of any key. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all([...this.#last.values()].map(({ over }) => over));
  }

  /** Runs `work` when all earlier works of this key are over, however they ended; settles as it does. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.get(key) ?? { over: Promise.resolve(), waiting: 0 };
    this.#last.set(key, turn);
    turn.waiting += 1;
    const result = turn.over.then(work);
    const leave = (): void => {
      turn.waiting -= 1;
      if (turn.waiting === 0) this.#last.delete(key);
    };
    turn.over = result.then(leave, leave);
    return result;
  }
}

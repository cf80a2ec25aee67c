/** The last things that happened in a run, to be read where it ended badly. */
export class Trace {
  readonly #lines: string[] = [];
  readonly #most: number;
  /** A number that stands for every line so far. */
  digest = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(nowMs: number, what: string): void {
    this.digest = (Math.imul(this.digest, 31) + Math.round((nowMs % 1e6) * 1000) + what.length) | 0;
    this.#lines.push(`${new Date(nowMs).toISOString().slice(11, 23)} ${what}`);
    if (this.#lines.length > 2 * this.#most) this.#lines.splice(0, this.#most);
  }

  get last(): readonly string[] {
    return this.#lines.slice(-this.#most);
  }
}

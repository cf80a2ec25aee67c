import type { Timers } from '../../machine/timers.ts';

/** Work that is done again and again, each time `pauseMs` after it was last done, and never twice at once; it must not reject. */
export class Rounds {
  readonly #timers: Timers;
  readonly #pauseMs: number;
  readonly #work: () => Promise<void>;
  #callOff: () => void;
  #underWay: Promise<void> | undefined;
  #isStopping = false;

  constructor(timers: Timers, pauseMs: number, work: () => Promise<void>) {
    this.#timers = timers;
    this.#pauseMs = pauseMs;
    this.#work = work;
    this.#callOff = this.#next();
  }

  /** Begins no other round; resolves when the one under way is over. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#callOff();
    await this.#underWay;
  }

  #next(): () => void {
    return this.#timers.after(this.#pauseMs, () => {
      this.#underWay = this.#run();
    });
  }

  async #run(): Promise<void> {
    await this.#work();
    if (!this.#isStopping) this.#callOff = this.#next();
  }
}

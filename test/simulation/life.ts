import type { Timers } from '../../machine/timers.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * One run of a program. What it waits for comes through here: never once it was killed, and late where its machine was
 * suspended meanwhile. So a kill takes effect between any two things that happen to it, as SIGKILL does.
 */
export class Life implements Timers {
  readonly #time: VirtualTime;
  #state: 'running' | 'suspended' | 'over' = 'running';
  /** What came while it was suspended. */
  #held: (() => void)[] = [];
  #onResume: () => void = () => undefined;
  readonly #onEnd: (() => void)[] = [];

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Whether it does anything now. */
  get isRunning(): boolean {
    return this.#state === 'running';
  }

  after(delayMs: number, work: () => void): () => void {
    let isWanted = true;
    const callOff = this.#time.after(delayMs, () => this.take(() => (isWanted ? work() : undefined)));
    return () => {
      isWanted = false;
      callOff();
    };
  }

  /** Something comes to the program from outside, now. */
  take(work: () => void): void {
    if (this.#state === 'running') work();
    else if (this.#state === 'suspended') this.#held.push(work);
  }

  /** Does `work` for the program after `delayMs` and settles as it does. */
  async wait<T>(delayMs: number, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.after(delayMs, () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  /** Suspended until resumed, of which `onResume` is told. */
  suspend(onResume: () => void): void {
    if (this.#state !== 'running') return;
    this.#state = 'suspended';
    this.#onResume = onResume;
  }

  /** Everything held comes now, one thing after the other. */
  resume(): void {
    if (this.#state !== 'suspended') return;
    this.#state = 'running';
    this.#onResume();
    const held = this.#held;
    this.#held = [];
    for (const work of held) this.#time.after(0, () => this.take(work));
  }

  /** The program is killed. */
  end(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#held = [];
    for (const told of this.#onEnd) told();
  }

  onEnd(told: () => void): void {
    this.#onEnd.push(told);
  }
}

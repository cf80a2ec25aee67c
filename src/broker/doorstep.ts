import type { MachineClocks } from '../../machine/clocks.ts';
import type { Timers } from '../../machine/timers.ts';
import { Meter } from '../access/meter.ts';
import { networkOf } from '../access/network-of.ts';

/**
 * How many connections may wait to be let in. A farm is one network, and all of its 10,000 agents may come back at once;
 * whoever sends no CONNECT is gone after the connect timeout.
 */
const MOST_WAITING = 20_000;
const MOST_WAITING_OF_NETWORK = 12_000;
/** So many logins of a network may fail before it is answered slowly. */
const FAILED_LOGINS = { burst: 30, perSecond: 30 / 60 } as const;
const SLOW_ANSWER_MS = 1_000;
/** So many slow answers may be under way; who fails beyond them gets none. */
const MOST_SLOW_ANSWERS = 100;

/** Those who are not, or not yet, let in: few at a time, and slowly where they guess. Whoever is let in costs its network nothing. */
export class Doorstep {
  readonly #timers: Timers;
  readonly #failures: Meter;
  readonly #waiting = new Map<string, number>();
  #waitingInAll = 0;
  #slowAnswers = 0;

  constructor(clock: Pick<MachineClocks, 'monotonicMs'>, timers: Timers) {
    this.#timers = timers;
    this.#failures = new Meter(FAILED_LOGINS, clock);
  }

  /** Where one more connection from `address` may wait: what to call, once, when it no longer does. */
  enter(address: string | undefined): (() => void) | undefined {
    const network = networkOf(address);
    const waiting = this.#waiting.get(network) ?? 0;
    if (this.#waitingInAll >= MOST_WAITING || waiting >= MOST_WAITING_OF_NETWORK) return undefined;
    this.#waiting.set(network, waiting + 1);
    this.#waitingInAll += 1;
    return () => this.#leave(network);
  }

  /** A login from `address` failed: has it answered, sooner or later. False where it must not be answered at all. */
  answerFailure(address: string | undefined, answer: () => void): boolean {
    if (this.#failures.take(networkOf(address))) {
      answer();
      return true;
    }
    if (this.#slowAnswers >= MOST_SLOW_ANSWERS) return false;
    this.#slowAnswers += 1;
    this.#timers.after(SLOW_ANSWER_MS, () => {
      this.#slowAnswers -= 1;
      answer();
    });
    return true;
  }

  #leave(network: string): void {
    const left = (this.#waiting.get(network) ?? 0) - 1;
    if (left > 0) this.#waiting.set(network, left);
    else this.#waiting.delete(network);
    this.#waitingInAll -= 1;
  }
}

import type { MachineClocks } from '../../machine/clocks.ts';
import type { Timers } from '../../machine/timers.ts';
import { Meter } from '../access/meter.ts';
import { networkOf } from '../access/network-of.ts';

/**
 * How many connections may wait to be let in, at most and as a share of all there may be. A farm is one network, and all
 * of its 10,000 agents may come back at once; whoever asks for nothing is gone after a timeout.
 */
const MOST_WAITING = { count: 20_000, share: 0.75 } as const;
const MOST_WAITING_OF_NETWORK = { count: 12_000, share: 0.6 } as const;
/** What the bridge opens itself: the embedded store's files, the database's and lease store's connections, webhooks. */
const OWN_FILES = 512;
/** So many logins of a network may fail before it is answered slowly. */
const FAILED_LOGINS = { burst: 30, perSecond: 30 / 60 } as const;
const SLOW_ANSWER_MS = 1_000;
/** So many slow answers may be under way; who fails beyond them gets none. */
const MOST_SLOW_ANSWERS = 100;

/** Those who are not, or not yet, let in: few at a time, and slowly where they guess. Whoever is let in costs its network nothing. */
export class Doorstep {
  /** How many connections there may be in all, let in or not. */
  readonly mostConnections: number;
  readonly #timers: Timers;
  readonly #failures: Meter;
  readonly #waiting = new Map<string, number>();
  #waitingInAll = 0;
  #slowAnswers = 0;

  /** `openFiles`: how many files and connections the process may have open. */
  constructor(clock: Pick<MachineClocks, 'monotonicMs'>, timers: Timers, openFiles: number) {
    this.mostConnections = Math.floor(Math.max(openFiles - OWN_FILES, openFiles / 2));
    this.#timers = timers;
    this.#failures = new Meter(FAILED_LOGINS, clock);
  }

  /**
   * Where one more connection from `address` may wait: what to call, once, when it no longer does. A proxy's own address
   * is that of many networks.
   */
  enter(address: string | undefined, isProxy = false): (() => void) | undefined {
    const network = networkOf(address);
    const waiting = this.#waiting.get(network) ?? 0;
    if (this.#waitingInAll >= this.#most(MOST_WAITING)) return undefined;
    if (!isProxy && waiting >= this.#most(MOST_WAITING_OF_NETWORK)) return undefined;
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

  #most({ count, share }: { count: number; share: number }): number {
    return Math.min(count, share * this.mostConnections);
  }

  #leave(network: string): void {
    const left = (this.#waiting.get(network) ?? 0) - 1;
    if (left > 0) this.#waiting.set(network, left);
    else this.#waiting.delete(network);
    this.#waitingInAll -= 1;
  }
}

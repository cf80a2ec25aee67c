import type { Command } from '../topics/commands.ts';
import { fromInstant } from '../topics/identifiers.ts';

const isPause = (command: Command): boolean =>
  command.kind === 'set-config' && command.changes['feedingEnabled'] === false;

/** How many may wait, beside pauses. */
const MOST_WAITING = 1_000;

/** The commands that wait to be carried out: those that were begun before, then pauses, then in the order they came. */
export class WaitingCommands {
  readonly #begun: Command[];
  readonly #others: Command[] = [];

  constructor(begun: readonly Command[]) {
    this.#begun = [...begun];
  }

  get isEmpty(): boolean {
    return this.#begun.length + this.#others.length === 0;
  }

  /** Takes one in; false where there is no room, which there always is for a pause. */
  add(command: Command): boolean {
    if (this.#others.length >= MOST_WAITING && !isPause(command)) return false;
    this.#others.push(command);
    return true;
  }

  /** Takes out the one whose turn it is. */
  take(): Command | undefined {
    const begun = this.#begun.shift();
    if (begun) return begun;
    const pause = this.#others.findIndex(isPause);
    return this.#others.splice(Math.max(0, pause), 1)[0];
  }

  /** Puts one back that was taken: before all others where it was begun, else behind a pause. */
  putBack(command: Command, isBegun: boolean): void {
    (isBegun ? this.#begun : this.#others).unshift(command);
  }

  /** Whether a pause came that goes before this command, of which nothing was begun. */
  isOvertaken(command: Command): boolean {
    return command.kind !== 'clear-alarms' && !isPause(command) && this.#others.some(isPause);
  }

  /** For a pause, the time until which it overtakes doses: its own, and that of those which wait behind it. */
  overtakesUntilMs(command: Command): number | undefined {
    if (!isPause(command)) return undefined;
    const doses = this.#others.filter(({ kind }) => kind === 'feed-now');
    return Math.max(...[command, ...doses].map(({ issuedAt }) => fromInstant(issuedAt)));
  }
}

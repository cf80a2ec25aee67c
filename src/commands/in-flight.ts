import type { Timers } from '../../machine/timers.ts';
import type { StoredCommand } from '../store/commands.ts';
import { mark, type Moment, type Timeline } from './timeline.ts';

/** How long a wait may outlast its end while an ack is being stored: its answer is then only a commit away. */
const STORING_GRACE_MS = 1_000;

/** What is known of a command's way besides what is stored. */
export type Journey = {
  /** The request that asked for it; undefined for one that an earlier bridge took. */
  requestId: string | undefined;
  timeline: Timeline;
};

type Entry = {
  command: StoredCommand;
  journey: Journey;
  waiters: Set<(settled: StoredCommand | undefined) => void>;
  storing: number;
  sentAtMs: number;
};

/**
 * The commands whose outcome is not known, and who waits for it. Invariant: an entry is here from before the command is
 * first published until its outcome is stored, so that no ack can come too early to be heard.
 */
export class InFlight {
  readonly #timers: Timers;
  readonly #byId = new Map<string, Entry>();
  #isReleased = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Takes charge of a stored command that has no outcome. */
  add(command: StoredCommand, journey: Journey = { requestId: undefined, timeline: {} }): void {
    if (!this.#byId.has(command.commandId)) {
      this.#byId.set(command.commandId, { command, journey, waiters: new Set(), storing: 0, sentAtMs: -Infinity });
    }
  }

  /** A command came to a moment, at `monotonicMs`; the first time counts. */
  mark(commandId: string, moment: Exclude<Moment, 'received'>, monotonicMs: number): void {
    const entry = this.#byId.get(commandId);
    if (entry) mark(entry.journey.timeline, moment, commandId, monotonicMs);
  }

  /** How many there are. */
  get count(): number {
    return this.#byId.size;
  }

  find(commandId: string): StoredCommand | undefined {
    return this.#byId.get(commandId)?.command;
  }

  /** A feeder's commands without an outcome, oldest first. */
  ofFeeder(feederId: string): StoredCommand[] {
    return [...this.#byId.values()].map((entry) => entry.command).filter((command) => command.feederId === feederId);
  }

  /** Whether a command may be sent: it has no outcome, and none of it is being stored. */
  maySend(commandId: string): boolean {
    return this.#byId.get(commandId)?.storing === 0;
  }

  /** Marks a command as sent just now, on the monotonic clock. */
  sent(commandId: string, monotonicMs: number): void {
    const entry = this.#byId.get(commandId);
    if (entry) entry.sentAtMs = monotonicMs;
  }

  /** What should be sent again: last sent before `beforeMs` on the monotonic clock, and no outcome of it being stored. */
  due(beforeMs: number): StoredCommand[] {
    return [...this.#byId.values()]
      .filter((entry) => entry.storing === 0 && entry.sentAtMs <= beforeMs)
      .map((entry) => entry.command);
  }

  /** Runs the storing of an outcome; while it runs the command is not sent again. */
  async whileStoring<T>(commandId: string, store: () => Promise<T>): Promise<T> {
    const entry = this.#byId.get(commandId);
    if (entry) entry.storing += 1;
    try {
      return await store();
    } finally {
      if (entry) entry.storing -= 1;
    }
  }

  /** The outcome is stored: lets go of the command and tells everyone who waits for it. */
  settled(command: StoredCommand): Journey | undefined {
    const entry = this.#byId.get(command.commandId);
    this.#byId.delete(command.commandId);
    for (const wake of entry?.waiters ?? []) wake(command);
    return entry?.journey;
  }

  /** Resolves when every command has its outcome whose deadline is after `nowMs`, or nobody may wait any longer. */
  async drained(nowMs: number): Promise<void> {
    const inTime = [...this.#byId.values()].filter(({ command }) => (command.expiresAtMs ?? 0) > nowMs);
    await Promise.all(inTime.map(({ command }) => this.wait(command.commandId, (command.expiresAtMs ?? 0) - nowMs)));
  }

  /** Ends every wait, now and from now on: whoever waits is told that there is no outcome yet. */
  release(): void {
    this.#isReleased = true;
    for (const { waiters } of this.#byId.values()) for (const wake of waiters) wake(undefined);
  }

  /** Resolves with the command when its outcome is stored; undefined after `waitMs` without one, or if it is not here. */
  async wait(commandId: string, waitMs: number): Promise<StoredCommand | undefined> {
    const entry = this.#byId.get(commandId);
    if (entry === undefined || this.#isReleased) return undefined;
    return new Promise((resolve) => {
      const finish = (settled: StoredCommand | undefined) => {
        callOff();
        entry.waiters.delete(finish);
        resolve(settled);
      };
      const giveUp = () => {
        if (entry.storing === 0) finish(undefined);
        else callOff = this.#timers.after(STORING_GRACE_MS, () => finish(undefined));
      };
      let callOff = this.#timers.after(Math.max(0, waitMs), giveUp);
      entry.waiters.add(finish);
    });
  }
}

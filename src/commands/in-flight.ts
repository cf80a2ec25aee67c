import type { StoredCommand } from '../store/commands.ts';

/** How long a wait may outlast its end while an ack is being stored: its answer is then only a commit away. */
const STORING_GRACE_MS = 1_000;

type Entry = {
  command: StoredCommand;
  waiters: Set<(settled: StoredCommand) => void>;
  storing: number;
  sentAtMs: number;
};

/**
 * The commands whose outcome is not known, and who waits for it. Invariant: an entry is here from before the command is
 * first published until its outcome is stored, so that no ack can come too early to be heard.
 */
export class InFlight {
  readonly #byId = new Map<string, Entry>();

  /** Takes charge of a stored command that has no outcome. */
  add(command: StoredCommand): void {
    if (!this.#byId.has(command.commandId)) {
      this.#byId.set(command.commandId, { command, waiters: new Set(), storing: 0, sentAtMs: -Infinity });
    }
  }

  find(commandId: string): StoredCommand | undefined {
    return this.#byId.get(commandId)?.command;
  }

  /** A feeder's commands without an outcome, oldest first. */
  ofFeeder(feederId: string): StoredCommand[] {
    return [...this.#byId.values()].map((entry) => entry.command).filter((command) => command.feederId === feederId);
  }

  /** Whether a command may be sent: it has no outcome, and no ack of it is being stored. */
  maySend(commandId: string): boolean {
    return this.#byId.get(commandId)?.storing === 0;
  }

  /** Marks a command as sent just now, on the monotonic clock. */
  sent(commandId: string, monotonicMs: number): void {
    const entry = this.#byId.get(commandId);
    if (entry) entry.sentAtMs = monotonicMs;
  }

  /** What should be sent again: last sent before `beforeMs` on the monotonic clock, and no ack of it being stored. */
  due(beforeMs: number): StoredCommand[] {
    return [...this.#byId.values()]
      .filter((entry) => entry.storing === 0 && entry.sentAtMs <= beforeMs)
      .map((entry) => entry.command);
  }

  /** Runs the storing of an ack; while it runs the command is not sent again. */
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
  settled(command: StoredCommand): void {
    const entry = this.#byId.get(command.commandId);
    this.#byId.delete(command.commandId);
    for (const wake of entry?.waiters ?? []) wake(command);
  }

  /** Resolves with the command when its outcome is stored; undefined after `waitMs` without one, or if it is not here. */
  async wait(commandId: string, waitMs: number): Promise<StoredCommand | undefined> {
    const entry = this.#byId.get(commandId);
    if (entry === undefined) return undefined;
    return new Promise((resolve) => {
      const finish = (settled: StoredCommand | undefined) => {
        clearTimeout(timer);
        entry.waiters.delete(finish);
        resolve(settled);
      };
      const giveUp = () => {
        if (entry.storing === 0) finish(undefined);
        else timer = setTimeout(() => finish(undefined), STORING_GRACE_MS);
      };
      let timer = setTimeout(giveUp, Math.max(0, waitMs));
      entry.waiters.add(finish);
    });
  }
}

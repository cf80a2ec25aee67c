import { randomUUID } from 'node:crypto';
import type { Ack } from '../topics/commands.ts';
import { fromInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';

/** What the journal holds of a command: that a write may have begun, with what was there before, or how it ended. */
export type JournalEntry = { commandId: string; issuedAt: string } & (
  | { state: 'started'; version: number; changes: Values; previous: Values }
  | { state: 'finished'; ack: Ack }
);

/**
 * The agent's memory of the commands it has acted on. Invariant: a command is `started` here before anything of it is
 * written to the PLC, and `finished` before it is acknowledged.
 */
export type Journal = {
  /** New for a new or wiped journal; the bridge sends it back with every command. */
  readonly journalId: string;
  /** The highest command version applied. */
  readonly appliedVersion: number;
  /** Commands issued at or before this time may be forgotten here; on the bridge's clock, milliseconds since 1970. */
  readonly horizonMs: number;
  /** When this journal was made, once that is known on the bridge's clock. */
  createdAt(bridgeMs: number): void;
  find(commandId: string): JournalEntry | undefined;
  /** Rejects when it cannot be kept; then nothing may be written to the PLC. */
  put(entry: JournalEntry): Promise<void>;
  /** Raises the highest command version applied. */
  applied(version: number): Promise<void>;
};

const KEPT_ENTRIES = 10_000;

/** A journal in memory: it ends with the process, and its id and horizon tell the bridge so. */
export class MemoryJournal implements Journal {
  readonly journalId: string = randomUUID();
  readonly #entries = new Map<string, JournalEntry>();
  #appliedVersion = 0;
  #horizonMs = 0;

  get appliedVersion(): number {
    return this.#appliedVersion;
  }

  get horizonMs(): number {
    return this.#horizonMs;
  }

  createdAt(bridgeMs: number): void {
    if (this.#horizonMs === 0) this.#horizonMs = bridgeMs;
  }

  find(commandId: string): JournalEntry | undefined {
    return this.#entries.get(commandId);
  }

  put(entry: JournalEntry): Promise<void> {
    this.#entries.delete(entry.commandId);
    this.#entries.set(entry.commandId, entry);
    this.#prune();
    return Promise.resolve();
  }

  applied(version: number): Promise<void> {
    this.#appliedVersion = Math.max(this.#appliedVersion, version);
    return Promise.resolve();
  }

  #prune(): void {
    for (const entry of this.#entries.values()) {
      if (this.#entries.size <= KEPT_ENTRIES) return;
      if (entry.state === 'started') continue;
      this.#entries.delete(entry.commandId);
      this.#horizonMs = Math.max(this.#horizonMs, fromInstant(entry.issuedAt));
    }
  }
}

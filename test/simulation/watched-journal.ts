import type { JournalEntry, StartedEntry } from '../../agent/journal/entry.ts';
import type { Journal } from '../../agent/journal/journal.ts';
import type { BridgeNow } from '../../agent/journal/meta.ts';
import type { Ack, Command } from '../../topics/commands.ts';
import { DelegatedJournal } from './delegated-journal.ts';
import type { Witness } from './witness.ts';

/** The journal as the agent uses it, under the eyes of the witness. */
export class WatchedJournal extends DelegatedJournal {
  readonly #witness: Witness;
  readonly #begun = new Map<string, StartedEntry>();

  constructor(real: Journal, witness: Witness) {
    super(real);
    this.#witness = witness;
    for (const entry of real.unfinished) this.#begin(entry);
  }

  /** The commands that the agent was told are kept as begun. */
  get begun(): readonly StartedEntry[] {
    return [...this.#begun.values()];
  }

  override async bridgeTimeTold(now: BridgeNow, beganMs: number): Promise<void> {
    const isNew = this.horizonMs === undefined;
    await super.bridgeTimeTold(now, beganMs);
    // Whatever was issued before it has a horizon may be forgotten.
    if (isNew) this.#witness.memoryLost();
  }

  override async sawLastToken(lastToken: number, nowMs: number): Promise<void> {
    const knownFromMs = this.horizonMs;
    await super.sawLastToken(lastToken, nowMs);
    if (this.horizonMs !== knownFromMs) this.#witness.lossNoticed();
  }

  override async find(commandId: string): Promise<JournalEntry | undefined> {
    const entry = await super.find(commandId);
    if (entry?.state === 'finished') this.#witness.journaled(this.journalId, entry.ack);
    return entry;
  }

  override async start(entry: StartedEntry): Promise<void> {
    await super.start(entry);
    this.#begin(entry);
    this.#witness.begun(this.journalId, entry);
  }

  override async finish(command: Command, ack: Ack, pausedAtMs?: number): Promise<void> {
    // It lost its memory, and could not even keep since when.
    if (this.horizonMs === undefined) this.#witness.memoryLost();
    await super.finish(command, ack, pausedAtMs);
    this.#begun.delete(command.commandId);
    this.#witness.journaled(this.journalId, ack);
  }

  #begin(entry: StartedEntry): void {
    this.#begun.set(entry.command.commandId, entry);
    this.#witness.started(entry);
  }
}

import type { AppliedDose, CountedDose, JournalEntry, StartedEntry } from '../../agent/journal/entry.ts';
import type { Journal } from '../../agent/journal/journal.ts';
import type { BridgeNow } from '../../agent/journal/meta.ts';
import type { Ack, Command } from '../../topics/commands.ts';

/** A journal that asks another one for everything; whoever extends it does some of it differently. */
export class DelegatedJournal implements Journal {
  protected readonly real: Journal;

  constructor(real: Journal) {
    this.real = real;
  }

  get journalId(): string {
    return this.real.journalId;
  }

  get appliedVersion(): number {
    return this.real.appliedVersion;
  }

  get horizonMs(): number | undefined {
    return this.real.horizonMs;
  }

  get pausedAtMs(): number {
    return this.real.pausedAtMs;
  }

  get lastDoseToken(): number | undefined {
    return this.real.lastDoseToken;
  }

  get doses(): readonly CountedDose[] {
    return this.real.doses;
  }

  get appliedDoses(): readonly AppliedDose[] {
    return this.real.appliedDoses;
  }

  get dosesForgottenUntilMs(): number | undefined {
    return this.real.dosesForgottenUntilMs;
  }

  get unfinished(): readonly StartedEntry[] {
    return this.real.unfinished;
  }

  bridgeTimeTold(now: BridgeNow, beganMs: number): Promise<void> {
    return this.real.bridgeTimeTold(now, beganMs);
  }

  sawLastToken(lastToken: number, nowMs: number): Promise<void> {
    return this.real.sawLastToken(lastToken, nowMs);
  }

  find(commandId: string): Promise<JournalEntry | undefined> {
    return this.real.find(commandId);
  }

  start(entry: StartedEntry): Promise<void> {
    return this.real.start(entry);
  }

  finish(command: Command, ack: Ack, pausedAtMs?: number): Promise<void> {
    return this.real.finish(command, ack, pausedAtMs);
  }
}

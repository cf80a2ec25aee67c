import type { Ack, Command } from '../../topics/commands.ts';
import { fromInstant } from '../../topics/identifiers.ts';
import type { Disk, DiskChange } from '../disk/disk.ts';
import type { AppliedDose, CountedDose, FinishedEntry, JournalEntry, StartedEntry } from './entry.ts';
import type { Journal } from './journal.ts';
import { doseOf, mending, putEntry, putMeta, readContents, readEntry, type Contents } from './journal-contents.ts';
import { broughtToPast, notAhead, withForgotten, withLastToken, type BridgeNow, type Meta } from './meta.ts';
import { NOTHING_GONE, pruning, type Pruning } from './pruning.ts';

const DAY_MS = 24 * 3_600_000;
/** How long a finished entry is kept. */
const KEPT_MS = 30 * DAY_MS;
/** How many finished entries are kept. */
const KEPT_ENTRIES = 100_000;

export type JournalDeps = {
  /** Makes up a new journal id. */
  newId: () => string;
  /** Another one after every repair of the disk: a journal that knew another one may have forgotten commands. */
  diskId: string;
  /** Something on the disk could not be read and is given up. */
  onDamaged: (what: string) => void;
};

/**
 * Opens the journal that is kept on `disk`, or begins a new one. A damaged or repaired one keeps what can be read, but gets
 * a new id and no horizon: commands from before are never written again. Rejects where the disk cannot be read or written.
 */
export async function openJournal(disk: Disk, { newId, diskId, onDamaged }: JournalDeps): Promise<Journal> {
  const contents = await readContents(disk);
  const { meta, damaged } = contents;
  if (damaged[0] !== undefined) onDamaged(`the journal cannot be read under ${damaged.length} of its keys, ${damaged[0]} the first`);
  if (meta !== undefined && damaged.length === 0 && meta.diskId === diskId) return new DiskJournal(disk, contents, meta);
  const fresh: Meta = {
    journalId: newId(),
    diskId,
    appliedVersion: meta?.appliedVersion ?? 0,
    pausedAtMs: meta?.pausedAtMs,
    lastDoseToken: meta?.lastDoseToken,
    allDosesKnown: false,
  };
  await disk.write([...(await mending(disk)), putMeta(fresh)]);
  return new DiskJournal(disk, contents, fresh);
}

/** Holds in memory what every command asks for; the finished entries stay on the disk. What is in memory is on the disk too. */
class DiskJournal implements Journal {
  readonly #disk: Disk;
  #meta: Meta;
  readonly #unfinished: Map<string, StartedEntry>;
  readonly #doses: Map<string, CountedDose>;
  /** The commands of those doses that were applied. */
  readonly #applied: Set<string>;
  #finishedCount: number;
  /** When this process began, as it was first told. */
  #beganMs: number | undefined;
  /** Settles when the write before is over. */
  #over: Promise<void> = Promise.resolve();

  constructor(disk: Disk, contents: Contents, meta: Meta) {
    this.#disk = disk;
    this.#meta = meta;
    this.#unfinished = new Map(contents.started.map((entry) => [entry.command.commandId, entry]));
    this.#doses = contents.doses;
    this.#applied = contents.applied;
    this.#finishedCount = contents.finishedCount;
  }

  get journalId(): string {
    return this.#meta.journalId;
  }

  get appliedVersion(): number {
    return this.#meta.appliedVersion;
  }

  get horizonMs(): number | undefined {
    return this.#meta.horizonMs;
  }

  get pausedAtMs(): number {
    return this.#meta.pausedAtMs ?? -Infinity;
  }

  get lastDoseToken(): number | undefined {
    return this.#meta.lastDoseToken;
  }

  get doses(): readonly CountedDose[] {
    return [...this.#doses.values()].sort((a, b) => a.atMs - b.atMs);
  }

  get appliedDoses(): readonly AppliedDose[] {
    const applied = [...this.#doses].filter(([commandId]) => this.#applied.has(commandId));
    return applied.sort(([, a], [, b]) => a.atMs - b.atMs).map(([commandId, { grams, mealsBefore }]) => ({ commandId, grams, ...(mealsBefore && { mealsBefore }) }));
  }

  get dosesForgottenUntilMs(): number | undefined {
    return this.#meta.allDosesKnown ? undefined : (this.#meta.dosesForgottenUntilMs ?? Infinity);
  }

  get unfinished(): readonly StartedEntry[] {
    return [...this.#unfinished.values()];
  }

  find(commandId: string): Promise<JournalEntry | undefined> {
    return readEntry(this.#disk, commandId);
  }

  bridgeTimeTold(now: BridgeNow, beganMs: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#beganMs ??= beganMs;
      await this.#bringToPast(now, beganMs);
      this.#dropOldDoses();
      await this.#prune(now.earliestMs - KEPT_MS);
    });
  }

  sawLastToken(lastToken: number, nowMs: number): Promise<void> {
    return this.#inTurn(() => this.#write([], withLastToken(this.#meta, lastToken, nowMs, this.#beganMs)));
  }

  start(entry: StartedEntry): Promise<void> {
    return this.#inTurn(async () => {
      const { commandId } = entry.command;
      await this.#mustBeWithoutOutcome(commandId);
      const meta = { ...this.#meta };
      if (entry.kind === 'feed-now') {
        meta.lastDoseToken = entry.token;
        meta.lastTokenSeen = entry.before.lastToken;
        // A PLC that has never taken a token has never fed a dose.
        meta.allDosesKnown ||= entry.before.lastToken === 0;
      }
      await this.#write(putEntry(entry), meta);
      this.#unfinished.set(commandId, entry);
      this.#setDose(commandId, doseOf(entry));
    });
  }

  finish(command: Command, ack: Ack, pausedAtMs?: number): Promise<void> {
    return this.#inTurn(async () => {
      const { commandId, issuedAt } = command;
      await this.#mustBeWithoutOutcome(commandId);
      const dose = this.#doseFed(command, ack);
      const entry: FinishedEntry = { state: 'finished', commandId, issuedAt, ack, ...(dose && { dose }) };
      const meta = { ...this.#meta };
      if (command.kind === 'set-config' && ack.outcome === 'applied') meta.appliedVersion = Math.max(meta.appliedVersion, command.version);
      if (pausedAtMs !== undefined) meta.pausedAtMs = Math.max(this.pausedAtMs, pausedAtMs);
      const isFull = this.#finishedCount >= KEPT_ENTRIES;
      const gone = isFull ? await this.#prunable(-Infinity, this.#finishedCount + 1) : NOTHING_GONE;
      await this.#write([...putEntry(entry), ...gone.changes], withForgotten(meta, gone.forgottenUntilMs));
      this.#unfinished.delete(commandId);
      this.#setDose(commandId, dose);
      if (dose && ack.outcome === 'applied') this.#applied.add(commandId);
      this.#finishedCount += 1 - gone.count;
    });
  }

  #setDose(commandId: string, dose: CountedDose | undefined): void {
    if (dose) this.#doses.set(commandId, dose);
    else this.#forgetDose(commandId);
  }

  #forgetDose(commandId: string): void {
    this.#doses.delete(commandId);
    this.#applied.delete(commandId);
  }

  /**
   * Only by what was fed since: by a clock that jumps ahead and comes back, doses of today would be lost. One that has not
   * ended may come to nothing.
   */
  #dropOldDoses(): void {
    let newestMs = -Infinity;
    for (const [commandId, { atMs, loweredToMs = atMs }] of this.#doses) {
      if (!this.#unfinished.has(commandId)) newestMs = Math.max(newestMs, loweredToMs);
    }
    for (const [commandId, { atMs, loweredToMs = atMs }] of this.#doses) {
      if (Math.max(atMs, loweredToMs) < newestMs - DAY_MS) this.#forgetDose(commandId);
    }
  }

  /** The dose a command that has ended so may have fed, as late as that can have been. */
  #doseFed(command: Command, ack: Ack): CountedDose | undefined {
    if (command.kind !== 'feed-now' || (ack.outcome !== 'applied' && ack.outcome !== 'indeterminate')) return undefined;
    const started = this.#unfinished.get(command.commandId);
    const ordered = started && doseOf(started);
    const earliestMs = ordered?.atMs ?? fromInstant(command.issuedAt);
    // A token that was written in time may be taken later, by a PLC that stood still meanwhile.
    const latestMs = started ? fromInstant(ack.at) : Math.min(fromInstant(command.expiresAt), fromInstant(ack.at));
    return { atMs: Math.max(earliestMs, latestMs), grams: command.grams, ...(ordered?.mealsBefore && { mealsBefore: ordered.mealsBefore }) };
  }

  /** Outcomes are final. */
  async #mustBeWithoutOutcome(commandId: string): Promise<void> {
    if (this.#unfinished.has(commandId)) return;
    const known = await this.find(commandId);
    if (known?.state === 'finished') throw new Error(`expected a command without an outcome, but ${commandId} was ${known.ack.outcome}`);
  }

  /** Gives a new journal its horizon, and lowers to now what lies ahead, doses too. */
  async #bringToPast(now: BridgeNow, beganMs: number): Promise<void> {
    const lowered: JournalEntry[] = [];
    for (const [commandId, dose] of this.#doses) {
      const loweredToMs = notAhead(dose.atMs, now);
      const isNews = loweredToMs !== dose.atMs && notAhead(dose.loweredToMs ?? Infinity, now) !== dose.loweredToMs;
      const entry = isNews ? await this.find(commandId) : undefined;
      if (entry?.state === 'finished') lowered.push({ ...entry, dose: { ...dose, loweredToMs } });
      else if (entry?.kind === 'feed-now') lowered.push({ ...entry, loweredToMs });
    }
    await this.#write(lowered.flatMap(putEntry), broughtToPast(this.#meta, now, beganMs));
    for (const entry of lowered) {
      if (entry.state === 'started') this.#unfinished.set(entry.command.commandId, entry);
      this.#setDose(entry.state === 'started' ? entry.command.commandId : entry.commandId, doseOf(entry));
    }
  }

  /**
   * Removes some of what is too old or too much, the rest the next time, so that no command waits long. The horizon is
   * raised to it in the same write, so that it is known to be forgotten.
   */
  async #prune(tooOldMs: number): Promise<void> {
    const gone = await this.#prunable(tooOldMs, this.#finishedCount);
    await this.#write(gone.changes, withForgotten(this.#meta, gone.forgottenUntilMs));
    this.#finishedCount -= gone.count;
  }

  /** What is to go where `count` are finished. Doses that count stay, and before there is a horizon to be raised all does. */
  async #prunable(tooOldMs: number, count: number): Promise<Pruning> {
    if (this.#meta.horizonMs === undefined) return NOTHING_GONE;
    return pruning(this.#disk, tooOldMs, count - KEPT_ENTRIES, (commandId) => this.#doses.has(commandId));
  }

  /** Keeps the changes and what differs in `meta`, together; does nothing where there is nothing to keep. */
  async #write(changes: readonly DiskChange[], meta: Meta): Promise<void> {
    const isSame = JSON.stringify(meta) === JSON.stringify(this.#meta);
    if (isSame && changes.length === 0) return;
    await this.#disk.write(isSame ? changes : [...changes, putMeta(meta)]);
    this.#meta = meta;
  }

  /** Runs `work` when what was asked before is over, so that none writes what another has just changed. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#over.then(work);
    // Whoever asked for the work hears of its failure; the next in turn need not.
    this.#over = done.catch(() => undefined);
    return done;
  }
}

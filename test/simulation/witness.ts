import type { StartedEntry } from '../../agent/journal/entry.ts';
import type { RegisterMap } from '../../agent/plc/register-map.ts';
import type { WriteRequest } from '../../agent/plc/simulator/protocol.ts';
import type { Ending, StoredCommand } from '../../src/store/commands.ts';
import type { Ack } from '../../topics/commands.ts';
import { fromInstant } from '../../topics/identifiers.ts';
import { disagreement, falseOutcome, mayHaveActed, newEvidence, type Evidence, type Final } from './evidence.ts';
import type { Complaint, Invariant, Violation } from './invariants.ts';
import { areHeld, cellsOf, purposeOf, type Cells } from './write-purpose.ts';

/** The bridge's clock may differ from the database's by half of what asking it takes, when issuing and when telling. */
const CLOCK_TOLERANCE_MS = 10;
/** How long before a command is stored its feeder's lease may have been looked at. */
const LONGEST_STORING_MS = 5_000;

export type WitnessDeps = {
  nowMs: () => number;
  map: RegisterMap;
  readCell: (table: 'coil' | 'holding', address: number) => number | undefined;
  lastLeaseMs: () => number;
};

/** Sees all that happens in a simulated world and says which invariant was violated first. */
export class Witness {
  readonly #deps: WitnessDeps;
  readonly #byId = new Map<string, Evidence>();
  /** Config changes that the PLC never held yet. */
  readonly #open = new Set<Evidence>();
  /** The command last begun with so many grams, which no two clients ask for. */
  readonly #byGrams = new Map<number, string>();
  readonly #timesDosed = new Map<number, number>();
  readonly #appliedVersions = new Map<string, number>();
  /** When the newest pause was issued that was applied under a journal. */
  readonly #pausedAtMs = new Map<string, number>();
  #dosedGrams = 0;
  /** When a disk or the PLC last lost its memory, the PLC alone, and the store. */
  #memoryLostMs = -Infinity;
  #plcLostMs = -Infinity;
  #storeLostMs = -Infinity;
  #isGuardVoid = false;
  violation: Violation | undefined;

  constructor(deps: WitnessDeps) {
    this.#deps = deps;
  }

  fail(invariant: Invariant, commandId: string | undefined, what: string): void {
    this.violation ??= { invariant, commandId, what };
  }

  /** A disk was wiped, swapped or repaired. */
  memoryLost(): void {
    this.#memoryLostMs = this.#deps.nowMs();
  }

  /** A journal notices only now that a disk or the PLC lost its memory; where none did, it has no reason to. */
  lossNoticed(): void {
    if (this.#memoryLostMs > -Infinity) this.memoryLost();
  }

  /** The guards cannot know of what was fed before. */
  guardVoid(): void {
    this.#isGuardVoid = true;
  }

  plcMemoryLost(): void {
    this.memoryLost();
    this.guardVoid();
    this.#plcLostMs = this.#deps.nowMs();
  }

  /** The store is an older one, or empty: what it holds of each command is `find`'s to tell. */
  storeLost(find: (commandId: string) => StoredCommand | undefined): void {
    this.#storeLostMs = this.#deps.nowMs();
    for (const evidence of this.#byId.values()) evidence.stored = find(evidence.command.commandId)?.ending?.state;
  }

  stored(command: StoredCommand): void {
    const { order, commandId } = command;
    const target = order.kind === 'set-config' ? cellsOf(this.#deps.map, order.changes) : undefined;
    const evidence = newEvidence(command, this.#deps.nowMs(), target, target !== undefined && this.#isHeld(target));
    this.#byId.set(commandId, evidence);
    if (target && !evidence.wasHeld) this.#open.add(evidence);
  }

  settled(command: StoredCommand, { state }: Ending): void {
    const evidence = this.#byId.get(command.commandId);
    if (evidence === undefined) return;
    evidence.stored = state;
    this.#checkOutcome(evidence, state);
    this.#checkOne(evidence);
  }

  /** What a client was told of a command, where that is final. */
  answered({ commandId, ending }: StoredCommand): void {
    const evidence = this.#byId.get(commandId);
    if (evidence === undefined || ending === null) return;
    evidence.answered = ending.state;
    if (evidence.stored === undefined && this.#storeLostMs < evidence.storedAtMs) {
      this.fail('one-outcome', commandId, `a client was told ${ending.state}, and nothing is stored`);
    }
    this.#checkOne(evidence);
  }

  /** A command goes to the agent. */
  published(commandId: string): void {
    const evidence = this.#byId.get(commandId);
    if (evidence === undefined) return;
    // The first time the lease was looked at before the command was stored.
    const askedMs = evidence.wasPublished ? this.#deps.nowMs() : evidence.storedAtMs - LONGEST_STORING_MS;
    evidence.wasPublished = true;
    if (this.#deps.lastLeaseMs() < askedMs) this.fail('sent-to-the-living', commandId, 'published without a lease');
  }

  started(entry: StartedEntry): void {
    if (entry.kind === 'feed-now') this.#byGrams.set(entry.command.grams, entry.command.commandId);
  }

  /** A command is begun that was not begun before. */
  begun(journalId: string, { command }: StartedEntry): void {
    const pausedAtMs = this.#pausedAtMs.get(journalId) ?? -Infinity;
    if (command.kind === 'feed-now' && fromInstant(command.issuedAt) <= pausedAtMs) {
      this.fail('pauses-overtake', command.commandId, 'a dose was begun after a pause that was issued later');
    }
  }

  journaled(journalId: string, ack: Ack): void {
    const evidence = this.#byId.get(ack.commandId);
    if (evidence === undefined) return;
    const { commandId, version, order } = evidence.command;
    const known = evidence.journaled.get(journalId);
    if (known === ack.outcome) return;
    if (known !== undefined) this.fail('one-outcome', commandId, `the journal had ${known}, and now ${ack.outcome}`);
    evidence.journaled.set(journalId, ack.outcome);
    if (ack.outcome === 'applied' && order.kind === 'set-config' && version !== null) {
      this.#appliedVersions.set(journalId, Math.max(version, this.#appliedVersions.get(journalId) ?? 0));
      if (order.changes['feedingEnabled'] === false) {
        this.#pausedAtMs.set(journalId, Math.max(evidence.command.issuedAtMs, this.#pausedAtMs.get(journalId) ?? -Infinity));
      }
    }
    this.#checkOutcome(evidence, ack.outcome);
    if (ack.outcome === 'indeterminate' && order.kind === 'feed-now') this.#checkIndeterminate(evidence, journalId);
  }

  acked(journalId: string, ack: Ack): void {
    this.#byId.get(ack.commandId)?.ackedUnder.add(journalId);
  }

  /** A run of the agent is over, and with it what it could not journal. */
  agentEnded(): void {
    for (const evidence of this.#byId.values()) evidence.isForgotten ||= evidence.ackedUnder.size > 0 && evidence.journaled.size === 0;
  }

  /** A write goes out, of one of the commands begun. */
  writeBegins(journalId: string, write: WriteRequest, begun: readonly StartedEntry[]): () => void {
    const { map, nowMs } = this.#deps;
    for (const entry of begun) {
      const purpose = purposeOf(write, entry, map);
      if (purpose === undefined) continue;
      const evidence = this.#byId.get(entry.command.commandId);
      if (purpose === 'back' || evidence === undefined) return () => undefined;
      this.#checkForward(evidence, journalId, nowMs());
      return () => {
        evidence.actedWrites += 1;
      };
    }
    const [first] = begun;
    this.fail('journaled-before-written', first?.command.commandId, `${write.table} ${write.address} = ${write.values.join(' ')} was written for no command`);
    return () => undefined;
  }

  dosed(grams: number): void {
    this.#dosedGrams += grams;
    const commandId = this.#byGrams.get(grams);
    const evidence = commandId === undefined ? undefined : this.#byId.get(commandId);
    const times = (this.#timesDosed.get(grams) ?? 0) + 1;
    this.#timesDosed.set(grams, times);
    if (evidence === undefined) {
      this.fail('executed-once', undefined, `${grams} g were fed for no command`);
      return;
    }
    evidence.doses += 1;
    const isExcused = this.#plcLostMs >= evidence.storedAtMs || (times > evidence.doses && this.#storeLostMs > -Infinity);
    if (times > 1 && !isExcused) this.fail('executed-once', commandId, `${grams} g were fed twice`);
    for (const outcome of evidence.isForgotten ? [] : [evidence.stored, ...evidence.journaled.values()]) {
      if (outcome && !mayHaveActed(outcome)) this.fail('undone-was-not-done', commandId, `${grams} g were fed, after it was ${outcome}`);
    }
    const { maxGramsPerDay = Infinity } = this.#deps.map.guards;
    if (this.#dosedGrams > maxGramsPerDay && !this.#isGuardVoid) {
      this.fail('guards-hold', commandId, `${this.#dosedGrams} g were fed, of ${maxGramsPerDay}`);
    }
  }

  /** The PLC's registers changed. */
  changed(): void {
    for (const evidence of this.#open) {
      if (!evidence.target || !this.#isHeld(evidence.target)) continue;
      evidence.wasHeld = true;
      this.#open.delete(evidence);
    }
  }

  /** All is back for long enough: these commands have no outcome. */
  late(commands: readonly StoredCommand[]): void {
    for (const { commandId, order } of commands) this.fail('outcome-in-time', commandId, `${order.kind} has no outcome 5 s after everything was back`);
  }

  /** At the end: the outcomes agree, and so do the sums of the doses. */
  checkEnd(): void {
    let [appliedGrams, possibleGrams] = [0, 0];
    for (const evidence of this.#byId.values()) {
      this.#checkOne(evidence);
      const { command, stored, isForgotten } = evidence;
      if (command.order.kind !== 'feed-now' || stored === undefined) continue;
      if (stored === 'applied') appliedGrams += command.order.grams;
      if (mayHaveActed(stored) || isForgotten) possibleGrams += command.order.grams;
    }
    if (this.#storeLostMs > -Infinity || this.#plcLostMs > -Infinity) return;
    if (appliedGrams > this.#dosedGrams || this.#dosedGrams > possibleGrams) {
      this.fail('applied-was-done', undefined, `${appliedGrams} g applied, ${this.#dosedGrams} g counted, at most ${possibleGrams} g possible`);
    }
  }

  #isHeld(target: Cells): boolean {
    return areHeld(target, this.#deps.readCell);
  }

  #checkForward(evidence: Evidence, journalId: string, nowMs: number): void {
    const { commandId, expiresAtMs, version } = evidence.command;
    if (nowMs > (expiresAtMs ?? Infinity) + CLOCK_TOLERANCE_MS) {
      this.fail('written-in-time', commandId, `written ${Math.round(nowMs - (expiresAtMs ?? 0))} ms after its deadline`);
    }
    const outcome = evidence.journaled.get(journalId) ?? evidence.stored;
    if (outcome !== undefined && !evidence.isForgotten) this.fail('executed-once', commandId, `written after it was ${outcome}`);
    evidence.writtenUnder ??= journalId;
    if (evidence.writtenUnder !== journalId) this.fail('executed-once', commandId, `written under ${evidence.writtenUnder} and ${journalId}`);
    const newest = this.#appliedVersions.get(journalId) ?? 0;
    if (version !== null && version < newest) this.fail('versions-rise', commandId, `version ${version} written after ${newest} was applied`);
  }

  #checkOutcome(evidence: Evidence, outcome: Final): void {
    const { order } = evidence.command;
    const changes = order.kind === 'set-config' ? Object.entries(order.changes) : [];
    // Numbers are a command's own alone; a switch may stand as it wants for other reasons.
    const numbers = changes.filter(([, value]) => typeof value === 'number');
    const leftover = (): string | undefined => numbers.find(([name, value]) => this.#isHeld(cellsOf(this.#deps.map, { [name]: value })))?.[0];
    // A PLC that lost its memory cannot tell what it fed.
    const isExcused = evidence.doses > 0 && this.#plcLostMs >= evidence.storedAtMs;
    if (!isExcused) this.#complain(evidence, falseOutcome(evidence, outcome, leftover));
  }

  #checkOne(evidence: Evidence): void {
    const known = this.#storeLostMs < evidence.storedAtMs ? evidence : { ...evidence, answered: undefined };
    this.#complain(evidence, disagreement(known));
  }

  #complain({ command }: Evidence, complaint: Complaint | undefined): void {
    if (complaint) this.fail(complaint.invariant, command.commandId, complaint.what);
  }

  #checkIndeterminate({ command, storedAtMs }: Evidence, journalId: string): void {
    if (command.journalId !== journalId || this.#memoryLostMs >= storedAtMs) return;
    this.fail('indeterminate-by-loss', command.commandId, 'the dose is indeterminate, and nothing was lost');
  }
}

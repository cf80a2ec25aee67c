import type { Ack, Command } from '../../topics/commands.ts';
import type { AppliedDose, CountedDose, JournalEntry, StartedEntry } from './entry.ts';
import type { BridgeNow } from './meta.ts';

/**
 * The agent's memory of the commands of one feeder. Invariant: a command is `started` here, synced, before anything of it
 * is written to the PLC, and `finished`, synced too, before it is acknowledged.
 */
export type Journal = {
  /** New for a new, wiped or repaired journal; the bridge sends it back with every command. */
  readonly journalId: string;
  /** The highest command version applied. */
  readonly appliedVersion: number;
  /**
   * Commands issued at or before this time may be forgotten here; on the bridge's clock, milliseconds since 1970.
   * Undefined until that was first known: then all may be.
   */
  readonly horizonMs: number | undefined;
  /** Doses issued at or before this time were overtaken by a pause; -Infinity where there was none. */
  readonly pausedAtMs: number;
  /** The token of the dose started last, whatever came of it. */
  readonly lastDoseToken: number | undefined;
  /** Doses that were fed or perhaps fed, started ones included: those of 24 h up to the newest at least; oldest first. */
  readonly doses: readonly CountedDose[];
  /** Those of `doses` that were applied, oldest first: what the PLC's counters show, or will. */
  readonly appliedDoses: readonly AppliedDose[];
  /** Until when doses may have been fed that are not known here; undefined where all are known. */
  readonly dosesForgottenUntilMs: number | undefined;
  /** Commands that are started and not finished, oldest first. */
  readonly unfinished: readonly StartedEntry[];

  /**
   * The bridge's time is `now`, and this process began at `beganMs` on it. The first time makes the horizon of a new
   * journal; whatever lies ahead of now is lowered to it; some of what is too old is pruned, and the horizon raised to it.
   */
  bridgeTimeTold(now: BridgeNow, beganMs: number): Promise<void>;
  /**
   * The PLC shows `lastToken` before a dose, at `nowMs`. Where another master gave doses meanwhile, the doses until now
   * are not all known any more. Rejects where that cannot be kept; then nothing may be fed.
   */
  sawLastToken(lastToken: number, nowMs: number): Promise<void>;
  find(commandId: string): Promise<JournalEntry | undefined>;
  /** Keeps, synced, that a command is begun. Rejects where it cannot be kept; then nothing may be written to the PLC. */
  start(entry: StartedEntry): Promise<void>;
  /**
   * Keeps, synced, how a command ended. With `pausedAtMs`, a pause was applied that overtook the doses issued until then.
   * Rejects where it cannot be kept; then it must not be acknowledged if it was started.
   */
  finish(command: Command, ack: Ack, pausedAtMs?: number): Promise<void>;
};

import type { Outcome } from '../../topics/commands.ts';
import type { MealCounters } from '../../topics/counters.ts';
import type { Values } from '../../topics/parameters.ts';
import type { FedDoses } from './doses.ts';
import type { StoredHistory } from './history.ts';
import type { DiskLoss } from './kills.ts';
import type { Exchange } from './load.ts';
import type { Outage } from './mishaps.ts';
import type { Life } from './processes.ts';
import type { StoredCommand } from './store.ts';

/** What is known of one feeder in the end. */
export type FeederEvidence = FedDoses & {
  feederId: string;
  /** How long its last commands took to have their outcomes, from when its agent and PLC were back; infinite where they had none. */
  settledMs: number;
  journalId: string;
  /** By command id, as the journal has it. */
  journal: ReadonlyMap<string, Outcome | 'started'>;
  /** The settings that the PLC holds, and those that the bridge shows. */
  registers: Values;
  shown: Values;
  /** The PLC's meal counters at its first baseline. */
  baseline: MealCounters;
  /** Its alarms that are active. */
  activeAlarms: readonly string[];
  history: StoredHistory;
};

/** All that a run leaves behind, for the verdict. */
export type Evidence = {
  exchanges: readonly Exchange[];
  commands: readonly StoredCommand[];
  feeders: readonly FeederEvidence[];
  diskLosses: readonly DiskLoss[];
  outages: readonly Outage[];
  lives: readonly Life[];
  /** Lines of the logs that tell of an error. */
  errors: readonly LoggedError[];
};

/** An error that a program told in its log, at a time in milliseconds since 1970. */
export type LoggedError = { name: string; atMs: number; what: string; type: string | undefined };

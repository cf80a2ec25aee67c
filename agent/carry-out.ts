import type { ClearAlarms, Command, FeedNow, Outcome, Reason, SetConfig } from '../topics/commands.ts';
import { fromInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import type { BridgeTime } from './clock.ts';
import type { StartedEntry } from './journal/entry.ts';
import type { Journal } from './journal/journal.ts';
import { INDETERMINATE, notDone } from './plc/action-result.ts';
import { AlarmClearing } from './plc/alarm-clearing.ts';
import { because, NOT_WRITTEN, notJournaled } from './plc/change-reasons.ts';
import { ConfigChange } from './plc/config-change.ts';
import type { Controls } from './plc/controls.ts';
import { nextToken } from './plc/dose-token.ts';
import { Dose } from './plc/dose.ts';
import { checkGuards } from './plc/feed-guards.ts';
import type { Plc } from './plc/plc.ts';

/** How a command ended; with what was read of the changed parameters, where they were read. */
export type Result = { outcome: Outcome; readBack?: Values; previous?: Values; reason?: Reason };

export type Surroundings = {
  plc: Plc;
  clock: Pick<BridgeTime, 'now' | 'isSurelyBefore'>;
  journal: Journal;
  /** Resolves when the bridge's time is known, or the deadline is surely past; rejects when the agent stops. */
  timeKnown: (deadlineMs?: number) => Promise<void>;
  /** Keeps in the journal that the command is begun; rejects where it cannot be kept, and with `Overtaken`. */
  start: (entry: StartedEntry) => Promise<void>;
  /** The PLC was read just now. */
  hasRead: () => void;
  /** Waits before the PLC is asked again; rejects when the agent stops. */
  pause: (ms: number) => Promise<void>;
  reached: Controls['reached'];
};

/** What there is to tell of parameters where a command changes none. */
const CHANGES_NONE = { readBack: {}, previous: {} };

/**
 * Carries one command out, the bridge's time being known; `entry` is what the journal holds of one that was begun. A command that may have
 * been acted on before is never written: a config change is then judged by what the PLC holds.
 */
export async function carryOut(command: Command, entry: StartedEntry | undefined, around: Surroundings): Promise<Result> {
  const result = await decide(command, entry, around);
  return command.kind === 'set-config' ? result : { ...CHANGES_NONE, ...result };
}

async function decide(command: Command, entry: StartedEntry | undefined, around: Surroundings): Promise<Result> {
  const { journal, clock } = around;
  if (entry) return resume(entry, around);
  if (mayBeForgotten(command, journal)) {
    return command.kind === 'set-config' ? changeOf(command, around).compare() : { outcome: 'indeterminate' };
  }
  const overtaken = overtakenBy(command, journal);
  if (overtaken !== undefined) return { outcome: 'superseded', reason: because('superseded', overtaken) };
  if (clock.isSurelyBefore(fromInstant(command.expiresAt)) === false) return { outcome: 'expired', reason: NOT_WRITTEN };
  const unsupported = unsupportedBy(command, around.plc);
  if (unsupported) return { outcome: 'rejected', reason: unsupported };
  switch (command.kind) {
    case 'set-config':
      return changeOf(command, around).run();
    case 'feed-now':
      return doseOf(command, around).run();
    case 'clear-alarms':
      return clearingOf(command, around).run();
  }
}

/**
 * Goes on with a command of which something may have gone to the PLC before a restart. One that a damaged journal still
 * holds as started may have ended since: it is not brought forward any more.
 */
async function resume(entry: StartedEntry, around: Surroundings): Promise<Result> {
  // A register map without it, where there was one with it before.
  if (unsupportedBy(entry.command, around.plc)) return { outcome: 'indeterminate' };
  const mayHaveEnded = mayBeForgotten(entry.command, around.journal);
  switch (entry.kind) {
    case 'set-config': {
      const change = changeOf(entry.command, around);
      return mayHaveEnded ? change.compare() : change.resume(entry.previous);
    }
    case 'feed-now': {
      // Nor one that the register map, changed since, has no room for.
      const isWritable = !mayHaveEnded && around.plc.gramsProblem(entry.command.grams) === undefined;
      const clock = isWritable ? around.clock : NEVER_IN_TIME;
      return doseOf(entry.command, { ...around, clock }).resume(entry.token, entry.before);
    }
    case 'clear-alarms':
      return mayHaveEnded ? { outcome: 'indeterminate' } : clearingOf(entry.command, around).resume();
  }
}

function changeOf(command: SetConfig, around: Surroundings): ConfigChange {
  return new ConfigChange(around.plc, command, {
    ...controls(command, around),
    begin: (previous) => around.start({ state: 'started', kind: 'set-config', command, previous }),
  });
}

function doseOf(command: FeedNow, around: Surroundings): Dose {
  const { plc, journal } = around;
  const { grams } = command;
  return new Dose(plc, grams, {
    ...controls(command, around),
    guard: async ({ lastToken }) => {
      const nowMs = await nowOf(around);
      const unkept = await journal.sawLastToken(lastToken, nowMs).then(() => undefined, notJournaled);
      if (unkept) return notDone('rejected', unkept);
      // A token that is news here may be that of a command which a damaged disk has forgotten.
      if (mayBeForgotten(command, journal)) return INDETERMINATE;
      const { doses, dosesForgottenUntilMs } = journal;
      const reason = checkGuards(plc.map.guards, { grams, nowMs, doses, dosesForgottenUntilMs, lastToken });
      return reason && notDone('rejected', reason);
    },
    nextToken: (lastToken) => nextToken(journal.lastDoseToken, lastToken),
    begin: async (token, before) =>
      around.start({ state: 'started', kind: 'feed-now', command, token, before, atMs: await nowOf(around) }),
  });
}

function clearingOf(command: ClearAlarms, around: Surroundings): AlarmClearing {
  return new AlarmClearing(around.plc, {
    ...controls(command, around),
    begin: () => around.start({ state: 'started', kind: 'clear-alarms', command }),
  });
}

/** A clock by which every deadline has passed. */
const NEVER_IN_TIME = { now: () => Infinity, isSurelyBefore: () => false };

/** The bridge's time, as soon as it is known. */
async function nowOf({ clock, timeKnown }: Surroundings): Promise<number> {
  for (;;) {
    const nowMs = clock.now();
    if (nowMs !== undefined) return nowMs;
    await timeKnown();
  }
}

const controls = (command: Command, { clock, timeKnown, hasRead, pause, reached }: Surroundings): Controls => ({
  isInTime: () => clock.isSurelyBefore(fromInstant(command.expiresAt)),
  timeKnown: () => timeKnown(fromInstant(command.expiresAt)),
  hasRead,
  pause,
  reached,
});

/** Whether this command may have been acted on under another journal, or before the oldest this one remembers. */
const mayBeForgotten = ({ journalId, issuedAt }: Command, journal: Journal): boolean =>
  (journalId !== undefined && journalId !== journal.journalId) ||
  journal.horizonMs === undefined ||
  fromInstant(issuedAt) <= journal.horizonMs;

/** What came before this command and makes it void, if anything. */
function overtakenBy(command: Command, { appliedVersion, pausedAtMs }: Journal): string | undefined {
  if (command.kind === 'set-config' && command.version < appliedVersion) return `version ${appliedVersion} was applied before it`;
  if (command.kind === 'feed-now' && fromInstant(command.issuedAt) <= pausedAtMs) return 'a pause overtook it';
  return undefined;
}

/** Why this PLC cannot be told to do it, where it cannot. */
function unsupportedBy({ kind }: Command, { map }: Plc): Reason | undefined {
  const isSupported = kind === 'set-config' || (kind === 'feed-now' ? map.dose !== undefined : map.clearAlarms !== undefined);
  return isSupported ? undefined : because('unsupported-parameter', `register map ${map.name} has nothing for ${kind}`);
}

import { BridgeTime } from '../../agent/clock.ts';
import type { StartedEntry } from '../../agent/journal/entry.ts';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Ack, Command } from '../../topics/commands.ts';
import { SOUND_PARTS, type AgentParts } from './agent-run.ts';
import { DelegatedJournal } from './delegated-journal.ts';
import type { Invariant } from './invariants.ts';

/** Mistakes an agent could make, made by handing it something else than it should get. */
export type PlantedFault = {
  name: string;
  parts: AgentParts;
  /** Those that tell of it; which one is first is chance. */
  foundBy: readonly Invariant[];
};

/** What is begun is kept only when it is over. */
class RemembersAfterWrite extends DelegatedJournal {
  override start(): Promise<void> {
    return Promise.resolve();
  }
}

/** What is begun is kept as done. */
class DoneBeforeWrite extends DelegatedJournal {
  readonly #done = new Set<string>();

  override async start(entry: StartedEntry): Promise<void> {
    const { command } = entry;
    await super.start(entry);
    const readBack = command.kind === 'set-config' ? command.changes : {};
    await super.finish(command, { commandId: command.commandId, outcome: 'applied', at: command.issuedAt, readBack, previous: {} });
    this.#done.add(command.commandId);
  }

  override async finish(command: Command, ack: Ack, pausedAtMs?: number): Promise<void> {
    if (!this.#done.has(command.commandId)) await super.finish(command, ack, pausedAtMs);
  }
}

class NoVersionCheck extends DelegatedJournal {
  override get appliedVersion(): number {
    return 0;
  }
}

class ForgetsPauses extends DelegatedJournal {
  override get pausedAtMs(): number {
    return -Infinity;
  }
}

/** A dose is kept under the token of the one before it. */
class TokenReuse extends DelegatedJournal {
  override start(entry: StartedEntry): Promise<void> {
    return super.start(entry.kind === 'feed-now' ? { ...entry, token: this.lastDoseToken ?? entry.token } : entry);
  }
}

class NoHorizon extends DelegatedJournal {
  override get horizonMs(): number {
    return -Infinity;
  }
}

/** Goes by the PC's own clock. */
class LocalTime extends BridgeTime {
  readonly #machine: MachineClocks;

  constructor(machine: MachineClocks, heartbeatSeconds: number) {
    super(machine, heartbeatSeconds);
    this.#machine = machine;
  }

  override isSurelyBefore(deadlineMs: number): boolean {
    return this.#machine.wallMs() < deadlineMs;
  }
}

/** Knows nothing of the time without a session. */
class ForgetfulTime extends BridgeTime {
  override isSurelyBefore(deadlineMs: number): boolean | undefined {
    return this.isKnown() ? super.isSurelyBefore(deadlineMs) : undefined;
  }
}

function withoutJournal(command: Command): Command {
  const { ...rest } = command;
  delete rest.journalId;
  return rest;
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'remember after write',
    parts: { ...SOUND_PARTS, journal: (journal) => new RemembersAfterWrite(journal) },
    foundBy: ['executed-once', 'undone-was-not-done'],
  },
  {
    name: 'mark done before write',
    parts: { ...SOUND_PARTS, journal: (journal) => new DoneBeforeWrite(journal) },
    foundBy: ['applied-was-done', 'one-outcome', 'pauses-overtake'],
  },
  {
    name: 'expiry on the local clock',
    parts: { ...SOUND_PARTS, clock: (machine, heartbeatSeconds) => new LocalTime(machine, heartbeatSeconds) },
    foundBy: ['written-in-time'],
  },
  {
    name: 'no deadline without a session',
    parts: { ...SOUND_PARTS, clock: (machine, heartbeatSeconds) => new ForgetfulTime(machine, heartbeatSeconds) },
    foundBy: ['taken-back-in-time'],
  },
  {
    name: 'no version check',
    parts: { ...SOUND_PARTS, journal: (journal) => new NoVersionCheck(journal) },
    foundBy: ['versions-rise'],
  },
  {
    name: 'no pause kept',
    parts: { ...SOUND_PARTS, journal: (journal) => new ForgetsPauses(journal) },
    foundBy: ['pauses-overtake'],
  },
  {
    name: 'token reuse',
    parts: { ...SOUND_PARTS, journal: (journal) => new TokenReuse(journal) },
    foundBy: ['applied-was-done', 'indeterminate-by-loss', 'undone-was-not-done'],
  },
  {
    name: 'no horizon',
    parts: {
      ...SOUND_PARTS,
      journal: (journal) => new NoHorizon(journal),
      command: withoutJournal,
    },
    foundBy: ['executed-once', 'undone-was-not-done'],
  },
];

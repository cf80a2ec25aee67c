import type { Ack, Command, Outcome, Reason, SetConfig } from '../topics/commands.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import type { Values } from '../topics/parameters.ts';
import type { BridgeTime, Moment } from './clock.ts';
import type { Journal } from './journal.ts';
import { because, NOT_WRITTEN } from './plc/change-reasons.ts';
import { ConfigChange } from './plc/config-change.ts';
import type { Plc } from './plc/plc.ts';
import type { ReadingTimes } from './reading-times.ts';

/** How long to wait before the PLC is asked again about a write whose answer is missing. */
const ASK_AGAIN_MS = 500;

export type ExecutorDeps = {
  plc: Plc;
  clock: BridgeTime;
  journal: Journal;
  readings: ReadingTimes;
  /** Sends an ack if there is a session; without one the bridge asks again later. */
  sendAck: (ack: Ack) => void;
  /** Asks the bridge for its time at once. */
  beat: () => void;
  /** A command is about to be carried out: readings that overlap it may show half of it. */
  onBegin: () => void;
  /** It is over, with what was read for it last, newer than anything polled; `applied` where that is its own doing. */
  onEnd: (read: { values: Values; at: Moment; applied: boolean } | undefined) => void;
  /** A command has its outcome, for the log. */
  onFinished: (command: Command, ack: Ack) => void;
  /** Something that should not happen; the command stays without an outcome and will be sent again. */
  onFault: (error: unknown) => void;
};

type Result = { outcome: Outcome; readBack?: Values; previous?: Values; reason?: Reason };

/** What there is to tell of parameters where a command changes none. */
const CHANGES_NONE = { readBack: {}, previous: {} };

/** A pause overtakes config changes that wait. */
const isPause = (command: Command): boolean =>
  command.kind === 'set-config' && command.changes['feedingEnabled'] === false;

/**
 * Carries out the commands of one feeder, one at a time. Invariant: a command id is acted on at most once; a known one
 * is answered from the journal.
 */
export class Executor {
  readonly #deps: ExecutorDeps;
  readonly #stopping = new AbortController();
  readonly #waiting: Command[] = [];
  #running: { command: Command; done: Promise<void> } | undefined;
  /** Woken when the bridge's time becomes known. */
  readonly #clockWaiters = new Set<() => void>();

  constructor(deps: ExecutorDeps) {
    this.#deps = deps;
  }

  /** Takes a command as it arrives, perhaps not for the first time. */
  receive(command: Command): void {
    const isHere = [...this.#waiting, ...(this.#running ? [this.#running.command] : [])].some(
      ({ commandId }) => commandId === command.commandId,
    );
    if (isHere) return;
    this.#waiting.push(command);
    this.#next();
  }

  /** The bridge's time is known now. */
  clockKnown(): void {
    for (const wake of this.#clockWaiters) wake();
    this.#clockWaiters.clear();
  }

  /** Takes nothing more and lets go of what waits for the PLC; resolves when nothing runs. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting.length = 0;
    this.clockKnown();
    await this.#running?.done;
  }

  #next(): void {
    if (this.#running || this.#stopping.signal.aborted) return;
    const pause = this.#waiting.findIndex(isPause);
    const [command] = this.#waiting.splice(Math.max(0, pause), 1);
    if (command === undefined) return;
    const done = this.#run(command)
      .catch((error: unknown) => {
        if (!(error instanceof Stopped)) this.#deps.onFault(error);
      })
      .finally(() => {
        this.#running = undefined;
        this.#next();
      });
    this.#running = { command, done };
  }

  async #run(command: Command): Promise<void> {
    const { journal, sendAck, onFinished } = this.#deps;
    const known = journal.find(command.commandId);
    if (known?.state === 'finished') {
      sendAck(known.ack);
      return;
    }
    await this.#clockIsKnown();
    let readAt: Moment | undefined;
    let read: { values: Values; at: Moment; applied: boolean } | undefined;
    this.#deps.onBegin();
    try {
      const result = await this.#carryOut(command, () => (readAt = this.#deps.clock.moment()));
      const at = readAt ?? this.#deps.clock.moment();
      if (command.kind === 'set-config' && result.readBack) read = { values: result.readBack, at, applied: result.outcome === 'applied' };
      const ack: Ack = { commandId: command.commandId, at: toInstant(this.#deps.readings.of(at, await this.#bridgeTimeAt(at))), ...result };
      if (command.kind === 'set-config' && result.outcome === 'applied') await journal.applied(command.version);
      await journal.put({ commandId: command.commandId, issuedAt: command.issuedAt, state: 'finished', ack });
      sendAck(ack);
      onFinished(command, ack);
    } finally {
      this.#deps.onEnd(read);
    }
  }

  async #carryOut(command: Command, hasRead: () => void): Promise<Result> {
    const begun = this.#deps.journal.find(command.commandId);
    if (begun?.state === 'started' && command.kind === 'set-config') {
      return this.#changeWith(command, hasRead).resume(begun.previous);
    }
    if (command.kind !== 'set-config') {
      if (this.#mayBeForgotten(command)) return { outcome: 'indeterminate', ...CHANGES_NONE };
      const reason = because('unsupported-parameter', `this agent does not carry out ${command.kind}`);
      return { outcome: 'rejected', reason, ...CHANGES_NONE };
    }
    if (this.#mayBeForgotten(command)) return this.#changeWith(command, hasRead).compare();
    const { appliedVersion } = this.#deps.journal;
    if (command.version < appliedVersion) {
      return { outcome: 'superseded', reason: because('superseded', `version ${appliedVersion} was applied before it`) };
    }
    if (!this.#isInTime(command)) return { outcome: 'expired', reason: NOT_WRITTEN };
    return this.#changeWith(command, hasRead).run();
  }

  #changeWith(command: SetConfig, hasRead: () => void): ConfigChange {
    const { commandId, issuedAt, version, changes } = command;
    return new ConfigChange(this.#deps.plc, command, {
      hasRead,
      isInTime: () => this.#isInTime(command),
      begin: (previous) => this.#deps.journal.put({ commandId, issuedAt, state: 'started', version, changes, previous }),
      pause: () => this.#pause(),
    });
  }

  /** Whether this command may have been acted on under another journal, or before the oldest this one remembers. */
  #mayBeForgotten({ journalId, issuedAt }: Command): boolean {
    const { journal } = this.#deps;
    return (journalId !== undefined && journalId !== journal.journalId) || fromInstant(issuedAt) <= journal.horizonMs;
  }

  #isInTime({ expiresAt }: Command): boolean {
    return this.#deps.clock.isSurelyBefore(fromInstant(expiresAt)) === true;
  }

  /** Resolves when the bridge's time is known; asks for it. */
  async #clockIsKnown(): Promise<void> {
    while (!this.#deps.clock.isKnown()) {
      this.#throwIfStopping();
      this.#deps.beat();
      await new Promise<void>((resolve) => this.#clockWaiters.add(resolve));
    }
  }

  async #bridgeTimeAt(moment: Moment): Promise<number> {
    for (;;) {
      const bridgeMs = this.#deps.clock.at(moment);
      if (bridgeMs !== undefined) return bridgeMs;
      await this.#clockIsKnown();
    }
  }

  async #pause(): Promise<void> {
    this.#throwIfStopping();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(wake, ASK_AGAIN_MS);
      const { signal } = this.#stopping;
      signal.addEventListener('abort', wake);
      function wake(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      }
    });
    this.#throwIfStopping();
  }

  #throwIfStopping(): void {
    if (this.#stopping.signal.aborted) throw new Stopped('the agent is stopping');
  }
}

/** The agent stops; the command stays as the journal has it. */
class Stopped extends Error {}
